#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory shared with the host (ivshmem-plain): programs from Debian read and write all 64 MiB of it,
# while the daemon is killed. The host's end is tests/vm/shared-memory/host.
#
# vm: -d ivshmem-plain,memdev=shared -f tests/vm/shared-memory
# vm: -f @BUILD@/legacy/shm-tool -f @BUILD@/legacy/shm-tool32
# vm-qemu: -object memory-backend-file,id=shared,share=on,size=64M,mem-path=@RUN@/shared
# vm-before: tests/vm/shared-memory/host before @RUN@/shared
# vm-after: tests/vm/shared-memory/host after @RUN@/shared
# limit: 480
. ./tap.sh

node=/dev/shm0
size=67108864

requests() {
    cuioctl info --json shm0 | sed -n 's/.*"requests": *\([0-9]*\).*/\1/p'
}

# from_wanted FIRST COUNT: the bytes that are expected there
from_wanted() {
    dd if=wanted bs=1M iflag=skip_bytes,count_bytes skip="$1" count="$2" status=none
}

# digest: of standard input
digest() {
    md5sum | cut -d' ' -f1
}

ok 'the example is good' cuiod --check /usr/share/doc/cuio/examples/shm0.conf
cp /usr/share/doc/cuio/examples/shm0.conf /etc/cuio/
ok 'the service starts' systemctl start cuiod@shm0
is 'in its sandbox' "$(sed -n 's/^Seccomp:\t//p' "/proc/$(systemctl show -P MainPID cuiod@shm0)/status")" 2
card=/sys/bus/pci/devices/$(cuioctl info --json shm0 | sed -n 's/.*"pci:\([^"]*\)".*/\1/p')
ok 'the memory is mapped write-combining' grep -q "${card##*/}/resource2_wc" "/proc/$(systemctl show -P MainPID cuiod@shm0)/maps"
like 'cuioctl knows the driver' "$(cuioctl info shm0)" '*ivshmem*'
like 'an ioctl by cuioctl' "$(cuioctl ioctl shm0 IVSHMEM_SIZE)" "*$size*"
like 'its ioctls' "$(cuioctl info --ioctls shm0)" '*IVSHMEM_SEEK*'
ok 'a dump of no registers is none' cuioctl dump shm0
ok 'cuioctl lists it' sh -c 'cuioctl list | grep -q shm0'

# --- the host's bytes, by programs that nobody changed ---

shared-memory/pattern host >wanted
ok 'cmp finds the host'\''s bytes, all of them' cmp wanted "$node"
ok 'and from a pipe' sh -c "cat $node | cmp - wanted"
wanted=$(digest <wanted)
is 'md5sum' "$(md5sum "$node")" "$wanted  $node"
is 'dd, 1 MiB at a time' "$(dd if="$node" bs=1M status=none | digest)" "$wanted"
is 'dd, in odd pieces' "$(dd if="$node" bs=300001 status=none count=20 | digest)" "$(from_wanted 0 6000020 | digest)"
is 'dd, few bytes at a time' "$(dd if="$node" bs=7 count=1000 status=none | digest)" "$(from_wanted 0 7000 | digest)"
is 'head -c' "$(head -c 1000003 "$node" | digest)" "$(from_wanted 0 1000003 | digest)"
is 'od' "$(od -A d -t x1 -N 100 "$node")" "$(od -A d -t x1 -N 100 wanted)"
is 'cat of a descriptor that another has begun to read' \
    "$( (dd bs=1M count=60 of=/dev/null status=none; cat) <"$node" | digest)" "$(from_wanted 62914560 "$size" | digest)"
is 'cp' "$(cp "$node" copy && digest <copy)" "$wanted"
rm copy

# requests_of COUNT: what that many reads come to, with the opening and closing around them
requests_of() {
    before=$(requests)
    dd if="$node" of=/dev/null bs=131072 count="$1" status=none
    echo $(($(requests) - before))
}
is 'a read of 131072 bytes is one request' "$(($(requests_of 101) - $(requests_of 1)))" 100

# unaligned COUNT SIZE: as many reads, into a buffer that begins with the last byte of a page
unaligned() {
    before=$(requests)
    python3 - "$@" <<'PY'
import mmap, os, sys
fd, size = os.open("/dev/shm0", os.O_RDONLY), int(sys.argv[2])
buffer = memoryview(mmap.mmap(-1, 1 << 20))[4095:4095 + size]
for _ in range(int(sys.argv[1])):
    assert os.readv(fd, [buffer]) == size
PY
    echo $(($(requests) - before))
}
is 'one of 126976 bytes, too, wherever its buffer begins' "$(($(unaligned 101 126976) - $(unaligned 1 126976)))" 100
is 'larger ones may be two' "$(($(unaligned 101 131072) - $(unaligned 1 131072)))" 200

# --- positions, ends, ioctls, readiness ---

cat >positions.py <<'PY'
import ctypes, errno, fcntl, mmap, os, random, select, struct

