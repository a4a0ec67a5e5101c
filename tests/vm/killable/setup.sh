# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# For the tests of the kill points: /dev/points, served by cuiod@points0, but by the daemon that dies where it
# is told (daemon/base/kill_point.h). In its full sandbox, unless LENGTH is short: putting it up takes half the
# time of some 200 starts, and what a daemon finds and does in it is seen by crash, upgrade and service.

unit=cuiod@points0
drop_in=/run/systemd/system/$unit.service.d
description=/etc/cuio/devices/points.device

# killable_unit: the service's settings that differ from the installed ones
killable_unit() {
    local setting
    printf '[Service]\nExecStart=\nExecStart=%s %%i\n' "$PWD/cuiod-killable"
    [ "${LENGTH-}" = short ] || return 0
    for setting in SystemCallFilter SystemCallArchitectures RestrictAddressFamilies IPAddressDeny; do
        echo "$setting="
    done
    for setting in RestrictNamespaces RestrictRealtime RestrictSUIDSGID LockPersonality MemoryDenyWriteExecute \
        ProtectSystem ProtectHome ProtectHostname ProtectClock ProtectControlGroups ProtectKernelLogs \
        ProtectKernelModules ProtectKernelTunables PrivateTmp PrivateNetwork; do
        echo "$setting=no"
    done
}

killable_install() {
    mkdir -p "$drop_in" "${description%/*}"
    cp killable/points.device "$description"
    printf '[Device]\nDescription=points.device\n' >/etc/cuio/points0.conf
    killable_unit >"$drop_in/killable.conf"
    systemctl daemon-reload
}

killable_remove() {
    systemctl stop $unit
    rm -rf "$drop_in" "$description" /etc/cuio/points0.conf
    systemctl daemon-reload
    systemctl reset-failed
}
