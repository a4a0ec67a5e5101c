# SPDX-License-Identifier: GPL-2.0-or-later
# For identity.sh: what is edited under programs that hold a node, case by case.
import errno, fcntl, json, os, re, select, signal, subprocess, threading, time

DESCRIPTION = "/usr/share/cuio/devices/edu.device"
IDENT, LIVENESS = 2 << 30 | 4 << 16 | ord("e") << 8 | 1, 3 << 30 | 4 << 16 | ord("e") << 8 | 2
UNIT = "cuiod@same"
PATIENCE = 120  # s
SIM = {"Description": "./same.device", "Backend": "sim"}
DEVICES = "/sys/bus/pci/devices"


def claim(holds, name, detail=""):
    print("ok" if holds else "not ok", "-", name, flush=True)
    if not holds:
        text = detail() if callable(detail) else detail
        print("\n".join("# " + line for line in str(text).splitlines()), flush=True)


def until(what):
    end = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


# --- files ---


def configure(device, node="same", more="", log="info"):
    with open("/etc/cuio/same.conf", "w") as file:
        file.write("[Device]\n" + "".join(f"{key}={value}\n" for key, value in device.items()))
        file.write(f"[Node]\nName={node}\n{more}[Log]\nLevel={log}\n")


class Description:
    """edu's, with one edit after the other."""

    def __init__(self):
        with open(DESCRIPTION) as file:
            self.text = file.read()
        self.replace("", "")

    def replace(self, old, new):
        assert old in self.text
        self.text = self.text.replace(old, new, 1)
        with open("/etc/cuio/same.device", "w") as file:
            file.write(self.text)


def slots(vendor, device):
    def is_such(slot):
        return all(open(f"{DEVICES}/{slot}/{name}").read().strip() == value
                   for name, value in (("vendor", vendor), ("device", device)))
    return sorted(filter(is_such, os.listdir(DEVICES)))


def driver(slot):
    try:
        return os.path.basename(os.readlink(f"{DEVICES}/{slot}/driver"))
    except OSError:
        return "none"


# --- the service ---


def systemctl(verb):
    return run("systemctl", verb, UNIT).returncode == 0


def show(*names):
    lines = run("systemctl", "show", UNIT, *(f"-p{name}" for name in names)).stdout.splitlines()
    values = dict(line.split("=", 1) for line in lines)
    return [values[name] for name in names]


def info(node="same"):
    said = run("cuioctl", "info", "--json", node)
    return json.loads(said.stdout)["info"][0] if said.returncode == 0 else {}


class Log:
    """What the service has said since, and what it was to say, in this order."""

    def __init__(self):
        text = run("journalctl", "-n", "0", "--show-cursor", "--no-pager").stdout
        self.cursor, self.expected = re.search("cursor: (.*)", text).group(1), []

    def text(self):
        run("journalctl", "--sync")
        return run("journalctl", "-u", UNIT, "-o", "cat", "--no-pager", f"--after-cursor={self.cursor}").stdout

    def expect(self, what, *lines):
        self.expected.append((what, lines))

    def check(self):
        text, at = self.text(), 0
        for what, lines in self.expected:
            found = True
            for line in lines:
                match = re.compile(line, re.M).search(text, at)
                found, at = found and match, match.end() if match else at
            claim(found, f"{what}: the log says so", text[at:])


class Holder:
    """A program: one of its threads reads and one sleeps in poll, neither of which gets anything."""

    def __init__(self, node="same"):
        self.file, self.sleeper = os.open(f"/dev/{node}", os.O_RDWR), os.open(f"/dev/{node}", os.O_RDWR)
        self.node, self.got, self.threads = node, {}, []
        for name, call in (("read", lambda: os.read(self.file, 4)), ("poll", self.sleep)):
            self.threads.append(threading.Thread(target=self.attempt, args=(name, call), daemon=True))
            self.threads[-1].start()
        until(self.waits)

    def waits(self):
        now = info(self.node)
        return now.get("parked") == 1 or now.get("instance") is None  # a node of unrestricted mode does not tell

    def sleep(self):
        waits = select.poll()
        waits.register(self.sleeper, select.POLLIN)
        return waits.poll()[0][1]

    def attempt(self, name, call):
        try:
            self.got[name] = call()
        except OSError as error:
            self.got[name] = errno.errorcode[error.errno]

    def call(self, number, value=0):
        data = bytearray(value.to_bytes(4, "little"))
        try:
            fcntl.ioctl(self.file, number, data)
        except OSError as error:
            return errno.errorcode[error.errno]
        return int.from_bytes(data, "little")

    def goes_on(self, generation):
        now = info(self.node)
        return (self.got == {} and now.get("parked") == 1 and now["generation"] == generation and
                self.call(IDENT) == 0x010000ed)

    def was_told(self):
        for thread in self.threads:
            thread.join(PATIENCE)
        return self.got | {"later": self.call(IDENT)} == {"read": "ECONNABORTED", "poll": select.POLLERR,
                                                          "later": "ENOTCONN"}

    def end(self):
        for thread in self.threads:
            if thread.is_alive():  # the reader's answer is not there for the sleeper any more
                os.write(self.file, (3).to_bytes(4, "little"))
            thread.join(PATIENCE)
        os.set_blocking(self.file, False)
        self.attempt("rest", lambda: os.read(self.file, 4))
        os.close(self.file)
        os.close(self.sleeper)


