#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The kill points of starts, after a crash and at the very first; and daemons that die in every start,
interrupt or timer."""

import fcntl, os, re, struct, subprocess
from points import *

START = some("entered register-read register-written returned committed applying applied")


def systemctl(*arguments):
    return subprocess.run(["systemctl", *arguments], stderr=subprocess.DEVNULL).returncode


def shows(name):
    return subprocess.check_output(["systemctl", "show", "-P", name, UNIT], text=True).strip()


def journal():
    subprocess.check_call(["journalctl", "--sync"])
    return subprocess.check_output(["journalctl", "-u", UNIT, "-o", "cat", "--no-pager"], text=True)


def seen_problems(seen, **expected):
    return [f"{name} is {seen[name]}, not {value}" for name, value in expected.items() if seen[name] != value]


def work_problems(node):
    """Whether the node does all that it is for."""
    before, problems = look(), []
    give(node, 1)
    if read(node)[0] != before["reads"] + 1:
        problems.append("a read does not work")
    fcntl.ioctl(node, RAISE, 1)
    fcntl.ioctl(node, ARM)
    fcntl.ioctl(node, EVENTS, struct.pack("2I", before["interrupts"] + 1, before["ticks"] + 1))
    return problems + differences(before, look(), 0, {"writes": 1, "reads": 1, "interrupts": 1, "ticks": 1})


def arm_before_start(*orders):
    systemctl("stop", UNIT)
    os.makedirs(os.path.realpath(os.path.dirname(KILL)), exist_ok=True)  # systemd leaves a link
    arm(*orders)


def until_state(state, what):
    """The file goes with the last death, or with the folder when the service gives up."""
    until_dead()
    until(lambda: shows("ActiveState") == state, what, pause=0.1)


# --- after a crash -------------------------------------------------------------------------------

node = begin()
for point in START:
    dies_inside = POINTS[point] != "outside"
    with Scenario(f"a start after a crash, killed when {point}: another one follows", deaths=2, writes=1,
                  warms=1 if dies_inside else 2) as scenario:
        arm("sent write", f"{point} start")
        scenario.expect(attempt(lambda: give(node, 0)), 4)

for first, result in ("received", DONE), ("returned", AGAIN), ("committed", DONE), ("applied", DONE):
    with Scenario(f"a write killed when {first}, and its successors in their start: {result}", deaths=3, warms=2,
                  writes=1, tokens=1, replayed=int(result == AGAIN)) as scenario:
        arm(f"{first} {'any' if first == 'received' else 'write'}", "returned start", "committed start")
        scenario.expect(attempt(lambda: give(node, 1)), 4)

for second in "entered cancel", "committed cancel", "sent cancel", "returned start":
    start = second.endswith("start")
    with Scenario(f"another ioctl killed inside, and its successor when {second}: EIO", deaths=2, crash_errors=1,
                  warms=1 if start else 2) as scenario:
        arm("register-written ioctl", second)
        scenario.expect(attempt(lambda: number_ioctl(node, ONCE)), "EIO")

# --- the very first ------------------------------------------------------------------------------

end(node)
for point in *(f"{point} any" for point in FIRST_POINTS), *(f"{point} start" for point in START):
    name = f"the first start of all, killed when {point}: the service comes up"
    # The card is set up before the node is made. What was not committed is done anew.
    cold = point.endswith("start") and POINTS[point.split()[0]] != "outside"
    arm_before_start(point)
    systemctl("start", UNIT)  # fails, but is tried again
    until_state("active", name)
    node = begin()
    problems = seen_problems(look(), generation=1, colds=1, warms=0 if cold else 1, crash_errors=0, parked=0)
    claim(problems + work_problems(node), name)
    end(node)

# --- for ever ------------------------------------------------------------------------------------

card = next(card for card in os.listdir("/sys/bus/pci/devices")
            if open(f"/sys/bus/pci/devices/{card}/modalias").read().startswith("pci:v00001234d000011E8"))


def interrupt_is_masked():
    with open(f"/sys/bus/pci/devices/{card}/config", "rb") as config:
        return struct.unpack_from("<H", config.read(6), 4)[0] & 0x400 != 0


def interrupts_of_card():
    """As the kernel counts those of its line."""
    line = open(f"/sys/bus/pci/devices/{card}/irq").read().strip()
    return re.findall(rf"^ *{line}: .*uio_pci_generic", open("/proc/interrupts").read(), re.M)


def kernel_complaints():
    log = subprocess.check_output(["dmesg"], text=True)
    return re.findall(r".*(?:nobody cared|Disabling IRQ|Oops|BUG:).*", log)


LOOPS = {
    "entered interrupt": lambda: fcntl.ioctl(node, RAISE, 1),
    "register-read cause": lambda: fcntl.ioctl(node, RAISE, 1),
    "returned timer": lambda: fcntl.ioctl(node, ARM),
    "entered poll": lambda: give(node, 0),  # each looks whether the sleeper is to be woken
    "entered start": lambda: give(node, 0),
    "register-read start": None,  # the first
}
# The card stays with UIO, which would still count its interrupts.
KEEPER = "kill-starts-keeper.service"
subprocess.check_call(["systemd-run", "-q", f"--unit={KEEPER}", "-p", "Requires=cuio-bind@points0.service",
                       "-p", "After=cuio-bind@points0.service", "sleep", "infinity"])
if SHORT:
    for left_out in "register-read cause", "returned timer", "entered poll", "register-read start":
        del LOOPS[left_out]
for point, cause in LOOPS.items():
    name = f"a daemon that dies whenever it is {point}{'' if cause else ' (the first)'}"
    systemctl("stop", UNIT)
    before = journal()
    node = -1
    if cause:
        systemctl("start", UNIT)
        node = begin()
        if point == "entered poll":
            until_asleep(Call(lambda: poll_in(node)))
        arm(*(["sent write"] if point == "entered start" else []), f"{point} 100")
        cause()
    else:
        arm_before_start(f"{point} 100")
        systemctl("start", UNIT)
    until_state("failed", name)
    log = journal()[len(before):]
    problems = []
    if shows("ExecMainStatus") != "90":
        problems.append(f"its exit status is {shows('ExecMainStatus')}, not 90")
    deaths = log.count("code=killed, status=9/KILL") - (point == "entered start")
    if deaths != 10:
        problems.append(f"it died {deaths} times, not 10")
    if "giving up; the card's interrupt stays masked" not in log:
        problems.append(f"its last words: {log.splitlines()[-5:]}")
    claim(problems, f"{name} gives up after ten times")
    told = interrupts_of_card()
    problems = ["the interrupt is not masked"] if not interrupt_is_masked() else []
    problems += kernel_complaints() + ([] if len(told) == 1 else [f"/proc/interrupts has it as {told}"])
    if subprocess.run(["cuioctl", "get", "--value", "edusim", "ident"], capture_output=True).returncode != 0:
        problems.append("another service does not answer")
    if interrupts_of_card() != told:
        problems.append(f"interrupts come still: {told} became {interrupts_of_card()}")
    if node >= 0 and attempt(lambda: os.read(node, 8)) != "ENOTCONN":
        problems.append("a program that held the node is not told")
    claim(problems, "its interrupt stays masked, and the machine is well")
    problems = ["it does not start"] if systemctl("start", UNIT) else []
    if node >= 0:
        end(node)
    node = begin()
    problems += seen_problems(look(), generation=0, colds=1) + work_problems(node)
    claim(problems, "without the cause systemctl start has it working again")
    end(node)
systemctl("stop", KEEPER)
