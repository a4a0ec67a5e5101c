#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A 16550A served as /dev/ttyCU0, and two on one card, used by programs that know nothing of cuio; the
# host is at the other end of each line.
# vm: -d pci-serial,chardev=serial,addr=0x10 -f tests/vm/serial
# vm: -d pci-serial-2x,chardev1=port0,chardev2=port1,addr=0x11
# vm: -f @BUILD@/programs/serial-32 -f @BUILD@/programs/serial-64 -f @VM@/source-pyserial
# vm: -p python3-serial -p picocom -p screen -p tio -p minicom -p socat -p busybox -p lrzsz -p setserial
# vm-qemu: -chardev socket,id=serial,path=@RUN@/serial,server=on,wait=off
# vm-qemu: -chardev socket,id=port0,path=@RUN@/port0/serial,server=on,wait=off
# vm-qemu: -chardev socket,id=port1,path=@RUN@/port1/serial,server=on,wait=off
# vm-before: mkdir @RUN@/port0 @RUN@/port1
# vm-host: tests/vm/serial/host @RUN@
# vm-host: tests/vm/serial/host @RUN@/port0 200000 0
# vm-host: tests/vm/serial/host @RUN@/port1 200000 1
# limit: 1150
. ./tap.sh

node=/dev/ttyCU0

kill_daemon() {
    kill -9 "$(systemctl show -P MainPID cuiod@ttyCU0)"
}

# A port of QEMU's sends at once, whatever its speed: the one test that needs it to be slow fails.
cancelled='FAIL: test_cancel_once (test_cancel.TestCancelWrite.test_cancel_once)'
theirs=$(find /sys/bus/pci/devices/0000:00:10.0/ -path '*/tty/ttyS*' -prune -printf '/dev/%f')
python3 source-pyserial/test/test_cancel.py "$theirs" >kernel.log 2>&1
is "pyserial's test of a slow write, with the kernel's driver" "$(grep -E '^(FAIL|ERROR):' kernel.log)" \
    'FAIL: test_cancel_once (__main__.TestCancelWrite.test_cancel_once)'

sed 's/^Card=.*/Card=pci:0000:00:10.0/; s/^#RxTrigger=.*/RxTrigger=14/' /usr/share/doc/cuio/examples/ttyCU0.conf >/etc/cuio/ttyCU0.conf
ok 'the service starts' systemctl start cuiod@ttyCU0
is 'the node is of the group that serial ports are of' "$(stat -c '%G %a' $node)" 'dialout 660'

# --- settings ---

ok 'it is a terminal' test -t 0 <$node
like 'as the kernel has a new serial port: 9600 8N1, cooked' "$(stty -F $node -a | tr -s '\n ' '  ')" \
    'speed 9600 baud; rows 0; columns 0; line = 0; * -parenb * cs8 hupcl -cstopb cread clocal -crtscts * icrnl ixon * opost * onlcr * isig icanon iexten echo *'
ok 'stty sets what it is asked for' stty -F $node 57600 cs7 parenb parodd cstopb crtscts rows 24 cols 80 erase ^H
is 'and finds it again' "$(stty -F $node speed; stty -F $node size)" '57600
24 80'
like 'with a first program that has gone' "$(stty -F $node -a | tr -s '\n ' '  ')" '*erase = ^H;*parenb parodd* cs7 hupcl cstopb*crtscts*'
not_ok 'a speed beyond the port is said to be none of its' stty -F $node 230400
is 'it has the nearest then' "$(stty -F $node speed)" 115200
ok 'stty sane' stty -F $node sane -parenb -parodd cs8 -cstopb -crtscts 115200
like 'setserial knows the port' "$(setserial -a $node)" '*UART: 16550A*Baud_base: 115200*closing_wait: 3000*'

# --- programs, and the host, which answers in capitals ---

stty -F $node raw -echo 115200
cat $node >got &
cat=$!
eventually 20 sh -c "ls -l /proc/$cat/fd | grep -q ttyCU0"
echo first >$node
ok 'echo and cat' eventually 20 grep -q FIRST got
kill $cat
wait $cat 2>/dev/null
exec 3<>$node
echo second >&3
is 'dd' "$(dd bs=1 count=6 <&3 2>/dev/null)" SECOND
dd bs=1 count=2 <&3 >/dev/null 2>&1
stty -F $node min 0 time 5
is 'a read with a time-out ends with nothing' "$(dd bs=10 count=1 <&3 2>/dev/null)" ''
stty -F $node icanon icrnl
echo third >&3
read -r line <&3
is 'a line' "$line" THIRD
exec 3>&-
stty -F $node sane raw -echo 115200

