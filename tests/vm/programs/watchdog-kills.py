# SPDX-License-Identifier: GPL-2.0-or-later
# For watchdog.sh: pings it all the time, while its daemon is killed, for longer than the timer would count.
from watchdog import *
import re, subprocess, threading, time


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout


TIMEOUT, KILLS = 15, 10
node, seen, end = os.open(NODE, os.O_WRONLY), 0, False
ioctl(node, SET, TIMEOUT)
began = time.monotonic()


def ping():
    global seen
    while not end:
        if seen % 2:
            os.write(node, b"x")
        else:
            fcntl.ioctl(node, KEEPALIVE)
        seen += 1
        time.sleep(0.02)


pinger = threading.Thread(target=ping)
pinger.start()
killed = set()
while (len(killed) < KILLS or time.monotonic() < began + TIMEOUT + 2) and pinger.is_alive():
    pid = int(run("systemctl", "show", "-P", "MainPID", "cuiod@watchdogCU0"))
    if pid and pid not in killed:
        was = seen
        os.kill(pid, 9)
        killed.add(pid)
        while seen < was + 3 and pinger.is_alive():
            time.sleep(0.01)
claim("the daemon was killed ten times and more under a program that went on", pinger.is_alive(), True)
claim("its settings are there", (ioctl(node, GET), ioctl(node, LEFT) in range(1, TIMEOUT + 1)), (TIMEOUT, True))
end = True
pinger.join()
os.write(node, b"V")
os.close(node)
