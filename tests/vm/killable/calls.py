#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each kill point x {read, write, restartable ioctl, other ioctl, open, release, poll, interrupt, timer}."""

import fcntl, os, select, struct, subprocess, threading
from points import *

node = begin()
files = []
calls = 0  # of read() on `node` that were done


class Operation:
    """One kind of call: what it is, what it is answered and changes, and where it never comes."""

    def __init__(self, name, subject, restartable, call, answer, never, prepare=None, touches=True, **changes):
        self.name, self.subject, self.restartable, self.touches = name, subject, restartable, touches
        self.call, self.answer, self.never, self.prepare, self.changes = call, answer, never, prepare, changes


def open_one():
    files.append(os.open(NODE, os.O_RDWR))
    return "a file"


def close_one():
    return os.close(files.pop())


def poll_now():
    waits = select.poll()
    waits.register(node, select.POLLIN | select.POLLOUT)
    return waits.poll(0)[0][1]


AT_ONCE = {"moved": "it is answered at once", "parked": "it is answered at once"}
READ = Operation("a read", "read", True, lambda: read(node), lambda seen: (seen["reads"], calls), AT_ONCE,
                 reads=1, tokens=-1)
WRITE = Operation("a write", "write", True, lambda: give(node, 5), lambda seen: 4, AT_ONCE, writes=1, tokens=5)
REDONE = Operation("a restartable ioctl", "ioctl", True, lambda: number_ioctl(node, REDO, 1000),
                   lambda seen: 1000 + seen["redos"], AT_ONCE, redos=1)
NOT_REDONE = Operation("another ioctl", "ioctl", False, lambda: number_ioctl(node, ONCE, 2000),
                       lambda seen: 2000 + seen["onces"], AT_ONCE, onces=1)
LOOKS = Operation("an ioctl that only looks", "ioctl", False, lambda: number_ioctl(node, LOOK),
                  lambda seen: seen["looks"], AT_ONCE | {"register-written": "it only reads"}, touches=False, looks=1)
POLL = Operation("a poll", "poll", True, poll_now, lambda seen: select.POLLIN | select.POLLOUT,
                 AT_ONCE | {"register-written": "its conditions only read"}, touches=False)
OPEN = Operation("an open", "open", True, open_one, lambda seen: "a file", AT_ONCE, opens=1, open_files=1)
RELEASE = Operation("a release", "release", True, close_one, lambda seen: None, AT_ONCE, prepare=open_one,
                    releases=1, open_files=-1)


def kill_in(operation, point, restartable):
    """One call, during which the daemon dies."""
    global calls
    result = outcome(point, restartable, operation.touches)
    changes = {"crash_errors": 1} if result == EIO else operation.changes | {"replayed": int(result == AGAIN)}
    if operation.prepare:
        operation.prepare()
        settle()
    with Scenario(f"{operation.name} killed when {point}: {result}", **changes) as scenario:
        # Whose request has come nobody knows before it is looked at.
        arm(f"{point} {'any' if point == 'received' else operation.subject}")
        value = attempt(operation.call)
        if result == EIO:
            scenario.expect(value, "EIO")
            loses(operation.subject, threading.get_native_id())
        else:
            calls += operation is READ
            scenario.expect(value, operation.answer)


def never_in(operation, point, why):
    global calls
    if operation.prepare:
        operation.prepare()
        settle()
    with Scenario(f"{operation.name} never comes to {point}: {why}", deaths=0, **operation.changes) as scenario:
        arm(f"{point} {operation.subject}")
        calls += operation is READ
        scenario.expect(attempt(operation.call), operation.answer)
        disarm()


def close_all():
    while files:
        close_one()
    settle()


give(node, 1000)
settle()
for operation in READ, WRITE, REDONE, NOT_REDONE, LOOKS, OPEN, RELEASE, POLL:
    for point in POINTS:
        if point in operation.never:
            never_in(operation, point, operation.never[point])
        else:
            kill_in(operation, point, operation.restartable)
close_all()

# --- interrupts and timers: not lost, not doubled ------------------------------------------------

INSIDE = "entered register-read returned committed applying applied"
HAPPENINGS = {
    "an interrupt": [
        "register-read cause",
        *(f"{point} interrupt" for point in INSIDE.split()),
        "register-written interrupt",  # acknowledged
        *(f"{point} interrupt" for point in INTERRUPT_POINTS),
    ],
    "a timer": [*(f"{point} timer" for point in INSIDE.split()), "register-written timer"],
}
CAUSES = {"an interrupt": ("interrupts", lambda: fcntl.ioctl(node, RAISE, 1)),
          "a timer": ("ticks", lambda: fcntl.ioctl(node, ARM))}

for name, points in HAPPENINGS.items():
    count, cause = CAUSES[name]
    for point in points:
        with Scenario(f"{name} killed when {point}: once", **{count: 1}) as scenario:
            arm(point)
            cause()
            wanted = {"interrupts": 0, "ticks": 0} | {count: scenario.before[count] + 1}
            fcntl.ioctl(node, EVENTS, struct.pack("2I", *wanted.values()))

# --- the same calls where nothing is restartable -------------------------------------------------

path = "/etc/cuio/devices/points.device"
text = open(path).read()
with open(path, "w") as file:
    file.write(text.replace("Restartable=yes", "Restartable=no"))
subprocess.check_call(["systemctl", "restart", UNIT])
settle()
for operation in READ, WRITE, OPEN, RELEASE:
    operation.name += " that is not restartable"
    for point in POINTS:
        if POINTS[point] != "outside" and point not in operation.never:
            # What cannot be done twice cannot be left open either: a file is closed in any case.
            kill_in(operation, point, operation is RELEASE)
close_all()
claim_log()
