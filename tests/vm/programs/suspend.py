# SPDX-License-Identifier: GPL-2.0-or-later
# For suspend.sh: programs that wait in every way, the machine's sleep, and what each card does after it.
#
# suspend.py STATE [KILL]...: the machine sleeps once for each KILL: none, before, at, after.
# at: when the programs are held; the daemons begin again when the machine is awake.
import ctypes, errno, fcntl, os, select, signal, struct, subprocess, sys, termios, time, tty

LIBC = ctypes.CDLL(None, use_errno=True)
STATE = sys.argv[1]
SERVICES = ["edu0", "edusim0", "ttyCU0", "watchdogCU0", "ne0"]
PATIENCE = 120
READ, WRITE, NO_DATA = 2, 1, 0
AT = "/run/kill-at"


def ioc(direction, kind, number, size):
    return direction << 30 | size << 16 | ord(kind) << 8 | number


WAIT_IRQ = ioc(READ, "e", 4, 4)
FILE = "/run/cuio-mount/edusim0/edusim"


def claim(holds, name, *details):
    print("ok" if holds else "not ok", "-", name, flush=True)
    for detail in details if not holds else ():
        print("#", str(detail).replace("\n", "; "), flush=True)


class pollfd(ctypes.Structure):
    _fields_ = [("fd", ctypes.c_int), ("events", ctypes.c_short), ("revents", ctypes.c_short)]


class epoll_event(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("events", ctypes.c_uint32), ("data", ctypes.c_uint64)]


def call(result):
    return result if result >= 0 else errno.errorcode[ctypes.get_errno()]


# By libc's functions, because Python would repeat an interrupted call.
def wait_read(fd):
    buffer = ctypes.create_string_buffer(4)
    return call(LIBC.read(fd, buffer, 4)), struct.unpack("I", buffer.raw)[0]


def wait_ioctl(fd):
    buffer = ctypes.create_string_buffer(4)
    return call(LIBC.ioctl(fd, ctypes.c_ulong(WAIT_IRQ), buffer)), struct.unpack("I", buffer.raw)[0]


def wait_poll(fd):
    one = pollfd(fd, select.POLLIN, 0)
    return call(LIBC.poll(ctypes.byref(one), 1, -1)), one.revents


