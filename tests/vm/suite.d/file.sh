#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: a card's node as a file (Front=file): the service without CUSE, its mount and symlink, programs
# that hold the file while the daemon is killed and replaced, other places, and the end.
# vm: -f tests/vm/programs/file.py
# limit: 600
. ./tap.sh

property() { # NAME UNIT
    systemctl show -P "$1" "$2"
}

no_binder() { # none is bound, nor being given back
    [ -z "$(systemctl list-units -q --plain --state=active,activating,deactivating 'cuio-bind@*')" ]
}

mounts() { # how many of cuio's
    grep -c ' - fuse\.cuio ' /proc/self/mountinfo
}

systemctl stop 'cuiod@*'
eventually 20 no_binder
modprobe -r uio_pci_generic uio cuse

# --- the service ---

groupadd -f --system cuiolab
mkdir -p /etc/cuio
cat >/etc/cuio/edu0.conf <<'CONF'
[Device]
Description=edu.device
Front=file
[Node]
Name=lab/edu
Group=cuiolab
CONF
ok "the file is good" cuiod --check /etc/cuio/edu0.conf
ok "the service starts" systemctl start cuiod@edu0
not_ok "without CUSE" test -e /sys/module/cuse
is "the file is there when it returns" "$(stat -c '%F %U:%G:%a' /run/cuio-mount/edu0/lab/edu)" "regular empty file root:cuiolab:660"
is "and under its name in /dev" "$(readlink /dev/lab/edu)" /run/cuio-mount/edu0/lab/edu
pid=$(property MainPID cuiod@edu0)
ok "the daemon is a user of its own" test "$(ps -o uid= -p "$pid")" -ge 61184
is "in its sandbox" "$(sed -n 's/^Seccomp:\t//p; s/^CapEff:\t0*//p' "/proc/$pid/status" | tr -d '\n')" 2
score=$(systemd-analyze security --no-pager cuiod@edu0 | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\) .*/\1/p')
ok "systemd's score is at most 1.0 (it is $score)" awk -v score="$score" 'BEGIN { exit !(score != "" && score <= 1.0) }'
ok "the units are without fault" sh -c "systemd-analyze verify --man=no cuiod@edu0.service cuio-bind@edu0.service 2>&1 |
    (! grep cuio)"
is "cuioctl reads registers" "$(cuioctl get --value lab/edu ident)" 0x010000ed
is "by the file's own name, too" "$(cuioctl get --value /run/cuio-mount/edu0/lab/edu ident)" 0x010000ed
like "list knows the file" "$(cuioctl list)" '*/dev/lab/edu*active*'
useradd -G cuiolab member 2>/dev/null
useradd stranger 2>/dev/null
ok "a member of the group may open it" runuser -u member -- python3 -c 'open("/dev/lab/edu", "r+b", 0)'
not_ok "a stranger may not" runuser -u stranger -- python3 -c 'open("/dev/lab/edu", "rb", 0)'
is "it computes" "$(printf '\5\0\0\0' >/dev/lab/edu && head -c 4 /dev/lab/edu | od -An -tx1)" " 78 00 00 00"

# --- programs that hold it ---

python3 file.py
ok "it served without a new mount" test "$(mounts)" = 1
like "which follows no symlinks" "$(grep ' /run/cuio-mount/edu0 ' /proc/self/mountinfo)" '*nosymfollow*'

# --- others look while nobody serves ---

systemctl kill -s STOP cuiod@edu0
ok "list does not wait for the daemon" timeout 10 cuioctl list
systemctl kill -s CONT cuiod@edu0

# --- what is edited ---

