#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: a driver that is no part of cuio. Which files are taken for one, its upgrade and its crashes
# under a program that holds the node, and that root never runs it.
#
# vm: -f @BUILD@/plugin
# limit: 240
. ./tap.sh

drivers=/usr/lib/cuio/drivers
cat >/etc/cuio/devices/tally.device <<'END'
[Device]
Description=hands out numbers
Match=pci:1234:11e8
Driver=tally

[Window bar0]
Bar=0

[Register liveness]
Window=bar0
Offset=0x4
Width=32
END
cat >/etc/cuio/tally0.conf <<'END'
[Device]
Description=tally.device

[Node]
Name=tally
END

# build NAME [FILE]: that build is the plug-in, as a package or "install" puts it there
build() {
    to=${2:-$drivers/tally.so}
    install -D -m 644 "plugin/$1.so" "$to.new" && mv "$to.new" "$to"
}

said() { # UNIT: what it has logged of late
    journalctl --sync
    journalctl -u "$1" -o cat -n 12 --no-pager
}

# refused NAME TEXT: the service does not start; its log and "cuiod --check" say why
refused() {
    not_ok "$1: no start" systemctl start cuiod@tally0
    like "$1: the log says why" "$(said cuio-bind@tally0)" "*/tally.device:4: *$2*"
    cuiod --check /etc/cuio/tally0.conf >checked 2>&1 && fail "$1: cuiod --check finds it" "$(cat checked)"
    like "$1: and so does cuiod --check" "$(cat checked)" "*/tally.device:4: *$2*"
}

# --- which file ---

ok "there is a folder for plug-ins" test -d $drivers
refused "without a plug-in" 'no driver tally, there are registers, *:4: no plug-in tally.so in /usr/local/lib/cuio/drivers nor in /usr/lib/cuio/drivers'
build later
refused "one of another contract" 'plug-in /usr/lib/cuio/drivers/tally.so: it was built for version 2 of the contract, this cuio has 1: build it anew*'
build nameless
refused "one without the symbol" 'it has no symbol cuio_plugin*'
build tally-1
chmod 664 $drivers/tally.so
refused "one that others may write to" 'others than root may change it (owner 0, mode 0664)*'
chmod 644 $drivers/tally.so
chmod 777 $drivers
refused "one in such a folder" 'others than root may change /usr/lib/cuio/drivers (owner 0, mode 0777)*'
chmod 755 $drivers
is "no card was taken for any of them" "$(ls /sys/bus/pci/drivers/uio_pci_generic 2>/dev/null | grep -c ^0000)" 0

# --- serving ---

ok "a good one starts" systemctl start cuiod@tally0
pid=$(systemctl show -P MainPID cuiod@tally0)
ok "its code is in the daemon" grep -q $drivers/tally.so "/proc/$pid/maps"
ok "which is not root" test "$(ps -o uid= -p "$pid")" -ge 61184
is "and in its sandbox" "$(sed -n 's/^Seccomp:\t//p' "/proc/$pid/status")" 2
like "cuioctl knows it" "$(cuioctl info tally)" '*tally*'

cat >tally.py <<'PY'
import fcntl, os, sys

NEXT, BUILD, CRASH = 0x80087401, 0x80047402, 0x7403


def ask(node, number, size):
    return int.from_bytes(fcntl.ioctl(node, number, bytes(size)), "little")


def loop(node):
    """Numbers without end: each is one more than the one before."""
    last = ask(node, NEXT, 8)
    while not os.path.exists("stop"):
        number = ask(node, NEXT, 8)
        if number != last + 1:
            sys.exit(f"{number} came after {last}")
        last = number
        if last % 20 == 0:
            with open("last.new", "w") as file:
                print(last, file=file)
            os.rename("last.new", "last")
    print(last, "numbers, each once, in their order")


node = os.open("/dev/tally", os.O_RDWR)
if sys.argv[1] == "loop":
    loop(node)
elif sys.argv[1] == "crash":
    fcntl.ioctl(node, CRASH)
else:
    print(ask(node, *{"build": (BUILD, 4), "next": (NEXT, 8)}[sys.argv[1]]))
PY

is "it answers" "$(python3 tally.py build) $(python3 tally.py next)" "1 1"
echo 0 >last
python3 tally.py loop >looped 2>&1 &
looping=$!

# goes_on: the program in the background gets 100 more numbers
goes_on() {
    goal=$(($(cat last) + 100))
    eventually 40 sh -c "[ \$(cat last) -ge $goal ] || [ -s looped ]"
    [ ! -s looped ] # what it says is its end
}

ok "a program gets numbers" goes_on
builds=
for number in 2 1 2; do
    build tally-$number
    systemctl restart cuiod@tally0
    builds="$builds $(python3 tally.py build)"
    goes_on || builds="$builds, and it does not go on"
