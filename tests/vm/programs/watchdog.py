# SPDX-License-Identifier: GPL-2.0-or-later
# For watchdog.sh: what its programs share.
import ctypes, errno, fcntl, os, select, signal, struct, sys
NODE = "/dev/watchdogCU0"
libc = ctypes.CDLL(None, use_errno=True)


def W(direction, number, size=4):
    return direction << 30 | size << 16 | ord("W") << 8 | number


SUPPORT, STATUS, BOOT, TEMP, OPTIONS, KEEPALIVE = W(2, 0, 40), W(2, 1), W(2, 2), W(2, 3), W(2, 4), W(2, 5)
SET, GET, SETPRE, GETPRE, LEFT = W(3, 6), W(2, 7), W(3, 8), W(2, 9), W(2, 10)


def error(call, *arguments):
    try:
        return call(*arguments)
    except OSError as e:
        return errno.errorcode[e.errno]


def ioctl(node, number, value=0):
    """The number that comes back, or the error."""
    try:
        return struct.unpack("i", fcntl.ioctl(node, number, struct.pack("i", value)))[0]
    except OSError as e:
        return errno.errorcode[e.errno]


def at(node, number, pointer):
    """The same with a pointer to wherever."""
    if libc.ioctl(node, ctypes.c_ulong(number), ctypes.c_void_p(pointer)) < 0:
        return errno.errorcode[ctypes.get_errno()]
    return 0


def claim(name, got, expected):
    print("ok" if got == expected else "not ok", "-", name, flush=True)
    if got != expected:
        print(f"# got {got!r}, expected {expected!r}", flush=True)
