#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Cards that somebody described from their datasheets and the man pages: memory and ports of one card,
# one that its kernel driver owned, and one whose description has a mistake.
# vm: -d pci-testdev -d pci-serial -f tests/vm/described
. ./tap.sh

devices=/sys/bus/pci/devices

# slot VENDOR DEVICE: of the first such card
slot() {
    for card in "$devices"/*; do
        [ "$(cat "$card/vendor"):$(cat "$card/device")" = "$1:$2" ] || continue
        basename "$card"
        return
    done
}

# instance NAME SLOT: there may be other cards of the kind
instance() {
    printf '[Device]\nDescription=%s.device\nCard=pci:%s\n' "$1" "$2" >"/etc/cuio/$1.conf"
}

driver() { # SLOT
    basename "$(readlink "$devices/$1/driver" || echo none)"
}

owned() { # SLOT DRIVER
    [ "$(driver "$1")" = "$2" ]
}

mkdir -p /etc/cuio/devices
cp described/*.device /etc/cuio/devices/

# --- pci-testdev: two windows, a struct, and text to read ---

instance testdev "$(slot 0x1b36 0x0005)"
ok 'the description of a test card is good' cuiod --check /etc/cuio/testdev.conf
ok 'its service starts' systemctl start cuiod@testdev
is 'writes to memory are counted' "$(described/program run /dev/testdev 0 0 5)" '5 mmio-no-eventfd'
is 'the name is there to read, and then ends' "$(cat /dev/testdev)" mmio-no-eventfd
is 'writes to ports are counted' "$(described/program run /dev/testdev 1 0 300)" '300 portio-no-eventfd'
is 'the name in the ports' "$(cat /dev/testdev)" portio-no-eventfd
is 'in small pieces too' "$(dd if=/dev/testdev bs=5 2>/dev/null)" portio-no-eventfd
is 'another test' "$(described/program run /dev/testdev 0 1 0)" '0 mmio-wildcard-eventfd'
is 'a test that the card has not' "$(described/program run /dev/testdev 0 3 1 2>&1)" 'No such device or address'
is 'a window that the card has not' "$(described/program run /dev/testdev 2 0 1 2>&1)" 'Invalid argument'
is 'more writes than the description allows' "$(described/program run /dev/testdev 0 0 5000 2>&1)" 'Invalid argument'
like 'the same by cuioctl' "$(cuioctl ioctl testdev TESTDEV_RUN window=1 writes=7)" '*count *0x00000007 *7*'
systemctl stop cuiod@testdev

# --- pci-serial: taken from the kernel's driver, an interrupt that fills a ring ---

uart=$(slot 0x1b36 0x0002)
instance loopback "$uart"
former=$(driver "$uart")
is 'a serial port has its kernel driver' "$former" serial
ok 'the service takes it' systemctl start cuiod@loopback
is 'the driver is another' "$(driver "$uart")" uio_pci_generic
is 'bytes come back by interrupt' "$(described/program loop /dev/loopback 1000)" 'silent
1000 same
some'
ok 'a stop' systemctl stop cuiod@loopback
ok 'gives the card back' eventually 20 owned "$uart" "$former"

# --- edu, with a mistake: its interrupt is never acknowledged ---

storm_log() {
    journalctl -u cuiod@storm -o cat --no-pager | grep -c "$1"
}

stormy() {
    cuioctl info storm | grep -q 'Interrupt storm'
}

# cpu: ticks (10 ms) that the daemon has used
cpu() {
    echo $(($(cut -d' ' -f14,15 "/proc/$(systemctl show -P MainPID cuiod@storm)/stat" | tr ' ' +)))
}

cat >honest.py <<'PY'
# Calls that have nothing to do with the interrupt: COUNT, and how long the slowest took
import fcntl, struct, sys, time
file, slowest = open("/dev/storm"), 0
for i in range(int(sys.argv[1])):
    began = time.monotonic()
    got, = struct.unpack("I", fcntl.ioctl(file, 0xc0047302, struct.pack("I", i)))
    assert got == i ^ 0xffffffff, got
    slowest = max(slowest, time.monotonic() - began)
    time.sleep(0.01)
print("# the slowest of %s calls beside a storm: %.1f ms" % (sys.argv[1], slowest * 1000), file=sys.stderr)
PY

instance storm "$(slot 0x1234 0x11e8)"
ok 'a card whose interrupt is not acknowledged is served' systemctl start cuiod@storm
python3 honest.py 500 2>slowest &
honest=$!
cuioctl set storm irq_raise=1
ok 'a storm is noticed' eventually 30 stormy
sleep 1
before=$(cpu)
sleep 4
used=$(($(cpu) - before))
ok "and leaves the machine to others ($used of 400 ticks)" [ "$used" -lt 100 ]
ok 'all calls of another program are answered meanwhile' wait $honest
cat slowest
is 'the storm is told once' "$(storm_log 'interrupt storm: the last 2000')" 1
exec 5<>/dev/storm
kill -9 "$(systemctl show -P MainPID cuiod@storm)"
ok 'a successor answers' python3 honest.py 10
ok 'and notices the storm, too' eventually 30 stormy
exec 5>&-
cuioctl set storm irq_ack=1
ok 'once the card releases its line' eventually 30 sh -c '! cuioctl info storm | grep -q "Interrupt storm"'
is 'that is told once' "$(storm_log 'the interrupt storm has ended')" 1
systemctl stop cuiod@storm

rm -f /etc/cuio/storm.conf /etc/cuio/devices/storm.device
rm -f /etc/cuio/testdev.conf /etc/cuio/loopback.conf /etc/cuio/devices/testdev.device /etc/cuio/devices/loopback.device
