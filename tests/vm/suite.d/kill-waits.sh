#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the daemon dies at its kill points while calls wait, keep the device, get signals or sleep in
# poll, and again and again in the same call.
# vm: -K -f tests/vm/killable
# limit: 900
. ./tap.sh
# shellcheck source=../killable/setup.sh
. ./killable/setup.sh

killable_install
ok "the service starts" systemctl start $unit
python3 killable/waits.py || fail "the calls end" "status $?"
killable_remove
