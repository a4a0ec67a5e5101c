# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# For the tests of the kill points: /dev/points, served by cuiod@points0 in its full sandbox, but by
# the daemon that dies where it is told (killable/probe.c).

unit=cuiod@points0
drop_in=/run/systemd/system/$unit.service.d
description=/etc/cuio/devices/points.device

killable_install() {
    mkdir -p "$drop_in" "${description%/*}"
    cp killable/points.device "$description"
    printf '[Device]\nDescription=points.device\n' >/etc/cuio/points0.conf
    printf '[Service]\nExecStart=\nExecStart=%s %%i\n' "$PWD/cuiod-killable" >"$drop_in/killable.conf"
    systemctl daemon-reload
}

killable_remove() {
    systemctl stop $unit
    rm -rf "$drop_in" "$description" /etc/cuio/points0.conf
    systemctl daemon-reload
    systemctl reset-failed
}
