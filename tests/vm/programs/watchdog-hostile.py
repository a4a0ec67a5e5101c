# SPDX-License-Identifier: GPL-2.0-or-later
# For watchdog.sh: whatever a program may try.
from watchdog import *

node = os.open(NODE, os.O_RDWR | os.O_NONBLOCK)
for flags in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR | os.O_NONBLOCK):
    claim(f"a second open fails ({flags:#x})", error(os.open, NODE, flags), "EBUSY")
claim("read fails", error(os.read, node, 1), "EINVAL")
poll = select.poll()
poll.register(node)
claim("poll: always ready", [event & (select.POLLIN | select.POLLOUT | select.POLLERR | select.POLLHUP)
                             for _, event in poll.poll(0)], [select.POLLIN | select.POLLOUT])
claim("nothing written", os.write(node, b""), 0)
claim("1 MiB written", os.write(node, b"x" * (1 << 20)), 1 << 20)
claim("without a V", ioctl(node, STATUS), 0x8000)
claim("1 MiB with a V", os.write(node, b"x" * 300000 + b"V" + b"x" * 700000), 1000001)
claim("which counts", ioctl(node, STATUS), 0x8100)
claim("writev", os.writev(node, [b"a", b"b" * 5000]), 5001)
claim("and nothing of it is left", ioctl(node, STATUS), 0x8000)
claim("a write from nowhere", libc.write(node, ctypes.c_void_p(8), 4), -1)
support = fcntl.ioctl(node, SUPPORT, bytes(40))
claim("support", (struct.unpack("II", support[:8]), support[8:].rstrip(b"\0")), ((0x8180, 0), b"i6300ESB timer"))
for value in (0, -1, 2047, 5000, -2147483648):
    claim(f"a timeout of {value}", ioctl(node, SET, value), "EINVAL")
for value in (2046, 1, 33):
    claim(f"a timeout of {value}", (ioctl(node, SET, value), ioctl(node, GET)), (value, value))
claim("time left", ioctl(node, LEFT) in range(25, 34), True)
claim("options that there are not", [ioctl(node, OPTIONS, value) for value in (0, 4, 256)], ["ENOTTY"] * 3)
claim("off, on", [ioctl(node, OPTIONS, value) for value in (1, 1, 2, 3, -1)], [1, 1, 2, 3, -1])
claim("temperature, unknown, a terminal's", [ioctl(node, n) for n in (TEMP, W(3, 77), 0x5401)], ["ENOTTY"] * 3)
claim("pretimeout", [ioctl(node, SETPRE, 5), ioctl(node, GETPRE)], ["ENOTSUP", 0])
claim("boot status", ioctl(node, BOOT), 0)
for name, number in (("SETTIMEOUT", SET), ("SETOPTIONS", OPTIONS), ("GETTIMEOUT", GET), ("GETSUPPORT", SUPPORT),
                     ("SETPRETIMEOUT", SETPRE)):
    claim(f"{name} from nowhere", [at(node, number, p) for p in (0, 8, 1 << 63)], ["EFAULT"] * 3)
claim("KEEPALIVE needs no argument", [at(node, KEEPALIVE, p) for p in (0, 8)], [0, 0])
claim("and all is as it was", ioctl(node, GET), 33)
claim("mmap", error(__import__("mmap").mmap, node, 4096), "ENODEV")
os.write(node, b"V")
os.close(node)
