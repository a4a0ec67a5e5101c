#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest itself is what the tests take it for: stock Debian, nothing loaded or bound yet.
. ./tap.sh

version=$(uname -r)
case $KERNEL_SHORT in
6.1) like 'the kernel is 6.1' "$version" '6.1.*-amd64' ;;
*) like "the kernel is $KERNEL_SHORT" "$version" "$KERNEL_SHORT.*-amd64" ;;
esac
is 'systemd is up and nothing failed' "$(systemctl is-system-running --wait)" running
is 'systemd is process 1' "$(cat /proc/1/comm)" systemd
ok 'udev runs' systemctl is-active systemd-udevd
is 'the release is bookworm' "$(. /etc/os-release && echo "$VERSION_CODENAME")" bookworm

is 'edu is in slot 4' "$(cat /sys/bus/pci/devices/0000:00:04.0/vendor /sys/bus/pci/devices/0000:00:04.0/device | xargs)" '0x1234 0x11e8'
not_ok 'no driver has edu' test -e /sys/bus/pci/devices/0000:00:04.0/driver
for module in cuse uio uio_pci_generic; do
    not_ok "$module is not loaded yet" test -e "/sys/module/$module"
done
is '/dev/cuse is there before its module' "$(stat -c %a:%U /dev/cuse)" 600:root
for module in cuse uio_pci_generic 8250_pci i6300esb ne2k-pci snd-ens1370 vfio-pci; do
    ok "$module can be had" modprobe --dry-run "$module"
done
ok 'cuse loads' modprobe cuse

is 'the working directory holds the script' "$(ls harness.sh)" harness.sh
is 'HOME, TERM' "$HOME $TERM" '/root dumb'
is 'the host name' "$(hostname)" cuio-guest
is 'nobody else has the terminal' "$(systemctl is-enabled serial-getty@ttyS0 2>&1)" masked
is 'a program ends when nobody reads its output' "$({ yes; echo $? >"$TAP_OUTPUT"; } | head -n 1; cat "$TAP_OUTPUT")" "y
141"