ok 'picocom' serial/talk picocom-word picocom -q -b 115200 $node
ok 'tio' serial/talk tio-word tio -b 115200 $node
ok 'minicom' serial/talk minicom-word minicom -o -D $node -b 115200
ok 'screen' serial/talk screen-word screen -S serial $node 115200
# What has the port open is a daemon of its own.
screen -S serial -X quit >/dev/null
ok 'and it ends' eventually 20 sh -c '! pgrep -x screen'
ok 'busybox microcom' serial/talk microcom-word busybox microcom -s 115200 $node
ok 'socat' serial/talk socat-word socat -,raw,echo=0,escape=0x1d $node,raw,echo=0,b115200
ok "pyserial's miniterm" serial/talk miniterm-word python3 -m serial.tools.miniterm --raw $node 115200

# --- who may open it ---

cat >exclusive.py <<'PY'
import fcntl, os, sys, termios
fd = os.open("/dev/ttyCU0", os.O_RDWR | os.O_NOCTTY)
fcntl.ioctl(fd, termios.TIOCEXCL)
os.close(os.open("/dev/ttyCU0", os.O_RDWR | os.O_NOCTTY))
if os.fork() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[1]))
    os.setuid(65534)
    try:
        os.open("/dev/ttyCU0", os.O_RDWR | os.O_NOCTTY)
        os._exit(1)
    except OSError as error:
        print(os.strerror(error.errno), flush=True)
        os._exit(0)
os.wait()
fcntl.ioctl(fd, termios.TIOCNXCL)
PY
is 'an exclusive port is open to root alone' "$(python3 exclusive.py "$(getent group dialout | cut -d: -f3)" 2>&1)" \
    'Device or resource busy'

# --- in loopback ---

cat >loop.py <<'PY'
import fcntl, os, struct, sys, termios
fd = os.open("/dev/ttyCU0", os.O_RDWR | os.O_NOCTTY)
fcntl.ioctl(fd, termios.TIOCMBIS if sys.argv[1] == "on" else termios.TIOCMBIC, struct.pack("i", 0x8000))
PY
./serial-64 $node >wide 2>&1
./serial-32 $node >narrow 2>&1
is 'a program for 64 bits' "$(cat wide)" 'TCGETS2: 0
TCSETSF2: 0
TCGETS2: 0
28800 baud, least 5
TIOCGSERIAL: 0
type 4, base 115200, closing_wait 3000
TIOCSSERIAL: 0
TIOCGSERIAL: 0
flags 0x2040, closing_wait 100
TIOCSSERIAL: 0
TIOCMBIS: 0
write: 5
read: 5
hello
FIONREAD: 0
0 left
TCSBRK: 0
TIOCMBIC: 0
TIOCGPGRP: Inappropriate ioctl for device
a bad pointer: Bad address'
is 'the same for 32 bits finds the same' "$(cat narrow)" "$(cat wide)"

python3 loop.py on
# Python 3.13 has no unittest.findTestCases() any more.
timeout 750 python3 -c 'import runpy, sys, unittest
sys.path.insert(0, "source-pyserial/test")
unittest.findTestCases = unittest.defaultTestLoader.loadTestsFromModule
runpy.run_path("source-pyserial/test/run_all_tests.py", run_name="__main__")' $node -v >pyserial.log 2>&1
like "pyserial's own tests come to their end" "$(grep '^Ran' pyserial.log || tail -n 3 pyserial.log)" 'Ran 61 tests in *'
is 'and all hold but that one' "$(grep -E '^(FAIL|ERROR):' pyserial.log)" "$cancelled"

# --- killed ---

cat >through.py <<'PY'
"""Four kinds of waiting through one kill; then a byte that is sent comes back to each."""
import fcntl, os, select, struct, subprocess, sys, termios, threading, tty
fd = os.open("/dev/ttyCU0", os.O_RDWR | os.O_NOCTTY)
tty.setraw(fd)
got = {}
def poll():
    waits = select.poll()
    waits.register(fd, select.POLLIN)
    got["poll"] = waits.poll(60000) != []
