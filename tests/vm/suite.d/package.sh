#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: the Debian package's life: installed, upgraded and downgraded under programs that would notice,
# with the daemon killed in the middle of it, removed while a node is open, installed again, purged.
#
# vm-before: tests/vm/packages @BUILD@
# vm: -f @BUILD@/packages/first.deb -f @BUILD@/packages/second.deb -f @BUILD@/legacy/edu-flow
# vm: -e TURNS=10 -e SEED=
# vm: -f tests/vm/programs/package.py
# limit: 600 + 120 * TURNS
. ./tap.sh

[ "${LENGTH-}" != short ] || TURNS=2
export TURNS
unset DPKG_MAINTSCRIPT_PACKAGE

# What is not documentation has to work where a machine has none; the examples are used here.
dpkg="dpkg --force-unsafe-io --path-include=/usr/share/doc/cuio/*"

# What was installed for other scripts, by "make install", is not there.
systemctl stop 'cuiod@*' 'cuio-bind@*'
if dpkg-query -W cuio >/dev/null 2>&1; then
    dpkg -P cuio >/dev/null 2>&1
fi
[ ! -e /usr/sbin/cuiod ] || find /usr /etc/cuio -path /usr/lib/cuio-test -prune -o -name '*cuio*' -print0 | xargs -0 rm -rf
# Nor folders that it has emptied, which dpkg would take away with its own.
rm -rf /run/cuio /run/cuio-bind
find /usr/share/man /usr/share/doc -mindepth 1 -type d -empty -delete
rmdir /usr/lib/systemd/system/sleep.target.wants
systemctl daemon-reload

below_run() {
    find /run -maxdepth 1 -name 'cuio*' ! -name cuio-test
}

# everything: each file of the system, but for what the machine itself writes as it runs
everything() {
    {
        find / -xdev \( -path /srv/cuio-test -o -path /tmp -o -path /var/tmp -o -path '/var/log/journal' \
            -o -path /var/lib/systemd -o -path /root/.cache \) -prune -o -print
        below_run
    } | LC_ALL=C sort
}
everything >before

ok "the package is installed" $dpkg -i first.deb
ok "all of it" dpkg -V cuio
is "it starts nothing" "$(systemctl list-units --plain --no-legend 'cuiod@*' 'cuio-bind@*')" ''
is "and has no conffile" "$(dpkg-query -W -f '${Conffiles}' cuio)" ''
not_ok "it has no user until it serves" getent passwd cuio
is "udev has its rules" "$(udevadm test /sys/class/mem/null 2>&1 | grep -c 60-cuio.rules | sed 's/^[1-9].*/some/')" some
cp /usr/share/doc/cuio/examples/edu0.conf /usr/share/doc/cuio/examples/edusim0.conf /usr/share/doc/cuio/examples/litepcie0.conf /etc/cuio/
ok "what it brings passes its own check" sh -c 'cuioctl check /usr/share/cuio/devices/*.device /usr/share/doc/cuio/examples/*.conf'
former=$(readlink /sys/bus/pci/devices/0000:00:04.0/driver)
ok "services are enabled and started" systemctl enable --now cuiod@edu0 cuiod@edusim0
ok "and one that is stopped again" systemctl enable --now cuiod@litepcie0
systemctl stop cuiod@litepcie0

timeout -k 5 $((720 + 180 * TURNS)) python3 package.py || { fail "the programs end" "status $?"; tail -n 20 dpkg.log | sed 's/^/# /'; }

# --- removal while a node is open ---

cat >holder.py <<'PY'
import errno, os
node = os.open("/dev/edu", os.O_RDWR)
print("open", flush=True)
try:
    os.read(node, 4)
except OSError as error:
    print(errno.errorcode[error.errno], flush=True)
try:
    os.read(node, 4)
except OSError as error:
    print(errno.errorcode[error.errno], flush=True)
PY
python3 holder.py >holder.out &
holder=$!
ok "a program waits for a result" eventually 30 sh -c "cuioctl info --json edu | grep -E '\"parked\": *1'"
dpkg -r cuio >removal 2>&1
is "the package is removed" $? 0
like "the removal names the services, and the program" "$(cat removal)" "*stopping*cuiod@edu0*python3?$holder?*"
wait "$holder"
is "the program got the errors of a stop" "$(tail -n 2 holder.out | tr '\n' ' ')" 'ECONNABORTED ENOTCONN '
is "the nodes are gone" "$(ls -d /dev/edu /dev/edusim 2>/dev/null)" ''
is "the card has its former driver" "$(readlink /sys/bus/pci/devices/0000:00:04.0/driver)" "$former"
# What is enabled is known by name still.
is "no unit of it is left" "$(systemctl list-units --all --plain --no-legend 'cuiod@*' 'cuio-bind@*' | grep -v not-found)" ''
is "nor anything below /run" "$(below_run)" ''
is "instance files are kept" "$(ls /etc/cuio)" "$(printf 'edu0.conf\nedusim0.conf\nlitepcie0.conf')"

# --- and back, and purge ---

ok "it is installed again" $dpkg -i first.deb
ok "what was enabled serves again" systemctl is-active cuiod@edu0 cuiod@edusim0
ok "and answers" cuioctl info edu
dpkg -P cuio >purge 2>&1
is "a purge of the running package" $? 0
like "says what it keeps" "$(cat purge)" '*your files in /etc/cuio are kept*'
is "which is what the administrator wrote" "$(cd /etc/cuio && find . -type f | sort | tr '\n' ' ')" \
    './edu0.conf ./edusim0.conf ./litepcie0.conf '
is "no unit is enabled" "$(find /etc/systemd -name 'cuiod@*')" ''
rm -rf /etc/cuio
everything >after
# dpkg's own books, and the backups of those that a new user was written to.
left=$(diff before after | grep '^[<>]' | grep -vE ' (/var/lib/dpkg/.*-old|/var/log/dpkg.log|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-|/etc/\.pwd\.lock|/var/lib/dpkg/(lock|lock-frontend|triggers/.*))$')
is "nothing else is left of it, and nothing else is gone" "$left" ''
if [ "${LENGTH-}" != short ]; then
    ok "installed once more, it" $dpkg -i second.deb
    cp /usr/share/doc/cuio/examples/edusim0.conf /etc/cuio/
    ok "serves at once" systemctl start cuiod@edusim0
    dpkg -P cuio >/dev/null 2>&1
    is "purged again with a node of a simulated card" "$(ls -d /dev/edusim /usr/sbin/cuiod 2>/dev/null)" ''
    rm -rf /etc/cuio
fi
# For the scripts that come after this one.
$dpkg -i first.deb >/dev/null 2>&1
