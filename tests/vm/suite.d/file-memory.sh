#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory shared with the host as a file (Front=file): what knows offsets reads and writes any part of its
# 64 MiB, while the daemon is killed. It is left as it was found.
#
# vm: -d ivshmem-plain,memdev=shared -f tests/vm/shared-memory
# vm-qemu: -object memory-backend-file,id=shared,share=on,size=64M,mem-path=@RUN@/shared
# vm-before: tests/vm/shared-memory/host before @RUN@/shared
# limit: 480
. ./tap.sh

node=/dev/shm0
size=67108864

cp /usr/share/doc/cuio/examples/shm0.conf /etc/cuio/
sed -i 's/^Description=.*/&\nFront=file/' /etc/cuio/shm0.conf
ok "the service starts" systemctl start cuiod@shm0
is "the file is as large as the memory" "$(stat -L -c '%F %s' "$node")" "regular file $size"
shared-memory/pattern host >wanted
# Or what shared-memory.sh has left, when it ran before in the same guest.
cmp -s wanted "$node" || shared-memory/pattern guest >wanted
cp wanted found
ok "cmp finds the bytes that it was left with" cmp wanted "$node"

# --- any part ---

both() { # COMMAND...: to the card and to what is wanted of it, with FILE for their name
    "${@/FILE/$node}" && "${@/FILE/wanted}"
}
head -c 1000000 /dev/urandom >new
ok "dd with skip and seek" both dd if=new of=FILE bs=1000 skip=333 seek=44444 count=600 conv=notrunc
is "and back" "$(dd if="$node" bs=1000 skip=44444 count=600 status=none | md5sum)" "$(dd if=new bs=1000 skip=333 count=600 status=none | md5sum)"
ok "dd with odd places" both dd if=new of=FILE bs=64K oflag=seek_bytes seek=12345677 conv=notrunc
is "od with an offset" "$(od -j 54321 -N 100 "$node")" "$(od -j 54321 -N 100 wanted)"
is "tail" "$(tail -c 1000 "$node" | md5sum)" "$(tail -c 1000 wanted | md5sum)"
ok "cmp with offsets" cmp -i 44444000:333000 -n 1000 "$node" new
ok "cp from it" sh -c "cp $node copy && cmp copy wanted"
ok "and to it" sh -c "cp found $node && cmp found $node && cp copy $node && cmp wanted $node"
rm copy
not_ok "nothing goes behind the end" dd if=new of="$node" bs=1 count=1 oflag=seek_bytes seek=$size conv=notrunc

# --- kills ---

cat >memory.py <<'PY'
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
PY
python3 memory.py
ok "and so has the file" cmp wanted "$node"
ok "it is left as it was found" sh -c "cp found $node && cmp found $node"
rm -f found wanted new
systemctl stop cuiod@shm0
rm /etc/cuio/shm0.conf