exec 5<>/dev/lab/edu
ident='import fcntl; b = bytearray(4); fcntl.ioctl(5, 2 << 30 | 4 << 16 | ord("e") << 8 | 1, b); print(b.hex())'
sed -i 's/^Group=.*/&\nMode=0664/' /etc/cuio/edu0.conf
systemctl restart cuiod@edu0
is "an edited mode is there after a restart" "$(stat -L -c %a /dev/lab/edu)" 664
is "and nobody lost his file for it" "$(python3 -c "$ident")" ed000001
sed -i 's/^Front=.*/&\nMount=\/run\/cards/' /etc/cuio/edu0.conf
ok "another place is a restart" systemctl restart cuiod@edu0
not_ok "with a fresh file" python3 -c "$ident"
is "it is there" "$(stat -c %a /run/cards/lab/edu) $(readlink /dev/lab/edu)" "664 /run/cards/lab/edu"
is "the old place is empty" "$(mounts) $(ls /run/cuio-mount)" "1 "
like "the log says why" "$(journalctl -u cuiod@edu0 -o cat -n 30 --no-pager)" '*mount=/run/cuio-mount/edu0 became mount=/run/cards: a fresh node*'
exec 5>&-
exec 5<>/dev/lab/edu
sed -i 's/^Mount=.*/Mount=\/dev\/shm/' /etc/cuio/edu0.conf
ok "a place that is taken is not the end" systemctl restart cuiod@edu0
like "but told" "$(journalctl -u cuiod@edu0 -o cat -n 30 --no-pager)" '*/dev/shm: something else is mounted there*'
is "and nobody lost his file for it" "$(python3 -c "$ident")" ed000001
exec 5>&-
# A user's folder, in which he has put a link for root to follow.
mkdir -p /srv/user
echo secret >/srv/secret
chmod 600 /srv/secret
ln -s ../secret /srv/user/cards
chown -h nobody /srv/user /srv/user/cards
exec 5<>/dev/lab/edu
sed -i 's/^Mount=.*/Mount=\/srv\/user\/cards/' /etc/cuio/edu0.conf
ok "a place in a folder of another user is not the end" systemctl restart cuiod@edu0
like "but told" "$(journalctl -u cuiod@edu0 -o cat -n 30 --no-pager)" '*/srv/user/cards: "user" on the way belongs to user*choose a place*'
is "and nobody lost his file for it" "$(python3 -c "$ident")" ed000001
exec 5>&-
is "where the link leads to is as it was" "$(stat -c %a /srv/secret)" 600
systemctl stop cuiod@edu0
not_ok "nor is a service started with it" systemctl start cuiod@edu0
is "nothing was made there" "$(ls /srv/user)" cards
systemctl reset-failed
sed -i '/^Front=/d; /^Mount=/d' /etc/cuio/edu0.conf
modprobe cuse
ok "from a file to a node is a restart" systemctl restart cuiod@edu0
is "it is a device" "$(stat -c '%F %a' /dev/lab/edu) $(mounts)" "character special file 664 0"
sed -i 's/^Description=.*/&\nFront=file/' /etc/cuio/edu0.conf
ok "and back" systemctl restart cuiod@edu0
is "it is a file" "$(stat -L -c '%F %a' /dev/lab/edu) $(mounts)" "regular empty file 664 1"

# --- ends ---

umount /run/cuio-mount/edu0
served_again() {
    [ "$(cuioctl get --value lab/edu ident 2>/dev/null)" = 0x010000ed ]
}
ok "whoever unmounts it gets a fresh one" eventually 20 served_again
is "one" "$(mounts)" 1
exec 5<>/dev/lab/edu
systemctl stop cuiod@edu0
ok "the binder ends" eventually 20 no_binder
is "and with it the mount, its folder and the symlink's" "$(mounts) $(ls -d /dev/lab /run/cuio-mount/edu0 /run/cuio-bind/edu0 2>/dev/null)" "0 "
like "a program that holds the file is told" "$(python3 -c "$ident" 2>&1)" '*Errno*'
exec 5>&-
ok "the next start is as the first" systemctl start cuiod@edu0
is "it answers" "$(cuioctl get --value lab/edu ident)" 0x010000ed
systemctl kill -s KILL cuio-bind@edu0 2>/dev/null
systemctl stop cuiod@edu0
eventually 20 no_binder
ln -s /nowhere /dev/edu9
sed -i 's/^Name=.*/Name=edu9/' /etc/cuio/edu0.conf
not_ok "a name that is another's is refused" systemctl start cuiod@edu0
is "and left alone" "$(readlink /dev/edu9)" /nowhere
rm -f /dev/edu9 /etc/cuio/edu0.conf
systemctl reset-failed
