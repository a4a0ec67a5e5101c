#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# From the death of a daemon to the next request that is served, beside what the same unit takes to
# bring up a program that does nothing. Helper and sandbox are in both times; their ratio is cuiod's
# own share, which the machine's speed and load hardly touch: the two kinds take turns.
#
# vm: -f @BUILD@/programs/nothing
# vm: -f tests/vm/programs/restart-time.py
# limit: 180
. ./tap.sh

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
printf '[Device]\nDescription=edu.device\nBackend=sim\n[Node]\nName=nothing\n' >/etc/cuio/nothing.conf
mkfifo -m 666 /run/nothing.ready
mkdir -p /run/systemd/system/cuiod@nothing.service.d
cat >/run/systemd/system/cuiod@nothing.service.d/nothing.conf <<END
[Service]
ExecStart=
ExecStart=$PWD/nothing /run/nothing.ready
END
systemctl daemon-reload

ok "cuiod starts" systemctl start cuiod@edu0
exec 7<>/run/nothing.ready
ok "a program that does nothing starts in its place" systemctl start cuiod@nothing
is "under the same rules" "$(systemctl cat cuiod@nothing | grep -vE '^(#|ExecStart=.*)' | sed '/^\[Service\]$/d;/^$/d')" \
    "$(systemctl cat cuiod@edu0 | grep -vE '^(#|ExecStart=.*)' | sed '/^\[Service\]$/d;/^$/d')"
timeout 360 python3 restart-time.py || fail "the kills come to an end" "status $?"
is "each request was served by another daemon" "$(cuioctl info --json edu | sed -n 's/.*"generation": \([0-9]*\).*/\1/p')" 15
exec 7>&-
systemctl stop cuiod@edu0 cuiod@nothing
rm -rf /etc/cuio/edu0.conf /etc/cuio/nothing.conf /run/nothing.ready /run/systemd/system/cuiod@nothing.service.d
systemctl daemon-reload
