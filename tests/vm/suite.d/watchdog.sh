#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the watchdog of Intel's 6300ESB as /dev/watchdogCU0. QEMU tells what the chip does at its
# end: an event and, as it is told to, nothing else.
# vm: -K -q -d i6300esb -p busybox -p watchdog
# vm: -f tests/vm/programs/watchdog.py -f tests/vm/programs/watchdog-hostile.py -f tests/vm/programs/watchdog-kills.py
# limit: 540
. ./tap.sh

UNIT=cuiod@watchdogCU0
NODE=/dev/watchdogCU0

cat >monitor.py <<'PY'
# Notes each expiry that QEMU tells of.
import json
port = open("/dev/virtio-ports/cuio.qmp", "r+b", buffering=0)
for command in ({"execute": "qmp_capabilities"},
                {"execute": "watchdog-set-action", "arguments": {"action": "none"}}):
    port.write(json.dumps(command).encode() + b"\n")
while True:
    message = json.loads(port.readline())
    with open("monitor", "a") as file:
        print(message.get("event", "answer" if "return" in message else "greeting"), file=file)
PY

expiries() {
    grep -c WATCHDOG monitor
}

# more_than COUNT: expiries
more_than() {
    [ "$(expiries)" -gt "$1" ]
}

counts() {
    cuioctl get "$NODE" lock.enable | grep -q 0x1
}

counts_no_more() {
    ! counts
}

python3 monitor.py &
monitor=$!
ok "QEMU tells what it sees" eventually 20 sh -c '[ "$(grep -c answer monitor)" = 2 ]'

cp /usr/share/doc/cuio/examples/watchdogCU0.conf /etc/cuio/
ok "the service starts" systemctl start $UNIT

# --- programs ---

not_ok "cuioctl starts nothing" counts
like "wdctl knows it" "$(wdctl $NODE)" '*Identity:*i6300ESB timer*Timeout:*30 seconds*Timeleft:*30 seconds*MAGICCLOSE*'
not_ok "and leaves it stopped" counts
like "wdctl sets its time" "$(wdctl -s 40 $NODE)" '*set to 40 seconds*'
like "which stays set" "$(wdctl $NODE)" '*Timeout:*40 seconds*'

busybox watchdog -F -T 20 -t 1 $NODE &
program=$!
ok "busybox watchdog starts it" eventually 20 counts
like "with its time" "$(cuioctl ioctl $NODE WDIOC_GETTIMEOUT)" '*20*'
kill $program
wait $program
ok "and stops it" eventually 20 counts_no_more

printf '%s\n' "watchdog-device = $NODE" 'watchdog-timeout = 25' 'interval = 1' 'realtime = no' >watchdog.conf
watchdog -F -v -c watchdog.conf >watchdog.log 2>&1 &
program=$!
ok "watchdog(8) pings it" eventually 30 grep -q 'still alive after 1 ' watchdog.log
like "knows what it is" "$(cat watchdog.log)" '*now set to 25 seconds*identity: i6300ESB timer*'
ok "while it runs" counts
kill $program
wait $program
ok "and stops it at its end" eventually 20 counts_no_more

# --- what programs may try ---

python3 watchdog-hostile.py || fail "the program comes to its end"
not_ok "it is stopped then" counts

# --- without the memory of its callers ---

like "root is warned: the daemon can reach its memory" "$(cuioctl info $NODE 2>&1 >/dev/null)" \
    "*$NODE: its ioctls are unrestricted*Ioctl=restricted*"
is "in one line" "$(cuioctl info $NODE 2>&1 >/dev/null | wc -l)" 1
sed -i 's/^Description=.*/&\nIoctl=restricted/' /etc/cuio/watchdogCU0.conf
ok "restricted, the service starts" systemctl restart $UNIT
is "nobody is warned" "$(cuioctl info $NODE 2>&1 >/dev/null)" ""
like "wdctl sets its time, restricted" "$(wdctl -s 40 $NODE)" '*set to 40 seconds*'
like "restricted, wdctl knows it" "$(wdctl $NODE)" '*Identity:*i6300ESB timer*Timeout:*40 seconds*MAGICCLOSE*'
busybox watchdog -F -T 20 -t 1 $NODE 2>busybox.log &
program=$!
ok "busybox watchdog starts it, restricted" eventually 20 counts
kill $program
wait $program
ok "and stops it, restricted" eventually 20 counts_no_more
like "it only warned" "$(cat busybox.log)" '*Inappropriate ioctl*'
watchdog -F -v -c watchdog.conf >watchdog.log 2>&1 &
program=$!
ok "watchdog(8) pings it, restricted" eventually 30 grep -q 'still alive after 1 ' watchdog.log
kill $program
wait $program
ok "and stops it at its end, restricted" eventually 20 counts_no_more
like "the one ioctl that needs more is unknown" "$(cuioctl ioctl $NODE WDIOC_SETOPTIONS value=1 2>&1)" '*ENOTTY*'
cp /usr/share/doc/cuio/examples/watchdogCU0.conf /etc/cuio/
ok "and back" systemctl restart $UNIT

