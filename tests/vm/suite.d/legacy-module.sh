#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the same programs on edu's kernel module and on cuio, for 64 and 32 bit, fact by fact.
#
# Beside it: edu.ko for this kernel, edu-legacy, edu-legacy32, edu-tool, edu-tool32, and from
# tests/legacy compare, differences.txt, expected.txt.
set -u

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
failed=0

# claim NAME COMMAND...: one TAP line; what the command printed when it fails
claim() {
    local name=$1
    shift
    if "$@" >"$work/claim" 2>&1 </dev/null; then
        echo "ok - $name"
        return
    fi
    failed=$((failed + 1))
    echo "not ok - $name"
    sed 's/^/# /' "$work/claim"
}

# until_true SECONDS COMMAND...
until_true() {
    local tries=$(($1 * 10))
    shift
    until "$@"; do
        [ $((tries -= 1)) -gt 0 ] || return 1
        sleep 0.1
    done
}

no_node() {
    [ ! -e /dev/edu ]
}

# facts OUTPUT PROGRAM: the program comes to its end, with all facts in OUTPUT
facts() {
    timeout -k 5 400 "$here/$2" /dev/edu >"$1" 2>"$work/err" && return
    echo "status $?"
    tail -n 5 "$1" "$work/err"
    return 1
}

# compared TITLE COMPARE-ARGUMENT...: the facts that are wrong, and one claim for the others
compared() {
    local title=$1 status=0
    shift
    "$here/compare" "$@" >"$work/tap" 2>"$work/err" || status=$?
    sed -nE "/^not ok/{s/^not ok [0-9]+ - /not ok - $title: /;p;n;p;}" "$work/tap"
    if [ "$status" = 0 ]; then
        echo "ok - $title: $(grep -c '^ok' "$work/tap") facts, $(grep -c 'differs as listed' "$work/tap") differences"
    else
        failed=$((failed + 1))
        [ "$status" = 1 ] || echo "not ok - $title"
        sed 's/^/# /' "$work/err"
    fi
}

# prints OUTPUT COMMAND...
prints() {
    local want=$1 got
    shift
    got=$("$@" 2>&1)
    [ "$got" = "$want" ] && return
    echo "printed: $got"
    return 1
}

# waited TOOL: one process waits for an interrupt that another raises
waited() {
    local waiter
    "$1" /dev/edu wait >"$work/waited" &
    waiter=$!
    until_true 20 grep -q '^State:.S' "/proc/$waiter/status"
    # It may sleep before it is in the ioctl: raise until it has heard.
    until_true 20 raise_until_gone "$1" "$waiter"
    wait "$waiter" && prints 0x100 cat "$work/waited"
}

raise_until_gone() {
    "$1" /dev/edu raise 0x100
    sleep 0.1
    ! kill -0 "$2" 2>/dev/null
}

# tool TITLE PROGRAM: a person's commands, one process each
tool() {
    claim "$1: ident" prints 0x10000ed "$here/$2" /dev/edu ident
    claim "$1: liveness" prints 0xfffffffe "$here/$2" /dev/edu liveness 1
    claim "$1: factorial" prints 3628800 "$here/$2" /dev/edu factorial 10
    claim "$1: write" prints '' "$here/$2" /dev/edu write 12
    claim "$1: read" prints 479001600 "$here/$2" /dev/edu read
    claim "$1: wait and raise" waited "$here/$2"
}

module_half() {
    claim 'module: loads' insmod "$here/edu.ko"
    claim 'module: /dev/edu comes' until_true 20 test -c /dev/edu
    udevadm settle
    tool 'module, 64 bit' edu-tool
    tool 'module, 32 bit' edu-tool32
    claim 'module: the legacy program, 64 bit' facts "$work/module64" edu-legacy
    claim 'module: the legacy program, 32 bit' facts "$work/module32" edu-legacy32
    compared 'module, 64 bit' "$here/expected.txt" "$work/module64"
    compared 'module, 32 bit' "$here/expected.txt" "$work/module32"
    claim 'module: unloads' rmmod edu
    claim 'module: /dev/edu goes' until_true 20 no_node
}

cuio_half() {
    mkdir -p /etc/cuio
    claim 'cuio: the example is there' cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
    # The module's last owner is gone: the start finds the card without a driver.
    claim 'cuio: starts' timeout 120 systemctl start cuiod@edu0
    claim 'cuio: /dev/edu is there' test -c /dev/edu
    tool 'cuio, 64 bit' edu-tool
    tool 'cuio, 32 bit' edu-tool32
    claim 'cuio: the legacy program, 64 bit' facts "$work/cuio64" edu-legacy
    claim 'cuio: the legacy program, 32 bit' facts "$work/cuio32" edu-legacy32
    compared 'module and cuio, 64 bit' -d "$here/differences.txt" "$work/module64" "$work/cuio64"
    compared 'module and cuio, 32 bit' -d "$here/differences.txt" "$work/module32" "$work/cuio32"
    claim 'cuio: did not restart' prints 0 systemctl show -P NRestarts cuiod@edu0
    claim 'cuio: stops' timeout 60 systemctl stop cuiod@edu0
    claim 'cuio: /dev/edu goes' until_true 20 no_node
    if [ "$failed" != 0 ]; then
        journalctl --no-pager -b -u cuiod@edu0 -n 40 | sed 's/^/# /'
    fi
}

module_half
if command -v cuiod >/dev/null; then
    cuio_half
else
    echo 'ok - module and cuio # SKIP cuio is not installed'
fi
rm -rf "$work"
[ "$failed" = 0 ]
