# SPDX-License-Identifier: GPL-2.0-or-later
# For file.sh: programs that hold the file while its daemon is killed and replaced.
import errno, fcntl, math, os, select, signal, subprocess, sys, threading, time

PATH, UNIT, KILLS = "/dev/lab/edu", "cuiod@edu0", 25
IDENT = 2 << 30 | 4 << 16 | ord("e") << 8 | 1
LIVENESS = 3 << 30 | 4 << 16 | ord("e") << 8 | 2
done = threading.Event()
wrong, lost = [], []
count = {"written": 0, "read": 0, "asked": 0, "looked": 0, "woken": 0}


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)


def again(call):
    """What is not declared restartable may be lost with EIO, and was not done then."""
    while True:
        try:
            return call()
        except OSError as error:
            if error.errno != errno.EIO:
                wrong.append(repr(error))
                raise
            lost.append(error)


def write_all():
    with open(PATH, "r+b", 0) as node:
        while not done.is_set():
            again(lambda: node.write((count["written"] % 9 + 2).to_bytes(4, "little")))
            count["written"] += 1


def read_all():
    poll = select.poll()
    with open(PATH, "r+b", 0) as node:
        poll.register(node, select.POLLIN)
        while True:
            # A blocked read is given the result before a sleeper could see it: every second one is
            # left for both to see.
            if count["read"] % 2:
                poll.poll()
            value = int.from_bytes(again(lambda: node.read(4)), "little")
            if value == 1:
                return
            expected = math.factorial(count["read"] % 9 + 2)
            if value != expected:
                wrong.append(f"read {value}, not {expected}")
            count["read"] += 1


def ask_all():
    with open(PATH, "r+b", 0) as node:
        while not done.is_set():
            data = bytearray(4)
            fcntl.ioctl(node, IDENT, data)
            if data.hex() != "ed000001":
                wrong.append(f"ident {data.hex()}")
            count["asked"] += 1


def look_all():
    while not done.is_set():
        status = os.stat(PATH)
        if (status.st_ino, os.listdir("/run/cuio-mount/edu0/lab")) != (2, ["edu"]):
            wrong.append(f"{status}")
        os.close(os.open(PATH, os.O_RDWR | os.O_TRUNC))
        count["looked"] += 1


def sleep_all():
    poll = select.epoll()
    with open(PATH, "r+b", 0) as node:
        poll.register(node, select.EPOLLIN | select.EPOLLET)
        while not done.is_set():
            for _, events in poll.poll(0.5):
                if events & select.EPOLLERR:
                    wrong.append("EPOLLERR")
                count["woken"] += 1


def call(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.strip()


def settled(name):
    """As many again of everything, so that the successor has served all of them."""
    before = dict(count)
    end = time.monotonic() + 60
    while any(count[key] < before[key] + 2 for key in count):
        if time.monotonic() > end:
            claim(False, f"{name}: programs go on ({before}, now {count})")
            os._exit(1)
        time.sleep(0.02)


threads = [threading.Thread(target=target, daemon=True) for target in (write_all, read_all, ask_all, look_all, sleep_all)]
for thread in threads:
    thread.start()
settled("at first")
for i in range(KILLS):
    pid = int(call("systemctl", "show", "-P", "MainPID", UNIT))
    if pid:
        os.kill(pid, signal.SIGKILL)
    if i % 3:
        settled(f"kill {i}")
claim(True, f"programs go on over {KILLS} kills")
claim(not wrong, "and notice nothing")
for what in wrong[:10]:
    print("#", what)
claim(len(lost) <= KILLS, f"EIO is at most for what each kill fell into ({len(lost)})")
for i in range(5):
    subprocess.run(["systemctl", "restart", UNIT], check=True)
    settled(f"restart {i}")
claim(not wrong, "nor an upgrade")
done.set()
for thread in threads:
    if thread != threads[1]:
        thread.join(30)
claim(not any(thread.is_alive() for thread in threads if thread != threads[1]), "they come to their end")
with open(PATH, "r+b", 0) as node:
    again(lambda: node.write((0).to_bytes(4, "little")))
threads[1].join(30)
claim(count["read"] == count["written"], f"every result was read, once ({count})")
open_files = [line for line in call("cuioctl", "info", "lab/edu").splitlines() if line.startswith("Open files")]
claim(open_files[0].split()[-1] == "1", "and no file is left open")
