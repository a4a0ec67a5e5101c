#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest with PCI Express: a card is pulled out of its slot while programs use it.
# Without the line of vm-qemu on ICH9 the removal would be that of ACPI, not the slot's own.
# vm: -q -f tests/vm/programs/unplug.py -e REMOVALS=100
# vm: -d pcie-root-port,id=hole,chassis=1,slot=1,addr=0x8 -d edu,bus=hole,id=plug
# vm-qemu: -machine q35 -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
# limit: 120 + 8 * REMOVALS
. ./tap.sh

[ "${LENGTH-}" != short ] || [ "$REMOVALS" -lt 20 ] || REMOVALS=20

card=$(basename "$(ls -d /sys/bus/pci/devices/0000:00:08.0/0000:*)")
ok 'the slot has a card' test "$(cat "/sys/bus/pci/devices/$card/device")" = 0x11e8
printf '[Device]\nDescription=edu.device\nCard=pci:%s\n[Node]\nName=plug\n' "$card" >/etc/cuio/plug.conf
ok 'it is served' systemctl enable --now cuiod@plug
python3 unplug.py 0000:00:08.0 "$card" "$REMOVALS"
is 'no daemon died of a fault' \
    "$(journalctl -b -u cuiod@plug -o cat --no-pager | grep -cE 'dumped|status=[0-9]+/(BUS|SEGV|ABRT|SYS)')" 0
ok 'after all it is served' systemctl is-active cuiod@plug
systemctl disable --now cuiod@plug
rm /etc/cuio/plug.conf
