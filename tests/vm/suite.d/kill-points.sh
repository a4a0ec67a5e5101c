#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the daemon dies at each of its kill points, in each kind of call, in an interrupt and in a
# timer: what programs see of it, and that what was done was done once.
# vm: -K -f tests/vm/killable
# limit: 900
. ./tap.sh
# shellcheck source=../killable/setup.sh
. ./killable/setup.sh

killable_install
ok "the service starts" systemctl start $unit
python3 killable/calls.py || fail "the calls end" "status $?"
killable_remove