# --- expiries ---

before=$(expiries)
cat >holder.py <<'PY'
# Opens it, says so, and waits.
from watchdog import *
node = os.open(NODE, os.O_WRONLY)
ioctl(node, SET, int(sys.argv[1]))
print("opened", flush=True)
signal.pause()
PY
# hold SECONDS: a program that does not ping it
hold() {
    : >held
    python3 holder.py "$1" >held &
    holder=$!
    eventually 30 grep -q opened held
}
hold 1
ok "a program that does not ping it lets it expire" eventually 30 more_than "$before"
before=$(expiries)
kill -9 $holder
wait $holder 2>/dev/null
hold 30
like "cuioctl does not stop it while a program has it" "$(cuioctl ioctl $NODE WDIOC_SETOPTIONS value=1 2>&1)" "*EBUSY*"
ok "so that it goes on" counts
like "but looks at it" "$(cuioctl ioctl $NODE WDIOC_GETTIMEOUT)" '*30*'
kill -9 $holder
wait $holder 2>/dev/null
ok "a program that is killed does not stop it" counts
like "the log says so" "$(journalctl -u $UNIT -o cat)" "*closed without a 'V'*"
cuioctl dump $NODE >/dev/null
ok "looking changes nothing" counts
ok "wdctl opens it again, and stops it" wdctl $NODE
not_ok "so that it does not run" counts
is "nothing has expired meanwhile" "$(expiries)" "$before"

# --- the daemon's death ---

timeout 360 python3 watchdog-kills.py || fail "the program comes to its end"
not_ok "it is stopped at the close" counts
is "nothing has expired" "$(expiries)" "$before"

# The daemon that dies where it is told: after the first of the writes that open a register.
drop_in=/run/systemd/system/$UNIT.service.d
mkdir -p $drop_in
printf '[Service]\nExecStart=\nExecStart=%s %%i\n' "$PWD/cuiod-killable" >$drop_in/killable.conf
systemctl daemon-reload
systemctl restart $UNIT
cat >unlocking.py <<'PY'
from watchdog import *
import shutil
KILL = "/run/cuio/watchdogCU0/kill"


def dies_within(name):
    with open("order", "w") as file:
        file.write(f"register-written {name} 1\n")
    shutil.move("order", KILL)


def died(name, got, expected):
    claim(f"{name}, within which the daemon dies", (got, os.path.exists(KILL)), (expected, False))


dies_within("open")
node = os.open(NODE, os.O_WRONLY)
died("open", ioctl(node, GET), 15)
dies_within("ioctl")
died("ioctl", [ioctl(node, SET, 50), ioctl(node, GET)], [50, 50])
dies_within("write")
died("write", [os.write(node, b"V"), ioctl(node, STATUS)], [1, 0x8100])
dies_within("release")
os.close(node)
died("release", None, None)
PY
python3 unlocking.py || fail "the program comes to its end"
not_ok "it is stopped at the close, too" counts
rm $drop_in/killable.conf

# pings SECONDS: a program that would ping it as long as it can
pings() {
    python3 -c '
import sys, time
from watchdog import *
node = os.open(NODE, os.O_WRONLY)
ioctl(node, SET, int(sys.argv[1]))
print("opened", flush=True)
while True:
    os.write(node, b"x")
    time.sleep(0.1)' "$1" >pinged 2>&1 &
    program=$!
    eventually 30 grep -q opened pinged
}
printf '[Service]\nRestart=no\n' >$drop_in/restart.conf
systemctl daemon-reload
pings 2
systemctl kill -s KILL $UNIT
ok "a daemon that is killed and not restarted lets it expire" eventually 60 more_than "$before"
kill $program 2>/dev/null
wait $program
is "no driver of the kernel has touched it" "$(basename "$(readlink /sys/bus/pci/drivers/uio_pci_generic/0000:*/driver)")" uio_pci_generic
rm -r $drop_in
systemctl daemon-reload

# --- the service's end ---

ok "the service starts again" systemctl start $UNIT
like "the machine was to be reset" "$(wdctl $NODE)" '*CARDRESET*'
pings 30
before=$(expiries)
ok "a restart" systemctl restart $UNIT
is "lets nothing expire" "$(expiries)" "$before"
ok "the program goes on" kill -0 $program
kill -9 $program
wait $program 2>/dev/null
hold 2
ok "a stop" systemctl stop $UNIT
ok "leaves the timer running until it expires" eventually 60 more_than "$before"
kill $holder
wait $holder 2>/dev/null

# --- the same chip by a description alone: programs see the same ---

cat >/etc/cuio/devices/esb-steps.device <<'DEVICE'
[Device]
Match=pci:8086:25ab
Class=watchdog
RestoreDriver=no
[Node]
Name=watchdogCU0
[Window bar0]
Bar=0
Size=0x10
[Window config]
Type=config
Size=0x100
[Register timer1]
Window=bar0
Offset=0x00
[Register timer2]
Window=bar0
Offset=0x04
[Register reload]
Window=bar0
Offset=0x0c
Width=16
Field=timeout 9
[Register config]
Window=config
Offset=0x60
Width=16
[Register lock]
Window=config
Offset=0x68
Width=8
Field=enable 1

