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
# vm: -f tests/vm/programs/shared-memory-positions.py -f tests/vm/programs/shared-memory-killed.py
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

like 'a transfer by address is not for a restricted node' "$(./shm-tool "$node" read 4097 10 2>&1)" '*Inappropriate ioctl*'
is 'nobody is warned' "$(cuioctl info shm0 2>&1 >/dev/null)" ''
sed -i 's/^Description=.*/&\nIoctl=unrestricted/' /etc/cuio/shm0.conf
ok 'the service restarts unrestricted' systemctl restart cuiod@shm0
like 'root is warned' "$(cuioctl info shm0 2>&1 >/dev/null)" '*shm0: its ioctls are unrestricted*'

# A program of 64 bits and the same of 32.
for tool in ./shm-tool ./shm-tool32; do
    is "$tool: the size" "$($tool "$node" size)" "$size"
    is "$tool: bytes behind a seek" "$($tool "$node" seek 60000001 | digest)" "$(from_wanted 60000001 "$size" | digest)"
    is "$tool: bytes at a position" "$($tool "$node" read 4097 500001 | digest)" "$(from_wanted 4097 500001 | digest)"
    ok "$tool: bytes to a position" sh -c "tail -c 300003 wanted | $tool $node write $((size - 300003))"
    is "$tool: no bytes behind the end" "$(echo | $tool "$node" write "$size" 2>&1)" \
        "${tool#./}: transfer at $size: No space left on device"
done
timeout 300 python3 shared-memory-positions.py || fail 'the program about positions ends' "status $?"
ok 'all is as it was' cmp wanted "$node"

# --- transfers while the daemon is killed ---

timeout 300 python3 shared-memory-killed.py fetch host 'reads every byte' || fail 'the reading ends' "status $?"
timeout 300 python3 shared-memory-killed.py feed guest 'writes all of the memory' || fail 'the writing ends' "status $?"
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
