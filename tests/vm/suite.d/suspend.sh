#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the machine sleeps (S3 and s2idle) while programs wait in every way on nodes and files, and
# daemons are killed before, meanwhile and after. QEMU's cards lose their registers in S3.
# Nothing ends s2idle in QEMU: the kernel goes all of the way but the last step, and back (pm_test).
# vm: -d pci-serial,chardev=serial,addr=0x10 -d i6300esb -f tests/vm/programs/suspend.py
# vm: -d ne2k_pci,netdev=ne2000,mac=52:54:00:12:34:56,romfile=
# vm-qemu: -chardev socket,id=serial,path=@RUN@/serial,server=on,wait=off
# vm-qemu: -netdev user,id=ne2000,guestfwd=tcp:10.0.2.100:80-cmd:@ROOT@/tests/vm/host/network-server
# limit: 900
. ./tap.sh

units=
for name in edu0 edusim0 ttyCU0 watchdogCU0 ne0; do
    cp /usr/share/doc/cuio/examples/$name.conf /etc/cuio/
    units="$units cuiod@$name"
done
sed -i 's/^Card=.*/Card=pci:0000:00:10.0/' /etc/cuio/ttyCU0.conf
sed -i 's/^\[Device\]/&\nFront=file/' /etc/cuio/edusim0.conf
# The chip counts in the machine's time, and nobody pings it while the test waits.
sed -i 's/^Timeout=.*/Timeout=2000/' /etc/cuio/watchdogCU0.conf
# shellcheck disable=SC2086
ok 'the services start' systemctl start $units

# The alarm is set when nothing is left to be done but to sleep. systemd runs this last.
mkdir -p /usr/lib/systemd/system-sleep /etc/systemd/sleep.conf.d /etc/systemd/system/cuio-sleep.service.d
cat >/usr/lib/systemd/system-sleep/alarm <<'SH'
#!/bin/sh
[ "$1" = pre ] || exit 0
echo 0 >/sys/class/rtc/rtc0/wakealarm
echo +8 >/sys/class/rtc/rtc0/wakealarm
SH
chmod +x /usr/lib/systemd/system-sleep/alarm
# Killed when the programs are held. What is started again then is frozen, or starts when the machine is awake.
cat >/run/kill-held <<'SH'
#!/bin/sh
[ -e /run/kill-at ] || exit 0
rm /run/kill-at
systemctl kill --kill-whom=main -s KILL 'cuiod@*'
SH
chmod +x /run/kill-held
printf '[Service]\nExecStartPost=+/run/kill-held\n' >/etc/systemd/system/cuio-sleep.service.d/kill.conf
systemctl daemon-reload
ok 'the unit that holds programs is without fault' sh -c "systemd-analyze verify --man=no cuio-sleep.service 2>&1 | (! grep cuio)"

# --- however the holding ends, programs go on ---

state_is() { # PID STATES
    [[ $(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status") == [$2] ]]
}

sleep 100000 5<>/dev/edu &
program=$!
/usr/libexec/cuio/cuio-helper sleep &
helper=$!
ok 'a program that has a node open is held' eventually 20 state_is $program t
kill -9 $helper
ok 'it goes on when its holder is killed' eventually 20 state_is $program S
wait $helper 2>/dev/null
printf '[Sleep]\nSuspendState=none-such\n' >/etc/systemd/sleep.conf.d/test.conf
not_ok 'a sleep fails' systemctl start systemd-suspend.service
ok 'the holding ends' eventually 20 sh -c '[ "$(systemctl is-active cuio-sleep)" = inactive ]'
ok 'and the program goes on' state_is $program S
kill $program
wait $program 2>/dev/null

# --- sleeps ---

for state in mem freeze; do
    if ! grep -qw $state /sys/power/state || ! test -e /sys/power/pm_test; then
        skip "the machine sleeps: $state" "not in this machine"
        continue
    fi
    [ $state = mem ] || echo platform >/sys/power/pm_test
    printf '[Sleep]\nSuspendState=%s\n' $state >/etc/systemd/sleep.conf.d/test.conf
    kills='none before at after'
    [ "${LENGTH-}" != short ] || [ $state = mem ] || kills=none
    # shellcheck disable=SC2086
    timeout 1200 python3 suspend.py $state $kills || fail "$state: the programs come to their end" "$?"
done
# shellcheck disable=SC2086
is 'no service has failed' "$(systemctl is-failed $units | sort -u)" active
# shellcheck disable=SC2086
ok 'all stop' systemctl stop $units
[ ! -e /sys/power/pm_test ] || echo none >/sys/power/pm_test
rm -rf /usr/lib/systemd/system-sleep/alarm /etc/systemd/sleep.conf.d/test.conf /etc/systemd/system/cuio-sleep.service.d
rm -f /etc/cuio/{edu0,edusim0,ttyCU0,watchdogCU0,ne0}.conf
systemctl daemon-reload