done
is "a new build is an upgrade by a restart" "$builds" " 2 1 2"
build later
ok "a build that is refused does not end the service" systemctl restart cuiod@tally0
is "which goes on with the one it had" "$(python3 tally.py build)" 2
like "as the log says" "$(said cuiod@tally0)" '*built for version 2 of the contract*going on with the files as they were before*'
ok "a program does not notice" goes_on
build layout-2
systemctl kill --kill-whom=main -s KILL cuiod@tally0
ok "a crash brings no build that would take the node away" goes_on
is "the one before serves" "$(python3 tally.py build)" 2
build tally-1
for signal in SEGV ABRT KILL SEGV KILL SEGV; do
    goes_on || fail "it goes on before the next $signal"
    systemctl kill --kill-whom=main -s $signal cuiod@tally0
done
ok "it goes on after all kinds of crashes" goes_on
like "a call that crashes it fails" "$(python3 tally.py crash 2>&1)" '*OSError: \[Errno 5\]*'
ok "and nobody else's" goes_on
touch stop
wait $looping
like "the program got each number once" "$(cat looped)" '*numbers, each once, in their order'
echo "# $(cat looped)"
generation=$(cuioctl info --json tally | sed -n 's/.*"generation": *\([0-9]*\).*/\1/p')
ok "all on the same node, whose ${generation}th generation this is" test "$generation" -ge 12

# --- another state ---

build layout-2
ok "a build with another state is a restart, too" systemctl restart cuiod@tally0
is "on a fresh node" "$(python3 tally.py build) $(python3 tally.py next)" "3 1"
like "as the log says" "$(journalctl -u cuiod@tally0 -o cat -n 30 --no-pager)" '*state=* became state=*: a fresh node*'
systemctl stop cuiod@tally0

# --- by its path ---

rm $drivers/tally.so
build tally-2 /opt/lab/tally.so
sed -i 's,^Description=.*,&\nDriver=/opt/lab/tally.so,' /etc/cuio/tally0.conf
ok "an instance file may name its path" systemctl start cuiod@tally0
is "which serves" "$(python3 tally.py build)" 2
systemctl stop cuiod@tally0
sed -i 's,^Driver=.*,Driver=/home/tally.so,' /etc/cuio/tally0.conf
not_ok "but none that the service does not see" systemctl start cuiod@tally0
like "with its line" "$(said cuio-bind@tally0)" '*tally0.conf:3: Driver=/home/tally.so: the service does not see /home*'

# --- somebody has taken the daemon over ---

{
    sed 's/^Driver=.*/Driver=attack/' /etc/cuio/devices/tally.device
    echo '[Interrupt]'
} >/etc/cuio/devices/attack.device
printf '[Device]\nDescription=attack.device\n[Node]\nName=attack\n' >/etc/cuio/attack0.conf
cp /usr/share/doc/cuio/examples/edusim0.conf /etc/cuio/
install -D -m 644 plugin/attack.so $drivers/attack.so
ok "an attacker is served" systemctl start cuiod@attack0 cuiod@edusim0
victim=$(systemctl show -P MainPID cuiod@edusim0)
ok "not as the user of another instance" test "$(ps -o uid= -p "$victim")" != \
    "$(ps -o uid= -p "$(systemctl show -P MainPID cuiod@attack0)")"
other=
for card in /sys/bus/pci/devices/*; do
    [ "$(cat "$card/vendor")" = 0x1234 ] && [ "$(cat "$card/device")" = 0x11e8 ] || other=${card##*/}
done
cat >attack.py <<'PY'
import errno, fcntl, os, struct, sys

TRY = struct.Struct("=IiiI32s32s")
node, number = os.open("/dev/attack", os.O_RDWR), 0
while True:
    argument = bytearray(TRY.pack(number, int(sys.argv[1]), 0, 0, b"", sys.argv[2].encode()))
    fcntl.ioctl(node, 3 << 30 | TRY.size << 16 | ord("a") << 8 | 1, argument)
    _, _, result, _, name, _ = TRY.unpack(argument)
    if result < 0:
        break
    name = name.rstrip(b"\0").decode().replace("_", " ")
    print("ok -" if result else "not ok -", "it fails at:", name, f"({errno.errorcode[result]})" if result else "")
    number += 1
PY
python3 attack.py "$victim" "$other"
ok "the other instance did not notice" test "$(systemctl show -P MainPID cuiod@edusim0)" = "$victim"
systemctl stop cuiod@attack0 cuiod@edusim0

# --- root ---

sed -i 's,^Driver=.*,Driver=/opt/lab/tally.so,' /etc/cuio/tally0.conf
ok "root checks one" cuiod --check /etc/cuio/tally0.conf
status_is "cuiod by root's hand does not serve with one" 1 cuiod tally0
like "and says so" "$(cat "$TAP_OUTPUT")" '*tally0.conf:3: plug-in /opt/lab/tally.so: root does not run plug-ins*'
ok "root has never run it" test ! -e /run/tally-was-run-by-root

rm -rf /etc/cuio/devices/tally.device /etc/cuio/devices/attack.device /etc/cuio/tally0.conf /etc/cuio/attack0.conf \
    /etc/cuio/edusim0.conf /opt/lab $drivers/attack.so
systemctl reset-failed
