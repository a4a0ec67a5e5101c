#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's part of `make demo`: what an owner of the card would do, with what comes of it.

failed=0
title() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
# run COMMAND...: shows the command and its output
run() {
    printf '$ %s\n' "$*"
    "$@" 2>&1 | sed 's/^/  /'
    local status=${PIPESTATUS[0]}
    [ "$status" = 0 ] || { failed=1; say "(ended with status $status)"; }
}
# shell LINE
shell() {
    printf '$ %s\n' "$1"
    bash -c "$1" 2>&1 | sed 's/^/  /'
    [ "${PIPESTATUS[0]}" = 0 ] || failed=1
}

title "A stock kernel, and a card that nobody drives"
run uname -sr
run lspci -nnks 00:04.0
shell 'lsmod | grep -E "^(cuse|uio)" || echo "neither cuse nor uio is loaded"'

title "What the user types: an instance file, and one command"
shell 'cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/; grep -v "^#" /etc/cuio/edu0.conf | grep .'
run systemctl enable --now cuiod@edu0
run ls -l /dev/edu
run systemctl show -P StatusText -P User cuiod@edu0

title "A program written for the kernel module opens the node unchanged"
run ./edu-tool /dev/edu ident
run ./edu-tool /dev/edu liveness 0x12345678
run ./edu-tool /dev/edu factorial 10

title "A line of shell: write() starts a factorial, read() waits for the interrupt that ends it"
shell "printf '\\x0c\\0\\0\\0' >/dev/edu; dd if=/dev/edu bs=4 count=1 status=none | od -An -tu4"
say "12! = 479001600"

title "The registers, by name"
run cuioctl dump edu
run cuioctl get edu status.busy status.irqfact

title "An interrupt: one program waits, another raises it"
printf '$ cuioctl wait edu & cuioctl set edu irq_raise=0x80\n'
cuioctl wait edu --timeout 60 >wait.txt 2>&1 &
waiter=$!
# The wait is a request that the daemon has parked: then the interrupt cannot come too early.
until cuioctl --json info edu | grep -Eq '"(parked|waiting)[a-z_-]*": *1'; do
    kill -0 "$waiter" 2>/dev/null || break
done
cuioctl set edu irq_raise=0x80
wait "$waiter" || failed=1
sed 's/^/  /' wait.txt

title "A crash: a program holds the node open and waits; the daemon is killed"
python3 - <<'PY' || failed=1
import os, signal, struct, subprocess, threading

def show(*words):
    return subprocess.run(["systemctl", "show", "-P", *words, "cuiod@edu0"],
                          capture_output=True, text=True).stdout.strip()

def parked():
    import json
    info = json.loads(subprocess.run(["cuioctl", "--json", "info", "edu"],
                                     capture_output=True, text=True).stdout)
    text = json.dumps(info)
    return any('"%s": %s' % (key, value) in text
               for key in ("parked", "waiting") for value in ("1", '"1"'))

node = os.open("/dev/edu", os.O_RDWR)
result = []
reader = threading.Thread(target=lambda: result.append(os.read(node, 4)))
reader.start()
while not parked():
    pass
old = int(show("MainPID"))
print("  a thread is blocked in read(); kill -9", old)
os.kill(old, signal.SIGKILL)
print("  the same descriptor: write(6) ...", end=" ", flush=True)
os.write(node, struct.pack("<I", 6))
reader.join()
print("the blocked read() returns", struct.unpack("<I", result[0])[0])
new = int(show("MainPID"))
print("  systemd has started a successor:", new, "instead of", old)
assert new != old and struct.unpack("<I", result[0])[0] == 720
PY
shell 'cuioctl info edu | grep -iE "^(went on|generation|last crash|open files|requests)"'

title "The sandbox it runs in"
shell 'systemd-analyze security --no-pager cuiod@edu0 | tail -n 1'

title "Stopping gives the card back"
run systemctl stop cuiod@edu0
# The binder is stopped by systemd itself, after the daemon, and "systemctl stop" does not wait for it.
timeout 30 sh -c 'while [ -e /sys/bus/pci/devices/0000:00:04.0/driver ]; do sleep 0.1; done' ||
    { failed=1; say "(the card still has a driver, 30 seconds later)"; }
shell 'ls /dev/edu 2>&1 | sed "s/^ls: //"; true'
run lspci -nnks 00:04.0

title "$([ "$failed" = 0 ] && echo 'That was it. README.md goes on with "Your own card".' || echo 'Something above went wrong.')"
exit "$failed"
