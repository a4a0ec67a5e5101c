#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the same programs on edu's kernel module and on cuio, for 64 and 32 bit, fact by fact.
#
# vm: -f @BUILD@/module/@KERNEL@/edu.ko
# vm: -f @BUILD@/legacy/edu-legacy -f @BUILD@/legacy/edu-legacy32
# vm: -f @BUILD@/legacy/edu-tool -f @BUILD@/legacy/edu-tool32
# vm: -f tests/legacy/compare -f tests/legacy/differences.txt -f tests/legacy/expected.txt
# limit: 600
set -u
. ./tap.sh

here=$PWD
work=$(mktemp -d)

no_node() {
    [ ! -e /dev/edu ]
}

# facts OUTPUT PROGRAM: the program comes to its end, with all facts in OUTPUT
facts() {
    timeout -k 5 1200 "$here/$2" /dev/edu >"$1" 2>"$work/err" && return
    echo "status $?"
    tail -n 5 "$1" "$work/err"
    return 1
}

# compared TITLE COMPARE-ARGUMENT...: the facts that are wrong, or one claim for all
compared() {
    local title=$1 status=0
    shift
    "$here/compare" "$@" >"$work/tap" 2>"$work/err" || status=$?
    case $status in
    0) pass "$title: $(grep -c '^ok' "$work/tap") facts, $(grep -c 'differs as listed' "$work/tap") differences" ;;
    1) sed -nE "/^not ok/{s/^not ok [0-9]+ - /not ok - $title: /;p;n;p;}" "$work/tap" ;;
    *) fail "$title" "$(cat "$work/err")" ;;
    esac
}

# waited TOOL: prints what one process hears of the interrupt that another raises
waited() {
    local waiter
    "$1" /dev/edu wait >"$work/waited" &
    waiter=$!
    # When it has come to wait is not to be seen from here: raise until it has heard.
    eventually 60 raise_until_gone "$1" "$waiter" || kill "$waiter"
    wait "$waiter"
    cat "$work/waited"
}

raise_until_gone() {
    "$1" /dev/edu raise 0x100
    sleep 0.1
    ! kill -0 "$2" 2>/dev/null
}

# tool TITLE PROGRAM: a person's commands, one process each
tool() {
    local tool=$here/$2
    is "$1: ident" "$("$tool" /dev/edu ident 2>&1)" 0x10000ed
    is "$1: liveness" "$("$tool" /dev/edu liveness 1 2>&1)" 0xfffffffe
    is "$1: factorial" "$("$tool" /dev/edu factorial 10 2>&1)" 3628800
    is "$1: write" "$("$tool" /dev/edu write 12 2>&1)" ''
    is "$1: read" "$("$tool" /dev/edu read 2>&1)" 479001600
    is "$1: wait and raise" "$(waited "$tool")" 0x100
}

module_half() {
    ok 'module: loads' insmod "$here/edu.ko"
    ok 'module: /dev/edu comes' eventually 60 test -c /dev/edu
    udevadm settle
    tool 'module, 64 bit' edu-tool
    tool 'module, 32 bit' edu-tool32
    ok 'module: the legacy program, 64 bit' facts "$work/module64" edu-legacy
    ok 'module: the legacy program, 32 bit' facts "$work/module32" edu-legacy32
    compared 'module, 64 bit' "$here/expected.txt" "$work/module64"
    compared 'module, 32 bit' "$here/expected.txt" "$work/module32"
    ok 'module: unloads' rmmod edu
    ok 'module: /dev/edu goes' eventually 60 no_node
}

cuio_half() {
    mkdir -p /etc/cuio
    ok 'cuio: the example is there' cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
    ok 'cuio: starts' timeout 360 systemctl start cuiod@edu0
    ok 'cuio: /dev/edu is there' test -c /dev/edu
    tool 'cuio, 64 bit' edu-tool
    tool 'cuio, 32 bit' edu-tool32
    ok 'cuio: the legacy program, 64 bit' facts "$work/cuio64" edu-legacy
    ok 'cuio: the legacy program, 32 bit' facts "$work/cuio32" edu-legacy32
    compared 'module and cuio, 64 bit' -d "$here/differences.txt" "$work/module64" "$work/cuio64"
    compared 'module and cuio, 32 bit' -d "$here/differences.txt" "$work/module32" "$work/cuio32"
    is 'cuio: did not restart' "$(systemctl show -P NRestarts cuiod@edu0)" 0
    ok 'cuio: stops' timeout 180 systemctl stop cuiod@edu0
    ok 'cuio: /dev/edu goes' eventually 60 no_node
    rm -f /etc/cuio/edu0.conf
}

# A test before this one may have left the card in cuio's hands.
systemctl stop 'cuiod@*' 'cuio-bind@*' 2>/dev/null
module_half
if command -v cuiod >/dev/null; then
    cuio_half
else
    skip 'module and cuio' 'cuio is not installed'
fi
rm -rf "$work"
