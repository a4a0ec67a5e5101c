#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cuiod by hand with nodes as files, on simulated cards: a machine that knows FUSE is enough. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
cuiod=${BUILD:-build}/cuiod
cuioctl=${BUILD:-build}/cuioctl
. tests/vm/lib/tap.sh

work=$(mktemp -d)
place=$work/mnt
daemon=
finish() {
    [ -z "$daemon" ] || kill "$daemon"
    wait
    umount -l "$place" 2>/dev/null
    rm -rf --one-file-system "$work" "$TAP_OUTPUT"
}
trap finish EXIT

if [ "$(id -u)" != 0 ] || ! [ -w /dev/fuse ]; then
    echo "needs root and /dev/fuse"
    exit 77
fi

# start NAME [OPTION]...: the daemon of work/NAME.conf serves
start() {
    local name=$1
    shift
    : >"$work/log"
    "$cuiod" --config "$work/$name.conf" --front file --mount "$place" "$@" "$name" 2>"$work/log" &
    daemon=$!
    eventually 20 serves_or_ended
    grep -q Serving "$work/log"
}

serves_or_ended() {
    grep -q Serving "$work/log" || ! kill -0 "$daemon" 2>/dev/null
}

# end SIGNAL: the daemon's status
end() {
    local status=0
    kill "-$1" "$daemon"
    wait "$daemon" 2>/dev/null || status=$?
    daemon=
    return $status
}

mounts() {
    grep -cF " $place " /proc/self/mountinfo
}

# config NAME DESCRIPTION NODE
config() {
    printf '[Device]\nDescription=%s\nBackend=sim\n[Node]\nName=%s\n' "$PWD/daemon/driver/devices/$2" "$3" >"$work/$1.conf"
}

config edu edu.device lab/edu
config both edu.device edu
printf 'Number=240:1\n' >>"$work/both.conf"

if ! start edu && grep -q "cannot mount" "$work/log"; then
    echo "may not mount here"
    exit 77
fi
end TERM

# --- the command line ---

usage_is() { # NAME TEXT ARGUMENT...
    local name=$1 text=$2
    shift 2
    status_is "$name" 2 "$cuiod" --config "$work/edu.conf" "$@" edu
    like "and told" "$(cat "$TAP_OUTPUT")" "*$text*"
}
usage_is "a front that does not exist is wrong usage" "expected cuse or file" --front fuse
usage_is "--mount without files is wrong usage" "--mount goes with --front file" --front cuse --mount "$place"
usage_is "also when the instance file has no files" "does not say Front=file" --mount "$place"
usage_is "the root is no place" "expected an empty folder" --front file --mount /
status_is "--check takes no front" 2 "$cuiod" --front file --check "$work/edu.conf"
status_is "a service has its front from its file" 2 env NOTIFY_SOCKET=/nonexistent "$cuiod" --config "$work/edu.conf" --front file edu
mkdir -p "$work/full/x"
status_is "a folder with something in it is no place" 1 "$cuiod" --config "$work/edu.conf" --front file --mount "$work/full" edu
like "and told" "$(cat "$TAP_OUTPUT")" "*is not empty*"

# --- a stream ---

ok "a simulated card is served without CUSE" start edu
file=$place/lab/edu
is "its file is root's alone" "$(stat -c '%F %U:%G:%a' "$file")" "regular empty file root:root:600"
is "its folder has it" "$(ls "$place" "$place/lab")" "$place:
lab

$place/lab:
edu"
ok "it can be written as a file" sh -c "printf '\5\0\0\0' >$file"
is "and read" "$(head -c 4 "$file" | od -An -tx1)" " 78 00 00 00"
ok "appended to" sh -c "printf '\4\0\0\0' >>$file"
is "and copied from" "$(dd if="$file" bs=4 count=1 status=none | od -An -tx1)" " 18 00 00 00"
ok "cp writes it" sh -c "printf '\3\0\0\0' >$work/three && cp $work/three $file"
is "whole" "$(head -c 4 "$file" | od -An -tx1)" " 06 00 00 00"
ok "touch and truncate do no harm" sh -c "touch $file && truncate -s 0 $file"
not_ok "rm is refused" rm -f "$file"
not_ok "so is another file" touch "$place/other"
not_ok "and another mode" chmod 666 "$file"
ok "df knows the mount" df "$place"
is "cuioctl reads registers" "$("$cuioctl" get --value "$file" ident)" 0x010000ed
like "and asks the daemon" "$("$cuioctl" info "$file")" "*Instance: *edu*"
echo x >"$work/plain"
not_ok "but not a file of somebody else's" "$cuioctl" info "$work/plain"
status_is "a second daemon finds the place taken" 1 "$cuiod" --config "$work/edu.conf" --front file --mount "$place" edu
like "and says by whom" "$(cat "$TAP_OUTPUT")" "*cuiod serves edu there*"

