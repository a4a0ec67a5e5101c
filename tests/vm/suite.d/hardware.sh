#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Cards of several kinds: bound, opened, given back; and every refusal leaves a card where it was.
# vm: -d pci-serial -d pci-testdev -d pci-testdev,id=second
# limit: 240
. ./tap.sh

helper=/usr/libexec/cuio/cuio-helper
devices=/sys/bus/pci/devices

# slots VENDOR DEVICE: of all such cards
slots() {
    for card in "$devices"/*; do
        if [ "$(cat "$card/vendor")" = "$1" ] && [ "$(cat "$card/device")" = "$2" ]; then
            basename "$card"
        fi
    done
}

driver() {
    basename "$(readlink "$devices/$1/driver" || echo none)"
}

# refuses NAME PATTERN COMMAND...: exit 1, and a message like the pattern
refuses() {
    name=$1 pattern=$2
    shift 2
    said=$("$@" 2>&1)
    status=$?
    like "$name" "$status: $said" "1: $pattern"
}

# no_binder: none is bound, nor being given back
no_binder() {
    [ -z "$(systemctl list-units -q --plain --state=active,activating,deactivating 'cuio-bind@*')" ]
}

instance() { # NAME LINES
    printf '%b' "$2" >"/etc/cuio/$1.conf"
}

serial=$(slots 0x1b36 0x0002 | head -n 1)
testdev=$(slots 0x1b36 0x0005 | head -n 1)
edu=$(slots 0x1234 0x11e8 | head -n 1)
mkdir -p /etc/cuio/devices
cat >/etc/cuio/devices/hw-serial.device <<'END'
[Device]
Description=The registers of a 16550A
Match=pci:1b36:0002
[Window ports]
Bar=0
Type=ports
[Register scratch]
Offset=7
Width=8
[Interrupt]
END
cat >/etc/cuio/devices/hw-testdev.device <<'END'
[Device]
Description=Memory and ports on one card
Match=pci:1b36:0005
[Window memory]
Bar=0
[Window ports]
Bar=1
Type=ports
[Register test]
Window=memory
Offset=0
Width=8
[Register name]
Window=memory
Offset=16
Width=8
Access=ro
[Register port_test]
Window=ports
Offset=0
Width=8
[Register port_name]
Window=ports
Offset=16
Width=8
Access=ro
END
sed 's/^Offset=7/Offset=8/' /etc/cuio/devices/hw-serial.device >/etc/cuio/devices/hw-large.device
sed 's/^Type=ports/Type=memory/' /etc/cuio/devices/hw-serial.device >/etc/cuio/devices/hw-type.device
sed 's/^Bar=0/Bar=3/' /etc/cuio/devices/hw-serial.device >/etc/cuio/devices/hw-bar.device
{
    cat /etc/cuio/devices/hw-testdev.device
    echo '[Interrupt]'
} >/etc/cuio/devices/hw-irq.device
instance hw-serial '[Device]\nDescription=hw-serial.device\n'
systemctl stop 'cuiod@*'

# --- refusals ---

refuses "by hand, a card of the kernel's is not taken" \
    "*hw-serial.conf: card pci:$serial is owned by the kernel driver \"serial\"; *cuio-bind@hw-serial*" \
    cuiod hw-serial
instance hw-none '[Device]\nDescription=hw-serial.device\nCard=pci:dead:beef\n'
refuses "a card that is not there is said with file and line" \
    "*hw-none.conf:3: there is no card pci:dead:beef in this machine*lspci*" $helper bind hw-none
instance hw-two '[Device]\nDescription=hw-testdev.device\n'
refuses "of two cards none is chosen, and both are listed" \
    "*2 cards match pci:1b36:0005: pci:$testdev, pci:*" $helper bind hw-two
instance hw-slot "[Device]\nDescription=hw-serial.device\nCard=pci:$testdev\n"
refuses "a slot with another card in it is refused" \
    "*hw-slot.conf:3: card pci:$testdev is a pci:1b36:0005, but the description is for pci:1b36:0002*" \
    $helper bind hw-slot
for what in large:'*hw-large.device:4: *needs 0x9 bytes, but BAR 0*has 0x8*' \
    type:'*hw-type.device:4: *is I/O ports, not memory*' bar:'*hw-bar.device:4: *has no BAR 3*'; do
    instance "hw-${what%%:*}" "[Device]\nDescription=hw-${what%%:*}.device\n"
    refuses "a window the card does not have is refused (${what%%:*})" "${what#*:}" $helper bind "hw-${what%%:*}"
done
instance hw-irq "[Device]\nDescription=hw-irq.device\nCard=pci:$testdev\n"
refuses "an interrupt the card does not have is refused" "*has no interrupt line*" $helper bind hw-irq
instance hw-name '[Device]\nDescription=hw-serial.device\n[Node]\nName=zero\n'
refuses "a node name that /dev has already is refused" "*hw-name.conf:4: /dev/zero exists already*" \
    $helper bind hw-name
instance hw-number '[Device]\nDescription=hw-serial.device\n[Node]\nNumber=1:5\n'
refuses "a number of another device is refused" "*hw-number.conf:3: Number=1:5 belongs to another*" \
    $helper bind hw-number
systemctl start cuiod@hw-none 2>/dev/null
is "a refused service has failed, and is not tried again" \
    "$(systemctl show -P ActiveState -P SubState cuio-bind@hw-none | tr '\n' ' ')" "failed failed "
is "after all refusals the card is where it was" "$(driver "$serial")" serial
is "and no other is bound" "$(driver "$testdev")" none
is "and there is no record of one" "$(find /run/cuio-bind -name original 2>/dev/null)" ""

# --- bind and give back ---

ok "the helper binds a card of the kernel's" $helper bind hw-serial
is "it is bound to UIO" "$(driver "$serial")" uio_pci_generic
ok "binding again changes nothing" $helper bind hw-serial
instance hw-thief "[Device]\nDescription=hw-serial.device\nCard=pci:$serial\n[Node]\nName=thief\n"
refuses "a second instance does not get the card" "*card pci:$serial is served by cuiod@hw-serial already*" \
    $helper bind hw-thief
is "and the first keeps it" "$(driver "$serial")" uio_pci_generic
rm /etc/cuio/hw-serial.conf
ok "it is given back, whatever became of the instance file" $helper unbind hw-serial
is "to its former driver" "$(driver "$serial")" serial
is "without an override" "$(cat "$devices/$serial/driver_override")" "(null)"
ok "giving back twice is no failure" $helper unbind hw-serial
ok "its serial line works again" \
    sh -c "stty -F /dev/\$(basename \$(find $devices/$serial/ -path '*/tty/ttyS*' -name 'ttyS*')) 9600"

# --- windows ---

instance hw-serial '[Device]\nDescription=hw-serial.device\n[Node]\nName=hw-serial\n'
instance hw-test "[Device]\nDescription=hw-testdev.device\nCard=pci:$testdev\n[Node]\nName=hw-test\n"
ok "a card of ports is served" systemctl start cuiod@hw-serial
cuioctl set hw-serial scratch=0xa5
is "a port is written and read" "$(cuioctl get --value hw-serial scratch)" 0xa5
cuioctl set hw-serial scratch=0x5a
is "and written again" "$(cuioctl get --value hw-serial scratch)" 0x5a
ok "a card of memory and ports, named by slot, is served" systemctl start cuiod@hw-test
ok "both its windows can be written" cuioctl set hw-test test=0
is "its memory is read: the test is called m..." "$(cuioctl get --value hw-test name)" 0x6d
cuioctl set hw-test port_test=0
is "its ports are read: the test is called p..." "$(cuioctl get --value hw-test port_name)" 0x70

# --- a card that somebody unbinds ---

# masked SLOT: bit 10 of the command register
masked() {
    [ $(($(od -An -tu1 -j5 -N1 "$devices/$1/config") & 4)) = 4 ]
}

not_ok "a served card's interrupt is not masked" masked "$serial"
kill -STOP "$(systemctl show -P MainPID cuiod@hw-serial)"
echo "$serial" >"$devices/$serial/driver/unbind"
ok "unbound by hand while its daemon is stopped, it is masked" eventually 20 masked "$serial"
kill -9 "$(systemctl show -P MainPID cuiod@hw-serial)"
ok "its service takes it again" eventually 30 sh -c '[ "$(cuioctl get --value hw-serial scratch)" = 0x5a ]'
not_ok "and unmasks it" masked "$serial"

# --- cards that come and go ---

other=$(slots 0x1b36 0x0005 | tail -n 1)
systemctl stop cuiod@hw-test
echo 1 >"$devices/$other/remove"
instance hw-test '[Device]\nDescription=hw-testdev.device\n[Node]\nName=hw-test\n'
ok "a card is named by its kind while it is the only one" systemctl start cuiod@hw-test
echo 1 >/sys/bus/pci/rescan
udevadm settle
ok "another of its kind comes" test -e "$devices/$other"
kill -9 "$(systemctl show -P MainPID cuiod@hw-test)"
cuioctl set hw-test test=0
is "and after a crash the service goes on with its own" "$(cuioctl get --value hw-test name)" 0x6d
ok "by its slot" sh -c "cuioctl info hw-test | grep -q 'pci:$testdev'"
echo 1 >"$devices/$testdev/remove"
ok "without an interrupt, too, it is noticed that a card is gone" \
    eventually 30 sh -c '[ "$(systemctl show -P ActiveState cuiod@hw-test)" != active ]'
systemctl stop cuiod@hw-test
echo 1 >/sys/bus/pci/rescan

# --- the card as uio shows it ---

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
# command_of SLOT: the lower byte of the card's command register
command_of() {
    od -An -tu1 -j4 -N1 "$devices/$1/config" | tr -d ' '
}
printf '\7' | dd of="$devices/$edu/config" bs=1 seek=4 conv=notrunc 2>/dev/null
is "edu may access memory by itself" "$(($(command_of "$edu") & 4))" 4
ok "edu is served" systemctl start cuiod@edu0
is "and no longer may" "$(($(command_of "$edu") & 6))" 2
like "without an IOMMU the log warns" "$(journalctl -u cuio-bind@edu0 -o cat -n 20 --no-pager)" \
    "*card pci:$edu: no IOMMU limits which memory it reaches*intel_iommu=on*"
is "in one window, mapped through uio" "$(cuioctl get --value edu ident)" 0x010000ed
pid=$(systemctl show -P MainPID cuiod@edu0)
ok "which is the uio map, not the BAR's own file" grep -q '/uio[0-9]*$' "/proc/$pid/maps"
not_ok "the daemon itself may not open the card's files" \
    runuser -u nobody -- sh -c "exec 3<>$devices/$edu/resource0"
systemctl stop cuiod@edu0 cuiod@hw-serial cuiod@hw-test
ok "all cards are given back" eventually 20 no_binder
is "the serial one to its driver" "$(driver "$serial")" serial
is "edu to none, as before" "$(driver "$edu")" none
is "their interrupts are masked or the former driver's" \
    "$(dd if="$devices/$edu/config" bs=1 skip=5 count=1 2>/dev/null | od -An -tu1 | awk '{ print int($1 / 4) % 2 }')" 1

# --- modules ---

modprobe -r uio_pci_generic uio cuse
mkdir -p /tmp/no-modules
mount --bind /tmp/no-modules "/lib/modules/$(uname -r)"
refuses "modules of an upgraded kernel: reboot" "*/lib/modules/$(uname -r))*upgraded*reboot*" $helper bind edu0
umount "/lib/modules/$(uname -r)"
is "and nothing was bound" "$(driver "$edu")" none
rm -f /etc/cuio/hw-*.conf /etc/cuio/devices/hw-*.device
systemctl reset-failed
