#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a request costs: two system calls of the daemon, and nothing of PID 1's.
# limit: 240
. ./tap.sh

cp /usr/share/doc/cuio/examples/edu0.conf /etc/cuio/
# Its watchdog is fed by the clock, whatever the requests are: that is not to be in the trace.
mkdir -p /run/systemd/system/cuiod@edu0.service.d
printf '[Service]\nWatchdogSec=0\n' >/run/systemd/system/cuiod@edu0.service.d/no-watchdog.conf
systemctl daemon-reload
ok "the service starts" systemctl start cuiod@edu0
pid=$(systemctl show -P MainPID cuiod@edu0)

cat >requests.py <<'PY'
import fcntl, os, struct, sys
node = os.open("/dev/edu", os.O_RDWR)
IDENT = 2 << 30 | 4 << 16 | ord("e") << 8 | 1
for _ in range(int(sys.argv[1])):
    fcntl.ioctl(node, IDENT, b"\0\0\0\0")
PY

strace -f -o trace -p "$pid" &
tracer=$!
eventually 20 sh -c "grep -q 'TracerPid:[[:space:]]*$tracer' /proc/$pid/status"
python3 requests.py 200
kill -INT $tracer
wait $tracer

# The way of a request: a read that got one, one write to the same descriptor that answers it, and
# nothing between them. A writev would be an answer of libfuse's own.
cat >way.py <<'PY'
import re, sys
calls = [re.match(r"\d+ +(\w+)\((.*)", line) for line in open("trace")]
calls = [(m.group(1), m.group(2)) for m in calls if m]
answers = between = 0
since = channel = None
others = {name for name, _ in calls} - {"read", "epoll_wait", "write"}
for name, rest in calls:
    descriptor = rest.split(",")[0]
    if name == "read" and "= -1" not in rest:
        since, channel = 0, descriptor
    elif name == "write" and descriptor != channel:
        others.add(f"{name}-to-{descriptor}")
    elif name == "write" and since is None:
        others.add("another-write")
    elif name == "write":
        answers += 1
        between += since
        since = None
    elif since is not None:
        since += 1
print(answers, between, ",".join(sorted(others)) or "none")
PY
python3 way.py >way
ok "the trace holds the requests" test "$(cut -d' ' -f1 way)" -ge 200
is "between a request's read and the write of its answer there is no system call" "$(cut -d' ' -f2 way)" 0
is "all calls but read, one write for each, and epoll_wait" "$(cut -d' ' -f3 way)" none

switches() {
    sed -n 's/^voluntary_ctxt_switches:[[:space:]]*//p' /proc/1/status
}
before=$(switches)
python3 requests.py 10000
after=$(switches)
ok "PID 1 sleeps while 10,000 requests flow ($((after - before)) context switches)" test $((after - before)) -lt 50

# The same with interrupts, and with programs that sleep in poll until these wake them: the one that
# asks, and two that only look on.
cat >sleepers.py <<'PY'
import os, select, signal, sys
lookers = []
for _ in range(2):
    lookers.append(os.fork())
    if lookers[-1] == 0:
        waits = select.epoll()
        waits.register(os.open("/dev/edu", os.O_RDWR), select.EPOLLIN | select.EPOLLET)
        while True:
            waits.poll()
node, waits = os.open("/dev/edu", os.O_RDWR), select.poll()
waits.register(node, select.POLLIN)
rounds = 0
for _ in range(int(sys.argv[1]) // 3 + 1):
    os.write(node, b"\5\0\0\0")
    waits.poll()
    rounds += os.read(node, 4) == b"\x78\0\0\0"
for pid in lookers:
    os.kill(pid, signal.SIGKILL)
print(rounds)
PY
before=$(switches)
rounds=$(python3 sleepers.py 10000)
after=$(switches)
is "each of 10,000 requests with sleeps in poll has its answer" "$rounds" 3334
ok "PID 1 sleeps on then, too ($((after - before)) context switches)" test $((after - before)) -lt 50
systemctl stop cuiod@edu0
rm -r /run/systemd/system/cuiod@edu0.service.d
systemctl daemon-reload
