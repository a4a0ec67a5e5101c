#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In a guest under icount: what an operation costs in instructions, for each of those who can serve
# it, one after another. Lines of the output: "@ SERVER OPERATION FIGURE...".
# tests/bench/run tells COUNT, REPEATS, PARTS (module direct floor stock stock-mt cuio), and QUICK to
# measure no more than what has a limit. tests/bench/profile tells PROFILE, the only operation then.
set -eu

EDU=0000:00:04.0
SHARED=
for card in /sys/bus/pci/devices/*; do
    [ "$(cat "$card/vendor" "$card/device" | xargs)" != '0x1af4 0x1110' ] || SHARED=$(basename "$card")
done
NODE=/dev/bench
server='' daemon=0

die() {
    echo "guest: $*"
    exit 1
}

# figures OPERATION COMMAND...: what it prints, as a line for the report
figures() {
    local operation=$1 out
    shift
    out=$("$@") || die "$server, $operation: $* failed"
    echo "@ $server $operation$out"
}

# client OPERATION COUNT ARGUMENT...: on the node, by whoever serves it now
client() {
    local operation=$1 count=$2
    shift 2
    [ "${PROFILE-$operation}" = "$operation" ] || return 0
    [ -z "${PROFILE-}" ] || count=$COUNT
    figures "$operation" ./client -n "$count" -r "$REPEATS" -m 0x1000000 "$@" "$NODE"
    [ -z "${PROFILE-}" ] || ./symbols "$server" "$daemon"
}

events() {
    client wait $((COUNT / 2)) -d "$daemon" -s "$EDU" wait
    client poll $((COUNT / 2)) -d "$daemon" -s "$EDU" poll
}

full() {
    [ -z "${QUICK-}" ]
}

registers() {
    client read "$COUNT" read
    client write "$COUNT" write
    client ioctl "$COUNT" ioctl
    ! full || clients 1 4 16
}

# clients NUMBER...: so many at the same time. Each does enough that the first and the last matter little.
clients() {
    local number
    for number; do
        client "clients-$number" 8000 -c "$number" read
    done
}

unrestricted() {
    client ioctl-unrestricted "$COUNT" ioctl
}

memory() {
    if full; then
        client get-4K "$COUNT" get 4096
        client put-4K "$COUNT" put 4096
        client get-1M $((COUNT / 50 + 1)) get 1048576
        client put-1M $((COUNT / 50 + 1)) put 1048576
    fi
    client get-128K $((COUNT / 10)) get 131072
    client put-128K $((COUNT / 10)) put 131072
}

# --- who owns the card ---------------------------------------------------------------------------

# give SLOT DRIVER: to a driver, or with "" to nobody
give() {
    local device=/sys/bus/pci/devices/$1
    [ ! -e "$device/driver" ] || echo "$1" >"$device/driver/unbind"
    echo "$2" >"$device/driver_override"
    [ -z "$2" ] || echo "$1" >/sys/bus/pci/drivers_probe
}

node_is() {
    [ -e "$NODE" ]
}

node_is_not() {
    [ ! -e "$NODE" ]
}

await() {
    local i
    for ((i = 0; i < 300; i++)); do
        if "$@"; then
            udevadm settle
            return
        fi
        sleep 0.1
    done
    die "$server: waited in vain: $*"
}

# --- servers -------------------------------------------------------------------------------------

module() {
    server=module
    NODE=/dev/edu
    insmod ./edu.ko
    await node_is
    client ioctl "$COUNT" ioctl
    client wait $((COUNT / 2)) wait-ioctl
    rmmod edu
    await node_is_not
    NODE=/dev/bench
}

direct() {
    local operation
    server=direct
    for operation in read write; do
        figures $operation ./direct -n $((COUNT * 10)) -r "$REPEATS" $operation "$EDU"
    done
    for operation in wait poll; do
        figures $operation ./direct -n $((COUNT / 2)) -r "$REPEATS" $operation "$EDU"
    done
    for operation in get put; do
        figures $operation-4K ./direct -n "$COUNT" -r "$REPEATS" $operation 4096 "$SHARED"
        figures $operation-128K ./direct -n $((COUNT / 10)) -r "$REPEATS" $operation 131072 "$SHARED"
        figures $operation-1M ./direct -n $((COUNT / 50 + 1)) -r "$REPEATS" $operation 1048576 "$SHARED"
    done
}

# own MEASUREMENT PROGRAM ARGUMENT...: by a daemon of the benchmark, a service as cuio is one
own() {
    local measurement=$1 program=$2
    shift 2
    systemd-run -q --collect --unit=bench-own "$PWD/$program" "$@"
    await node_is
    daemon=$(systemctl show -P MainPID bench-own)
    $measurement
    systemctl stop bench-own
    daemon=0
    await node_is_not
}

floor() {
    server=floor
    own registers floor registers "$EDU" bench
    own unrestricted floor -u registers "$EDU" bench
    own events floor events "$EDU" bench
    own memory floor memory "$SHARED" bench
}

stock() {
    server=stock
    own registers stock registers "$EDU" bench
    ! full || own unrestricted stock -u registers "$EDU" bench
    own events stock events "$EDU" bench
    own memory stock memory "$SHARED" bench
    mkdir -p /run/bench
    NODE=/run/bench/bench
    own files file-stock /run/bench "$EDU"
    NODE=/dev/bench
}

stock-mt() {
    server=stock-mt
    own registers stock -m registers "$EDU" bench
    own unrestricted stock -m -u registers "$EDU" bench
    own events stock -m events "$EDU" bench
    own memory stock -m memory "$SHARED" bench
}

# installed DESCRIPTION FRONT MEASUREMENT...: by cuio, as its owner would have it
installed() {
    local description=$1 front=$2 measurement
    shift 2
    printf '[Device]\nDescription=%s.device\nFront=%s\n[Node]\nName=bench\n' "$description" "$front" \
        >/etc/cuio/bench.conf
    [ "$front" != cuse ] || sed -i '/^Front=/d' /etc/cuio/bench.conf
    systemctl start cuiod@bench || die "cuiod@bench does not start: $(journalctl -u cuiod@bench)"
    daemon=$(systemctl show -P MainPID cuiod@bench)
    for measurement; do
        $measurement
    done
    systemctl stop cuiod@bench
    daemon=0
    await node_is_not
}

# status NAME: a number of /proc/PID/status
status() {
    sed -n "s/^$1:[[:space:]]*\([0-9]*\).*/\1/p" "/proc/$daemon/status"
}

