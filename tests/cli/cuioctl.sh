#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cuioctl's command line where there is no node: usage, help, exit status, output that fails. TAP.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cuioctl=${CUIOCTL:-${BUILD:-$here/../../build}/cuioctl}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0

# report NAME STATUS [DETAILS]
report() {
    count=$((count + 1))
    if [ "$2" = 0 ]; then
        echo "ok $count - $1"
        return
    fi
    failed=$((failed + 1))
    echo "not ok $count - $1"
    printf '%s\n' "${3-}" | sed 's/^/# /'
}

# try NAME STATUS PATTERN ARGUMENT...: one line on stderr that matches (none for ''), this exit status
try() {
    local name=$1 status=$2 pattern=$3 got=0 lines text
    shift 3
    timeout 10 "$cuioctl" "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    lines=$(wc -l <"$work/err")
    text=$(cat "$work/err")
    if [ "$got" != "$status" ]; then
        report "$name" 1 "exit status $got, not $status: $text"
    elif [ -n "$pattern" ] && { [ "$lines" != 1 ] || ! grep -qE -- "$pattern" "$work/err"; }; then
        report "$name" 1 "stderr is not one line with '$pattern': $text"
    elif [ -z "$pattern" ] && [ "$lines" != 0 ]; then
        report "$name" 1 "stderr is not empty: $text"
    else
        report "$name" 0
    fi
}

printed() {
    grep -qE -- "$2" "$work/out"
    report "$1" $? "$(cat "$work/out")"
}

try "no verb at all is wrong usage" 2 '--help'
try "an unknown verb names the verbs" 2 "no verb 'dmup'; verbs: dump, .*list"  dmup edu
try "an unknown option names the options" 2 "no option '--jsno'; options: --json" --jsno list
try "an unknown option of a verb names that verb's" 2 'dump has no option .*--json, --all' dump edu --any
try "a missing node is wrong usage" 2 'usage: cuioctl get NODE' get
try "a missing register is wrong usage" 2 'usage: cuioctl get NODE' get edu
try "too many arguments are wrong usage" 2 'usage: cuioctl info NODE' info a b
try "check needs a file" 2 'usage: cuioctl check FILE' check
try "set has no --json" 2 'set' --json set edu a=1
for seconds in 0 -1 x 1s 1. 99999999999999999999; do
    try "wait refuses the time-out '$seconds'" 2 "--timeout: '$seconds'" wait edu "--timeout=$seconds"
done
try "wait needs a value for --timeout" 2 'needs a number' wait edu --timeout

try "a node that does not exist fails" 1 'no-such-node does not exist; nodes on this machine: ' dump no-such-node
try "a character device of the kernel's is no node" 1 '/dev/null is not a cuio node' get /dev/null x
try "a name below /dev is looked up there" 1 'null is not a cuio node' get null x
try "a plain file is no node" 1 'is not a cuio node' info "$work/out"
try "a folder is no node" 1 'is not a cuio node' info /dev
try "a name with control characters stays one line" 1 'does not exist' info $'a\nb\e[31m'

# file LINE...: what the batches below are given
file() {
    printf '%s\n' "$@" >"$work/steps"
}

try "a batch needs a file" 2 'usage: cuioctl batch \[NODE\] FILE' batch
try "a batch has a node and a file at most" 2 'usage: cuioctl batch' batch a b c
try "a batch's file that does not exist is named" 1 "^$work/none: No such file" batch edu "$work/none"
try "a batch's file that is a folder is refused" 1 "^$work: Is a directory" batch edu "$work"
try "--value and --json are one too many" 2 'ask for one' batch --json --value edu "$work/none"
try "an endless file of zeros is refused" 2 '^/dev/zero: this is not text' batch edu /dev/zero
file 'read ident'
try "a batch without a node says how to name it" 2 "steps names no node: begin it with 'node NAME'" batch "$work/steps"
try "a batch without a node from standard input, too" 2 '<stdin> names no node' batch -
try "the command line's node is looked for" 1 'cuioctl: no-such-node does not exist; nodes' batch no-such-node "$work/steps"
file '# first' 'node no-such-node' 'read ident'
try "the file's node is looked for, and its line is said" 1 "^$work/steps:2: no-such-node does not exist" batch "$work/steps"
try "a path names the same node" 1 '/dev/no-such-node does not exist' batch /dev/no-such-node "$work/steps"
try "two nodes are one too many" 2 "$work/steps:2 is for the node no-such-node, the command line says other" batch other "$work/steps"
file 'node' 'read ident'
try "a node line without a name" 2 "^$work/steps:1: 'node' is not of the form 'node NAME'" batch "$work/steps"
file 'node no-such-node' 'read' 'node no-such-node' 'until a = 1 within 5'
timeout 10 "$cuioctl" batch "$work/steps" >"$work/out" 2>"$work/err"
got=$?
[ "$got" = 2 ] && [ "$(sed "s|^$work/steps:||" "$work/err" | cut -d: -f1 | tr '\n' ' ')" = '1 2 3 4 ' ]
report "without its node a batch's form is looked at" $? "$got $(cat "$work/err")"
for file in "$work/none" '-'; do
    "$cuioctl" batch edu "$file" <&- >"$work/out" 2>"$work/err"
    [ $? = 1 ] && [ "$(wc -l <"$work/err")" = 1 ]
    report "a batch that cannot be read fails: $file" $? "$(cat "$work/err")"
