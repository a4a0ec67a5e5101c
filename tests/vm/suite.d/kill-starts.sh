#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the daemon dies at the kill points of its start, the first and those after a crash; and again
# and again, until it gives up.
# vm: -K -f tests/vm/killable
# limit: 900
. ./tap.sh
# shellcheck source=../killable/setup.sh
. ./killable/setup.sh

killable_install
cp /usr/share/doc/cuio/examples/edusim0.conf /etc/cuio/
ok "the service starts" systemctl start $unit
ok "and another, which is left alone" systemctl start cuiod@edusim0
python3 killable/starts.py || fail "the starts end" "status $?"
systemctl stop cuiod@edusim0
rm /etc/cuio/edusim0.conf
killable_remove
