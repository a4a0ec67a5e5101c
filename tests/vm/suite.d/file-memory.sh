#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory shared with the host as a file (Front=file): what knows offsets reads and writes any part of its
# 64 MiB, while the daemon is killed. It is left as it was found.
#
# vm: -d ivshmem-plain,memdev=shared -f tests/vm/shared-memory
# vm-qemu: -object memory-backend-file,id=shared,share=on,size=64M,mem-path=@RUN@/shared
# vm-before: tests/vm/shared-memory/host before @RUN@/shared
# vm: -f tests/vm/programs/file-memory.py
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

python3 file-memory.py
ok "and so has the file" cmp wanted "$node"
ok "it is left as it was found" sh -c "cp found $node && cmp found $node"
rm -f found wanted new
systemctl stop cuiod@shm0
rm /etc/cuio/shm0.conf
