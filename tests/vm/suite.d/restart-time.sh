#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# From the death of a daemon to the next request that is served, beside what the same unit takes to
# bring up a program that does nothing. Helper and sandbox are in both times; their ratio is cuiod's
# own share, which the machine's speed and load hardly touch: the two kinds take turns.
#
# vm: -f @BUILD@/programs/nothing
# limit: 180
. ./tap.sh

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
printf '[Device]\nDescription=edu.device\nBackend=sim\n[Node]\nName=nothing\n' >/etc/cuio/nothing.conf
mkfifo -m 666 /run/nothing.ready
mkdir -p /run/systemd/system/cuiod@nothing.service.d
cat >/run/systemd/system/cuiod@nothing.service.d/nothing.conf <<END
[Service]
ExecStart=
ExecStart=$PWD/nothing /run/nothing.ready
END
systemctl daemon-reload

cat >restart-time.py <<'PY'
import fcntl, os, statistics, subprocess, time

KILLS = 15
IDENT = 2 << 30 | 4 << 16 | ord("e") << 8 | 1
node = os.open("/dev/edu", os.O_RDWR)
# Its end says READY no later than systemd hears of it: if anything, too good a time for it.
fifo = os.open("/run/nothing.ready", os.O_RDWR)


def time_of(unit, until):
    """The unit's daemon is killed; systemd has nothing left to do for it, as it has just answered."""
    pid = int(subprocess.check_output(["systemctl", "show", "-P", "MainPID", unit]))
    start = time.monotonic()
    os.kill(pid, 9)
    until()
    return time.monotonic() - start


def milliseconds(times):
    return " ".join(f"{t * 1000:.0f}" for t in times)


os.read(fifo, 1)
cuiod, nothing = [], []
for _ in range(KILLS):
    cuiod.append(time_of("cuiod@edu0", lambda: fcntl.ioctl(node, IDENT, b"\0\0\0\0")))
    nothing.append(time_of("cuiod@nothing", lambda: os.read(fifo, 1)))
print("# cuiod:", milliseconds(cuiod))
print("# nothing:", milliseconds(nothing))
ours, theirs = statistics.median(cuiod), statistics.median(nothing)
print("ok" if ours <= 1.5 * theirs else "not ok", "-", f"from kill to the next request {ours * 1000:.0f} ms,",
      f"{ours / theirs:.2f} times the {theirs * 1000:.0f} ms of a program that does nothing")
PY

ok "cuiod starts" systemctl start cuiod@edu0
exec 7<>/run/nothing.ready
ok "a program that does nothing starts in its place" systemctl start cuiod@nothing
is "under the same rules" "$(systemctl cat cuiod@nothing | grep -vE '^(#|ExecStart=.*)' | sed '/^\[Service\]$/d;/^$/d')" \
    "$(systemctl cat cuiod@edu0 | grep -vE '^(#|ExecStart=.*)' | sed '/^\[Service\]$/d;/^$/d')"
timeout 360 python3 restart-time.py || fail "the kills come to an end" "status $?"
is "each request was served by another daemon" "$(cuioctl info --json edu | sed -n 's/.*"generation": \([0-9]*\).*/\1/p')" 15
exec 7>&-
systemctl stop cuiod@edu0 cuiod@nothing
rm -rf /etc/cuio/edu0.conf /etc/cuio/nothing.conf /run/nothing.ready /run/systemd/system/cuiod@nothing.service.d
systemctl daemon-reload
