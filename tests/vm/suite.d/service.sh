#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The service: from nothing to a node, its sandbox, restarts, a late card, and its end.
# limit: 900
. ./tap.sh

devices=/sys/bus/pci/devices
edu=
for card in "$devices"/*; do
    [ "$(cat "$card/vendor"):$(cat "$card/device")" != 0x1234:0x11e8 ] || edu=$(basename "$card")
done

property() { # NAME UNIT
    systemctl show -P "$1" "$2"
}

driver() {
    basename "$(readlink "$devices/$edu/driver" || echo none)"
}

no_binder() { # none is bound, nor being given back
    [ -z "$(systemctl list-units -q --plain --state=active,activating,deactivating 'cuio-bind@*')" ]
}

systemctl stop 'cuiod@*'
eventually 20 no_binder
modprobe -r uio_pci_generic uio cuse

# --- cold start ---

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
is "no module is loaded" "$(lsmod | grep -cE '^(cuse|uio)')" 0
ok "enable --now is all that a user types" systemctl enable --now cuiod@edu0
ok "the node is there when it returns" test -c /dev/edu
is "the card is bound" "$(driver)" uio_pci_generic
is "it answers" "$(cuioctl get --value edu ident)" 0x010000ed
is "the node is root's alone" "$(stat -c %U:%G:%a /dev/edu)" root:root:600

# --- the sandbox ---

pid=$(property MainPID cuiod@edu0)
uid=$(ps -o uid= -p "$pid")
ok "the daemon is a user that systemd made for it" test "$uid" -ge 61184 -a "$uid" -le 65519
is "has no capability" "$(sed -n 's/^CapBnd:\t0*//p; s/^CapEff:\t0*//p' "/proc/$pid/status" | tr -d '\n')" ""
is "has a seccomp filter" "$(sed -n 's/^Seccomp:\t//p' "/proc/$pid/status")" 2
score() { # UNIT LIMIT
    score=$(systemd-analyze security --no-pager "$1" | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\) .*/\1/p')
    ok "systemd's score of $1 is at most $2 (it is $score)" \
        awk -v score="$score" -v limit="$2" 'BEGIN { exit !(score != "" && score <= limit) }'
}
score cuiod@edu0 1.0
score cuio-bind@edu0 2.1 # it is root, loads modules, and becomes another user
ok "the units are without fault" sh -c "systemd-analyze verify --man=no cuiod@edu0.service cuio-bind@edu0.service 2>&1 |
    (! grep cuio)"

# --- restarts ---

number=$(stat -c %t:%T%i /dev/edu)
exec 5<>/dev/edu
ident='import fcntl, sys; b = bytearray(4); fcntl.ioctl(5, 2 << 30 | 4 << 16 | ord("e") << 8 | 1, b); print(b.hex())'
is "a program holds the node" "$(python3 -c "$ident")" ed000001
kill -9 "$pid"
is "it goes on after a crash" "$(python3 -c "$ident")" ed000001
isnt=$(property MainPID cuiod@edu0)
ok "in another process" test "$pid" != "$isnt"
is "with the same node" "$(stat -c %t:%T%i /dev/edu)" "$number"
bound=$(property ActiveEnterTimestampMonotonic cuio-bind@edu0)
ok "an upgrade is a restart" systemctl restart cuiod@edu0
is "and is not noticed either" "$(python3 -c "$ident")" ed000001
is "the card was not bound anew" "$(property ActiveEnterTimestampMonotonic cuio-bind@edu0)" "$bound"
exec 5>&-

# --- group and mode ---

groupadd -f --system cuiolab
sed -i 's/^#Group=.*/Group=cuiolab/' /etc/cuio/edu0.conf
systemctl stop cuiod@edu0
ok "stopped, the node is gone" test ! -e /dev/edu
ok "the binder ends" eventually 20 no_binder
is "and the card is given back" "$(driver)" none
ok "the service starts with a group" systemctl start cuiod@edu0
is "the node has it when start returns" "$(stat -c %U:%G:%a /dev/edu)" root:cuiolab:660
udevadm trigger --action=change /dev/edu
udevadm settle
is "and keeps it over udev's events" "$(stat -c %U:%G:%a /dev/edu)" root:cuiolab:660
sed -i 's/^#Mode=.*/Mode=0664/' /etc/cuio/edu0.conf
systemctl stop cuiod@edu0
systemctl start cuiod@edu0
is "the mode is as configured" "$(stat -c %U:%G:%a /dev/edu)" root:cuiolab:664

sed -i 's/^Mode=.*/Mode=0660/' /etc/cuio/edu0.conf
exec 5<>/dev/edu
systemctl restart cuiod@edu0
is "an edited mode is there after a restart" "$(stat -c %U:%G:%a /dev/edu)" root:cuiolab:660
is "and nobody lost his node for it" "$(python3 -c "$ident")" ed000001
exec 5>&-

# --- a card that goes and comes ---

