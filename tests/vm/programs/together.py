# SPDX-License-Identifier: GPL-2.0-or-later
# For together.sh: a program for each card, and the kills.
import ctypes, fcntl, os, re, select, struct, subprocess, sys, termios, threading, time, tty

KILLS = int(os.environ["EACH"])
PACE = 0.005  # s between two turns: there is one CPU for all of them
PATIENCE = 180
READ, WRITE = 2, 1


def ioc(direction, kind, number, size):
    return direction << 30 | size << 16 | (ord(kind) if isinstance(kind, str) else kind) << 8 | number


def claim(holds, name, *details):
    print("ok" if holds else "not ok", "-", name, flush=True)
    for detail in details if not holds else ():
        print("#", detail, flush=True)


class Program(threading.Thread):
    """Uses one node, again and again, with the file that it opened first."""

    def __init__(self, node, flags=os.O_RDWR):
        super().__init__(daemon=True)
        self.path, self.file = f"/dev/{node}", os.open(f"/dev/{node}", flags)
        self.turns, self.errors, self.ends = 0, [], False
        self.begin()

    def begin(self):
        pass

    def end(self):
        pass

    def run(self):
        while not self.ends:
            try:
                self.turn()
            except Exception as error:
                self.errors.append(f"{type(error).__name__} {error}")
            self.turns += 1
            time.sleep(PACE)
        self.end()
        os.close(self.file)


class Edu(Program):
    IDENT = ioc(READ, "e", 1, 4)

    def turn(self):
        answer = fcntl.ioctl(self.file, self.IDENT, b"\0" * 4)
        assert answer == bytes.fromhex("ed000001"), answer


class Serial(Program):
    """In the port's own loopback. A byte in flight may be lost by a kill of its daemon, none else."""
    lost = 0

    def begin(self):
        tty.setraw(self.file)
        settings = termios.tcgetattr(self.file)
        settings[6][termios.VMIN], settings[6][termios.VTIME] = 0, 20
        termios.tcsetattr(self.file, termios.TCSANOW, settings)
        fcntl.ioctl(self.file, termios.TIOCMBIS, struct.pack("i", 0x8000))  # TIOCM_LOOP
        self.number = 0

    def turn(self):
        sent = b"%08d" % self.number
        self.number += 1
        assert os.write(self.file, sent) == len(sent)
        got = b""
        while len(got) < len(sent):
            more = os.read(self.file, len(sent) - len(got))
            if not more:
                break
            got += more
        if got != sent:
            self.lost += 1
            termios.tcflush(self.file, termios.TCIOFLUSH)


class Watchdog(Program):
    def turn(self):
        fcntl.ioctl(self.file, ioc(READ, "W", 5, 4), 0)  # WDIOC_KEEPALIVE
        left = struct.unpack("i", fcntl.ioctl(self.file, ioc(READ, "W", 10, 4), b"\0" * 4))[0]
        assert left > 0, left
        assert os.write(self.file, b"\0") == 1

    def end(self):
        os.write(self.file, b"V")


class Memory(Program):
    """Leaves the memory as it was: the host looks at it in the end."""

    def begin(self):
        self.buffer = ctypes.create_string_buffer(65536)
        self.move(False, 0)
        self.before = self.buffer.raw

    def end(self):
        self.buffer.raw = self.before
        self.move(True, 0)

    def move(self, write, position):
        request = bytearray(struct.pack("QQII", position, ctypes.addressof(self.buffer), len(self.buffer), 0))
        moved = fcntl.ioctl(self.file, ioc(WRITE, 0xEE, 4 if write else 3, 24), request, True)
        assert moved == len(self.buffer), moved

    def turn(self):
        pattern = struct.pack("Q", self.turns) * 8192
        self.buffer.raw = pattern
        self.move(True, 0)
        self.buffer.raw = b"\0" * 65536
        self.move(False, 0)
        assert self.buffer.raw == pattern


class Network(Program):
    """Asks for the gateway's address, again when a frame was lost, as programs do."""
    lost = 0

    def begin(self):
        own = fcntl.ioctl(self.file, ioc(READ, "N", 0x80, 6), b"\0" * 6)
        self.question = (b"\xff" * 6 + own + b"\x08\x06" + struct.pack(">HHBBH", 1, 0x800, 6, 4, 1) + own +
                         bytes([10, 0, 2, 15]) + b"\0" * 6 + bytes([10, 0, 2, 2])).ljust(60, b"\0")

    def turn(self):
        assert os.write(self.file, self.question) == len(self.question)
        while select.select([self.file], [], [], 3)[0]:
            frame = os.read(self.file, 2000)
            assert len(frame) >= 42
            if frame[12:14] == b"\x08\x06" and frame[28:32] == bytes([10, 0, 2, 2]):
                return
        self.lost += 1


def property_of(unit, name):
    return subprocess.run(["systemctl", "show", "-P", name, unit], stdout=subprocess.PIPE, text=True).stdout.strip()


def generation(node):
    said = subprocess.run(["cuioctl", "info", "--json", node], stdout=subprocess.PIPE, text=True).stdout
    return int(re.search(r'"generation": *(\d+)', said)[1])


def until(holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def all_have_turned(programs, turns):
    before = {program: program.turns for program in programs}
    return until(lambda: all(program.turns >= before[program] + turns for program in programs))


programs = {"edu0": Edu("edu"), "ttyCU0": Serial("ttyCU0"), "watchdogCU0": Watchdog("watchdogCU0"),
            "shm0": Memory("shm0"), "ne0": Network("ne0")}
for program in programs.values():
    program.start()
claim(all_have_turned(programs.values(), 3), "all are used at once")
for name, program in programs.items():
    unit = f"cuiod@{name}"
    others = {other: (property_of(f"cuiod@{other}", "MainPID"), generation(p.path), getattr(p, "lost", 0))
              for other, p in programs.items() if other != name}
    went_on = True
    for _ in range(KILLS):
        pid, turns = property_of(unit, "MainPID"), program.turns
        os.kill(int(pid), 9)
        went_on = went_on and until(lambda: program.turns > turns + 1)
    claim(went_on and generation(program.path) >= KILLS, f"{name}'s daemon is killed {KILLS} times, and goes on")
    claim(not program.errors, "its program does not notice", *program.errors[:5])
    claim(all_have_turned(programs.values(), 1), "all the others are served meanwhile")
    after = {other: (property_of(f"cuiod@{other}", "MainPID"), generation(programs[other].path),
                     getattr(programs[other], "lost", 0)) for other in others}
    claim(after == others, "by the same daemons, with nothing lost", others, after)
    claim(not any(programs[other].errors for other in others), "and without an error",
          *(f"{other}: {programs[other].errors[:3]}" for other in others))
lost = {name: program.lost for name, program in programs.items() if hasattr(program, "lost")}
claim(all(n <= KILLS for n in lost.values()), "a kill loses at most a byte or a frame on its way", lost)
for program in programs.values():
    program.ends = True
for program in programs.values():
    program.join(PATIENCE)
claim(not any(program.is_alive() for program in programs.values()), "all end in order")