def miwait():
    fcntl.ioctl(fd, termios.TIOCMIWAIT, termios.TIOCM_CTS)
    got["lines"] = True
threads = [threading.Thread(target=wait) for wait in (poll, miwait)]
for thread in threads:
    thread.start()
subprocess.run(["cuioctl", "info", "ttyCU0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
subprocess.run(["sh", "-c", "kill -9 $(systemctl show -P MainPID cuiod@ttyCU0)"], check=True)
before = termios.tcgetattr(fd)
os.write(fd, b"x")
fcntl.ioctl(fd, termios.TIOCMBIC, struct.pack("i", termios.TIOCM_RTS))
for thread in threads:
    thread.join(60)
got["read"] = os.read(fd, 10) == b"x"
print(sorted(got.items()))
PY
is 'a sleeper in poll and one in TIOCMIWAIT wait on when the daemon is killed' "$(timeout 270 python3 through.py 2>&1)" \
    "[('lines', True), ('poll', True), ('read', True)]"
python3 loop.py off

timeout 2400 serial/transfer $node cuiod@ttyCU0 10 || fail 'the transfers end' "status $?"

ok 'a stop' systemctl stop cuiod@ttyCU0
ok "gives the port back to the kernel's driver" eventually 20 test -e /sys/bus/pci/drivers/serial/0000:00:10.0
rm -f /etc/cuio/ttyCU0.conf

# --- a card of two ports ---

first=/dev/ttyCUA0
second=/dev/ttyCUA1
sed 's/^Description=.*/Description=uart16550-2x.device/; s/^Card=.*/Card=pci:0000:00:11.0/; /^\[Node port2\]/,/^\[Driver\]/d' \
    /usr/share/doc/cuio/examples/ttyCUA.conf >/etc/cuio/ttyCUA.conf
ok 'the service of a card of two ports starts' systemctl start cuiod@ttyCUA
is 'each port has its node' "$(stat -c '%G %a' $first $second)" 'dialout 660
dialout 660'
stty -F $first 1200 cs7 parenb rows 24
stty -F $second 57600 raw -echo
is 'and its settings' "$(stty -F $first speed; stty -F $second speed; stty -F $second size)" '1200
57600
0 0'
like 'setserial knows the second' "$(setserial -a $second)" '*UART: 16550A*Baud_base: 115200*'
stty -F $first sane raw -echo 115200 -parenb cs8
serial/talk first-word picocom -q -b 115200 $first &
talk=$!
ok 'socat on the second' serial/talk second-word socat -,raw,echo=0,escape=0x1d $second,raw,echo=0,b115200
ok 'while picocom has the first' wait $talk
python3 - <<'PY' || fail 'an exclusive port leaves the other one open'
import fcntl, os, termios
fd = os.open("/dev/ttyCUA0", os.O_RDWR | os.O_NOCTTY)
fcntl.ioctl(fd, termios.TIOCEXCL)
if os.fork() == 0:
    os.setgroups([os.stat("/dev/ttyCUA1").st_gid])
    os.setuid(65534)
    os.close(os.open("/dev/ttyCUA1", os.O_RDWR | os.O_NOCTTY))
    os._exit(0)
raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]))
PY

timeout 1200 serial/transfer $first cuiod@ttyCUA 4 200000 0 >first.log 2>&1 &
transfer=$!
timeout 1200 serial/transfer $second cuiod@ttyCUA 4 200000 1 >second.log 2>&1 || fail 'the transfers of the second port end' "status $?"
wait $transfer || fail 'the transfers of the first port end' "status $?"
for log in first second; do
    sed -E "s/^(ok|not ok) - /&two ports at once, $log: /" $log.log
done

is 'none of the transfers was taken for an interrupt storm' "$(journalctl -b -u 'cuiod@tty*' --no-pager | grep -c 'interrupt storm')" 0
ok 'a stop of both' systemctl stop cuiod@ttyCUA
ok "gives them back to the kernel's driver" eventually 20 test -e /sys/bus/pci/drivers/serial/0000:00:11.0
rm -f /etc/cuio/ttyCUA.conf
