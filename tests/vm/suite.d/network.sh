#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An NE2000 card becomes a network interface by socat, which carries frames between its node and a
# TAP device. The host's end is QEMU's network, with a server behind 10.0.2.100.
#
# vm: -d ne2k_pci,netdev=ne2000,mac=52:54:00:12:34:56,romfile= -p socat -p iproute2 -p iputils-ping
# vm-qemu: -netdev user,id=ne2000,guestfwd=tcp:10.0.2.100:80-cmd:@ROOT@/tests/vm/host/network-server
# limit: 600
. ./tap.sh

unit=cuiod@ne0
address=52:54:00:12:34:56

cat >daemon.py <<'PY'
import os, signal, subprocess

def kill():
    """Whether there was one to kill."""
    pid = int(subprocess.check_output(["systemctl", "show", "-P", "MainPID", "cuiod@ne0"]))
    if pid:
        os.kill(pid, signal.SIGKILL)
    return pid != 0
PY
cat >transfer.py <<'PY'
# transfer.py get|put SIZE [KILLS]: prints the SHA-256 of what went; the daemon is killed each time
# that another part of it has come.
import daemon, hashlib, socket, sys

what, size = sys.argv[1], int(sys.argv[2])
kills = int(sys.argv[3]) if len(sys.argv) > 3 else 0
line = socket.socket()
# No more on the way than the card has room for: QEMU keeps the rest until it has more to send.
line.setsockopt(socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP, 6 * 1460)
line.connect(("10.0.2.100", 80))
line.sendall(b"%s %d\n" % (what.encode(), size))
if what == "put":
    line.sendall(hashlib.shake_256(b"cuio").digest(size))
    print(line.makefile().readline().strip())
    sys.exit()
total, digest, killed = 0, hashlib.sha256(), 0
while total < size:
    part = line.recv(65536)
    if not part:
        sys.exit("it ended after %d bytes" % total)
    total += len(part)
    digest.update(part)
    if killed < kills and total > (killed + 1) * size // (kills + 1):
        killed += daemon.kill()
print(digest.hexdigest())
sys.exit(killed != kills)
PY
cat >gateway.py <<'PY'
import socket, struct

line = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
line.settimeout(60)