done

# --- new ---

mkdir "$work/new"
cuioctl=$(realpath "$cuioctl")
top=$PWD
cd "$work/new" || exit 1
try "new needs a kind and a name" 2 'usage: cuioctl new driver NAME' new driver
try "new makes nothing else, and says what it makes" 2 "new makes no 'drivre'; it makes: driver" new drivre x
for name in '' Bell 9bell -- ../bell bell/x 'be ll' b.ll "$(printf 'x%.0s' {1..33})"; do
    try "new refuses the name '$name'" 2 "'$name' cannot be a name: a small letter|usage" new driver "$name"
done
[ -z "$(ls -A)" ]
report "nothing was made" $? "$(ls -A)"
try "new makes a folder" 0 '' new driver bell-2
printed "it prints what to type" 'make test'
[ "$(cd bell-2 && echo *)" = 'Makefile bell-2.c bell-2.conf bell-2.device bell-2.h test_bell-2.c' ]
report "with its files" $? "$(ls bell-2)"
grep -q 'bell_2_start(' bell-2/bell-2.c && grep -q BELL_2_START bell-2/bell-2.h && ! grep -rqE '@(name|ident|NAME)@' bell-2
report "which have its name" $? "$(grep -r @ bell-2)"
sum=$(cat bell-2/* | sha256sum)
try "new overwrites nothing" 1 'bell-2 is there already: nothing was written' new driver bell-2
[ "$sum" = "$(cat bell-2/* | sha256sum)" ]
report "it has written nothing" $?
if [ "$(id -u)" != 0 ]; then
    mkdir closed && chmod 555 closed && cd closed || exit 1
else
    cd /proc || exit 1
fi
try "new says where it cannot write" 1 'other: cannot make this folder: ' new driver other
cd "$work/new" || exit 1
mkdir -p alone/bin && cp "$cuioctl" alone/bin/cuioctl
own=$cuioctl
cuioctl=$PWD/alone/bin/cuioctl
[ -d /usr/local/share/cuio/template ] || try "without templates new says what to install" 1 'package cuio-dev installed' new driver other
mkdir -p alone/share/cuio/template/driver
echo '@name@' >alone/share/cuio/template/driver/driver.c.in
mkdir alone/share/cuio/template/driver/other.in
try "a template that cannot be read fails" 1 'other.in: Is a directory' new driver other
[ ! -e other ]
report "and leaves nothing" $? "$(ls other 2>&1)"
cuioctl=$own
cd "$top" || exit 1

try "--help goes to stdout" 0 '' --help
printed "--help names every verb" 'list'
try "--version says the version" 0 '' --version
printed "--version is one line" '^cuioctl [0-9]+\.'
for verb in list info get set batch dump wait ioctl check new; do
    try "$verb --help needs no node" 0 '' "$verb" --help
    printed "$verb --help shows its usage" "^Usage: cuioctl $verb"
done

got=0
"$cuioctl" --help >/dev/full 2>"$work/err" || got=$?
[ "$got" = 1 ] && grep -q 'cannot write' "$work/err"
report "output that cannot be written fails" $? "$got $(cat "$work/err")"

got=0
"$cuioctl" --help >&- 2>"$work/err" || got=$?
[ "$got" = 1 ] && grep -q 'cannot write' "$work/err"
report "a closed stdout fails and is not replaced by another file" $? "$got $(cat "$work/err")"

(
    trap '' PIPE
    "$cuioctl" --help 2>"$work/err"
    echo $? >"$work/status"
) | true
[ "$(cat "$work/status")" != 2 ] && ! [ -s "$work/err" ]
report "a closed pipe ends it without a word" $? "$(cat "$work/err")"

timeout 10 "$cuioctl" list --json >"$work/out" 2>/dev/null
python3 -m json.tool <"$work/out" >/dev/null 2>"$work/err" ||
    [ "$(tr -d ' \n' <"$work/out")" = '{"instances":[]}' ]
report "list --json is JSON whatever is configured" $? "$(cat "$work/out" "$work/err")"

LC_ALL=C timeout 10 "$cuioctl" --help >"$work/out" 2>&1
! LC_ALL=C grep -q '[^ -~]' "$work/out"
report "help is plain ASCII" $? "$(cat "$work/out")"

echo "1..$count"
[ "$failed" = 0 ]
