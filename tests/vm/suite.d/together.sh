#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guest: all kinds of cards served at once, each used without a pause, while the daemon of one after
# another is killed in a loop. Its own programs do not notice; nor do those of the others, whose
# daemons go on as if nothing were.
#
# vm: -d pci-serial,chardev=serial,addr=0x10 -d i6300esb -d ivshmem-plain,memdev=shared
# vm: -d ne2k_pci,netdev=ne2000,mac=52:54:00:12:34:56,romfile= -e EACH=3
# vm-qemu: -chardev socket,id=serial,path=@RUN@/serial,server=on,wait=off
# vm-qemu: -netdev user,id=ne2000,guestfwd=tcp:10.0.2.100:80-cmd:@ROOT@/tests/vm/host/network-server
# vm-qemu: -object memory-backend-file,id=shared,share=on,size=64M,mem-path=@RUN@/shared
# vm: -f tests/vm/programs/together.py
# limit: 480 + 60 * EACH
. ./tap.sh

units=''
for name in edu0 ttyCU0 watchdogCU0 shm0 ne0; do
    cp /usr/share/doc/cuio/examples/$name.conf /etc/cuio/
    units="$units cuiod@$name"
done
sed -i 's/^#Ioctl=/Ioctl=/' /etc/cuio/shm0.conf
sed -i 's/^Card=.*/Card=pci:0000:00:10.0/' /etc/cuio/ttyCU0.conf
# shellcheck disable=SC2086
ok 'five services start together' systemctl start $units

timeout $((1320 + 180 * EACH)) python3 together.py || fail 'the programs come to their end'
# shellcheck disable=SC2086
is 'no service has failed' "$(systemctl is-failed $units | sort -u)" active
# shellcheck disable=SC2086
ok 'all stop' systemctl stop $units
