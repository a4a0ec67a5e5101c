#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: programs at work while the daemon is replaced ten times by another build, and through whatever
# else befalls a service: systemd's reload and own restart, signals, a hang, deaths while it restarts.
#
# edu has the traffic: two writers that number what they write, a reader, a sleeper in epoll, and a
# vendor's tool of 64 and 32 bit. edusim's reader and sleeper wait from the first upgrade to the end.
#
# vm: -f @BUILD@/other/cuiod -f @BUILD@/other/cuio-helper
# vm: -f @BUILD@/legacy/edu-tool -f @BUILD@/legacy/edu-tool32
# vm: -f tests/vm/programs/upgrade.py
# limit: 300
. ./tap.sh

mkdir installed
cp -p /usr/sbin/cuiod /usr/libexec/cuio/cuio-helper installed/
cp /usr/share/doc/cuio/examples/edu0.conf /usr/share/doc/cuio/examples/edusim0.conf /etc/cuio/
ok "the other build is another" sh -c "! cmp -s cuiod installed/cuiod"
ok "the services start" systemctl start cuiod@edu0 cuiod@edusim0

timeout -k 5 810 python3 upgrade.py || fail "the programs end" "status $?"
cp -p installed/cuiod /usr/sbin/cuiod.new && mv /usr/sbin/cuiod.new /usr/sbin/cuiod
cp -p installed/cuio-helper /usr/libexec/cuio/cuio-helper.new &&
    mv /usr/libexec/cuio/cuio-helper.new /usr/libexec/cuio/cuio-helper
ok "the watchdog has bitten" sh -c "journalctl -u cuiod@edu0 -o cat --no-pager | grep 'Watchdog timeout'"
systemctl stop cuiod@edu0 cuiod@edusim0
rm -rf /etc/cuio/edu0.conf /etc/cuio/edusim0.conf /run/systemd/system/cuiod@edu0.service.d
systemctl daemon-reload
