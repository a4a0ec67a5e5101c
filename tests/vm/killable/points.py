# SPDX-License-Identifier: GPL-2.0-or-later
"""For the tests of the kill points: arm one, make a call, and see what has happened and how often.

The daemon reads the file KILL, lines "POINT SUBJECT [TIMES]", and dies there; the file is gone with
the last death. What it counts (points.device) is compared whole before and after."""

import errno, faulthandler, fcntl, os, re, select, struct, subprocess, threading, time

NODE, UNIT, KILL = "/dev/points", "cuiod@points0", "/run/cuio/points0/kill"
PATIENCE = 300  # s, after which something counts as hanging

# Where a call can be when the daemon dies, in this order, and the rule for what comes of it.
#
#   outside  nothing is to be decided: it is done, once
#   begun    the driver has been called, but has not touched the card: it is done again
#   inside   the same, unless it has touched the card: then only if it is restartable, else EIO
#
# To touch is to write a register, or to read one whose read has a side effect.
POINTS = {
    "received": "outside",  # the request has come, nobody has looked at it
    "decoded": "outside",
    "entered": "begun",  # the driver is called
    "register-written": "inside",
    "register-read": "inside",
    "returned": "inside",  # what it did is not yet committed
    "moved": "inside",  # the same, for a call that must wait
    "committed": "outside",
    "applying": "outside",
    "applied": "outside",
    "parked": "outside",  # it waits
    "sent": "outside",  # the answer is with the kernel
    "cleared": "outside",  # the request is forgotten
}
# An interrupt is no request: it is told by UIO, then comes a call of the driver with "entered" to
# "applied" of above. A timer is one such call and has no others.
INTERRUPT_POINTS = {
    "taken": "the card still asserts it",
    "cause-saved": "it is not acknowledged yet",
    "handled": "it is counted",
    "waiters-answered": "it will be unmasked",
}
# A signal for a call that keeps the device is no call of the driver.
SIGNAL_POINTS = {
    "noted": "the call is still to be finished",
}
# The kernel's first message, which makes the node.
FIRST_POINTS = {
    "init-saved": "it has come",
    "init-stored": "the channel is with systemd",
    "init-answered": "the node is being made",
}
# tests/cli/kill-points.sh sees that these are all that there are.
DONE, AGAIN, EIO = "done", "done again", "EIO"

SHORT = os.environ.get("LENGTH") == "short"
# In short form these are left to calls.py.
LEFT_OUT = ("decoded", "register-read", "applying", "applied", "cleared") if SHORT else ()


def some(points):
    return [point for point in points.split() if point not in LEFT_OUT]


def outcome(point, restartable, touches=True):
    """Of a call that touches the card, or does not, at least not before it is to wait."""
    if POINTS[point] == "outside":
        return DONE
    return EIO if POINTS[point] == "inside" and touches and not restartable else AGAIN


# --- the card's ioctls ---------------------------------------------------------------------------

COUNTS = ("colds warms opens releases reads writes redos onces looks takes holds interrupts ticks tokens").split()


def ioc(direction, number, size):
    return direction << 30 | size << 16 | ord("k") << 8 | number


REDO, ONCE, TAKE = ioc(3, 1, 4), ioc(3, 2, 4), ioc(2, 3, 4)
HOLD, HOLD_ONCE, RAISE, ARM = ioc(2, 4, 4), ioc(2, 5, 4), ioc(0, 6, 0), ioc(0, 7, 0)
GET_COUNTS, EVENTS, LOOK = ioc(2, 8, 4 * len(COUNTS)), ioc(1, 9, 8), ioc(2, 10, 4)
INFO_SIZE = 1232
INFO = 2 << 30 | INFO_SIZE << 16 | 0xC7 << 8  # of cuio/ioctl.h


def number_ioctl(file, command, argument=0):
    """An ioctl with one u32, in and out."""
    data = bytearray(struct.pack("I", argument))
    fcntl.ioctl(file, command, data)
    return struct.unpack("I", data)[0]


def read(file):
    """Which read this was, of all and of this file."""
    return struct.unpack("2I", os.read(file, 8))


def give(file, tokens):
    return os.write(file, struct.pack("I", tokens))


# --- calls ---------------------------------------------------------------------------------------


def attempt(function):
    try:
        return function()
    except OSError as error:
        return errno.errorcode[error.errno]


class Call(threading.Thread):
    """One call on a thread of its own."""

    def __init__(self, function):
        super().__init__(daemon=True)
        self.function = function
        self.value = "hangs"
        self.start()

    def run(self):
        self.tid = threading.get_native_id()
        try:
            self.value = attempt(self.function)
        except Exception as error:
            self.value = repr(error)

    def end(self):
        self.join(PATIENCE)
        return self.value


# --- what is to be seen --------------------------------------------------------------------------

control = -1


def info():
    """What the daemon tells of itself, whoever keeps the device."""
    data = bytearray(INFO_SIZE)
    fcntl.ioctl(control, INFO, data)
    _, pid, generation, replayed, crash_errors, _, served, _, files, parked = struct.unpack_from("2I6Q2I", data)
    return {"generation": generation, "replayed": replayed, "crash_errors": crash_errors, "open_files": files,
            "parked": parked, "interrupts served": served}, pid


def until_idle(pid):
    """Who waits is asked again after each answer: the next death shall not fall into that."""
    def idle():
        try:
            with open(f"/proc/{pid}/wchan") as file:
                return "poll" in file.read()
        except OSError:
            return True  # it has died
    until(idle, "the daemon has nothing to do")