# --- the cases ---


class Same:
    """Edits of one node: its programs go on."""

    def __init__(self):
        self.holder, self.log, self.generation = Holder(), Log(), info()["generation"]

    def case(self, what, edit, action=lambda: systemctl("restart"), says=()):
        edit()
        done = action()
        self.generation += 1
        claim(done and until(lambda: self.holder.goes_on(self.generation)),
              f"{what}: programs go on with the next generation", lambda: f"{self.holder.got}\n{self.log.text()}")
        if says:
            self.log.expect(what, *says)

    def end(self):
        self.log.check()
        self.holder.end()


def crash():
    os.kill(int(show("MainPID")[0]), signal.SIGKILL)
    return True


def of_the_same_node(description):
    same = Same()
    same.case("steps", lambda: description.replace("Step=read liveness arg\n",
                                                   "Step=read liveness arg\nStep=let arg = arg + 1\n"))
    claim(same.holder.call(LIVENESS, 1) == 0xffffffff, "steps: the new ones are served, on the old descriptor")
    same.case("a waiting ioctl more", lambda: description.replace("[Ioctl EDU_IOCTL_IDENT]", "[Ioctl MORE]\n"
              "Number=_IOWR('e', 9, u32)\nStep=let arg = arg + 1\nStep=wait dev.state == IDLE\nStep=let arg = 2\n"
              "[Ioctl EDU_IOCTL_IDENT]"))
    same.case("a register's place", lambda: description.replace("Offset=0x88", "Offset=0xa0"))
    same.case("a field", lambda: description.replace("Field=card 7:0 an", "Field=kind 7:0 an"))
    same.case("the log's level", lambda: configure(SIM, log="debug"))
    same.case("group and mode", lambda: configure(SIM, more="Group=daemon\nMode=0640\n"))
    status = os.stat("/dev/same")
    claim((status.st_gid, status.st_mode & 0o777) == (1, 0o640), "group and mode: the node has them")
    # Mistakes, of the file's and of the machine's.
    going_on = "going on with the files as they were before"
    same.case("a mistake", lambda: configure(SIM | {"Colour": "red"}), says=("same.conf:4: .*Colour", going_on))
    same.case("a node's name that is taken", lambda: configure(SIM, node="null"),
              says=("same.conf:5: /dev/null exists already", "cuiod@same keeps the node that it has", going_on))
    same.case("a card that is not there", lambda: configure({"Description": "./same.device", "Card": "pci:dead:beef"}),
              says=("same.conf:3: there is no card pci:dead:beef", "cuiod@same keeps the node that it has", going_on))
    # Nobody loses his node by a crash.
    same.case("another name, and a crash", lambda: configure(SIM, node="another"), crash,
              says=(f"node=/dev/same became node=/dev/another: change needs a new node; deferred until .systemctl restart., .*{going_on}",))
    same.case("the first name again", lambda: configure(SIM))
    same.end()


class Fresh:
    """Edits that make it another node: one restart brings it."""

    def __init__(self):
        self.log, self.node = Log(), "same"

    def case(self, what, edit, becomes, node="same", descriptors=5):
        holder, was, self.node = Holder(self.node), self.node, node
        edit()
        done = systemctl("restart")
        restarts, stored = show("NRestarts", "NFileDescriptorStore")
        claim(done and restarts == "0", f"{what}: one restart is one success", self.log.text)
        claim(holder.was_told(), f"{what}: programs get the documented errors", holder.got)
        claim(info(node).get("generation") == 0, f"{what}: the node is a fresh one", info(node))
        claim(node == was or not os.path.exists(f"/dev/{was}"), f"{what}: the old one has gone")
        claim(stored == str(descriptors), f"{what}: nothing of it is left in the store", stored)
        self.log.expect(what, f"^{becomes}: a fresh node; .*ECONNABORTED, then ENOTCONN$")
        holder.end()