def wait_select(fd):
    bits = (ctypes.c_ulong * 16)()
    bits[fd // 64] |= 1 << fd % 64
    return call(LIBC.select(fd + 1, bits, None, None, None)), bits[fd // 64] >> fd % 64 & 1


def wait_epoll(fd):
    poller, event = LIBC.epoll_create1(0), epoll_event(select.EPOLLIN, 7)
    LIBC.epoll_ctl(poller, 1, fd, ctypes.byref(event))
    event.data = 0
    return call(LIBC.epoll_wait(poller, ctypes.byref(event), 1, -1)), event.data


KINDS = [("read", "/dev/edu", wait_read, (4, 120)), ("ioctl", "/dev/edu", wait_ioctl, (0, 1)),
         ("read", FILE, wait_read, (4, 120)), ("ioctl", FILE, wait_ioctl, (0, 1)),
         ("poll", "/dev/ttyCU0", wait_poll, (1, 1)), ("select", "/dev/ttyCU0", wait_select, (1, 1)),
         ("epoll", "/dev/ttyCU0", wait_epoll, (1, 7))]


class Waiter:
    def __init__(self, name, node, wait, wanted):
        self.name, self.wanted = f"{name} of {node}", wanted
        self.out, to = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.closerange(3, to)
            fd = os.open(node, os.O_RDWR | os.O_NOCTTY)
            os.write(to, b"open;")
            os.write(to, repr(wait(fd)).encode())
            os._exit(0)
        os.close(to)
        os.read(self.out, 5)

    def waits(self):
        with open(f"/proc/{self.pid}/stat") as file:
            sleeps = file.read().rpartition(")")[2].split()[0] in "SD"
        return sleeps and not select.select([self.out], [], [], 0)[0]

    def result(self):
        if not select.select([self.out], [], [], PATIENCE)[0]:
            os.kill(self.pid, signal.SIGKILL)
            return "nothing"
        answer = os.read(self.out, 100).decode()
        os.waitpid(self.pid, 0)
        os.close(self.out)
        return answer


def eventually(what):
    until = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def systemctl(*arguments):
    return subprocess.run(["systemctl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def said_by(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()


def pids():
    return [int(said_by("systemctl", "show", "-P", "MainPID", f"cuiod@{name}")) for name in SERVICES]


def kill_daemons():
    for pid in pids():
        if pid:
            os.kill(pid, signal.SIGKILL)


def begin(path):
    return os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)


edu, sim, line, watchdog, network = map(begin, ("/dev/edu", FILE, "/dev/ttyCU0", "/dev/watchdogCU0", "/dev/ne0"))
tty.setraw(line)
settings = termios.tcgetattr(line)
settings[4] = settings[5] = termios.B57600
termios.tcsetattr(line, termios.TCSANOW, settings)
fcntl.ioctl(line, termios.TIOCMBIS, struct.pack("i", 0x8000))  # TIOCM_LOOP


def left():
    return struct.unpack("i", fcntl.ioctl(watchdog, ioc(READ, "W", 10, 4), b"\0" * 4))[0]


def runs():
    """What the chip says, not the driver."""
    return said_by("cuioctl", "get", "--value", "watchdogCU0", "lock.enable")


def loopback():
    """The pollers are awake by then: nobody else reads."""
    got = b""
    while len(got) < 5 and select.select([line], [], [], PATIENCE)[0]:
        got += os.read(line, 5 - len(got))
    return got


def arp():
    own = fcntl.ioctl(network, ioc(READ, "N", 0x80, 6), b"\0" * 6)
    question = (b"\xff" * 6 + own + b"\x08\x06" + struct.pack(">HHBBH", 1, 0x800, 6, 4, 1) + own +
                bytes([10, 0, 2, 15]) + b"\0" * 6 + bytes([10, 0, 2, 2])).ljust(60, b"\0")
    for _ in range(5):
        os.write(network, question)
        while select.select([network], [], [], 5)[0]:
            if os.read(network, 2000)[12:14] == b"\x08\x06":
                return True
    return False


def count():
    with open("/sys/power/suspend_stats/success") as file:
        return int(file.read())


def sleep(kill, name):
    before = count(), left()
    if kill == "before":
        kill_daemons()
    if kill == "at":
        open(AT, "w").close()
    result = systemctl("start", "systemd-suspend.service")
    if kill == "after":
        kill_daemons()
    slept = eventually(lambda: count() > before[0])
    claim(slept and result.returncode == 0, f"{name}: the machine sleeps and wakes up", result.stdout,
          said_by("journalctl", "-b", "-n", "30", "--no-pager", "-o", "cat"), said_by("dmesg"))
    claim(eventually(lambda: systemctl("is-active", "cuio-sleep").stdout.strip() == "inactive"),
          f"{name}: the programs are let go", systemctl("status", "cuio-sleep").stdout)


for kill in sys.argv[2:]:
    name = f"{STATE}, kill {kill}"
    fcntl.ioctl(watchdog, ioc(READ, "W", 5, 4), 0)  # WDIOC_KEEPALIVE
    waiters = [Waiter(*kind) for kind in KINDS]
    claim(eventually(lambda: all(waiter.waits() for waiter in waiters)), f"{name}: programs wait")
    sleep(kill, name)
    gone = [waiter.name for waiter in waiters if not eventually(waiter.waits)]
    claim(not gone, f"{name}: they wait still", gone)
    claim(left() > 0 and runs() == "0x1", f"{name}: the watchdog runs", left(), runs())
    os.write(line, b"hello")
    for fd in edu, sim:
        os.write(fd, struct.pack("I", 5))
    wrong = [(waiter.name, result) for waiter in waiters if (result := waiter.result()) != repr(waiter.wanted)]
    claim(not wrong, f"{name}: each gets what it waited for, and no EINTR", *wrong)
    got = loopback()
    claim(got == b"hello", f"{name}: the serial port sends and receives", got)
    claim(arp(), f"{name}: the network card sends and receives")
    before = left()
    claim(eventually(lambda: left() < before), f"{name}: the watchdog counts")
    fcntl.ioctl(watchdog, ioc(READ, "W", 5, 4), 0)
    claim(left() >= before, f"{name}: and can be pinged")
os.write(watchdog, b"V")