def until_quiet():
    until_idle(info()[1])


def look():
    """All that is counted. It is answered by the successor, if the daemon is dying."""
    data = bytearray(4 * len(COUNTS))
    seen, pid = info()
    fcntl.ioctl(control, GET_COUNTS, data)
    until_idle(pid)
    return seen | dict(zip(COUNTS, struct.unpack(f"{len(COUNTS)}I", data)))


def until(holds, what, pause=0.001):
    """For what tells nobody that it happened."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(pause)


def until_parked(n):
    until(lambda: info()[0]["parked"] == n, f"{n} calls wait")
    until_quiet()


# --- kills ---------------------------------------------------------------------------------------


def arm(*orders):
    with open(KILL + ".new", "w") as file:
        file.write("".join(f"{order} 1\n" if len(order.split()) == 2 else f"{order}\n" for order in orders))
    os.rename(KILL + ".new", KILL)


def armed():
    return os.path.exists(KILL)


def disarm():
    os.unlink(KILL)


def until_dead():
    until(lambda: not armed(), "the daemon dies")


# --- sleepers in poll(2) -------------------------------------------------------------------------


def poll_in(file):
    waits = select.poll()
    waits.register(file, select.POLLIN)
    return dict(waits.poll(PATIENCE * 1000)).get(file)


def until_asleep(call):
    def asleep():
        with open(f"/proc/self/task/{call.tid}/wchan") as file:
            return "poll" in file.read()
    until(lambda: hasattr(call, "tid") and asleep(), "it sleeps in poll")
    until_quiet()


# --- claims --------------------------------------------------------------------------------------


def claim(problems, name):
    print("not ok" if problems else "ok", "-", name, flush=True)
    for problem in problems:
        print("#", problem, flush=True)


last = None  # what was counted at the end of the scenario before


def differences(before, after, deaths, changes):
    """The problems, if the counts have not changed by just this much."""
    expected = {"generation": deaths, "warms": deaths} | changes
    expected["interrupts served"] = changes.get("interrupts", 0)
    return [f"{name} was {before[name]}, is {after[name]}, not {before[name] + expected.get(name, 0)}"
            for name in before if after[name] != before[name] + expected.get(name, 0)]


class Scenario:
    """What is done within is measured whole: with Scenario(NAME, deaths=1, reads=1) as s: ...

    s.expect(VALUE, EXPECTED) adds an answer to be right; EXPECTED may be a function of the counts
    at the end."""

    def __init__(self, name, deaths=1, **changes):
        self.name, self.deaths, self.changes, self.problems, self.answers = name, deaths, changes, [], []

    def expect(self, value, expected):
        self.answers.append((value, expected))

    def __enter__(self):
        self.before = look()
        if last:
            self.problems += [f"before: {d}" for d in differences(last, self.before, 0, {})]
        faulthandler.dump_traceback_later(2 * PATIENCE, exit=True)
        return self

    def __exit__(self, kind, error, traceback):
        global last
        if kind:
            self.problems.append(f"{kind.__name__}: {error}")
        if armed():
            try:
                until_dead()
            except TimeoutError:
                self.problems.append(f"it did not die: {open(KILL).read().strip()}")
                disarm()
        last = look()
        self.problems += differences(self.before, last, self.deaths, self.changes)
        for value, expected in self.answers:
            expected = expected(last) if callable(expected) else expected
            if value != expected:
                self.problems.append(f"answered {value}, not {expected}")
        faulthandler.cancel_dump_traceback_later()
        claim(self.problems, self.name)
        return kind is not None and issubclass(kind, (OSError, TimeoutError))


# --- EIO is told in the log ----------------------------------------------------------------------

lost = []
log_before = 0
# Whose release it is only newer kernels say: 7.3 does, 6.12 does not.
RELEASER = "?, thread 0"


def eio_lines():
    subprocess.check_call(["journalctl", "--sync"])
    log = subprocess.check_output(["journalctl", "-u", UNIT, "-o", "cat", "--no-pager"], text=True)
    return [re.sub("^release by .*, thread [0-9]+,", f"release by {RELEASER},", line)
            for line in log.splitlines() if "answered EIO" in line]


def loses(operation, thread, third=False, undecoded=False):
    """A call is going to be answered EIO."""
    caller = f"python3, thread {thread}" if operation != "release" else RELEASER
    if undecoded:
        lost.append(f"a request by {caller}, answered EIO: the daemon crashed for the third time while it read or "
                    "answered it")
        return
    lost.append(f"{operation} by {caller}, answered EIO: the daemon crashed inside it"
                + (" for the third time" if third else ", and it is not restartable"))


def claim_log():
    told = eio_lines()[log_before:]
    problems = [f"expected: {line}" for line in lost if line not in told]
    problems += [f"not expected: {line}" for line in told if line not in lost]
    if len(told) != len(lost):
        problems.append(f"{len(told)} lines for {len(lost)} calls")
    claim(problems, f"each of {len(lost)} calls that got EIO is in the log, with its program and thread")


def settle():
    """What was done outside of a scenario is not to be told as a difference."""
    global last
    last = look()


def begin():
    """A file of the node, and another to look at it."""
    global control, log_before
    log_before = len(eio_lines())
    control = os.open(NODE, 3)
    node = os.open(NODE, os.O_RDWR)
    settle()
    return node


def end(node):
    os.close(node)
    os.close(control)
