# SPDX-License-Identifier: GPL-2.0-or-later
# For restart-time.sh: the two kinds of services take turns at being killed.
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
