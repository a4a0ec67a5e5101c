# SPDX-License-Identifier: GPL-2.0-or-later
# For clients.sh: programs that hold a node, and what they are told at its end.
import errno, fcntl, os, select, threading

NODE = "/dev/edusim"
WAIT_IRQ = 2 << 30 | 4 << 16 | ord("e") << 8 | 4
got = {}


def ends(name, call):
    try:
        got[name] = call()
    except OSError as e:
        got[name] = errno.errorcode[e.errno]


def sleep(file):
    waits = select.poll()
    waits.register(file, select.POLLIN)
    return waits.poll(60000)[0][1] & select.POLLERR


node, other = os.open(NODE, os.O_RDWR), os.open(NODE, os.O_RDWR)
calls = {"read": lambda: os.read(node, 4), "ioctl": lambda: fcntl.ioctl(node, WAIT_IRQ, b"\0\0\0\0"),
         "poll": lambda: sleep(other)}
threads = [threading.Thread(target=ends, args=item) for item in calls.items()]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ends("later", lambda: os.read(node, 4))
ends("poll later", lambda: sleep(other))
print(got)
