#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: what a successor makes of the saved memory it finds: damaged, another's, or of an older
# layout. cuiod-grown has larger records than the installed daemon, and dies where it is told.
# vm: -K
# limit: 240
. ./tap.sh

unit=cuiod@edu0

main_pid() {
    systemctl show -P MainPID $unit
}

info() { # KEY
    cuioctl info --json edu | sed -n "s/^ *\"$1\": *\"\\?\\([^\",]*\\)\"\\?,\\?$/\\1/p"
}

# The saved memory as a file that can be written, while its daemon is there.
saved() {
    local fd
    for fd in "/proc/$(main_pid)/fd/"*; do
        case $(readlink "$fd") in
        /memfd:cuio-saved*) echo "$fd" && return ;;
        esac
    done
}

said() { # TEXT: since the cursor
    journalctl -u $unit -o cat --no-pager --after-cursor="$cursor" | grep -qF "$1"
}

# After this a program holds the node, another waits to read.
hold() {
    exec 5<>/dev/edu
    timeout 300 dd if=/dev/edu of=answer bs=4 count=1 2>error &
    reader=$!
    eventually 20 waits
    cursor=$(journalctl -n 1 --show-cursor | sed -n 's/^-- cursor: //p')
}

waits() {
    test "$(info parked)" = 1
}

fresh() {
    test "$(info generation)" = 0 && test "$(info parked)" = 0
}

# damage NAME: expects that it was noticed
is_fresh() {
    local status=0
    ok "$1: a fresh node is served" eventually 30 fresh
    wait "$reader" || status=$?
    is "$1: who waited was told" "$status" 1
    ok "$1: so is who held the old node" eval '! head -c 4 <&5 >held 2>&1'
    ok "$1: the log says why" said "${2-the saved memory is damaged, or of a layout not known here: starting afresh; programs that hold the old node get errors}"
    is "$1: the service runs" "$(systemctl is-active $unit)" active
    is "$1: it answers" "$(cuioctl get --value edu ident)" 0x010000ed
    exec 5>&-
}

use() { # WHICH: a program that runs keeps its file
    cp "cuiod-$1" /usr/sbin/cuiod.new
    mv /usr/sbin/cuiod.new /usr/sbin/cuiod
}

stored() {
    systemctl show -P NFileDescriptorStore $unit
}

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
cp /usr/sbin/cuiod cuiod-installed
ok "the service starts" systemctl start $unit

# --- damage ---

hold
python3 - "$(saved)" <<'PY'
import random, sys
seed = random.randrange(1 << 32)
random.seed(seed)
print("# seed", seed)
with open(sys.argv[1], "r+b", buffering=0) as memory:
    for _ in range(200):
        memory.seek(random.randrange(0x1000, 0x14000))  # the device, its files and requests
        memory.write(random.randbytes(16))
PY
kill -9 "$(main_pid)"
is_fresh "noise"

hold
dd if=/dev/zero of="$(saved)" bs=4096 count=100 conv=notrunc status=none
kill -9 "$(main_pid)"
is_fresh "zeros"

hold
printf '\377' | dd of="$(saved)" bs=1 seek=8 conv=notrunc status=none
kill -9 "$(main_pid)"
is_fresh "a later layout"

# --- an upgrade to larger records ---

hold
before=$(main_pid) n_stored=$(stored)
use grown
systemctl restart $unit
is "the upgrade goes on" "$(info generation)" 1
ok "the memory was moved" said "saved memory moved to a layout with more fields"
ok "in another process" test "$before" != "$(main_pid)"
ok "who waits waits on" waits
kill -9 "$(main_pid)"
ok "and over another crash" waits
printf '\005\0\0\0' >&5
ok "who waited is answered" wait "$reader"
is "with what it waited for" "$(od -An -tu4 answer | tr -d ' ')" 120
exec 5>&-

# --- and back ---

hold
use installed
systemctl restart $unit
is_fresh "a downgrade"

# --- killed on the way ---

for point in move-begun move-stored move-done; do
    hold
    use grown
    echo "$point any 1" >/run/cuio/edu0/kill
    systemctl restart $unit 2>restart-error # of the one that dies
    ok "$point: who waits waits on" eventually 20 waits
    is "$point: it was killed there" "$(ls /run/cuio/edu0/kill 2>/dev/null)" ""
    printf '\005\0\0\0' >&5
    ok "$point: who waited is answered" wait "$reader"
    exec 5>&-
    is "$point: nothing is left in the store" "$(stored)" "$n_stored"
    use installed
    systemctl stop $unit
    systemctl start $unit
done
systemctl stop $unit
