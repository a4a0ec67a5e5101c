#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The kill points of calls that wait: when they begin to, when they are asked again, when a signal or
a wake-up comes; and calls that kill again and again."""

import ctypes, fcntl, os, select, signal, struct
from points import *

node = begin()
other = os.open(NODE, os.O_RDWR)
settle()
libc = ctypes.CDLL(None, use_errno=True)


class Wait:
    """A kind of call that waits for a token."""

    def __init__(self, name, subject, restartable, call, answer, **changes):
        self.name, self.subject, self.restartable = name, subject, restartable
        self.call, self.answer, self.changes = call, answer, changes


A_READ = Wait("a read that waits", "read", True, lambda: read(node)[0], lambda seen: seen["reads"], reads=1)
A_TAKE = Wait("an ioctl that waits and is not restartable", "ioctl", False, lambda: number_ioctl(node, TAKE),
            lambda seen: seen["takes"], takes=1)


def changes_of(kind, result):
    if result == EIO:
        return {"crash_errors": 1}
    return kind.changes | {"replayed": int(result == AGAIN)}


def answered(scenario, kind, call, result):
    if result == EIO:
        scenario.expect(call.end(), "EIO")
        loses(kind.subject, call.tid)
    else:
        scenario.expect(call.end(), kind.answer)


def drop_token():
    read(node)
    settle()


# --- it begins to wait ---------------------------------------------------------------------------

# Registers are touched behind the wait only; the answer comes later.
BEGIN = some("received decoded entered returned moved committed applying applied parked")
for kind, points in (A_READ, BEGIN), (A_TAKE, "entered returned moved committed parked".split()):
    for point in points:
        result = outcome(point, kind.restartable, touches=False)
        more = {} if result == EIO else {"writes": 1}
        with Scenario(f"{kind.name} killed when {point}: {result}", **changes_of(kind, result), **more) as scenario:
            arm(f"{point} {'any' if point == 'received' else kind.subject}")
            call = Call(kind.call)
            if result != EIO:
                until_dead()
                until_parked(1)
                give(other, 1)
            answered(scenario, kind, call, result)

# --- it is asked again, and can go on ------------------------------------------------------------

# It is no new request, and need not wait: received, decoded, moved and parked are not on the way.
GO_ON = some("entered register-written register-read returned committed applying applied sent cleared")
for kind, points in (A_READ, GO_ON), (A_TAKE, "entered register-written returned committed sent".split()):
    for point in points:
        result = outcome(point, kind.restartable)
        more = {"tokens": 1} if result == EIO else {}
        with Scenario(f"{kind.name}, killed when it goes on and is {point}: {result}", writes=1,
                      **changes_of(kind, result), **more) as scenario:
            call = Call(kind.call)
            until_parked(1)
            arm(f"{point} {kind.subject}")
            scenario.expect(attempt(lambda: give(other, 1)), 4)
            answered(scenario, kind, call, result)
        if result == EIO:
            drop_token()

for point in "entered read", "committed read", "sent read", "committed interrupt", "handled interrupt":
    inside = point == "entered read"
    with Scenario(f"{A_READ.name} for an interrupt, killed when {point}: done", reads=1, interrupts=1,
                  replayed=int(inside)) as scenario:
        call = Call(A_READ.call)
        until_parked(1)
        arm(point)
        fcntl.ioctl(other, RAISE, 2)
        scenario.expect(call.end(), A_READ.answer)

# --- it is asked again in vain -------------------------------------------------------------------

# It changes nothing, so there is nothing to commit.
IN_VAIN = some("entered returned moved parked")
for kind, points in (A_READ, IN_VAIN), (A_TAKE, ("entered", "moved", "parked")):
    for point in points:
        result = outcome(point, kind.restartable, touches=False)
        more = {"writes": 1} if result == EIO else {"writes": 2}
        with Scenario(f"{kind.name}, killed when it is asked in vain and is {point}: {result}",
                      **changes_of(kind, result), **more) as scenario:
            call = Call(kind.call)
            until_parked(1)
            arm(f"{point} {kind.subject}")
            give(other, 0)
            if result != EIO:
                until_dead()
                until_parked(1)
                give(other, 1)
            answered(scenario, kind, call, result)

# --- it keeps the device -------------------------------------------------------------------------


def hold(command=HOLD):
    return Call(lambda: number_ioctl(node, command))


def spare_file():
    """Closed, it ends the hold: closing does not wait for whoever keeps the device."""
    spare = os.open(NODE, os.O_RDWR)
    settle()
    return spare


def holds(seen):
    return seen["holds"]


for when in "begins", "goes on":
    for point in "entered", "moved", "committed", "parked":
        spare = spare_file()
        with Scenario(f"a call that keeps the device, killed when it {when} and is {point}: done", holds=1, releases=1,
                      open_files=-1, replayed=int(POINTS[point] != "outside")) as scenario:
            if when == "begins":
                arm(f"{point} ioctl")
                call = hold()
            else:
                call = hold()
                until_parked(1)
                arm(f"{point} ioctl")
            until_dead()
            until_parked(1)
            os.close(spare)
            scenario.expect(call.end(), holds)

for point in "register-read", "sent", "cleared":
    spare = spare_file()
    with Scenario(f"a call that keeps the device, killed when it ends and is {point}: done", holds=1, releases=1,
                  open_files=-1, replayed=int(POINTS[point] != "outside")) as scenario:
        call = hold()
        until_parked(1)
        arm(f"{point} ioctl")
        os.close(spare)
        scenario.expect(call.end(), holds)

for when, point in ("goes on", "entered"), ("ends", "register-read"):
    spare = spare_file()
    with Scenario(f"one that is not restartable, killed when it {when} and is {point}: done, as it left the card alone",
                  holds=1, releases=1, open_files=-1, replayed=1) as scenario:
        call = hold(HOLD_ONCE)
        until_parked(1)
        arm(f"{point} ioctl")
        if when == "goes on":
            until_dead()
            until_parked(1)
        os.close(spare)
        scenario.expect(call.end(), holds)

for point in "register-written", "moved":
    spare = spare_file()
    with Scenario(f"one that is not restartable, killed when it begins and is {point}: EIO, and the device is free",
                  crash_errors=1, releases=1, open_files=-1, writes=1) as scenario:
        arm(f"{point} ioctl")
        call = hold(HOLD_ONCE)
        scenario.expect(call.end(), "EIO")
        loses("ioctl", call.tid)
        scenario.expect(attempt(lambda: give(other, 0)), 4)
        os.close(spare)

# --- it waits for one that keeps the device ------------------------------------------------------

LARGE = bytes(100000) + struct.pack("I", 1)
for size, data in ("large", LARGE), *([] if SHORT else [("small", struct.pack("I", 1))]):
    for point in "entered", "moved", "committed", "parked":
        spare = spare_file()
        with Scenario(f"a {size} write behind it, killed when {point}: done", holds=1, releases=1, open_files=-1,
                      writes=1, tokens=1, replayed=int(POINTS[point] != "outside")) as scenario:
            call = hold()
            until_parked(1)
            arm(f"{point} write")
            write = Call(lambda: os.write(other, data))
            until_dead()
            until_parked(2)
            os.close(spare)
            scenario.expect(call.end(), holds)
            scenario.expect(write.end(), len(data))
        drop_token()

spare = spare_file()
with Scenario("a large write behind it, killed when it is its turn: done again", holds=1, releases=1, open_files=-1,
              writes=1, tokens=1, replayed=1) as scenario:
    call = hold()
    until_parked(1)
    write = Call(lambda: os.write(other, LARGE))
    until_parked(2)
    arm("register-written write")
    os.close(spare)
    scenario.expect(call.end(), holds)
    scenario.expect(write.end(), len(LARGE))
drop_token()

# --- a signal ------------------------------------------------------------------------------------

signal.signal(signal.SIGUSR1, lambda *_: None)


def signalled_read():
    """Python would go on reading after a signal."""
    data = ctypes.create_string_buffer(8)
    return errno.errorcode[ctypes.get_errno()] if libc.read(node, data, 8) < 0 else "data"


def send_signal(call):
    signal.pthread_kill(call.ident, signal.SIGUSR1)


# "received" is the kernel's notice of the signal; "cancel" what the daemon makes of it.
for point in "received any", *(f"{p} cancel" for p in some("entered returned committed applying applied sent cleared")):
    with Scenario(f"a signal ends a read that waits, killed when {point}: EINTR") as scenario:
        call = Call(signalled_read)
        until_parked(1)
        arm(point)
        send_signal(call)
        scenario.expect(call.end(), "EINTR")

with Scenario("a signal after the crash ends a read that waited before: EINTR") as scenario:
    arm("parked read")
    call = Call(signalled_read)
    until_dead()
    until_parked(1)
    send_signal(call)
    scenario.expect(call.end(), "EINTR")


# The card is in the middle of its steps: the call is finished, and answered with its result.
for point in "received", *SIGNAL_POINTS:
    spare = spare_file()
    with Scenario(f"a signal for a call that keeps the device, killed when {point}: done", holds=1, releases=1,
                  open_files=-1) as scenario:
        call = hold()
        until_parked(1)
        arm(f"{point} any")
        send_signal(call)
        until_dead()
        until_parked(1)
        os.close(spare)
        scenario.expect(call.end(), holds)


def successor_dies():
    return armed() and open(KILL).read().startswith("entered start")


# The daemon is dead for as long as its successors die in their start; each has begun none of them.
with Scenario("a signal while there is no daemon ends it: EINTR", deaths=4, warms=1) as scenario:
    arm("parked read", "entered start 3")
    call = Call(signalled_read)
    until(successor_dies, "the first dies")
    send_signal(call)
    scenario.expect(armed(), True)
    scenario.expect(call.end(), "EINTR")


def wait_in_child():
    child = os.fork()
    if child == 0:
        os.read(os.open(NODE, os.O_RDWR), 8)
        os._exit(0)
    return child


with Scenario("a program killed while there is no daemon leaves neither call nor file", deaths=3, warms=1, opens=1,
              releases=1) as scenario:
    arm("parked read", "entered start 2")
    child = wait_in_child()
    until(successor_dies, "the first dies")
    os.kill(child, signal.SIGKILL)
    scenario.expect(armed(), True)
    scenario.expect(os.WTERMSIG(os.waitpid(child, 0)[1]), signal.SIGKILL)

# --- a sleeper in poll(2) ------------------------------------------------------------------------


def sleep_in_poll():
    return poll_in(other)


for point in some("received decoded entered returned committed applying applied sent cleared"):
    with Scenario(f"a poll killed when {point}: its sleeper is woken by what comes later", writes=1, tokens=1,
                  replayed=int(POINTS[point] != "outside")) as scenario:
        arm(f"{point} {'any' if point == 'received' else 'poll'}")
        call = Call(sleep_in_poll)
        until_dead()
        until_asleep(call)
        give(node, 1)
        scenario.expect(call.end(), select.POLLIN)
    drop_token()

for point in some("returned committed applied sent cleared"):
    with Scenario(f"a write killed when {point}: it wakes a sleeper in poll", writes=1, tokens=1,
                  replayed=int(POINTS[point] != "outside")) as scenario:
        call = Call(sleep_in_poll)
        until_asleep(call)
        arm(f"{point} write")
        scenario.expect(attempt(lambda: give(node, 1)), 4)
        scenario.expect(call.end(), select.POLLIN)
    drop_token()

for point in "committed", "handled", "waiters-answered":
    with Scenario(f"an interrupt killed when {point}: it wakes a sleeper in poll", interrupts=1, tokens=1) as scenario:
        call = Call(sleep_in_poll)
        until_asleep(call)
        arm(f"{point} interrupt")
        fcntl.ioctl(node, RAISE, 2)
        scenario.expect(call.end(), select.POLLIN)
    drop_token()

# The sleepers are asked for after each answer.
for point in some("entered register-read returned committed applying applied"):
    with Scenario(f"a sleeper in poll is woken, but the daemon is killed when that is {point}: it is woken",
                  writes=1, tokens=1) as scenario:
        call = Call(sleep_in_poll)
        until_asleep(call)
        arm(f"{point} poll")
        scenario.expect(attempt(lambda: give(node, 1)), 4)
        scenario.expect(call.end(), select.POLLIN)
    drop_token()

# --- a call that kills again and again -----------------------------------------------------------

for times in 2, 3:
    poison = times == 3
    name = f"a restartable ioctl that kills {times} times: {'EIO' if poison else 'done'}, and others do not notice"
    more = {"crash_errors": 1} if poison else {"redos": 1}
    with Scenario(name, deaths=times, replayed=2, writes=1, reads=1, tokens=1, **more) as scenario:
        reader, sleeper = Call(A_READ.call), Call(sleep_in_poll)
        until_asleep(sleeper)
        until_parked(1)
        arm(f"register-written ioctl {times}")
        call = Call(lambda: number_ioctl(node, REDO, 1000))
        scenario.expect(call.end(), "EIO" if poison else lambda seen: 1000 + seen["redos"])
        if poison:
            loses("ioctl", call.tid, third=True)
        scenario.expect((reader.is_alive(), sleeper.is_alive()), (True, True))
        give(node, 2)
        scenario.expect(reader.end(), A_READ.answer)
        scenario.expect(sleeper.end(), select.POLLIN)
    drop_token()

for times in 2, 3:
    poison = times == 3
    name = f"an ioctl that kills {times} times before the driver is called: {'EIO' if poison else 'done'}"
    more = {"crash_errors": 1} if poison else {"redos": 1}
    with Scenario(f"{name}, and others do not notice", deaths=times, writes=1, reads=1, **more) as scenario:
        reader = Call(A_READ.call)
        until_parked(1)
        arm(f"decoded ioctl {times}")
        call = Call(lambda: number_ioctl(node, REDO, 1000))
        scenario.expect(call.end(), "EIO" if poison else lambda seen: 1000 + seen["redos"])
        if poison:
            loses("ioctl", call.tid, undecoded=True)
        scenario.expect(reader.is_alive(), True)
        give(node, 1)
        scenario.expect(reader.end(), A_READ.answer)

with Scenario("a close that kills 3 times closes the file all the same", deaths=3, replayed=2, crash_errors=1,
              open_files=-1) as scenario:
    arm("entered release 3")
    call = Call(lambda: os.close(other))
    scenario.expect(call.end(), None)
    loses("release", call.tid, third=True)
with Scenario("an open that kills 3 times: EIO, and no file is left open", deaths=3, replayed=2,
              crash_errors=1) as scenario:
    arm("returned open 3")
    call = Call(lambda: os.open(NODE, os.O_RDWR))
    scenario.expect(call.end(), "EIO")
    loses("open", call.tid, third=True)
claim_log()