echo 1 >"$devices/$edu/remove"
ok "without its card the service ends" eventually 30 sh -c "[ \$(systemctl show -P ActiveState cuiod@edu0) = failed ]"
ok "its node is gone" eventually 10 test ! -e /dev/edu
echo 1 >/sys/bus/pci/rescan
ok "when the card is back, so is the node" eventually 30 systemctl is-active cuiod@edu0
is "and answers" "$(cuioctl get --value edu ident)" 0x010000ed
served_again() {
    [ "$(cuioctl get --value edu ident 2>/dev/null)" = 0x010000ed ]
}
for pause in 0 0.3 1 2; do
    echo 1 >"$devices/$edu/remove"
    sleep $pause
    echo 1 >/sys/bus/pci/rescan
    sleep 1
    ok "also when it was away for $pause s" eventually 30 served_again
done
systemctl stop cuiod@edu0
eventually 20 no_binder
echo 1 >"$devices/$edu/remove"
not_ok "without a card the start fails" systemctl start cuiod@edu0
like "and says why" "$(journalctl -u cuio-bind@edu0 -o cat -n 20 --no-pager)" '*there is no card pci:1234:11e8*'
echo 1 >/sys/bus/pci/rescan
ok "the late card starts its service" eventually 30 systemctl is-active cuiod@edu0
systemctl disable --now cuiod@edu0
echo 1 >"$devices/$edu/remove"
echo 1 >/sys/bus/pci/rescan
udevadm settle
sleep 2
not_ok "a service that is not enabled is not started" systemctl is-active cuiod@edu0

# --- mistakes ---

printf '[Device]\nDescription=edu.device\n[Node]\nName=../edu\n' >/etc/cuio/bad0.conf
not_ok "a mistake in the file ends the start" systemctl start cuiod@bad0
like "with its line in the log" "$(journalctl -u cuio-bind@bad0 -o cat -n 20 --no-pager)" '*bad0.conf:4: node name*'
is "nothing is bound" "$(driver)" none
systemctl start cuiod@edu0
sed -i 's/^Description=.*/Description=nosuch.device/' /etc/cuio/edu0.conf
exec 5<>/dev/edu
ok "a mistake made while it runs does not end the service" systemctl restart cuiod@edu0
is "a program that holds the node does not notice" "$(python3 -c "$ident")" ed000001
exec 5>&-
like "the log says with which files it goes on" "$(journalctl -u cuiod@edu0 -o cat -n 20 --no-pager)" '*going on with the files as they were before*'
kill -9 "$(property MainPID cuiod@edu0)"
is "also after a crash" "$(cuioctl get --value edu ident)" 0x010000ed
systemctl stop cuiod@edu0
eventually 20 no_binder
not_ok "a mistake ends a start" systemctl start cuiod@edu0
is "in a clear state" "$(property ActiveState cuio-bind@edu0)/$(property Result cuio-bind@edu0)" failed/exit-code
like "with its line in the log" "$(journalctl -u cuio-bind@edu0 -o cat -n 20 --no-pager)" '*edu0.conf:*: no description "nosuch.device"*'
ok "and the card is given back" eventually 20 no_binder