# --- the ends of a daemon ---

exec 5<>"$file"
ok "a signal ends it" end TERM
is "its mount goes with it" "$(mounts)" 0
not_ok "a program that holds the file is told" sh -c "printf '\3\0\0\0' >&5"
exec 5>&-
start edu
end KILL
is "one that is killed leaves its mount" "$(mounts)" 1
not_ok "which is dead" ls "$place"
ok "the next one replaces it" start edu
is "by one" "$(mounts)" 1
is "that works" "$("$cuioctl" get --value "$file" ident)" 0x010000ed
umount "$place"
status=0
wait "$daemon" || status=$?
daemon=
is "one whose mount is taken away ends as failed" "$status" 1
like "and says so" "$(cat "$work/log")" "*the connection of the mount to the kernel is lost*"
ok "a number is no hindrance by hand" start both
end TERM

# --- a place for each byte ---

if ! [ -e daemon/driver/devices/ivshmem.device ]; then
    skip "files whose bytes have places" "there is no driver with them"
    exit 0
fi
config shm ivshmem.device shm0
ok "a seekable card is served" start shm
file=$place/shm0
is "the file is as large as the card" "$(stat -c %s "$file")" 1048576
head -c 1048576 /dev/urandom >"$work/one"
head -c 1048576 /dev/urandom >"$work/two"
ok "cp to it" cp "$work/one" "$file"
ok "cmp with it" cmp "$work/one" "$file"
ok "cp from it" sh -c "cp $file $work/back && cmp $work/one $work/back"
ok "dd with skip and seek" dd if="$work/two" of="$file" bs=1000 skip=3 seek=777 count=55 conv=notrunc
ok "to just there" sh -c "dd if=$work/two of=$work/one bs=1000 skip=3 seek=777 count=55 conv=notrunc status=none; cmp $work/one $file"
ok "dd without notrunc, too" sh -c "dd if=$work/two of=$file bs=64k seek=2 count=1 && dd if=$work/two of=$work/one bs=64k seek=2 count=1 conv=notrunc && cmp $work/one $file"
is "tail" "$(tail -c 100 "$file" | cksum)" "$(tail -c 100 "$work/one" | cksum)"
is "od with an offset" "$(od -j 12345 -N 64 "$file")" "$(od -j 12345 -N 64 "$work/one")"
is "wc" "$(wc -c <"$file")" 1048576
ok "cmp with an offset" cmp -i 4097 "$work/one" "$file"
ok "truncate leaves it as large" sh -c "truncate -s 3 $file && [ \$(stat -c %s $file) = 1048576 ]"
not_ok "nothing is appended" sh -c "echo x >>$file"
cat >"$work/file.py" <<'PY'
import errno, mmap, os, sys

fd, image = os.open(sys.argv[1], os.O_RDWR), open(sys.argv[2], "rb").read()
assert os.lseek(fd, 0, os.SEEK_END) == len(image)
assert os.pread(fd, 300000, 777) == image[777:300777]
assert os.pread(fd, 9, len(image) - 4) == image[-4:]
assert os.pread(fd, 9, len(image)) == b""
assert os.pwrite(fd, b"12345678", len(image) - 4) == 4
try:
    os.pwrite(fd, b"x", len(image))
    sys.exit("written behind the end")
except OSError as error:
    assert error.errno == errno.ENOSPC, error
image = image[:-4] + b"1234"
memory = mmap.mmap(fd, 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
assert memory[:] == image
memory[0] ^= 0xff
os.fsync(fd)
assert os.pread(fd, 1, 0) == image[:1]
try:
    mmap.mmap(fd, 0, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
    sys.exit("mapped as shared memory")
except OSError as error:
    assert error.errno == errno.ENODEV, error
PY
ok "pread, pwrite, lseek, mmap, fsync" python3 "$work/file.py" "$file" "$work/one"
exit 0
