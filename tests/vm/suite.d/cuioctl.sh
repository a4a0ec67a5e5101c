#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: cuioctl on edu served through UIO (/dev/edu) and by the simulator (/dev/edusim), and on a
# simulated device of its own that has every kind of register.
#
# vm: -f @BUILD@/programs/batch
# limit: 400
set -u

work=$(mktemp -d)
chmod 755 "$work"
status=0
failed=0

# claim NAME STATUS: one TAP line, with what the last call printed if it does not hold
claim() {
    if [ "$2" = 0 ]; then
        echo "ok - $1"
        return
    fi
    failed=$((failed + 1))
    echo "not ok - $1"
    {
        echo "exit status $status"
        cat "$work/out" "$work/err"
    } 2>/dev/null | sed 's/^/# /'
}

# call ARGUMENT...: runs cuioctl; status, $work/out, $work/err are for the checks after it
call() {
    status=0
    timeout 180 cuioctl "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

as_nobody() {
    under runuser -u nobody -- cuioctl "$@"
}

# under COMMAND...: runs cuioctl by it, as call does
under() {
    status=0
    timeout 180 "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

# value NODE NAME: the value of one register or field, in hex
value() {
    timeout 180 cuioctl get --value "$1" "$2"
}

refused() { # STATUS PATTERN: this status, nothing on stdout, one line that matches
    [ "$status" = "$1" ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] &&
        grep -qE -- "$2" "$work/err"
}

done_with() { # PATTERN: status 0 and a line that matches
    [ "$status" = 0 ] && grep -qE -- "$1" "$work/out"
}

# json EXPRESSION: the last output is JSON, and the expression on it (d) holds
json() {
    [ "$status" = 0 ] && python3 -c 'import json, sys
d = json.load(sys.stdin)
sys.exit(not eval(sys.argv[1]))' "$1" <"$work/out" 2>>"$work/err"
}

# until_true SECONDS COMMAND...
until_true() {
    local tries=$(($1 * 10))
    shift
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

parked() {
    [ "$(cuioctl info "$1" --json | sed -n 's/.*"parked": \([0-9]*\).*/\1/p')" = "$2" ]
}

not_busy() {
    [ "$(value "$1" status.busy)" = 0x0 ]
}

set_up() {
    local examples
    for examples in /usr/share/doc/cuio/examples /usr/local/share/doc/cuio/examples; do
        [ -d "$examples" ] || continue
        mkdir -p /etc/cuio/devices
        cp "$examples/edu0.conf" "$examples/edusim0.conf" /etc/cuio/
    done
    cat >/etc/cuio/devices/cuioctl-test.device <<'EOF'
[Device]
Description=every kind of register
Exclusive=yes

[Window bar0]
Bar=0
Size=0x1000

[Register plain]
Window=bar0
Offset=0x0
Reset=0xf0
Field=low 3:0 rw the lowest bits
Field=ready 7 ro

[Register fifo]
Window=bar0
Offset=0x8
Access=ro
SideEffect=yes

[Register doorbell]
Window=bar0
Offset=0x10
Width=16
Access=wo

[Register wide]
Window=bar0
Offset=0x18
Width=64

[Register table]
Window=bar0
Offset=0x100
Count=32
Except=0x8-0xb

[Read]
Step=return count

[Ioctl GET_PLAIN]
Number=_IOR('c', 1, u32)
Step=read plain arg

[Ioctl SET_PLAIN]
Number=_IOW('c', 2, u32)
Step=write plain arg
EOF
    printf '[Device]\nDescription=cuioctl-test.device\nBackend=sim\n\n[Node]\nName=cuioctl-test\n' \
        >/etc/cuio/cuioctl-test.conf
    systemctl start cuiod@edu0 cuiod@edusim0 cuiod@cuioctl-test
}

check_list() {
    call list
    done_with '^edu0 +/dev/edu +active +edu.device'
    claim "list shows the running instance with its node" $?
    systemctl stop cuiod@edusim0
    call list
    done_with '^edusim0 +/dev/edusim +inactive '
    claim "list shows the stopped instance as inactive" $?
    systemctl start cuiod@edusim0
    printf 'rubbish\n' >/etc/cuio/wrong.conf
    call list
    done_with '^wrong .*broken' && grep -q '^edu0 .*active' "$work/out"
    claim "list shows a broken file beside the others" $?
    call list --json
    json '{i["name"]: i["present"] for i in d["instances"]} == {"edu0": True, "edusim0": True, "cuioctl-test": True, "wrong": False}'
    claim "list --json says which nodes are there" $?
    call check /etc/cuio/edu0.conf
    [ "$status" = 0 ]
    claim "check accepts the example" $?
    call check /etc/cuio/wrong.conf
    [ "$status" = 1 ] && grep -q 'wrong.conf:1:' "$work/out" "$work/err"
    claim "check says where a broken file is wrong" $?
    rm /etc/cuio/wrong.conf
}

# check_edu NODE INSTANCE: the same for the card and for its model
check_edu() {
    local node=$1 instance=$2 before count

    call info "$node" --json
    json "d['info'][0]['instance'] == '$instance' and d['info'][0]['node'] == '$node' and d['info'][0]['pid'] > 0"
    claim "$node: info --json names the instance" $?
    call get "$node" ident
    done_with '^ident .*0x010000ed'
    claim "$node: get reads a register at its width" $?
    call get "/dev/$node" ident
    done_with '0x010000ed'
    claim "$node: a path names the node, too" $?
    call get "$node" status --json
    json '{"status", "status.busy", "status.irqfact"} <= {r["name"] for r in d["registers"]} and all(isinstance(r["value"], int) for r in d["registers"])'
    claim "$node: get --json shows fields with numbers" $?

    call set "$node" liveness=0x12345678
    [ "$status" = 0 ] && [ "$(value "$node" liveness)" = 0xedcba987 ]
    claim "$node: set reaches the hardware" $?
    call set "$node" liveness=0 livenes=1
    refused 2 "no register 'livenes'; registers: liveness," && [ "$(value "$node" liveness)" = 0xedcba987 ]
    claim "$node: set changes nothing when a later assignment names no register" $?
    call set "$node" liveness=0 ident=1
    refused 1 'ident cannot be written' && [ "$(value "$node" liveness)" = 0xedcba987 ]
    claim "$node: set changes nothing when a later register is read-only" $?
    call set "$node" liveness=0 status.irqfact=2
    refused 2 'status.irqfact: 2 does not fit' && [ "$(value "$node" liveness)" = 0xedcba987 ]
    claim "$node: set changes nothing when a later value does not fit" $?
    call set "$node" status.irqfact=0 factorial=5
    [ "$status" = 0 ] && until_true 10 not_busy "$node" && [ "$(value "$node" factorial)" = 0x00000078 ]
    claim "$node: the card computes what set wrote" $?
    call set "$node" status.irqfact=1
    [ "$status" = 0 ] && [ "$(value "$node" status.irqfact)" = 0x1 ]
    claim "$node: set changes one field" $?

    call dump "$node"
    done_with '^ident .*0x010000ed' && grep -q '^irq_ack .*write-only' "$work/out"
    claim "$node: dump reads what can be read and says why not the rest" $?
    LC_ALL=C call dump "$node"
    ! LC_ALL=C grep -q '[^ -~]' "$work/out"
    claim "$node: a dump into a file is plain text" $?

    call wait "$node" --timeout 0.2
    refused 1 'no interrupt within 0.2 s'
    claim "$node: wait without an interrupt ends with 1" $?
    before=$(cuioctl info "$node" --json | sed -n 's/.*"interrupts": \([0-9]*\).*/\1/p')
    timeout 180 cuioctl wait "$node" --timeout 50 --json >"$work/wait" 2>&1 &
    until_true 20 parked "$node" 1
    claim "$node: wait waits" $?
    call set "$node" irq_raise=0x100
    wait $!
    status=$?
    cp "$work/wait" "$work/out"
    count=$((before + 1))
    json "d['interrupts'][0] == {'count': $count, 'cause': 256, 'hex': '0x100'}"
    claim "$node: wait gives the interrupt that another process raised" $?

    call ioctl "$node" EDU_IOCTL_FACTORIAL 5 --json
    json "[r['value'] for r in d['ioctl']] == [0, 120]"
    claim "$node: ioctl by name" $?
    call ioctl "$node" 0x80046501
    done_with 'EDU_IOCTL_IDENT' && grep -q 0x010000ed "$work/out"
    claim "$node: ioctl by number" $?
    call ioctl "$node" EDU_IOCTL_IDENT 5
    refused 2 'takes no VALUE'
    claim "$node: ioctl refuses a value that nobody takes" $?
    call ioctl "$node" EDU_IOCTL_NONE
    refused 2 "no ioctl 'EDU_IOCTL_NONE'; ioctls: "
    claim "$node: an unknown ioctl names those there are" $?
    call ioctl "$node" 0x80047a01
    refused 1 'ENOTTY'
    claim "$node: a number that the device does not know is the device's error" $?
    call info "$node" --ioctls
    done_with '^EDU_IOCTL_FACTORIAL .*0xc0046503 .*inout'
    claim "$node: info --ioctls lists them" $?
}

# steps LINE...: the batch that call's next one is given
steps() {
    printf '%s\n' "$@" >"$work/steps"
}

# check_batch NODE: a batch on it, right, failing and wrong
check_batch() {
    local node=$1 i

    call set "$node" status.irqfact=0
    steps "node $node" '# computes 5!' 'read ident' 'write factorial = 5' \
        'until status.busy == 0 within 10s' 'read factorial'
    call batch --value "$work/steps"
    [ "$status" = 0 ] && [ "$(tr '\n' ' ' <"$work/out")" = '0x010000ed 0x0 0x00000078 ' ]
    claim "$node: a batch computes, and lists what was read in its order" $?
    call batch --json "$node" "$work/steps"
    json '[(r["name"], r["value"]) for r in d["registers"] if r["name"][:6] != "ident."] == [("ident", 16777453), ("status.busy", 0), ("factorial", 120)]'
    claim "$node: batch --json, and the node named twice" $?
    status=0
    printf 'factorial = 6\nuntil status.busy == 0 within 10s\nread factorial\n' |
        timeout 180 cuioctl batch "$node" - >"$work/out" 2>"$work/err" || status=$?
    done_with '^factorial .*0x000002d0'
    claim "$node: a batch from standard input" $?

    steps 'liveness = 1' 'read liveness' '' 'until status.busy == 1 within 2ms' 'liveness = 2'
    call batch --value "$node" "$work/steps"
    [ "$status" = 1 ] && [ "$(cat "$work/out")" = 0xfffffffe ] && [ "$(value "$node" liveness)" = 0xfffffffe ] &&
        grep -qx "$work/steps:4: status.busy is not 1 after 2 ms, it is 0; the 2 steps before it were carried out" "$work/err"
    claim "$node: a batch says where it failed, and does nothing after that" $?
    steps 'liveness = 3' 'livenes = 4' 'ident = 1' 'status.irqfact = 2'
    call batch "$node" "$work/steps"
    [ "$status" = 2 ] && [ ! -s "$work/out" ] && [ "$(cut -d: -f 2 "$work/err" | tr '\n' ' ')" = '2 3 4 ' ] &&
        [ "$(value "$node" liveness)" = 0xfffffffe ]
    claim "$node: every mistake of a batch is said, and nothing is done" $?
    steps "node other-$node" 'read ident'
    call batch "$node" "$work/steps"
    refused 2 "steps:1 is for the node other-$node, the command line says $node"
    claim "$node: a batch for another node is refused" $?

    steps "node /dev/$node"
    for ((i = 0; i < 1100; i++)); do echo "liveness = $i"; done >>"$work/steps"
    echo 'read liveness' >>"$work/steps"
    call batch --value "$node" "$work/steps"
    [ "$status" = 0 ] && [ "$(cat "$work/out")" = 0xfffffbb4 ]
    claim "$node: more steps than one ioctl takes" $?

    status=0
    timeout 180 ./batch "/dev/$node" 5 >"$work/out" 2>"$work/err" || status=$?
    [ "$status" = 0 ] && [ "$(tr '\n' ' ' <"$work/out")" = '120 busy: Connection timed out at step 1 ' ]
    claim "$node: a program in C does the same" $?
}

# The card computes for a while; others' writes wait until the batch has read its own.
check_batch_alone() {
    local others

    : >"$work/others"
    while [ -e "$work/others" ]; do
        timeout 180 cuioctl set edu liveness=0x22
    done &
    others=$!
    steps 'liveness = 0x11' 'factorial = 0x10000000' 'until status.busy == 0 within 10s' 'read liveness'
    call batch --value edu "$work/steps"
    rm "$work/others"
    wait $others
    [ "$status" = 0 ] && [ "$(cat "$work/out")" = "$(printf '0x0\n0xffffffee')" ]
    claim "nobody else's write comes between the steps of a batch" $?
    # A program that is killed is not gone before its batch is done.
    steps 'liveness = 0x11' 'factorial = 0x40000000' 'until status.busy == 0 within 10s' 'liveness = 0x33'
    cuioctl batch edu "$work/steps" >/dev/null 2>&1 &
    others=$!
    until_true 20 parked edu 1
    kill -9 $others
    call get edu liveness
    done_with 0xffffffcc
    claim "the batch of a program that is killed is done before the next call" $?
    wait $others 2>/dev/null
}

check_rights() {
    local mode
    mode=$(stat -c %a /dev/edu)
    chmod 0666 /dev/edu
    as_nobody get edu ident
    refused 1 "root and the node's owner"
    claim "nobody reads no register" $?
    as_nobody dump edu
    refused 1 "root and the node's owner"
    claim "nobody dumps no register" $?
    as_nobody set edu liveness=1
    refused 1 "root and the node's owner"
    claim "nobody writes no register" $?
    printf 'read ident\n' >"$work/steps"
    as_nobody batch edu "$work/steps"
    refused 1 "root and the node's owner"
    claim "nobody does a batch" $?
    as_nobody wait edu --timeout 1
    refused 1 "root and the node's owner"
    claim "nobody waits for no interrupt" $?
    as_nobody info edu --registers
    done_with '^status'
    claim "nobody may see what registers there are" $?
    as_nobody ioctl edu EDU_IOCTL_FACTORIAL 4
    done_with '0x00000018'
    claim "nobody may use the device's own ioctls" $?
    # Root of a container may have been given the node, but not the machine.
    under setpriv --bounding-set -sys_rawio --inh-caps -sys_rawio cuioctl get edu ident
    refused 1 "root needs CAP_SYS_RAWIO"
    claim "root without CAP_SYS_RAWIO reads no register" $?
    under setpriv --bounding-set -sys_rawio --inh-caps -sys_rawio cuioctl info edu
    done_with edu0
    claim "but may see what the node is" $?
    under unshare --map-root-user cuioctl get edu ident
    refused 1 "root needs CAP_SYS_RAWIO"
    claim "root of a user namespace reads no register" $?
    under setpriv --bounding-set -all,+sys_rawio,+dac_override --inh-caps -all cuioctl get edu ident
    done_with '0x010000ed'
    claim "root with CAP_SYS_RAWIO does" $?
    # The daemon looks at the owner when it finds its node: an administrator's chown, then a restart.
    chown nobody /dev/edu
    systemctl restart cuiod@edu0
    as_nobody get edu ident
    done_with '0x010000ed'
    claim "the owner of the node may read" $?
    chown root /dev/edu
    systemctl restart cuiod@edu0
    chmod 0600 /dev/edu
    as_nobody info edu
    refused 1 'Permission denied.*root:.* 0600'
    claim "without permission for the node the message says what it has" $?
    chmod "$mode" /dev/edu
}

check_every_kind() {
    local node=cuioctl-test
    call dump $node --json
    json '{r["name"]: r["value"] for r in d["registers"] if r["kind"] in ("register", "field")} == {"plain": 240, "plain.low": 0, "plain.ready": 1, "fifo": None, "doorbell": None, "wide": 0}'
    claim "a dump leaves side effects and write-only registers alone" $?
    json '[r["note"] for r in d["registers"] if r["name"] in ("fifo", "table[2]")] == ["reading it has side effects", "excepted"]'
    claim "a dump says why a value is missing" $?
    json 'sum(r["kind"] == "element" for r in d["registers"]) == 16'
    claim "a dump cuts a long array" $?
    call dump $node --all --json
    json 'sum(r["kind"] == "element" for r in d["registers"]) == 32'
    claim "dump --all does not" $?
    call set $node plain.low=0b1010 wide=0xffffffffffffffff 'table[31]=7'
    [ "$status" = 0 ] && [ "$(value $node plain)" = 0x000000fa ] && [ "$(value $node wide)" = 0xffffffffffffffff ] &&
        [ "$(value $node 'table[31]')" = 0x00000007 ]
    claim "a field leaves the other bits, an element the others" $?
    call set $node wide=0 'table[2]=1'
    refused 1 'table\[2\]' && [ "$(value $node wide)" = 0xffffffffffffffff ]
    claim "an excepted element is refused before anything is written" $?
    steps 'wide = 0' 'read table[1]' 'table[2] = 1' 'read table[2]'
    call batch $node "$work/steps"
    [ "$status" = 1 ] && [ "$(cut -d: -f 2 "$work/err" | tr '\n' ' ')" = '3 4 ' ] &&
        [ "$(value $node wide)" = 0xffffffffffffffff ]
    claim "a batch is refused for its excepted elements before anything is written" $?
    call set $node 'table[32]=1'
    refused 2 'table\[0\] to table\[31\]'
    claim "an element past the end names those there are" $?
    call wait $node --timeout 1
    refused 1 'interrupt'
    claim "a device without interrupts cannot be waited for" $?

    exec 5<>/dev/$node
    ! (exec 6<>/dev/$node) 2>/dev/null
    claim "the device lets one program in" $?
    call info $node
    done_with "$node"
    claim "cuioctl's open does not reach the driver" $?
    call get $node plain
    done_with 0x000000fa
    claim "registers can be read while a program has the device" $?
    call ioctl $node SET_PLAIN 1
    refused 1 EBUSY
    claim "an ioctl past that program is refused" $?
    call ioctl $node GET_PLAIN
    done_with 0x000000fa
    claim "but not one that only looks" $?
    call info $node
    [ "$(head -c 200000 <&5 | tr -d '\000' | wc -c)" = 0 ]
    claim "a read gives nothing of another program's call" $?
    exec 5>&-
    call dump $node
    (exec 6<>/dev/$node) 2>/dev/null
    claim "cuioctl's open does not keep programs out" $?
}

check_strangers() {
    call get /dev/null x
    refused 1 'not a cuio node; nodes on this machine: .*edu'
    claim "a stranger's device is not a node" $?
    ln -s edu /dev/edu-link
    call get /dev/edu-link ident
    done_with 0x010000ed
    claim "a link to a node is the node" $?
    rm /dev/edu-link
    call get edx ident
    refused 1 'edx does not exist; nodes on this machine: edu, '
    claim "a node that does not exist names the nearest first" $?
    cuioctl dump edu 2>"$work/err" | head -n 1 >"$work/out"
    [ "$(wc -l <"$work/out")" = 1 ] && [ ! -s "$work/err" ]
    claim "a reader that leaves early is no error" $?
}

set_up
claim "the three instances start" $?
check_list
check_edu edu edu0
check_edu edusim edusim0
check_batch edu
check_batch edusim
check_batch_alone
check_rights
check_every_kind
check_strangers
systemctl stop cuiod@edu0 cuiod@edusim0 cuiod@cuioctl-test
rm -f /etc/cuio/cuioctl-test.conf /etc/cuio/devices/cuioctl-test.device /etc/cuio/edu0.conf /etc/cuio/edusim0.conf
rm -rf "$work"
[ "$failed" = 0 ]
