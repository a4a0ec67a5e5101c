#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: what programs are told at the limits and at the end of a node, and who may do what. Their
# everyday is in legacy-module.sh.
# vm: -f tests/vm/programs/clients-limits.py -f tests/vm/programs/clients-end.py
# limit: 180
. ./tap.sh

cp /usr/share/doc/cuio/examples/edusim0.conf /etc/cuio/
groupadd -f --system cuiolab
sed -i 's/^Name=edusim$/&\nGroup=cuiolab\nMode=0664/' /etc/cuio/edusim0.conf
ok "the service starts" systemctl start cuiod@edusim0
is "the node is as configured" "$(stat -c %U:%G:%a /dev/edusim)" root:cuiolab:664

timeout 360 python3 clients-limits.py || fail "the limits' programs end" "status $?"

# --- who may do what ---

others() {
    setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
}
member() {
    setpriv --reuid=nobody --regid=nogroup --groups=cuiolab "$@"
}
attempt='import errno, os, sys
try: os.close(os.open("/dev/edusim", int(sys.argv[1]))); print("ok")
except OSError as error: print(errno.errorcode[error.errno])'
is "others may read, as the mode says" "$(others python3 -c "$attempt" 0)" ok
is "and not write" "$(others python3 -c "$attempt" 2)" EACCES
is "nor ask cuiod" "$(others python3 -c "$attempt" 3)" EACCES
is "the group may" "$(member python3 -c "$attempt" 2)" ok
ok "and ask cuiod" member cuioctl info edusim
not_ok "but touches no register" member cuioctl get edusim ident
like "and is told so" "$(member cuioctl get edusim ident 2>&1)" '*root*'
chown nobody /dev/edusim
ok "the node's owner does" member cuioctl get edusim ident
chown root /dev/edusim
not_ok "until it is another" member cuioctl get edusim ident

# Rights that root has changed do not end a service that dies.
chmod 0666 /dev/edusim
pid=$(systemctl show -P MainPID cuiod@edusim0)
kill -9 "$pid"
is "after a crash it answers with other rights, too" "$(timeout 15 cuioctl get --value edusim ident)" 0x010000ed
ok "and is up" eventually 15 systemctl is-active cuiod@edusim0

# --- programs that are frozen and stopped while they wait ---

cat >freeze.py <<'PY'
# Waits in `argument` and prints how that ends.
import errno, fcntl, os, sys
node = os.open("/dev/edusim", os.O_RDWR)
try:
    print("first" if sys.argv[1] == "read" and os.read(node, 4) else fcntl.ioctl(node, 2 << 30 | 4 << 16 | ord("e") << 8 | 4, b"0000") and "interrupt")
except OSError as error:
    print(errno.errorcode[error.errno])
PY
parked() {
    [ "$(cuioctl info --json edusim | sed -n 's/.*"parked": \([0-9]*\).*/\1/p')" = "$1" ]
}
folder=$PWD
systemd-run -q --unit=frozen -p StandardOutput="file:$folder/frozen.out" python3 "$folder/freeze.py" ioctl
ok "a program waits in an ioctl" eventually 30 parked 1
ok "it can be frozen" timeout 60 systemctl freeze frozen
is "then nobody waits" "$(cuioctl info --json edusim | sed -n 's/.*"parked": \([0-9]*\).*/\1/p')" 0
ok "and thawed" timeout 60 systemctl thaw frozen
ok "and waits again, unaware" eventually 30 parked 1
systemctl kill -s STOP frozen
ok "stopped, it does not wait" eventually 30 parked 0
systemctl kill -s CONT frozen
ok "continued, it does" eventually 30 parked 1
kill -9 "$(systemctl show -P MainPID cuiod@edusim0)"
ok "also over a crash" eventually 30 parked 1
cuioctl set edusim irq_raise=1
ok "until the interrupt comes" eventually 30 grep -q interrupt frozen.out

# --- names ---

refused() { # NAME PATTERN
    printf '[Device]\nDescription=edu.device\nBackend=sim\n[Node]\nName=%s\n' "$1" >/etc/cuio/refused0.conf
    not_ok "a node named $1 is refused" timeout 60 systemctl start cuiod@refused0
    like "with a reason" "$(journalctl -u cuiod@refused0 -u cuio-bind@refused0 -o cat -n 20 --no-pager)" "$2"
    systemctl reset-failed cuiod@refused0 cuio-bind@refused0 2>/dev/null
}
refused null '*:5:*/dev/null*already*'
refused edusim '*:5:*/dev/edusim*already*'
refused ../x '*:5: node name*'
is "/dev/null is what it was" "$(stat -c %t:%T /dev/null)" 1:3
rm /etc/cuio/refused0.conf

# --- the end ---

timeout 300 python3 clients-end.py >end.out &
program=$!
two_wait() {
    [ "$(cuioctl info --json edusim | sed -n 's/.*"parked": \([0-9]*\).*/\1/p')" = 2 ]
}
ok "a program waits" eventually 30 two_wait
ok "the service stops nevertheless" timeout 30 systemctl stop cuiod@edusim0
ok "and the program ends" wait $program
like "a read that waits is ECONNABORTED" "$(cat end.out)" "*'read': 'ECONNABORTED'*"
like "an ioctl, too" "$(cat end.out)" "*'ioctl': 'ECONNABORTED'*"
like "poll says POLLERR" "$(cat end.out)" "*'poll': 8*"
like "a later read is ENOTCONN" "$(cat end.out)" "*'later': 'ENOTCONN'*"
like "a later poll says POLLERR" "$(cat end.out)" "*'poll later': 8*"
ok "the node is gone" test ! -e /dev/edusim
rm /etc/cuio/edusim0.conf
