# SPDX-License-Identifier: GPL-2.0-or-later
# For upgrade.sh: the programs, the upgrades and the other accidents.
import errno, itertools, json, math, multiprocessing, os, select, signal, subprocess, sys, time

UPGRADES = 10
UNITS = {"edu": "cuiod@edu0", "edusim": "cuiod@edusim0"}
PATIENCE = 180  # s, after which something counts as hanging
# Each writer has its own numbers: whose a result is, and which of his, shows in its value.
NUMBERS = ((2, 3, 4, 5, 6), (7, 8, 9, 10, 11))
context = multiprocessing.get_context("fork")
results, written, looked = context.Value("Q"), [context.Value("Q"), context.Value("Q")], context.Value("Q")
errors, wrong, answers = (context.Value("Q") for _ in range(3))
edges = {node: context.Value("Q") for node in UNITS}
stop = context.Event()


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)
    return holds


def add(counter):
    with counter.get_lock():
        counter.value += 1


def note(counter, what):
    print("#", what, flush=True)
    add(counter)


# --- the programs ---


def surely(call):
    """An EIO is for a call that is not declared restartable: they are counted, and it was not done."""
    while True:
        try:
            return call()
        except OSError as error:
            note(errors if error.errno == errno.EIO else wrong, errno.errorcode[error.errno])
            if wrong.value > 20:
                sys.exit("no end of errors")


def write_all(who):
    node = os.open("/dev/edu", os.O_RDWR)
    while not stop.is_set():
        number = NUMBERS[who][written[who].value % 5]
        surely(lambda: os.write(node, number.to_bytes(4, "little")))
        add(written[who])


def read_all():
    node = os.open("/dev/edu", os.O_RDWR)
    whose = {math.factorial(n) & 0xffffffff: (who, i) for who in (0, 1) for i, n in enumerate(NUMBERS[who])}
    expected = [0, 0]
    while True:
        value = int.from_bytes(surely(lambda: os.read(node, 4)), "little")
        if value == 1:  # the end
            return
        who, i = whose.get(value, (0, -1))
        if i != expected[who]:
            note(wrong, f"got {value}, expected number {expected[who]} of writer {who}")
        expected[who] = (i + 1) % 5
        add(results)


def look_all():
    """A tool that opens the node for one ioctl, which may be done again: it has no excuse."""
    for i in itertools.count():
        if stop.is_set():
            return
        tool = "./edu-tool" if i % 2 else "./edu-tool32"
        run = subprocess.run([tool, "/dev/edu", "liveness", str(i)], capture_output=True, text=True)
        if run.stdout != f"{i ^ 0xffffffff:#x}\n" or run.returncode:
            note(wrong, f"{tool} liveness {i}: {run.stdout}{run.stderr}")
        add(looked)


def sleep_all(path, counter):
    node = os.open(path, os.O_RDWR)
    waits = select.epoll()
    waits.register(node, select.EPOLLIN | select.EPOLLET)
    while True:
        for _, events in waits.poll():
            if events & select.EPOLLERR:
                note(wrong, f"{path}: EPOLLERR")
            add(counter)


def read_once(value):
    node = os.open("/dev/edusim", os.O_RDWR)
    got = int.from_bytes(surely(lambda: os.read(node, 4)), "little")
    if got == value:
        add(answers)
    else:
        note(wrong, f"the waiting reader got {got}")


def politely(function, *arguments):
    os.nice(10)  # one CPU is for all: systemd and the daemon shall not queue behind six programs
    function(*arguments)


def start(function, *arguments):
    process = context.Process(target=politely, args=(function, *arguments), daemon=True)
    process.start()
    return process


# --- the service ---


def daemon():
    return int(subprocess.check_output(["systemctl", "show", "-P", "MainPID", UNITS["edu"]]))


def info(node="edu"):
    return json.loads(subprocess.check_output(["cuioctl", "info", "--json", node]))["info"][0]


def until(what):
    """Waits for what tells nobody that it happened."""
    end = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def progress():
    """Everybody who is not waiting does so much more."""
    goals = [(counter, counter.value + by) for counter, by in ((results, 10), (looked, 2))]
    return until(lambda: all(counter.value >= goal for counter, goal in goals))


def processes(unit=UNITS["edu"]):
    with open(f"/sys/fs/cgroup/system.slice/{unit}.service/cgroup.procs") as file:
        return [int(line) for line in file]


def is_running(pid, command):
    try:
        # What is about to become it may have moved its arguments: then bytes of anything are there.
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").startswith(command.encode())
    except OSError:
        return False


def kill_when_it_comes(command, but):
    """Kills the unit's next process that runs this."""
    found = []

    def look():
        try:
            found.extend(pid for pid in processes() if pid != but and is_running(pid, command))
        except OSError:  # the unit has no process, and no group, just now
            pass
        return found

    if not until(look):
        return False
    os.kill(found[0], signal.SIGKILL)
    return True


def install(folder):
    for source, target in (("cuiod", "/usr/sbin"), ("cuio-helper", "/usr/libexec/cuio")):
        subprocess.check_call(["cp", "-p", f"{folder}/{source}", f"{target}/{source}.new"])
        os.rename(f"{target}/{source}.new", f"{target}/{source}")  # as packages do


def restart():
    return subprocess.run(["systemctl", "restart", *UNITS.values()]).returncode == 0


# --- what happens to them ---