[Watchdog]
Identity=i6300ESB timer
MaxTimeout=2046
Second=1006632960ns
[Start]
Step=write reload 0x80
Step=write reload 0x86
Step=write reload 0x300
Step=write config 3
[Resume]
Step=write reload 0x80
Step=write reload 0x86
Step=write reload 0
[Watchdog Start]
Step=write config 3
Step=write lock 2
Step=read lock.enable enabled
Step=fail EIO if !enabled
[Watchdog Stop]
Step=write lock 0
Step=read lock.enable enabled
Step=fail EBUSY if enabled
[Watchdog Ping]
Step=write reload 0x80
Step=write reload 0x86
Step=write reload 0x100
[Watchdog SetTimeout]
Step=write reload 0x80
Step=write reload 0x86
Step=write timer1 timeout << 9
Step=write reload 0x80
Step=write reload 0x86
Step=write timer2 timeout << 9
[Watchdog Running]
Step=read lock.enable enabled
Step=return enabled
DEVICE
printf '[Device]\nDescription=esb-steps.device\n' >/etc/cuio/watchdogCU0.conf
# by_steps PROGRAM: the program's claims, under names of their own
by_steps() {
    timeout 360 python3 "$1" >by-steps || fail "the program comes to its end by steps"
    sed -E 's/^((not )?ok -)/\1 by steps:/' by-steps
}
ok "the service starts with a description alone" systemctl start $UNIT
not_ok "and the timer does not run" counts
like "wdctl knows it" "$(wdctl $NODE)" '*Identity:*i6300ESB timer*Timeout:*30 seconds*Timeleft:*30 seconds*MAGICCLOSE*'
busybox watchdog -F -T 20 -t 1 $NODE &
program=$!
ok "busybox watchdog starts it by steps" eventually 20 counts
kill $program
wait $program
ok "and stops it by steps" eventually 20 counts_no_more
watchdog -F -v -c watchdog.conf >watchdog.log 2>&1 &
program=$!
ok "watchdog(8) pings it by steps" eventually 30 grep -q 'still alive after 1 ' watchdog.log
kill $program
wait $program
ok "and stops it at its end by steps" eventually 20 counts_no_more
by_steps watchdog-hostile.py
before=$(expiries)
by_steps watchdog-kills.py
not_ok "it is stopped at the close by steps" counts
is "nothing has expired by steps" "$(expiries)" "$before"
hold 1
ok "a program that does not ping it lets it expire by steps" eventually 30 more_than "$before"
kill $holder
wait $holder 2>/dev/null
systemctl stop $UNIT

# --- cards of other makers by their descriptions, on the simulator ---

# reads FIELD VALUE
reads() {
    cuioctl get "$NODE" "$1" | grep -q "$2"
}

# other_card NAME IDENTITY FIELD: programs start, ping and stop it; FIELD is 1 while it counts
other_card() {
    printf '[Device]\nDescription=%s.device\nBackend=sim\n' "$1" >/etc/cuio/watchdogCU0.conf
    ok "$1: the service starts" systemctl start $UNIT
    like "$1: wdctl knows it" "$(wdctl $NODE)" "*Identity:*$2*Timeout:*30 seconds*MAGICCLOSE*"
    like "$1: wdctl sets its time" "$(wdctl -s 50 $NODE)" '*set to 50 seconds*'
    busybox watchdog -F -T 20 -t 1 $NODE &
    program=$!
    ok "$1: busybox watchdog starts it" eventually 20 reads "$3" 0x1
    kill -9 "$(systemctl show -P MainPID $UNIT)"
    ok "$1: over a crash it counts" eventually 20 reads "$3" 0x1
    kill $program
    wait $program
    ok "$1: and busybox watchdog stops it" eventually 20 reads "$3" 0x0
    watchdog -F -v -c watchdog.conf >watchdog.log 2>&1 &
    program=$!
    ok "$1: watchdog(8) pings it" eventually 30 grep -q 'still alive after 1 ' watchdog.log
    kill $program
    wait $program
    ok "$1: and stops it at its end" eventually 20 reads "$3" 0x0
    systemctl stop $UNIT
}
other_card hpwdt 'HPE iLO2+ HW Watchdog Timer' control.run
other_card alim1535 'ALi M1535 WatchDog Timer' timer.reset

# --- what cannot be stopped ---

printf '[Device]\nDescription=i6300esb.device\n[Driver]\nTimeout=1\nNoWayOut=yes\n' >/etc/cuio/watchdogCU0.conf
ok "the service starts with NoWayOut=yes" systemctl start $UNIT
before=$(expiries)
cat >nowayout.py <<'PY'
from watchdog import *
node = os.open(NODE, os.O_WRONLY)
claim("it cannot be stopped", ioctl(node, OPTIONS, 1), "EBUSY")
os.write(node, b"V")
os.close(node)
PY
python3 nowayout.py
ok "not by a V either" eventually 30 more_than "$before"
systemctl stop $UNIT
kill $monitor
