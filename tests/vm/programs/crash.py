# SPDX-License-Identifier: GPL-2.0-or-later
# For crash.sh: programs at work, the kills, and whether each request was answered once.
import os, random, re, select, subprocess, sys, time

UNIT = "cuiod@edu0"
KILLS = int(os.environ["KILLS"])
SEED = int(os.environ["SEED"] or random.randrange(1 << 31))
PHASE = 50  # kills; a fifth of them while nothing is written
PATIENCE = 270  # s, after which something counts as hanging


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)


def say(text):
    for line in text.splitlines():
        print("#", line, flush=True)


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
    return done.stdout


def info(name):
    return int(re.search(rf'"{name}": *(\d+)', run("cuioctl", "info", "--json", "edu"))[1])


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError as error:
        return f"{error}\n"


def tell_all(users):
    """What can be known when somebody hangs."""
    for user in users.split():
        pid = user.split("/")[1]
        say(f"{user}: {read(f'/proc/{pid}/wchan')} {read(f'/proc/{pid}/syscall')}{read(f'/proc/{pid}/stack')}")
    for pid in read(PROCESSES).split():
        say(f"{pid} {read(f'/proc/{pid}/comm')}{read(f'/proc/{pid}/syscall')}{read(f'/proc/{pid}/stack')}")
    for command in (("systemctl", "status", "--no-pager", "-n", "0", UNIT),
                    ("journalctl", "-u", UNIT, "-o", "short-monotonic", "--no-pager", "-n", "60"),
                    ("timeout", "20", "cuioctl", "info", "edu")):
        say(run(*command))


class Programs:
    ON_THE_WAY = {"results": 3, "calls": 11}  # at most: one for each program

    def __init__(self):
        self.process = subprocess.Popen(["./edu-flow", "/dev/edu", str(SEED)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.rest = b""

    def line(self):
        end = time.monotonic() + 2 * PATIENCE
        while b"\n" not in self.rest:
            if not select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                sys.exit("the programs do not answer")
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                sys.exit("the programs have ended")
            self.rest += more
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode()

    def ask(self, question):
        self.process.stdin.write(question.encode() + b"\n")
        self.process.stdin.flush()
        while True:
            line = self.line()
            if line.startswith("stuck "):
                claim(False, f"an answer to {question} comes")
                tell_all(line[6:])
                sys.exit("somebody hangs")
            if not line.startswith("#"):
                return line
            print(line, flush=True)

    def count(self, name):
        return int(re.search(rf"\b{name}=(\d+)", self.ask("counts"))[1])

    def waiting(self):
        """What those who read have got so far, in the number of their calls."""
        return [user.split("/")[2] for user in self.ask("users").split() if user.startswith("reader")]


class Killer:
    def __init__(self, programs):
        self.programs, self.random, self.pid = programs, random.Random(SEED), 0
        self.kinds = {"serving": 0, "starting": 0, "in a row": 0}
        self.outages = [0.5]

    @staticmethod
    def is_daemon(pid):
        """It leads a session. Since systemd 257 what becomes it has children for a moment, under the same name."""
        name, _, rest = read(f"/proc/{pid}/stat").rpartition(")")
        return "cuiod" in name and rest.split()[3] == pid

    def daemon(self):
        """The daemon's PID, which is another than that of the one before, as soon as there is one."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for pid in read(PROCESSES).split():
                if pid.isdigit() and int(pid) != self.pid and self.is_daemon(pid):
                    return int(pid)
            time.sleep(0.003)
        claim(False, "there is a successor")
        tell_all(self.programs.ask("users"))
        sys.exit("there is no daemon")

    def kill(self, kind, delay):
        self.pid = self.daemon()
        time.sleep(delay)
        os.kill(self.pid, 9)
        self.kinds[kind] += 1

    def progress(self, what):
        """A few answers of the successor, beyond those that were on their way before."""
        began = time.monotonic()
        self.programs.ask(f"{what} {self.programs.ON_THE_WAY[what] + 1}")
        self.outages.append(time.monotonic() - began)
        self.programs.ask(f"{what} {self.random.randrange(1, 8)}")

    def usual_outage(self):
        recent = sorted(self.outages[-50:])
        return recent[len(recent) // 2]

    def some(self, count, what):
        """That many kills; `what` is there to make progress with."""
        while count:
            kind = self.random.random()
            if kind < 0.6:
                self.progress(what)
                self.kill("serving", self.random.random() / 30)
                count -= 1
            elif kind < 0.9:
                self.kill("starting", self.random.random() * self.usual_outage())
                count -= 1
            else:
                for _ in range(min(count, self.random.randrange(2, 6))):
                    self.kill("in a row", self.random.random() / 50)
                    count -= 1


class Journal:
    """What the log says of the daemons' lives and deaths, read in time: old lines are thrown away."""

    def __init__(self):
        self.begin()
        self.read()
        self.begin()

    def begin(self):
        self.came_up = self.killed = 0
        self.ends = []

    def read(self):
        run("journalctl", "--sync")
        for line in run("journalctl", "-u", UNIT, "-o", "cat", "--no-pager", "--cursor-file=cursor").splitlines():
            self.came_up += line.startswith("Going on with")
            if "Main process exited" in line:
                killed = line.endswith("code=killed, status=9/KILL")
                self.killed += killed
                self.ends += [] if killed else [line]


PROCESSES = "/sys/fs/cgroup" + run("systemctl", "show", "-P", "ControlGroup", UNIT).strip() + "/cgroup.procs"
print("# seed", SEED, flush=True)
before = info("open_files")
programs = Programs()
killer, journal = Killer(programs), Journal()
done = 0
while done < KILLS:
    kills = min(PHASE, KILLS - done)
    programs.ask("hold")
    waiting = programs.waiting()
    killer.some(kills // 5, "calls")
    programs.ask("calls 20")
    claim(programs.waiting() == waiting,
          f"those who wait in read, poll and epoll wait on through kills {done + 1} to {done + kills // 5}")
    programs.ask("go")
    killer.some(kills - kills // 5, "results")
    programs.ask("results 20")
    done += kills
    errors, results = programs.count("errors"), programs.count("results")
    claim(not errors, f"{results} numbers came back through {done} kills, each once, each in its turn, without an error")
    journal.read()

for i in (1, 2):
    run("systemctl", "restart", UNIT)
    programs.ask("results 20")
claim(not programs.count("errors"), "and through two restarts")
counts = programs.ask("counts")
claim(programs.ask("end") == "ended", "all programs come to their end, the sleeper in epoll too")
claim(programs.process.wait() == 0, "and none of them has met an error")
say(counts)
say(", ".join(f"{count} {kind}" for kind, count in killer.kinds.items()) +
    f"; served again after {killer.usual_outage():.3f} s, at most {max(killer.outages):.3f} s")
say(f"{info('replayed')} died inside the driver")
claim(info("open_files") == before, "no open file is left")
claim(info("parked") == 0, "no call is left")
claim(info("crash_errors") == 0, "no call was given up")
journal.read()
# Each that was killed while it served had come up, and two came by a restart. The log knows of fewer: a line of
# one that is dead when journald reads it belongs to no unit.
generation = info("generation")
claim(killer.kinds["serving"] < generation <= KILLS + 2 and 0 < journal.came_up <= generation,
      f"each of {generation} successors knows of its predecessor")
claim(journal.killed == KILLS, f"{journal.killed} daemons were killed")
claim(not journal.ends, "and none died of itself")
say("\n".join(journal.ends))