def upgrades():
    first, files = info(), info("edusim")["open_files"]
    version, other = first["daemon_version"], subprocess.check_output(["./cuiod", "--version"], text=True).split()[1]
    claim(version != other, f"it is at version {version}, the other build is {other}")
    good, serving = True, True
    for i in range(UPGRADES):
        install("installed" if i % 2 else ".")
        good = restart() and good
        now = info(), info("edusim")
        serving = serving and all(new["daemon_version"] == (version if i % 2 else other) for new in now)
        serving = serving and now[0]["generation"] == first["generation"] + i + 1
        good = progress() and good
    claim(good, f"{UPGRADES} upgrades, and after each of them everybody goes on")
    claim(serving, "each time the other build serves, as the next generation")
    claim(errors.value == 0 and wrong.value == 0, "nobody saw an error in any of them")
    claim(info()["crash_errors"] == 0, "and none was given")
    # The tool may be at it just now, and was or was not when they were counted first.
    claim(until(lambda: info()["open_files"] <= first["open_files"]) and info("edusim")["open_files"] == files,
          "no open file is left of them")


def switches():
    with open("/proc/1/status") as file:
        return int(next(line for line in file if line.startswith("voluntary_ctxt")).split()[1])


def shorten_watchdog():
    """For every daemon that systemd starts after it has read this."""
    os.makedirs("/run/systemd/system/cuiod@edu0.service.d")
    with open("/run/systemd/system/cuiod@edu0.service.d/watchdog.conf", "w") as file:
        file.write("[Service]\nWatchdogSec=3\n")


def systemd_itself():
    shorten_watchdog()
    pid, generation = daemon(), info()["generation"]
    claim(subprocess.run(["systemctl", "daemon-reload"]).returncode == 0 and progress(), "daemon-reload disturbs nobody")
    claim(subprocess.run(["systemctl", "daemon-reexec"]).returncode == 0 and progress(), "nor does daemon-reexec")
    claim((daemon(), info()["generation"]) == (pid, generation), "it is the same daemon")
    before, goal = switches(), results.value + 300
    until(lambda: results.value >= goal)
    claim(switches() - before < 50, f"for whose requests systemd does not wake up ({switches() - before} times)")


def dies(how, name):
    pid, generation = daemon(), info()["generation"]
    how(pid)
    # Asked only when there is one again: systemctl would take its time away.
    claim(progress() and daemon() not in (0, pid) and info()["generation"] > generation,
          f"everybody goes on after {name}")


def hang(pid):
    os.kill(pid, signal.SIGSTOP)


def killed_in_restart(command):
    def how(pid):
        job = subprocess.Popen(["systemctl", "restart", UNITS["edu"]], stderr=subprocess.DEVNULL)
        claim(kill_when_it_comes(command, pid), f"a restart starts {command}, which is killed")
        job.wait(PATIENCE)
    return how


def killed_while_stopping(pid):
    job = subprocess.Popen(["systemctl", "restart", UNITS["edu"]], stderr=subprocess.DEVNULL)
    os.kill(pid, signal.SIGKILL)
    job.wait(PATIENCE)


def through_everything():
    upgrades()
    systemd_itself()
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL):
        dies(lambda pid: os.kill(pid, number), number.name)
    dies(hang, "a hang, which the watchdog ends")
    dies(killed_while_stopping, "a death while a restart stops it")
    for command in ("/usr/libexec/cuio/cuio-helper stopping", "/usr/libexec/cuio/cuio-helper open", "/usr/sbin/cuiod"):
        dies(killed_in_restart(command), f"the death of {os.path.basename(command)}")


waiting = start(read_once, math.factorial(12)), start(sleep_all, "/dev/edusim", edges["edusim"])
reader, sleeper = start(read_all), start(sleep_all, "/dev/edu", edges["edu"])
claim(until(lambda: info("edusim")["parked"] == 1), "a reader waits")
looker, writers = start(look_all), [start(write_all, who) for who in (0, 1)]
claim(progress(), "programs are at work")
through_everything()
stop.set()
for process in (looker, *writers):
    process.join(PATIENCE)
claim(not any(process.is_alive() for process in (looker, *writers)), "the programs end")
total = written[0].value + written[1].value
claim(until(lambda: results.value == total), f"each of {total} numbers came back ({results.value})")
claim(wrong.value == 0, f"in its turn, once; nobody saw ENODEV, or {looked.value} times the tool, an error")
claim(errors.value == info()["crash_errors"], f"but those whose daemon crashed inside the driver ({errors.value})")
with open("/dev/edu", "r+b", buffering=0) as node:
    node.write(b"\0\0\0\0")
reader.join(PATIENCE)
claim(not reader.is_alive(), "the reader ends")
claim(waiting[0].is_alive() and answers.value == 0, "who waited from the beginning waits still")
with open("/dev/edusim", "r+b", buffering=0) as node:
    node.write((12).to_bytes(4, "little"))
waiting[0].join(PATIENCE)
claim(not waiting[0].is_alive() and answers.value == 1, "and gets what he waited for")
for path in UNITS:  # now that nobody takes a result away before they look
    seen = edges[path].value
    with open(f"/dev/{path}", "r+b", buffering=0) as node:
        node.write(b"\0\0\0\0")
        claim(until(lambda: edges[path].value > seen), f"the sleeper on {path} is woken still (it was {seen} times)")
        node.read(4)
for process in (sleeper, waiting[1]):
    process.kill()
    process.join(PATIENCE)
claim([(end["open_files"], end["parked"]) for end in map(info, UNITS)] == [(1, 0), (1, 0)],
      "no open file is left but the look itself, and no call")
