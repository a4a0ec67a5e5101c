#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the Debian package's life: installed, upgraded and downgraded under programs that would notice,
# with the daemon killed in the middle of it, removed while a node is open, installed again, purged.
#
# vm-before: tests/vm/packages @BUILD@
# vm: -f @BUILD@/packages/first.deb -f @BUILD@/packages/second.deb -f @BUILD@/legacy/edu-flow
# vm: -e TURNS=10 -e SEED=
# limit: 600 + 120 * TURNS
. ./tap.sh

[ "${LENGTH-}" != short ] || TURNS=2
export TURNS
unset DPKG_MAINTSCRIPT_PACKAGE

# What is not documentation has to work where a machine has none; the examples are used here.
dpkg="dpkg --force-unsafe-io --path-include=/usr/share/doc/cuio/*"

# What was installed for other scripts, by "make install", is not there.
systemctl stop 'cuiod@*' 'cuio-bind@*'
if dpkg-query -W cuio >/dev/null 2>&1; then
    dpkg -P cuio >/dev/null 2>&1
fi
[ ! -e /usr/sbin/cuiod ] || find /usr /etc/cuio -path /usr/lib/cuio-test -prune -o -name '*cuio*' -print0 | xargs -0 rm -rf
# Nor folders that it has emptied, which dpkg would take away with its own.
rm -rf /run/cuio /run/cuio-bind
find /usr/share/man /usr/share/doc -mindepth 1 -type d -empty -delete
systemctl daemon-reload

below_run() {
    find /run -maxdepth 1 -name 'cuio*' ! -name cuio-test
}

# everything: each file of the system, but for what the machine itself writes as it runs
everything() {
    {
        find / -xdev \( -path /srv/cuio-test -o -path /tmp -o -path /var/tmp -o -path '/var/log/journal' \
            -o -path /var/lib/systemd -o -path /root/.cache \) -prune -o -print
        below_run
    } | LC_ALL=C sort
}
everything >before

ok "the package is installed" $dpkg -i first.deb
ok "all of it" dpkg -V cuio
is "it starts nothing" "$(systemctl list-units --plain --no-legend 'cuiod@*' 'cuio-bind@*')" ''
is "and has no conffile" "$(dpkg-query -W -f '${Conffiles}' cuio)" ''
ok "the user that serves is there" getent passwd cuio
is "udev has its rules" "$(udevadm test /sys/class/mem/null 2>&1 | grep -c 60-cuio.rules | sed 's/^[1-9].*/some/')" some
cp /usr/share/doc/cuio/examples/edu0.conf /usr/share/doc/cuio/examples/edusim0.conf /usr/share/doc/cuio/examples/litepcie0.conf /etc/cuio/
ok "what it brings passes its own check" sh -c 'cuioctl check /usr/share/cuio/devices/*.device /usr/share/doc/cuio/examples/*.conf'
former=$(readlink /sys/bus/pci/devices/0000:00:04.0/driver)
ok "services are enabled and started" systemctl enable --now cuiod@edu0 cuiod@edusim0
ok "and one that is stopped again" systemctl enable --now cuiod@litepcie0
systemctl stop cuiod@litepcie0

cat >package.py <<'PY'
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
PY
timeout -k 5 $((720 + 180 * TURNS)) python3 package.py || { fail "the programs end" "status $?"; tail -n 20 dpkg.log | sed 's/^/# /'; }

# --- removal while a node is open ---

cat >holder.py <<'PY'
import errno, os
node = os.open("/dev/edu", os.O_RDWR)
print("open", flush=True)
try:
    os.read(node, 4)
except OSError as error:
    print(errno.errorcode[error.errno], flush=True)
try:
    os.read(node, 4)
except OSError as error:
    print(errno.errorcode[error.errno], flush=True)
PY
python3 holder.py >holder.out &
holder=$!
ok "a program waits for a result" eventually 30 sh -c "cuioctl info --json edu | grep -E '\"parked\": *1'"
dpkg -r cuio >removal 2>&1
is "the package is removed" $? 0
like "the removal names the services, and the program" "$(cat removal)" "*stopping*cuiod@edu0*python3?$holder?*"
wait "$holder"
is "the program got the errors of a stop" "$(tail -n 2 holder.out | tr '\n' ' ')" 'ECONNABORTED ENOTCONN '
is "the nodes are gone" "$(ls -d /dev/edu /dev/edusim 2>/dev/null)" ''
is "the card has its former driver" "$(readlink /sys/bus/pci/devices/0000:00:04.0/driver)" "$former"
# What is enabled is known by name still.
is "no unit of it is left" "$(systemctl list-units --all --plain --no-legend 'cuiod@*' 'cuio-bind@*' | grep -v not-found)" ''
is "nor anything below /run" "$(below_run)" ''
is "instance files are kept" "$(ls /etc/cuio)" "$(printf 'edu0.conf\nedusim0.conf\nlitepcie0.conf')"

# --- and back, and purge ---

ok "it is installed again" $dpkg -i first.deb
ok "what was enabled serves again" systemctl is-active cuiod@edu0 cuiod@edusim0
ok "and answers" cuioctl info edu
dpkg -P cuio >purge 2>&1
is "a purge of the running package" $? 0
like "says what it keeps" "$(cat purge)" '*your files in /etc/cuio are kept*'
is "which is what the administrator wrote" "$(cd /etc/cuio && find . -type f | sort | tr '\n' ' ')" \
    './edu0.conf ./edusim0.conf ./litepcie0.conf '
is "no unit is enabled" "$(find /etc/systemd -name 'cuiod@*')" ''
rm -rf /etc/cuio
everything >after
# dpkg's own books, and the backups of those that a new user was written to.
left=$(diff before after | grep '^[<>]' | grep -vE ' (/var/lib/dpkg/.*-old|/var/log/dpkg.log|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-|/etc/\.pwd\.lock|/var/lib/dpkg/(lock|lock-frontend|triggers/.*))$')
is "nothing else is left of it, and nothing else is gone" "$left" ''
if [ "${LENGTH-}" != short ]; then
    ok "installed once more, it" $dpkg -i second.deb
    cp /usr/share/doc/cuio/examples/edusim0.conf /etc/cuio/
    ok "serves at once" systemctl start cuiod@edusim0
    dpkg -P cuio >/dev/null 2>&1
    is "purged again with a node of a simulated card" "$(ls -d /dev/edusim /usr/sbin/cuiod 2>/dev/null)" ''
    rm -rf /etc/cuio
fi
# For the scripts that come after this one.
$dpkg -i first.deb >/dev/null 2>&1