SIZE, MIB = 64 << 20, 1 << 20
IVSHMEM_SIZE, IVSHMEM_SEEK, IVSHMEM_READ, IVSHMEM_WRITE = 0x8008ee01, 0xc010ee02, 0x4018ee03, 0x4018ee04
MOST = 126976
wanted = open("wanted", "rb").read()


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)


def fails(error, function, *arguments):
    try:
        return print("#", function(*arguments)) or False
    except OSError as failure:
        return failure.errno == error or bool(print("#", failure))


def seek(fd, offset, whence=os.SEEK_SET):
    return struct.unpack("qII", fcntl.ioctl(fd, IVSHMEM_SEEK, struct.pack("qII", offset, whence, 0)))[0]


def transfer(fd, command, position, buffer, size):
    return fcntl.ioctl(fd, command, bytearray(struct.pack("QQII", position, ctypes.addressof(buffer), size, 0)))


def read_all(fd, size):
    """As one system call into one buffer that begins anywhere in a page."""
    whole = bytearray(size + 4096)
    n = os.readv(fd, [memoryview(whole)[1:size + 1]])
    return bytes(whole[1:n + 1])


fd = os.open("/dev/shm0", os.O_RDWR)
claim(struct.unpack("Q", fcntl.ioctl(fd, IVSHMEM_SIZE, bytes(8)))[0] == SIZE, "the size by ioctl")
claim(seek(fd, 12345) == 12345 and os.read(fd, 1000) == wanted[12345:13345], "a seek, then a read")
claim(seek(fd, 0, os.SEEK_CUR) == 13345, "a read moves the position")
claim(seek(fd, -1000, os.SEEK_END) == SIZE - 1000 and os.read(fd, 5000) == wanted[-1000:], "a read ends with the memory")
claim(os.read(fd, 5000) == b"", "and then there is nothing more")
claim(seek(fd, 777) == 777 and read_all(fd, 3 * MIB) == wanted[777:777 + 3 * MIB], "one read of 3 MiB is many pieces")
claim(seek(fd, 0, os.SEEK_CUR) == 777 + 3 * MIB, "that move the position together")
seek(fd, SIZE - MIB)
claim(len(os.read(fd, 3 * MIB)) == MIB, "one that ends with the memory is short")
for place, whence in ((-1, 0), (SIZE + 1, 0), (1, 2), (0, 3), (0, 77), ((1 << 63) - 1, 1)):
    claim(fails(errno.EINVAL, seek, fd, place, whence), f"no seek to {place} by {whence}")
claim(seek(fd, 0, os.SEEK_CUR) == SIZE, "which leaves the position where it was")
claim(fails(errno.ENOSPC, os.write, fd, b"x"), "a write at the end is ENOSPC")
seek(fd, SIZE - 3)
claim(os.write(fd, wanted[-3:] + b"more") == 3, "one that ends with the memory is short")

seek(fd, 100)
twin = os.dup(fd)
if os.fork() == 0:
    os.read(twin, 50)
    os._exit(0)
os.wait()
claim(seek(fd, 0, os.SEEK_CUR) == 150, "dup and fork share the position")
other = os.open("/dev/shm0", os.O_RDONLY | os.O_NONBLOCK)
claim(os.lseek(fd, 9, os.SEEK_SET) == 0 and seek(fd, 0, os.SEEK_CUR) == 150, "lseek succeeds and moves nothing")
claim(os.read(other, 10) == wanted[:10] and seek(fd, 0, os.SEEK_CUR) == 150, "another open file has its own")

buffer = ctypes.create_string_buffer(MOST)
claim(transfer(fd, IVSHMEM_READ, 5 * MIB + 1, buffer, MOST) == MOST and
      buffer.raw == wanted[5 * MIB + 1:5 * MIB + 1 + MOST], "a read with a position")
claim(transfer(other, IVSHMEM_READ, SIZE - 5, buffer, 50) == 5 and buffer.raw[:5] == wanted[-5:], "that ends with the memory")
mine = ctypes.create_string_buffer(bytes(reversed(wanted[:MOST])), MOST)
claim(transfer(fd, IVSHMEM_WRITE, 7 * MIB - 3, mine, MOST) == MOST and
      transfer(fd, IVSHMEM_READ, 7 * MIB - 3, buffer, MOST) == MOST and buffer.raw == mine.raw, "a write with a position")
seek(other, 7 * MIB - 13)
claim(os.read(other, 20) == wanted[7 * MIB - 13:7 * MIB - 3] + mine.raw[:10], "which all see, and what was before it")
claim(seek(fd, 0, os.SEEK_CUR) == 150, "neither moves the position")
claim(fails(errno.EBADF, transfer, other, IVSHMEM_WRITE, 0, mine, 10), "no write where it is open for reading")
claim(fails(errno.EMSGSIZE, transfer, fd, IVSHMEM_READ, 0, buffer, MOST + 1), "no transfer of more than a piece")
claim(fails(errno.ENOSPC, transfer, fd, IVSHMEM_WRITE, SIZE, mine, 1), "no write with a position at the end")
null = (ctypes.c_char * 0).from_address(16)
claim(fails(errno.EFAULT, transfer, fd, IVSHMEM_WRITE, 0, null, 100), "a bad pointer is EFAULT")
claim(transfer(fd, IVSHMEM_READ, 0, buffer, 100) == 100 and buffer.raw[:100] == wanted[:100], "and nothing was written")
claim(fails(errno.EFAULT, transfer, fd, IVSHMEM_READ, 0, null, 100), "a bad pointer to be filled, too")
claim(fails(errno.ENOTTY, fcntl.ioctl, fd, 0x5401, bytes(64)), "no terminal")
claim(fails(errno.ENODEV, mmap.mmap, fd, 4096), "no mmap")

