#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: programs that hold /dev/edu while its daemon is killed 25 times, while it starts too, and
# restarted twice. Two writers number what they write; one reader, one sleeper in epoll.
# limit: 240
. ./tap.sh

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
ok "the service starts" systemctl start cuiod@edu0

cat >crash.py <<'PY'
import errno, fcntl, math, multiprocessing, os, random, select, subprocess, sys, time

NODE, UNIT, KILLS = "/dev/edu", "cuiod@edu0", 25
PATIENCE = 60  # s, after which something counts as hanging
# Each writer has its own numbers: whose a result is, and which of his, shows in its value.
NUMBERS = ((2, 3, 4, 5, 6), (7, 8, 9, 10, 11))
context = multiprocessing.get_context("fork")
results, written = context.Value("Q"), [context.Value("Q"), context.Value("Q")]
edges, errors, wrong = context.Value("Q"), context.Value("Q"), context.Value("Q")
stop = context.Event()


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)
    return holds


def add(counter):
    with counter.get_lock():
        counter.value += 1


def surely(call):
    """An EIO is for a call that is not declared restartable: they are counted, and it was not done."""
    while True:
        try:
            return call()
        except OSError as error:
            print("#", errno.errorcode[error.errno], flush=True)
            add(errors if error.errno == errno.EIO else wrong)


def write_all(who):
    node = os.open(NODE, os.O_RDWR)
    while not stop.is_set():
        number = NUMBERS[who][written[who].value % 5]
        surely(lambda: os.write(node, number.to_bytes(4, "little")))
        add(written[who])


def read_all():
    node = os.open(NODE, os.O_RDWR)
    whose = {math.factorial(n) & 0xffffffff: (who, i) for who in (0, 1) for i, n in enumerate(NUMBERS[who])}
    expected = [0, 0]
    while True:
        value = int.from_bytes(surely(lambda: os.read(node, 4)), "little")
        if value == 1:  # the end
            return
        who, i = whose.get(value, (0, -1))
        if i != expected[who]:
            print(f"# got {value}, expected number {expected[who]} of writer {who}", flush=True)
            add(wrong)
        expected[who] = (i + 1) % 5
        add(results)


def sleep_all():
    node = os.open(NODE, os.O_RDWR)
    waits = select.epoll()
    waits.register(node, select.EPOLLIN | select.EPOLLET)
    while True:
        for _, events in waits.poll():
            if events & select.EPOLLERR:
                add(wrong)
            add(edges)


def daemon(but=0):
    """The daemon's PID as soon as there is one; not that of `but`, which was killed."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        pid = int(subprocess.check_output(["systemctl", "show", "-P", "MainPID", UNIT]))
        if pid not in (0, but):
            return pid
    sys.exit("there is no daemon")


def progress(counter, by, since=None):
    """Waits until so much more has happened."""
    goal, end = (counter.value if since is None else since) + by, time.monotonic() + PATIENCE
    while counter.value < goal:
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def info(name):
    text = subprocess.check_output(["cuioctl", "info", "--json", "edu"], text=True)
    return int(next(line for line in text.splitlines() if f'"{name}"' in line).split(":")[1].strip(" ,"))


def start(function, *arguments):
    process = context.Process(target=function, args=arguments, daemon=True)
    process.start()
    return process


seed = random.randrange(1 << 32)
random.seed(seed)
print("# seed", seed)
before = info("open_files")
reader, sleeper = start(read_all), start(sleep_all)
end = time.monotonic() + PATIENCE
while info("parked") != 1 and time.monotonic() < end:
    time.sleep(0.05)
claim(info("parked") == 1, "a reader waits")
pid = 0
for _ in range(3):
    pid = daemon(but=pid)
    os.kill(pid, 9)
claim(reader.is_alive() and results.value == 0, "and waits on while its daemon is killed three times")
writers = [start(write_all, who) for who in (0, 1)]
alive = True
for i in range(KILLS - 3):
    alive = alive and progress(results, 3)
    time.sleep(random.random() / 20)
    pid = daemon()
    os.kill(pid, 9)
    if i % 5 == 0:  # and its successor before it is ready
        pid = daemon(but=pid)
        time.sleep(random.random() / 5)
        os.kill(pid, 9)
claim(alive and progress(results, 10), f"the numbers flow on through {KILLS} kills")
for _ in (1, 2):
    subprocess.check_call(["systemctl", "restart", UNIT])
    alive = alive and progress(results, 10)
claim(alive, "and through two restarts")
stop.set()
for writer in writers:
    writer.join(PATIENCE)
claim(not any(writer.is_alive() for writer in writers), "the writers end")
total = written[0].value + written[1].value
end = time.monotonic() + PATIENCE
while results.value < total and time.monotonic() < end:
    time.sleep(0.01)
claim(results.value == total, f"each of {total} numbers came back ({results.value})")
claim(wrong.value == 0, "in its turn, once, and nobody got an error")
claim(errors.value == info("crash_errors"), f"but those that died inside the driver ({errors.value})")
with open(NODE, "r+b", buffering=0) as node:
    node.write(b"\0\0\0\0")
    reader.join(PATIENCE)
    claim(not reader.is_alive(), "the reader ends")
    seen = edges.value  # now that nobody takes the result away before it looks
    node.write(b"\0\0\0\0")
    claim(progress(edges, 1, seen), f"the sleeper in epoll is woken still (it was {seen} times)")
    node.read(4)
sleeper.kill()
sleeper.join(PATIENCE)
claim(not sleeper.is_alive(), "the sleeper ends")
claim(info("open_files") == before, "no open file is left")
claim(info("parked") == 0, "no call is left")
claim(info("generation") >= KILLS - 3 + 2, "each successor knows of its predecessor")
PY
timeout 200 python3 crash.py || fail "the programs end" "status $?"
like "and no daemon died of itself" "$(journalctl -u cuiod@edu0 -o cat --no-pager |
    grep 'Main process exited' | grep -v 'code=killed, status=9/KILL')" ""
systemctl stop cuiod@edu0
