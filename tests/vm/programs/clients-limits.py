# SPDX-License-Identifier: GPL-2.0-or-later
# For clients.sh: descriptors, signals, requests and files at their limits.
import errno, os, resource, signal, subprocess, time

NODE = "/dev/edusim"


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)


def error(call):
    try:
        return call()
    except OSError as e:
        return errno.errorcode[e.errno]


def info(name):
    text = subprocess.check_output(["cuioctl", "info", "--json", "edusim"], text=True)
    return int(next(line for line in text.splitlines() if f'"{name}"' in line).split(":")[1].strip(" ,"))


def until(name, value):
    for _ in range(600):
        if info(name) == value:
            return True
        time.sleep(0.1)
    return False


node = os.open(NODE, os.O_RDWR)
readers = []
for _ in range(256):
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, lambda *_: None)
        os._exit(7 if error(lambda: len(os.read(node, 4))) == 4 else 9)
    readers.append(pid)
claim(until("parked", 256), "256 calls wait")
claim(error(lambda: os.read(node, 4)) == "EBUSY", "one more is EBUSY")
os.set_blocking(node, False)
claim(error(lambda: os.read(node, 4)) == "EAGAIN", "but EAGAIN with O_NONBLOCK")
os.set_blocking(node, True)
for pid in readers[:128]:
    os.kill(pid, signal.SIGKILL)
claim(until("parked", 128), "half of them can be killed")
claim(all(os.waitpid(pid, 0)[1] == signal.SIGKILL for pid in readers[:128]), "and end")
for _ in readers[128:]:
    os.write(node, (3).to_bytes(4, "little"))
claim(all(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7 for pid in readers[128:]),
      "the others get what is written")
before = info("open_files") - 1  # the look itself
resource.setrlimit(resource.RLIMIT_NOFILE, (2048, 2048))
files = [os.open(NODE, os.O_RDWR) for _ in range(1024 - before)]
claim(error(lambda: os.open(NODE, os.O_RDWR)) == "ENFILE", "file 1025 is ENFILE")
for file in files:
    os.close(file)
claim(info("open_files") - 1 == before, "and all can be closed")