waiter = select.poll()
waiter.register(fd, select.POLLIN | select.POLLOUT)
claim(waiter.poll(0) == [(fd, select.POLLIN | select.POLLOUT)], "always ready")
with open("/dev/shm0", "rb", buffering=0) as file:
    claim(file.read(4096) == wanted[:4096], "a Python file without a buffer")
transfer(fd, IVSHMEM_WRITE, 7 * MIB - 3, ctypes.create_string_buffer(wanted[7 * MIB - 3:7 * MIB - 3 + MOST], MOST), MOST)
PY
# A program of 64 bits and the same of 32.
for tool in ./shm-tool ./shm-tool32; do
    is "$tool: the size" "$($tool "$node" size)" "$size"
    is "$tool: bytes behind a seek" "$($tool "$node" seek 60000001 | digest)" "$(from_wanted 60000001 "$size" | digest)"
    is "$tool: bytes at a position" "$($tool "$node" read 4097 500001 | digest)" "$(from_wanted 4097 500001 | digest)"
    ok "$tool: bytes to a position" sh -c "tail -c 300003 wanted | $tool $node write $((size - 300003))"
    is "$tool: no bytes behind the end" "$(echo | $tool "$node" write "$size" 2>&1)" \
        "${tool#./}: transfer at $size: No space left on device"
done
timeout 300 python3 positions.py || fail 'the program about positions ends' "status $?"
ok 'all is as it was' cmp wanted "$node"

# --- transfers while the daemon is killed ---

cat >killed.py <<'PY'
import os, random, subprocess, sys

UNIT, MIB, EVERY, RESTART = "cuiod@shm0", 1 << 20, 9, 35
source = random.Random(sys.argv[2])
killed = 0


def kill():
    global killed
    pid = int(subprocess.run(["systemctl", "show", "-P", "MainPID", UNIT], capture_output=True).stdout)
    if pid:
        os.kill(pid, 9)
        killed += 1


def disturb(mib):
    if mib == RESTART:
        subprocess.run(["systemctl", "restart", UNIT], check=True)
    elif mib % EVERY == EVERY - 1:
        kill()


def feed():
    """dd takes what it gets while we look for whom to kill: it may be anywhere in its next writes."""
    dd = subprocess.Popen(["dd", "of=/dev/shm0", "bs=1M", "iflag=fullblock", "status=none"], stdin=subprocess.PIPE)
    for mib in range(64):
        dd.stdin.write(source.randbytes(MIB))
        disturb(mib)
    dd.stdin.close()
    return dd.wait() == 0


def fetch():
    dd = subprocess.Popen(["dd", "if=/dev/shm0", "bs=1M", "status=none"], stdout=subprocess.PIPE)
    right = True
    for mib in range(64):
        right &= dd.stdout.read(MIB) == source.randbytes(MIB)
        disturb(mib)
    right &= dd.stdout.read() == b""
    return right and dd.wait() == 0


done = feed() if sys.argv[1] == "feed" else fetch()
print("ok" if done and killed >= 5 else "not ok", "-", f"dd {sys.argv[3]}, while {killed} daemons are killed and one restarted")
PY
timeout 300 python3 killed.py fetch host 'reads every byte' || fail 'the reading ends' "status $?"
timeout 300 python3 killed.py feed guest 'writes all of the memory' || fail 'the writing ends' "status $?"
is 'no call was given up' "$(cuioctl info --json shm0 | sed -n 's/.*"crash_errors": *\([0-9]*\).*/\1/p')" 0
shared-memory/pattern guest >wanted
ok 'every byte is where it belongs' cmp wanted "$node"
is 'one byte too many does not fit' "$( (cat wanted; printf x) | dd of="$node" bs=1M iflag=fullblock 2>&1 | head -n 1)" \
    "dd: error writing '$node': No space left on device"

# How long the way through the daemon takes, for people: no pass mark.
for command in "dd if=$node of=/dev/null bs=1M" "dd if=wanted of=$node bs=1M"; do
    echo "# $command: $($command 2>&1 | tail -n 1)"
done
python3 - "$card" <<'PY'
import mmap, os, sys, time
fd = os.open(sys.argv[1] + "/resource2_wc", os.O_RDWR)
memory = mmap.mmap(fd, 64 << 20)
began = time.monotonic()
copy = memory[:]
middle = time.monotonic()
memory[:] = copy
print(f"# the same by direct mapping: read {middle - began:.3f} s, write {time.monotonic() - middle:.3f} s")
PY
ok 'the service stops' systemctl stop cuiod@shm0
