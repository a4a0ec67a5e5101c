# SPDX-License-Identifier: GPL-2.0-or-later
# For package.sh: programs that would notice, while dpkg replaces the package TURNS times.
import json, os, random, re, select, signal, subprocess, sys, time

UNIT = "cuiod@edu0"
TURNS = int(os.environ["TURNS"])
SEED = int(os.environ["SEED"] or random.randrange(1 << 31))
PATIENCE = 270  # s, after which something counts as hanging
DPKG = "dpkg --force-unsafe-io --path-include=/usr/share/doc/cuio/*".split()
# When dpkg tells it, the daemon is killed: while files are replaced; before that, when dpkg has begun; before
# the new version's scripts run; after they have.
MOMENTS = ("half-installed", "half-configured", "unpacked", "installed")


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)
    return holds


def say(text):
    for line in text.splitlines():
        print("#", line, flush=True)


def show(name, unit=UNIT):
    return subprocess.check_output(["systemctl", "show", "-P", name, unit], text=True).strip()


def info():
    return json.loads(subprocess.check_output(["cuioctl", "info", "--json", "edu"]))["info"][0]


class Programs:
    """Those of edu-flow, which hold every result against what it must be."""

    def __init__(self):
        # There may be one CPU for all: dpkg and its scripts shall not queue behind ten programs.
        self.process = subprocess.Popen(["nice", "./edu-flow", "/dev/edu", str(SEED)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.rest = b""

    def ask(self, question):
        self.process.stdin.write(question.encode() + b"\n")
        self.process.stdin.flush()
        end = time.monotonic() + 2 * PATIENCE
        while True:
            while b"\n" not in self.rest:
                if not select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                    sys.exit("the programs do not answer")
                more = os.read(self.process.stdout.fileno(), 65536)
                if not more:
                    sys.exit("the programs have ended")
                self.rest += more
            line, self.rest = self.rest.split(b"\n", 1)
            if line.startswith(b"stuck "):
                say(line.decode() + "\n" + subprocess.getoutput(f"journalctl -u {UNIT} -n 40 --no-pager"))
                sys.exit("somebody hangs")
            if not line.startswith(b"#"):
                return line.decode()
            print(line.decode(), flush=True)

    def count(self, name):
        return int(re.search(rf"\b{name}=(\d+)", self.ask("counts"))[1])


def kill():
    """Whatever the service runs just now: the daemon, or the helper that starts it."""
    with open(f"/sys/fs/cgroup{show('ControlGroup')}/cgroup.procs") as file:
        pids = [int(line) for line in file]
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return len(pids)


def dpkg(*arguments, kill_at=None):
    """Runs dpkg; how many processes of the service were killed at the moment that is asked for."""
    killed = 0
    reader, writer = os.pipe()
    with open("dpkg.log", "a") as log, os.fdopen(reader) as status:
        process = subprocess.Popen([*DPKG, f"--status-fd={writer}", *arguments], pass_fds=(writer,), stdout=log,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        os.close(writer)
        for line in status:
            words = line.split()
            if killed == 0 and kill_at and words[:2] == ["status:", "cuio:"] and words[2] == kill_at:
                killed = kill()
        return process.wait(PATIENCE) == 0, killed


def daemon_is(other):
    """Whether the other package's daemon serves, started by its unit."""
    with open(f"/proc/{show('MainPID')}/environ", "rb") as file:
        by_unit = b"CUIO_PACKAGE=second\0" in file.read() + b"\0"
    return by_unit == other and ("second" in info()["daemon_version"]) == other


def go_on(programs):
    programs.ask("results 12")  # more than can have been on their way before


def upgrades(programs):
    done, right, killed, generation = True, True, 0, info()["generation"]
    for i in range(TURNS):
        other = i % 2 == 0
        # Every fifth one without a kill.
        moment = (MOMENTS + (None,))[i % 5]
        went, dead = dpkg("-i", "second.deb" if other else "first.deb", kill_at=moment)
        done, killed = went and done, killed + dead
        go_on(programs)
        right = daemon_is(other) and right
        if not went or (moment and not dead):
            say(f"turn {i}, {moment}: dpkg {went}, {dead} killed")
    claim(done, f"dpkg installs another version {TURNS} times")
    claim(right, "after each, that version serves, started by that version's unit")
    claim(killed >= TURNS * 3 // 5, f"and {killed} times the service was killed in the middle of it")
    claim(info()["generation"] >= generation + TURNS, "each was a restart")


def half_way(programs):
    """Between unpacking and configuring: the new files, the old unit."""
    claim(dpkg("--unpack", "second.deb")[0], "the second version is unpacked alone")
    go_on(programs)
    for i in range(3):
        claim(kill() > 0, "the service is killed then")
        go_on(programs)
    claim(dpkg("--configure", "cuio")[0], "and configured later")
    go_on(programs)
    claim(daemon_is(True), "which starts its own unit")
    claim(dpkg("-i", "first.deb")[0], "back to the first version")
    go_on(programs)
    claim(daemon_is(False), "which serves again")


print("# seed", SEED, flush=True)
before = info()["open_files"]
programs = Programs()
programs.ask("go")
go_on(programs)
upgrades(programs)
if os.environ.get("LENGTH") != "short":
    half_way(programs)
errors, results = programs.count("errors"), programs.count("results")
claim(not errors, f"{results} numbers came back, each once, each in its turn, without an error")
claim(programs.ask("end") == "ended" and programs.process.wait() == 0, "all programs come to their end")
claim(info()["crash_errors"] == 0, "no call was given up")
claim(info()["open_files"] == before, "no open file is left")
claim(show("ActiveState", "cuiod@litepcie0") == "inactive", "what was stopped stayed so")
claim(show("ActiveState", "cuiod@edusim0") == "active", "what ran does")