# The quick form looks at them here alone.
few_clients() {
    full || clients 1 16
}

batch() {
    client batch $((COUNT / 10)) batch
}

# What a call costs while as many others wait as can.
waiters() {
    local number
    for number in 0 256; do
        client "waiters-$number-ioctl" "$COUNT" -w "$number" ioctl
        client "waiters-$number-write" "$COUNT" -w "$number" write
    done
}

files() {
    client file-read "$COUNT" read
    client file-write "$COUNT" write
}

# What the service costs besides its requests. It wakes up as often as it has gone to sleep; that those
# whom it wakes, systemd when the watchdog is fed, run before it goes on is not its doing.
upkeep() {
    local slept interrupted
    [ -z "${PROFILE-}" ] || return 0
    echo "@ cuio rss $(($(status RssAnon) + $(status RssFile)))"
    echo "@ cuio rss-saved $(status RssShmem)"
    slept=$(status voluntary_ctxt_switches)
    interrupted=$(status nonvoluntary_ctxt_switches)
    sleep 60
    echo "@ cuio idle-wakeups $(($(status voluntary_ctxt_switches) - slept))"
    echo "@ cuio idle-interrupted $(($(status nonvoluntary_ctxt_switches) - interrupted))"
}

now() {
    date +%s%N
}

starting() {
    local begin
    [ -z "${PROFILE-}" ] || return 0
    begin=$(now)
    systemctl restart cuiod@bench
    echo "@ cuio restart $(($(now) - begin))"
    systemctl stop cuiod@bench
    begin=$(now)
    systemctl start cuiod@bench
    echo "@ cuio start $(($(now) - begin))"
}

cuio() {
    server=cuio
    mkdir -p /etc/cuio/devices
    cp devices/*.device /etc/cuio/devices/
    installed bench-registers cuse registers few_clients batch upkeep starting
    ! full || installed bench-unrestricted cuse unrestricted
    installed bench-events cuse events
    installed bench-waiters cuse waiters
    installed ivshmem cuse memory
    installed bench-registers file files
}

modprobe -a cuse uio_pci_generic
for part in ${PARTS//,/ }; do
    case $part in
    direct | floor | stock | stock-mt)
        give "$EDU" uio_pci_generic
        give "$SHARED" uio_pci_generic
        $part
        give "$EDU" ''
        give "$SHARED" ''
        ;;
    *) $part ;;
    esac
done