def sum_of(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    return ~((total & 0xffff) + (total >> 16)) & 0xffff

def ping(number):
    head = struct.pack("!BBHHH", 8, 0, 0, 0x4375, number)
    line.sendto(struct.pack("!BBHHH", 8, 0, sum_of(head), 0x4375, number), ("10.0.2.2", 0))

def answered():
    """The number of the next ping to be answered."""
    while True:
        kind, code, check, sender, number = struct.unpack("!BBHHH", line.recv(2048)[20:28])
        if kind == 0 and sender == 0x4375:
            return number
PY
cat >group.py <<'PY'
# Asks QEMU which IPv6 net this is, which it tells all nodes, 33:33:00:00:00:01; prints whether this
# one was told. What QEMU sends comes in order: after an answer to a later ping that is known.
import gateway, socket

net = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
net.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
net.setblocking(False)
net.sendto(bytes([133, 0, 0, 0, 0, 0, 0, 0]), ("ff02::2", 0, 0, socket.if_nametoindex("ne")))
gateway.ping(0)
gateway.answered()
try:
    while net.recv(2048)[0] != 134:
        pass
    print("told")
except BlockingIOError:
    print("not told")
PY
cat >pings.py <<'PY'
# Sends five pings at once and kills the daemon, three times; prints how many were answered.
import daemon, gateway

answered = set()
try:
    for turn in range(1, 4):
        for number in range(5 * turn - 5, 5 * turn):
            gateway.ping(number)
        while not daemon.kill():
            pass
        while len(answered) < 5 * turn:
            answered.add(gateway.answered())
except TimeoutError:
    pass
print(len(answered))
PY

driver() {
    basename "$(readlink /sys/bus/pci/devices/"$slot"/driver || echo none)"
}

given_back() {
    [ "$(driver)" = ne2k-pci ]
}

statistic() { # NAME
    cuioctl ioctl ne0 NE2000_GET_STATISTICS | awk -v name="$1" '$1 == name { print $NF }'
}

# What the interface has been given or has sent: the same as the card.
same_frames() {
    [ "$(statistic "$1")" = "$(cat "/sys/class/net/ne/statistics/$2")" ]
}

# System calls that read or write, by the daemon.
calls() {
    awk '/^sysc/ { n += $2 } END { print n }' "/proc/$(systemctl show -P MainPID $unit)/io"
}

# How often the log says that ioperm is not allowed.
refusals() {
    journalctl -u $unit -o cat | grep -c 'ne0.conf:15: PortAccess=ioperm: .*CAP_SYS_RAWIO'
}

refused_again() {
    [ "$(refusals)" -gt "$told" ]
}

uptime_ms() {
    awk '{ print int($1 * 1000) }' /proc/uptime
}

# measure NAME: 2 MiB, and what they cost: $time in ms, $per_frame in system calls
measure() {
    time=$(uptime_ms) per_frame=$(calls) frames=$(statistic rx_frames)
    is "$1" "$(python3 transfer.py get 2097152)" 4524b4b95d5dda190284cd0edb170268980ef25a236ef26ca6770b91ca287903
    time=$(($(uptime_ms) - time))
    per_frame=$((($(calls) - per_frame) / ($(statistic rx_frames) - frames)))
}

slot=$(basename "$(dirname "$(grep -l 0x8029 /sys/bus/pci/devices/*/device)")")
is 'the card has its kernel driver' "$(driver)" ne2k-pci
cp /usr/share/doc/cuio/examples/ne0.conf /etc/cuio/
ok 'the service takes it' systemctl start $unit
is 'from that driver' "$(driver)" uio_pci_generic
like 'the address is what QEMU was told' "$(cuioctl ioctl ne0 NE2000_GET_ADDRESS)" '*hex:525400123456*'

socat OPEN:/dev/ne0,rdwr TUN:10.0.2.15/24,tun-type=tap,iff-no-pi,tun-name=ne,iff-up &
socat=$!
ok 'socat makes an interface of it' eventually 20 sh -c 'ip address show dev ne | grep -q 10.0.2.15'
ip link set dev ne address $address
ok 'the gateway answers a ping' ping -c 3 -W 20 10.0.2.2
is 'what was sent arrives as it was' "$(python3 transfer.py put 300000)" \
    "$(python3 -c 'import hashlib; print(hashlib.sha256(hashlib.shake_256(b"cuio").digest(300000)).hexdigest())')"

# --- filters ---

ip link set dev ne address 52:54:00:65:43:21
ip neighbour flush dev ne
not_ok 'frames to another address do not come' ping -c 1 -W 2 10.0.2.2
ok 'promiscuous mode' cuioctl ioctl ne0 NE2000_SET_PROMISCUOUS on=1
ok 'lets them come' eventually 30 ping -c 1 -W 2 10.0.2.2
ok 'and ends' cuioctl ioctl ne0 NE2000_SET_PROMISCUOUS on=0
ip link set dev ne address $address
ok 'with its own address it is as before' eventually 30 ping -c 1 -W 2 10.0.2.2

hash=$(python3 -c '
crc = 0xffffffff
for byte in (0x33, 0x33, 0, 0, 0, 1):
    for bit in range(8):
        crc = crc << 1 ^ (0x04c11db7 if crc >> 31 ^ byte >> bit & 1 else 0)
        crc &= 0xffffffff
print((1 << (crc >> 26)).to_bytes(8, "little").hex())')
ok 'the interface has an IPv6 address' eventually 20 sh -c 'ip -6 address show dev ne -tentative | grep -q fe80:'
is 'no frame to a group comes' "$(python3 group.py)" 'not told'
ok 'a multicast filter' cuioctl ioctl ne0 NE2000_SET_MULTICAST "hash=hex:$hash"
is 'lets a frame to that group come' "$(python3 group.py)" told
ok 'an empty one' cuioctl ioctl ne0 NE2000_SET_MULTICAST hash=hex:0000000000000000
is 'does not' "$(python3 group.py)" 'not told'

# --- ports by system calls, and by instructions ---

measure '2 MiB come, with ports by sysfs'
sysfs_time=$time sysfs_calls=$per_frame
sed -i 's/^#PortAccess=/PortAccess=/' /etc/cuio/ne0.conf
ok 'a restart for PortAccess=ioperm' systemctl restart $unit
like 'without the capability goes on by sysfs, and says what is needed' "$(journalctl -u $unit -o cat)" \
    '*/etc/cuio/ne0.conf:15: PortAccess=ioperm: *CAP_SYS_RAWIO*port-access.conf*'
drop_in=/etc/systemd/system/$unit.service.d
mkdir -p $drop_in
cp /usr/share/cuio/port-access.conf $drop_in/
systemctl daemon-reload
ok 'the unit with the drop-in is sound' systemd-analyze verify --man=no $unit.service
ok 'another restart, with the drop-in' systemctl restart $unit
is 'the daemon has that capability alone' \
    "$(sed -n 's/^Cap[EB][fn][fd]:\t//p' "/proc/$(systemctl show -P MainPID $unit)/status" | tr '\n' ' ')" \
    '0000000000020000 0000000000020000 '
measure '2 MiB come, with ports by ioperm'
echo "# 2 MiB: $sysfs_time ms by sysfs, $time ms by ioperm; $sysfs_calls and $per_frame system calls a frame"
ok "a frame takes a tenth of the system calls ($sysfs_calls, $per_frame)" test "$sysfs_calls" -gt $((10 * per_frame))

# --- over crashes ---

is '10 MiB come while the daemon is killed five times' "$(python3 transfer.py get 10485760 5)" \
    0a5dbc30c2d65a215e830aa90260752117a68913005e029e78611d21470df624
is 'no ping is lost while it is killed three times' "$(python3 pings.py)" 15
ok 'each frame that was received went to the interface once' eventually 20 same_frames rx_frames rx_packets
ok 'and each that this sent was sent once' eventually 20 same_frames tx_frames tx_packets
ok 'socat noticed nothing' kill -0 $socat

# --- the end ---

is 'none of the traffic was taken for an interrupt storm' "$(journalctl -b -u $unit --no-pager | grep -c 'interrupt storm')" 0

kill $socat
wait $socat
is 'with nobody there the card is stopped' "$(cuioctl get --value ne0 cr.stp)" 0x1
systemctl stop $unit
rm -r $drop_in
systemctl daemon-reload
told=$(refusals)
not_ok 'without the drop-in a first start is refused' systemctl start $unit
ok 'and says why' eventually 10 refused_again
ok 'the card goes back to its kernel driver' eventually 20 given_back
systemctl reset-failed
rm /etc/cuio/ne0.conf
