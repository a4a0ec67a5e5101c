#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/vm/run itself: what goes in, what comes out, and that nothing stays behind.
set -u

here=$(cd "$(dirname "$0")/.." && pwd)
run=$here/vm/run
. "$here/vm/lib/common.sh"
. "$here/vm/lib/root.sh"
. "$here/vm/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work" "$TAP_OUTPUT"' EXIT
# The guest without cuio: this test needs no build, and fails for no other's fault.
export VM_BARE=1

script() {
    cat >"$work/$1"
    chmod +x "$work/$1"
}

# qemu_left NAME: does a QEMU of that name run?
qemu_left() {
    pgrep -f "^qemu-system.* -name $1\$" >/dev/null
}

script true <<'END'
#!/bin/sh
true
END
status_is 'no script is wrong usage' 2 "$run"
like 'wrong usage shows the usage' "$("$run" 2>&1)" '*Usage: tests/vm/run*'
status_is 'an unknown option is wrong usage' 2 "$run" -x "$work/true"
status_is 'what is no kernel is wrong usage' 2 "$run" -k 6 "$work/true"
status_is 'what is no release is wrong usage' 2 "$run" -r Debian "$work/true"
status_is 'a time limit of nothing is wrong usage' 2 "$run" -t 0 "$work/true"
status_is 'arguments for the script are wrong usage' 2 "$run" "$work/true" more
status_is 'a variable without a name is wrong usage' 2 "$run" -e =x "$work/true"
status_is 'a variable with a blank is wrong usage' 2 "$run" -e 'A=b c' "$work/true"
status_is '-- before the script is wrong usage' 2 "$run" -k 6.12 -- "$work/true"
status_is '--help is no failure' 0 "$run" --help
status_is 'a missing script is a failure' 1 "$run" "$work/none"
like 'a missing script is named' "$("$run" "$work/none" 2>&1)" "*no such file: $work/none"
status_is 'a missing file is a failure' 1 "$run" -f "$work/none" "$work/true"

mkdir "$work/bin"
for tool in bash sh basename dirname realpath cat id uname env mkdir; do
    ln -s "$(command -v $tool)" "$work/bin/$tool"
done
status_is 'a missing tool is 77' 77 env PATH="$work/bin" "$run" "$work/true"
like 'a missing tool is named with its package' "$(PATH=$work/bin "$run" "$work/true" 2>&1)" \
    '*no qemu-system-x86_64 *apt install qemu-system-x86'

# Whatever the caches lack is made here, so that the time limits below are those of a guest alone.
"$run" "$work/true" >"$work/first" 2>&1
status=$?
if [ "$status" = 77 ]; then
    skip 'a guest boots' "$(tail -n 1 "$work/first")"
    exit 0
fi
is 'success is success' "$status" 0
is 'a script that says nothing has no output' "$(grep -v '^tests/vm/run: ' "$work/first")" ''

status_is 'a kernel that the release has not is 77' 77 "$run" -k 5.10 "$work/true"
like 'and is named' "$(cat "$TAP_OUTPUT")" '*of trixie have no package of the kernel 5.10'

# Two guests at once, with different releases, kernels, packages and devices.
mkdir -p "$work/folder/deep"
echo inside >"$work/folder/deep/file"
echo text >"$work/plain"
script tool <<'END'
#!/bin/sh
echo "the tool runs"
END
script first.sh <<'END'
#!/bin/sh
echo "kernel $KERNEL_SHORT, $COUNT$EMPTY"
cat plain folder/deep/file
./tool
echo "on stderr" >&2
echo to the host >/dev/ttyS1
lspci -n -s 00:04.0
printf 'zero\0byte\r\n\377'
cd / || exit
exit 7
END
script second.sh <<'END'
#!/bin/sh
. /etc/os-release
echo "kernel $KERNEL_SHORT of $VERSION_CODENAME"
socat -V | head -n 1
sleep 1000 &
# A port that is opened forgets what it had received.
exec 3</dev/ttyS1
echo early
read -r go <&3
kill -TERM $$
END
mkfifo "$work/go.in" "$work/go.out"
packages=()
for package in $(suite_packages); do
    packages+=(-p "$package")
done
"$run" "${packages[@]}" -r bookworm -k 6.1 -d pci-serial,chardev=go "$work/second.sh" \
    -- -chardev "pipe,id=go,path=$work/go" >"$work/second.out" 2>"$work/second.err" &
second=$!
"$run" -e COUNT=12 -e EMPTY= -f "$work/plain" -f "$work/folder/" -f "$work/tool" -d pci-serial,chardev=line "$work/first.sh" \
    -- -chardev "file,id=line,path=$work/line" >"$work/first.out" 2>"$work/first.err"
is 'the exit status is passed on' $? 7
printf 'kernel 6.12, 12\ntext\ninside\nthe tool runs\non stderr\n00:04.0 00ff: 1234:11e8 (rev 10)\nzero\0byte\r\n\377' >"$work/expected"
ok 'the output is passed on as it is, with variables, files, folders and edu in place' cmp "$work/first.out" "$work/expected"
is 'a clean run says nothing of its own' "$(cat "$work/first.err")" ''
like 'a device has its host end' "$(cat "$work/line")" 'to the host*'
if eventually 300 grep -q early "$work/second.out"; then
    ok 'the output is passed on while the script runs' kill -0 "$second"
else
    fail 'the output is passed on while the script runs' "$(cat "$work/second.err")"
fi
timeout 10 sh -c "echo go >'$work/go.in'"
wait "$second"
is 'a script killed by a signal ends as in a shell' $? 143
like 'another release and kernel boot beside the first, with its packages' "$(cat "$work/second.out")" \
    'kernel 6.1 of bookworm?socat by *'

script sleep.sh <<'END'
#!/bin/sh
sleep 1000
END
status_is 'the time limit ends a hang with 124' 124 "$run" -t 5 "$work/sleep.sh" -- -name "vm-run-limit-$$"
not_ok 'after the time limit no QEMU is left' qemu_left "vm-run-limit-$$"
for signal in TERM INT; do
    # A shell lets its background commands ignore SIGINT.
    env --default-signal=INT "$run" "$work/sleep.sh" -- -name "vm-run-$signal-$$" >"$work/signal.out" 2>&1 &
    runner=$!
    eventually 60 qemu_left "vm-run-$signal-$$"
    kill -$signal "$runner"
    wait "$runner"
    is "SIG$signal ends it" $? $((128 + $(kill -l $signal)))
    not_ok "after SIG$signal no QEMU is left" eventually 1 qemu_left "vm-run-$signal-$$"
done

status_is 'an unknown package is a failure' 1 "$run" -p no-such-package-at-all "$work/true"
like 'an unknown package is named' "$(cat "$TAP_OUTPUT")" '*no package no-such-package-at-all'
status_is 'an unknown device is a failure' 1 "$run" -d no-such-device "$work/true"
like 'what QEMU says of it is shown' "$(cat "$TAP_OUTPUT")" '*no-such-device*'

script panic.sh <<'END'
#!/bin/sh
echo c >/proc/sysrq-trigger
sleep 1000
END
status_is 'a panic ends the run at once' 1 "$run" "$work/panic.sh"
like 'a panic is shown' "$(cat "$TAP_OUTPUT")" '*reported a fault*'
