# SPDX-License-Identifier: GPL-2.0-or-later
# For unplug.sh: takes a card out of its PCIe slot again and again, under programs that use it, and puts it in again.
import errno, fcntl, json, os, select, signal, struct, subprocess, sys, threading, time

PORT, SLOT = sys.argv[1], sys.argv[2]
CYCLES = int(sys.argv[3])
NODE, UNIT = "/dev/plug", "cuiod@plug"
LIVENESS = 0xC0046502
# cuio(7): a call in progress, a later one, and an open(2) while there is no node or its end is near
DOCUMENTED = {errno.ECONNABORTED, errno.ENOTCONN}
NO_NODE = {errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.ECONNABORTED, errno.ENOTCONN}
PATIENCE = 120


def claim(ok, what, detail=""):
    print(f"{'ok' if ok else 'not ok'} - {what}")
    if not ok and detail:
        print(f"# {detail}")
    sys.stdout.flush()
    return ok


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()


monitor = open("/dev/virtio-ports/cuio.qmp", "r+b", buffering=0)


def qmp(execute, **arguments):
    monitor.write(json.dumps({"execute": execute, "arguments": arguments}).encode() + b"\n")
    while True:
        message = json.loads(monitor.readline())
        if "error" in message:
            return message["error"]["desc"]
        if "return" in message:
            return None


def until(done, what):
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            print(f"# not in {PATIENCE} s: {what}")
            sys.stdout.flush()
            return False
        time.sleep(0.1)
    return True


def there():
    return os.path.exists(f"/sys/bus/pci/devices/{SLOT}")


class Load(threading.Thread):
    """A program that uses the node until it ends, and then opens the next one."""

    def __init__(self, kind):
        super().__init__(daemon=True)
        self.kind, self.calls, self.nodes, self.began, self.wrong = kind, 0, 0, None, []

    def once(self, file):
        if self.kind == "ioctl":
            number = self.calls & 0xFFFF
            got, = struct.unpack("I", fcntl.ioctl(file, LIVENESS, struct.pack("I", number)))
            # A card that is gone reads as all ones, or as 0.
            if got not in (number ^ 0xFFFFFFFF, 0xFFFFFFFF, 0):
                self.wrong.append(f"inverse of {number:#x}: {got:#x}")
        elif self.kind == "factorial":
            os.write(file, struct.pack("I", 5))
            got, = struct.unpack("I", os.read(file, 4))
            if got not in (120, 0xFFFFFFFF, 0):
                self.wrong.append(f"factorial of 5: {got}")
        elif self.kind == "read":
            # Nothing is computed: it waits until the node ends.
            os.read(file, 4)
        else:
            poll = select.poll()
            poll.register(file, select.POLLPRI)
            if poll.poll(PATIENCE * 1000) and os.read(file, 0) is not None:
                os.write(file, b"")

    def run(self):
        while True:
            self.began = None
            try:
                file = os.open(NODE, os.O_RDWR)
            except OSError as error:
                if error.errno not in NO_NODE:
                    self.wrong.append(f"open: {error}")
                time.sleep(0.02)
                continue
            self.nodes += 1
            try:
                while True:
                    self.began = time.monotonic()
                    self.once(file)
                    self.calls += 1
            except OSError as error:
                if error.errno not in DOCUMENTED | ({errno.EINVAL} if self.kind == "poll" else set()):
                    self.wrong.append(str(error))
            os.close(file)

    def hangs(self):
        began = self.began
        return began and time.monotonic() - began > PATIENCE / 2


def slot_control(port):
    """Where the port's slot control register is in its configuration space."""
    with open(f"/sys/bus/pci/devices/{port}/config", "rb") as file:
        config = file.read(256)
    at = config[0x34]
    while config[at] != 0x10:
        at = config[at + 1]
    return at + 0x18


def pull():
    """By surprise. QEMU takes the card out when the slot's power is off; the kernel hears of it when it is on again,
    as if it had never been off: that there is no card."""
    with open(f"/sys/bus/pci/devices/{PORT}/config", "r+b", buffering=0) as file:
        file.seek(CONTROL)
        word, = struct.unpack("<H", file.read(2))
        for value in ((word & ~0x0020) | 0x0700, word):
            file.seek(CONTROL)
            file.write(struct.pack("<H", value))


def ask():
    """By the attention button: the kernel takes the card away, in five seconds."""
    return qmp("device_del", id="plug")


def pid():
    return int(run("systemctl", "show", "-P", "MainPID", UNIT) or 0)


def add():
    """QEMU presses the button, too. To a kernel that has seen the card already this means that it is to go again."""
    return there() or not qmp("device_add", driver="edu", bus="hole", id="plug")


def serves():
    return add() and run("cuioctl", "get", "--value", NODE, "ident") == "0x010000ed"


CONTROL = slot_control(PORT)
monitor.readline()
qmp("qmp_capabilities")
loads = [Load(kind) for kind in ("ioctl", "factorial", "ioctl", "read")]
for load in loads:
    load.start()
slowest, hung, failed = 0, [], ""
for cycle in range(CYCLES):
    if not until(lambda: all(load.nodes for load in loads), "the programs have the node"):
        failed = "a program does not get the node"
        break
    nodes = [load.nodes for load in loads]
    daemon, how = pid(), ("alive", "killed", "stopped")[cycle % 3]
    if how == "killed":
        os.kill(daemon, signal.SIGKILL)
    elif how == "stopped":
        os.kill(daemon, signal.SIGSTOP)
    if cycle % 10 == 9:
        ask()
    else:
        pull()
    if not until(lambda: not there(), f"cycle {cycle}, daemon {how}: the kernel notices that the card is gone"):
        failed = "the card does not go"
        break
    if how == "stopped":
        # Its programs wait for it, as for any that is stopped.
        try:
            os.kill(daemon, signal.SIGKILL)
        except ProcessLookupError:
            pass
    # The kernel gives the slot a second without power, and in that time takes no button.
    time.sleep(2)
    # Its name is free when QEMU has let go of it.
    if not until(add, "QEMU adds the card"):
        failed = "the card does not come"
        break
    began = time.monotonic()
    if not until(serves, f"cycle {cycle}, daemon {how}: the service is back"):
        failed = "the service does not come back"
        break
    slowest = max(slowest, time.monotonic() - began)
    print(f"# removal {cycle + 1}, daemon {how}: back in {time.monotonic() - began:.1f} s", flush=True)
    if not until(lambda: all(load.nodes > was for load, was in zip(loads, nodes)),
                 f"cycle {cycle}, daemon {how}: all programs have the new node"):
        hung += [f"cycle {cycle}, daemon {how}: {load.kind}" for load, was in zip(loads, nodes) if load.nodes == was]
        failed = "a program hangs"
        break
if failed:
    print("# " + "\n# ".join(run("journalctl", "-b", "-o", "cat", "-n", "40", "--no-pager", "-u", UNIT, "-u", "cuio-bind@plug").split("\n")))
    print("# " + "\n# ".join(run("dmesg").split("\n")[-15:]))
print(f"# {CYCLES} removals: {sum(load.calls for load in loads)} calls, {[load.nodes for load in loads]} nodes, "
      f"the slowest return took {slowest:.1f} s")
claim(not failed, f"a card is pulled out {CYCLES} times under load, and its service is back each time", f"{failed} {hung}")
wrong = [f"{load.kind}: {what}" for load in loads for what in load.wrong]
claim(not wrong, "programs get the errors that cuio(7) names, and right data until then", str(wrong[:5]))
