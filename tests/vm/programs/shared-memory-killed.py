# SPDX-License-Identifier: GPL-2.0-or-later
# For shared-memory.sh: a program that reads or writes all of it while the daemon is killed.
import os, random, subprocess, sys

UNIT, MIB, EVERY, RESTART = "cuiod@shm0", 1 << 20, 9, 35
source = random.Random(sys.argv[2])
killed = 0


def kill():
    global killed
    pid = int(subprocess.run(["systemctl", "show", "-P", "MainPID", UNIT], capture_output=True).stdout)
    if pid:
        os.kill(pid, 9)
        killed += 1


def disturb(mib):
    if mib == RESTART:
        subprocess.run(["systemctl", "restart", UNIT], check=True)
    elif mib % EVERY == EVERY - 1:
        kill()


def feed():
    """dd takes what it gets while we look for whom to kill: it may be anywhere in its next writes."""
    dd = subprocess.Popen(["dd", "of=/dev/shm0", "bs=1M", "iflag=fullblock", "status=none"], stdin=subprocess.PIPE)
    for mib in range(64):
        dd.stdin.write(source.randbytes(MIB))
        disturb(mib)
    dd.stdin.close()
    return dd.wait() == 0


def fetch():
    dd = subprocess.Popen(["dd", "if=/dev/shm0", "bs=1M", "status=none"], stdout=subprocess.PIPE)
    right = True
    for mib in range(64):
        right &= dd.stdout.read(MIB) == source.randbytes(MIB)
        disturb(mib)
    right &= dd.stdout.read() == b""
    return right and dd.wait() == 0


done = feed() if sys.argv[1] == "feed" else fetch()
print("ok" if done and killed >= 5 else "not ok", "-", f"dd {sys.argv[3]}, while {killed} daemons are killed and one restarted")