# --- orders of operations ---

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
service=cuiod@edu0 binder=cuio-bind@edu0 mark=/run/cuio/edu0/handed-over
crash() {
    systemctl kill --signal=KILL $service
}
mistake() {
    sed -i 's/^Description=.*/Description=nosuch.device/' /etc/cuio/edu0.conf
}
corrected() {
    cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
}
unbind() {
    echo "$edu" >"$devices/$edu/driver/unbind"
}
left_mark() { # of a store that is gone
    mkdir -p "$(readlink -m "${mark%/*}")"
    echo "$mark_text" >"$mark"
}
served() {
    [ "$(property ActiveState $service)" = active ] && served_again
}
failed() {
    [ "$(property ActiveState $service)" = failed ]
}
systemctl start $service
mark_text=$(cat "$mark")
while IFS='|' read -r node commands; do
    systemctl start $service
    exec 5<>/dev/edu
    eval "$commands" 2>/dev/null
    if ! eventually 15 served; then
        fail "$commands: the service works" "$(systemctl status --no-pager $service $binder)"
        systemctl stop $service
        systemctl reset-failed
    elif [ "$node" = held ]; then
        is "$commands: programs do not notice" "$(python3 -c "$ident" 2>&1)" ed000001
    else
        pass "$commands: the service works"
    fi
    exec 5>&-
done <<'ORDERS'
held|systemctl restart $binder
held|systemctl restart $binder $service
held|systemctl daemon-reload; systemctl try-restart $binder
held|systemctl enable $service; systemctl restart $binder; systemctl disable $service
held|crash; systemctl restart $binder
held|crash; systemctl reset-failed; systemctl daemon-reload
held|systemctl kill $service; systemctl restart $binder
held|systemctl daemon-reexec; systemctl restart $binder
held|mistake; systemctl restart $binder; corrected
held|systemctl --no-block restart $binder; systemctl --no-block restart $service
fresh|systemctl stop $binder; systemctl start $service
fresh|systemctl stop $service; systemctl restart $binder; systemctl start $service
fresh|systemctl stop $binder; systemctl start $binder; systemctl start $service
fresh|systemctl --no-block stop $service; systemctl start $service
fresh|unbind; systemctl restart $binder
fresh|crash; unbind; eventually 30 failed; systemctl start $service
fresh|rm $mark; systemctl restart $service
fresh|rm $mark; systemctl restart $binder; systemctl start $service
fresh|systemctl stop $service; left_mark; systemctl start $service
ORDERS

# --- faults outside of calls ---

systemctl start $service
exec 5<>/dev/edu
crashed() { # one that serves: before it has the saved memory nothing is counted
    pid=$(property MainPID $service)
    [ "$pid" != 0 ] && [ "$pid" != "$before" ] && served && systemctl kill --signal=SEGV $service
}
before=0
for crash in 1 2; do
    eventually 20 crashed
    before=$pid
done
is "two faults while nothing is done are not noticed" "$(python3 -c "$ident")" ed000001
is "nor delay anything" "$(journalctl -u $service -o cat -n 20 --no-pager | grep -c 'starting in')" 0
for crash in 3 4 5 6 7 8 9 10; do
    eventually 60 crashed
    before=$pid
done
ok "after ten the service gives up" eventually 60 failed
is "with its own status" "$(property ExecMainStatus $service)" 90
is "each start after the third was delayed" \
    "$(journalctl -u $service -o cat --no-pager | grep -o 'starting in [0-9]* ms' | tail -n 7 | tr -dc '0-9\n' | tr '\n' ' ')" \
    "50 100 200 400 800 1600 3200 "
exec 5>&-
systemctl reset-failed
systemctl start $service
is "and it starts again when it is told to" "$(cuioctl get --value edu ident)" 0x010000ed

# --- shortages that pass ---

# Every number of free pages: the start works or fails, but is never one half of what it should be.
fill() {
    cat /dev/zero >/run/fill 2>/dev/null
    truncate -s "-$(($1 * 4096))" /run/fill
}
for pages in 0 1 2 3 4 5 6; do
    systemctl stop $service
    eventually 20 no_binder
    fill $pages
    systemctl --no-block start $service
    sleep 1.5
    rm -f /run/fill
    if ! eventually 60 served; then
        fail "started with $pages free pages in /run it comes up when there are more" \
            "$(systemctl status --no-pager $service $binder)"
        systemctl reset-failed
        continue
    fi
    exec 5<>/dev/edu
    crash
    is "started with $pages free pages in /run it survives a crash" "$(python3 -c "$ident" 2>&1)" ed000001
    exec 5>&-
done

# Only root has descriptors then; the others are short of them for a while.
exec 5<>/dev/edu
files=$(cat /proc/sys/fs/file-max)
echo 1 >/proc/sys/fs/file-max
crash
sleep 2
echo "$files" >/proc/sys/fs/file-max
is "a crash while the machine has no descriptor left is not noticed" "$(python3 -c "$ident" 2>&1)" ed000001
exec 5>&-

systemctl start $service
systemctl stop $service
ok "stopped, the node is gone all the same" test ! -e /dev/edu
ok "and the card is given back" eventually 20 no_binder
is "to nobody" "$(driver)" none
mkdir -p /run/systemd/system/$service.service.d
printf '[Service]\nFileDescriptorStoreMax=0\n' >/run/systemd/system/$service.service.d/store.conf
systemctl daemon-reload
not_ok "without a store the start fails" systemctl start $service
ok "for good, after another one" eventually 60 failed
rm -r /run/systemd/system/$service.service.d
systemctl daemon-reload
systemctl reset-failed
eventually 20 no_binder

# --- the simulator ---

cp /usr/share/doc/cuio/examples/{edu0,edusim0,litepcie0}.conf /etc/cuio/
modprobe -r uio_pci_generic uio cuse
ok "the simulator needs no card" systemctl start cuiod@edusim0
is "and no uio" "$(lsmod | grep -c ^uio)" 0
is "its node answers" "$(cuioctl get --value edusim ident)" 0x010000ed
cuioctl set edusim liveness=0x1234
kill -9 "$(property MainPID cuiod@edusim0)"
is "its registers survive a crash" "$(cuioctl get --value edusim liveness)" 0xffffedcb
exec 5<>/dev/edusim
ok "its binder can be restarted" systemctl restart cuio-bind@edusim0
is "which nobody notices" "$(cuioctl get --value edusim liveness; python3 -c "$ident")" "0xffffedcb
ed000001"
exec 5>&-
ok "the third example works too" systemctl start cuiod@litepcie0
ok "with its node" test -c /dev/litepcie0
systemctl stop cuiod@edusim0 cuiod@litepcie0
rm -f /etc/cuio/bad0.conf /etc/cuio/edu0.conf /etc/cuio/edusim0.conf /etc/cuio/litepcie0.conf
systemctl reset-failed
