# SPDX-License-Identifier: GPL-2.0-or-later
# For file-memory.sh: any part of the memory is read and written while the daemon is killed.
import mmap, os, random, signal, subprocess, threading, time

SIZE, UNIT, KILLS = 64 << 20, "cuiod@shm0", 15
image = bytearray(open("wanted", "rb").read())
fd = os.open("/dev/shm0", os.O_RDWR)
done, wrong, count = threading.Event(), [], [0, 0]


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)


def work(who):
    """Each has every second MiB: what it wrote must be what it reads."""
    chance = random.Random(who)
    while not done.is_set():
        place = (chance.randrange(32) * 2 + who << 20) + chance.randrange(1 << 19)
        data = chance.randbytes(chance.choice((1, 7, 4096, 131072, 300001)))
        if os.pwrite(fd, data, place) != len(data):
            wrong.append("a short write")
        image[place:place + len(data)] = data
        if os.pread(fd, len(data), place) != data:
            wrong.append(f"other bytes at {place}")
        count[who] += 1


def settled():
    before, end = list(count), time.monotonic() + 60
    while any(count[who] < before[who] + 3 for who in (0, 1)):
        if time.monotonic() > end:
            claim(False, f"both go on ({count})")
            os._exit(1)
        time.sleep(0.02)


threads = [threading.Thread(target=work, args=(who,), daemon=True) for who in (0, 1)]
for thread in threads:
    thread.start()
for i in range(KILLS):
    settled()
    pid = int(subprocess.run(["systemctl", "show", "-P", "MainPID", UNIT], stdout=subprocess.PIPE).stdout)
    if i % 5 == 4:
        subprocess.run(["systemctl", "restart", UNIT], check=True)
    elif pid:
        os.kill(pid, signal.SIGKILL)
settled()
done.set()
for thread in threads:
    thread.join()
claim(not wrong, f"two programs notice nothing of {KILLS} kills and upgrades ({count})")
for what in wrong[:5]:
    print("#", what)
claim(os.pread(fd, 1, SIZE - 1) == image[-1:] and os.pread(fd, 2, SIZE - 1) == image[-1:], "the end is where it was")
memory = mmap.mmap(fd, 0, mmap.MAP_PRIVATE, mmap.PROT_READ)
claim(memory[:] == bytes(image), "a private mapping has every byte")
open("wanted", "wb").write(image)
