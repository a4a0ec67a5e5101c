#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest itself is what the tests take it for: stock Debian, nothing loaded or bound yet.
#
# vm: -f tests/vm/platforms.txt
. ./tap.sh

like "the kernel is $KERNEL_SHORT" "$(uname -r)" "$KERNEL_SHORT.*-amd64"
is 'systemd is up and nothing failed' "$(systemctl is-system-running --wait)" running
is 'systemd is process 1' "$(cat /proc/1/comm)" systemd
ok 'udev runs' systemctl is-active systemd-udevd
case $RELEASE in
# It says that it is the next release.
sid) ;;
*) is "the release is $RELEASE" "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$RELEASE" ;;
esac

# What platforms.txt says is tried. A release that is not out yet may be further than that: then this tells.
systemd=$(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
libfuse=$(dpkg-query -W -f '${Version}\n' 'libfuse3-[0-9]*' | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')
tried="$RELEASE $KERNEL_SHORT $systemd $libfuse"
echo "tried: $RELEASE, kernel $(uname -r), systemd $systemd, libfuse $libfuse"
if grep -q "^$RELEASE $KERNEL_SHORT " platforms.txt; then
    is 'systemd and libfuse are those that platforms.txt and cuio(7) name' "$tried" \
        "$(sed -n "s/^\($RELEASE $KERNEL_SHORT [^ ]* [^ ]*\) .*/\1/p" platforms.txt)"
else
    skip 'systemd and libfuse are those that platforms.txt and cuio(7) name' "not in platforms.txt: $tried"
fi

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
