#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: what is edited while programs hold a node. Where it is still the same node they go on; where it
# is another, one restart brings a fresh one, with a line in the log, and they get the documented errors.
#
# vm: -f tests/vm/described -d pci-testdev -d pci-testdev,id=second
# vm: -f tests/vm/programs/identity.py
# limit: 300
. ./tap.sh

mkdir -p /etc/cuio/devices
cp described/testdev.device /etc/cuio/devices/
# For a helper that dies where /run/kill-helper says, once: "SYSCALL N".
cat >/run/helper <<'END'
#!/bin/sh
helper=/usr/libexec/cuio/cuio-helper
[ -e /run/kill-helper ] || exec $helper "$@"
read -r call when </run/kill-helper
rm /run/kill-helper
exec strace -qq -o /dev/null -e inject="$call:signal=KILL:when=$when" $helper "$@"
END
chmod +x /run/helper

timeout -k 5 840 python3 identity.py || fail "the cases come to an end" "status $?"
systemctl stop cuiod@same
rm -rf /etc/cuio/same.conf /etc/cuio/same.device /etc/cuio/devices/testdev.device /run/helper \
    /run/systemd/system/cuiod@same.service.d
systemctl daemon-reload