def of_another_node(description):
    fresh = Fresh()
    fresh.case("another name", lambda: configure(SIM, node="another"), "node=/dev/same became node=/dev/another",
               node="another")
    fresh.case("a name with a folder", lambda: configure(SIM, node="some/where"),
               "node=/dev/another became node=/dev/some/where", node="some/where")
    fresh.case("a number", lambda: configure(SIM, node="some/where", more="Number=60:9\n"),
               "number=any became number=60:9", node="some/where")
    claim(os.stat("/dev/some/where").st_rdev == os.makedev(60, 9), "a number: the node has it")
    fresh.case("that number, the first name", lambda: configure(SIM, more="Number=60:9\n"),
               "node=/dev/some/where became node=/dev/same")
    fresh.case("a window's place", lambda: description.replace("Bar=0", "Bar=1"),
               "windows=#.* became windows=#.*")
    fresh.case("another state", lambda: description.replace("Device=state cause:u32", "Device=cause:u32 state"),
               "state=.* became state=.*")
    fresh.case("ioctl mode", lambda: description.replace("Match=pci:", "Ioctl=unrestricted\nMatch=pci:"),
               "ioctls=restricted became ioctls=unrestricted")
    # The card's modules are loaded for it first.
    run("modprobe", "-r", "uio_pci_generic", "uio")
    edu, = slots("0x1234", "0x11e8")
    description.__init__()
    fresh.case("from simulation to a card", lambda: configure({"Description": "./same.device"}),
               "backend=sim became backend=uio")
    claim(driver(edu) == "uio_pci_generic" and info()["card"] == f"pci:{edu}", "from simulation to a card: it is served")
    claim(info()["description"] == "/etc/cuio/same.device", "its description is called by its shortest name")
    same = Same()
    same.case("the card by its slot", lambda: configure({"Description": "./same.device", "Card": f"pci:{edu}"}))
    same.case("and by its kind", lambda: configure({"Description": "./same.device", "Card": "pci:1234:11e8"}), crash)
    same.end()
    fresh.case("from a card to simulation", lambda: configure(SIM), "backend=uio became backend=sim")
    claim(until(lambda: driver(edu) == "none"), "from a card to simulation: the card is given back", driver(edu))
    fresh.log.check()


def of_another_slot():
    """Two cards of one kind, without an interrupt."""
    first, second = slots("0x1b36", "0x0005")[:2]
    on = [{"Description": "testdev.device", "Card": f"pci:{slot}"} for slot in (first, second)]
    configure(on[0])
    systemctl("restart")
    file, log = os.open("/dev/same", os.O_RDWR), Log()
    claim(info().get("card") == f"pci:{first}", "another slot: the first card is served", info())
    configure(on[1])
    claim(systemctl("restart"), "another slot: one restart is one success", log.text)
    now = info()
    claim(now.get("card") == f"pci:{second}" and now["generation"] == 0, "another slot: the other card is, afresh", now)
    try:
        told = os.read(file, 4)
    except OSError as error:
        told = errno.errorcode[error.errno]
    claim(told == "ENOTCONN", "another slot: programs are told", told)
    claim((driver(first), driver(second)) == ("none", "uio_pci_generic"), "another slot: the first card is given back")
    os.close(file)
    configure(SIM)
    systemctl("restart")
    claim(until(lambda: driver(second) == "none"), "another slot: then the second one is", driver(second))
    log.expect("another slot", f"card=pci:{first} became card=pci:{second}: a fresh node; .*ECONNABORTED")
    log.check()


def of_a_helper_that_dies():
    """On the way from one node to another: there is one of them nevertheless."""
    os.makedirs("/run/systemd/system/cuiod@same.service.d", exist_ok=True)
    with open("/run/systemd/system/cuiod@same.service.d/helper.conf", "w") as file:
        file.write("[Service]\nExecStartPre=\nExecStartPre=+-/run/helper open %i\n")
    run("systemctl", "daemon-reload")
    log, old = Log(), "same"
    for i, (what, point) in enumerate((
            ("before it begins", "rename 1"), ("when it has begun", "sendmsg 1"),
            ("when the memory is gone", "sendmsg 2"), ("when the node is gone", "sendmsg 16"),
            ("when it has handed a part over", "sendmsg 31"), ("before it says so", "rename 2"))):
        holder, new = Holder(old), f"same{i}"
        before = info(old)["generation"]
        configure(SIM, node=new)
        with open("/run/kill-helper", "w") as file:
            file.write(point)
        systemctl("restart")
        lives = until(lambda: holder.goes_on(before + 1) or info(new).get("generation") == 0 and holder.was_told())
        stays = holder.got == {}
        claim(lives and not os.path.exists("/run/kill-helper"),
              f"the helper dies {what}: {'the old node goes on' if stays else 'a fresh node is there'}", log.text)
        log.expect(f"the helper dies {what}", f"/dev/{old} became node=/dev/{new}: " +
                   ("change needs a new node; .*going on" if stays else "a fresh node; programs .* get ECONNABORTED"))
        old = old if stays else new
        holder.end()
    log.check()


def of_a_stop():
    configure(SIM)
    systemctl("restart")
    holder = Holder()
    claim(systemctl("stop"), "stop: it stops")
    claim(holder.was_told(), "stop: programs get the documented errors", holder.got)
    claim(not os.path.exists("/dev/same"), "stop: the node is gone")
    claim(systemctl("start") and info()["generation"] == 0, "start: it is a fresh one")


edited = Description()
configure(SIM)
claim(systemctl("start"), "the service starts")
of_the_same_node(edited)
of_another_node(edited)
of_another_slot()
of_a_helper_that_dies()
of_a_stop()
os._exit(0)
