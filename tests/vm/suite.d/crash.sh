#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: programs that use /dev/edu while its daemon is killed KILLS times, at random moments: while
# it serves, while it starts, and several times in a row. The same SEED makes the same choices.
#
# vm: -f @BUILD@/legacy/edu-flow -e KILLS=50 -e SEED=
# vm: -f tests/vm/programs/crash.py
# limit: 120 + 3 * KILLS
. ./tap.sh

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
ok "the service starts" systemctl start cuiod@edu0
is "in its sandbox" "$(sed -n 's/^Seccomp:\t//p' "/proc/$(systemctl show -P MainPID cuiod@edu0)/status")" 2

timeout $((330 + 9 * KILLS)) python3 crash.py || fail "the programs end" "status $?"
systemctl stop cuiod@edu0
