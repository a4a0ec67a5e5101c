# SPDX-License-Identifier: GPL-2.0-or-later
# For shared-memory.sh: positions, sizes and mappings as programs see them.
import ctypes, errno, fcntl, mmap, os, random, select, struct

SIZE, MIB = 64 << 20, 1 << 20
IVSHMEM_SIZE, IVSHMEM_SEEK, IVSHMEM_READ, IVSHMEM_WRITE = 0x8008ee01, 0xc010ee02, 0x4018ee03, 0x4018ee04
MOST = 126976
wanted = open("wanted", "rb").read()


def claim(holds, name):
    print("ok" if holds else "not ok", "-", name, flush=True)


def fails(error, function, *arguments):
    try:
        return print("#", function(*arguments)) or False
    except OSError as failure:
        return failure.errno == error or bool(print("#", failure))


def seek(fd, offset, whence=os.SEEK_SET):
    return struct.unpack("qII", fcntl.ioctl(fd, IVSHMEM_SEEK, struct.pack("qII", offset, whence, 0)))[0]


def transfer(fd, command, position, buffer, size):
    return fcntl.ioctl(fd, command, bytearray(struct.pack("QQII", position, ctypes.addressof(buffer), size, 0)))


def read_all(fd, size):
    """As one system call into one buffer that begins anywhere in a page."""
    whole = bytearray(size + 4096)
    n = os.readv(fd, [memoryview(whole)[1:size + 1]])
    return bytes(whole[1:n + 1])


fd = os.open("/dev/shm0", os.O_RDWR)
claim(struct.unpack("Q", fcntl.ioctl(fd, IVSHMEM_SIZE, bytes(8)))[0] == SIZE, "the size by ioctl")
claim(seek(fd, 12345) == 12345 and os.read(fd, 1000) == wanted[12345:13345], "a seek, then a read")
claim(seek(fd, 0, os.SEEK_CUR) == 13345, "a read moves the position")
claim(seek(fd, -1000, os.SEEK_END) == SIZE - 1000 and os.read(fd, 5000) == wanted[-1000:], "a read ends with the memory")
claim(os.read(fd, 5000) == b"", "and then there is nothing more")
claim(seek(fd, 777) == 777 and read_all(fd, 3 * MIB) == wanted[777:777 + 3 * MIB], "one read of 3 MiB is many pieces")
claim(seek(fd, 0, os.SEEK_CUR) == 777 + 3 * MIB, "that move the position together")
seek(fd, SIZE - MIB)
claim(len(os.read(fd, 3 * MIB)) == MIB, "one that ends with the memory is short")
for place, whence in ((-1, 0), (SIZE + 1, 0), (1, 2), (0, 3), (0, 77), ((1 << 63) - 1, 1)):
    claim(fails(errno.EINVAL, seek, fd, place, whence), f"no seek to {place} by {whence}")
claim(seek(fd, 0, os.SEEK_CUR) == SIZE, "which leaves the position where it was")
claim(fails(errno.ENOSPC, os.write, fd, b"x"), "a write at the end is ENOSPC")
seek(fd, SIZE - 3)
claim(os.write(fd, wanted[-3:] + b"more") == 3, "one that ends with the memory is short")

seek(fd, 100)
twin = os.dup(fd)
if os.fork() == 0:
    os.read(twin, 50)
    os._exit(0)
os.wait()
claim(seek(fd, 0, os.SEEK_CUR) == 150, "dup and fork share the position")
other = os.open("/dev/shm0", os.O_RDONLY | os.O_NONBLOCK)
claim(os.lseek(fd, 9, os.SEEK_SET) == 0 and seek(fd, 0, os.SEEK_CUR) == 150, "lseek succeeds and moves nothing")
claim(os.read(other, 10) == wanted[:10] and seek(fd, 0, os.SEEK_CUR) == 150, "another open file has its own")

buffer = ctypes.create_string_buffer(MOST)
claim(transfer(fd, IVSHMEM_READ, 5 * MIB + 1, buffer, MOST) == MOST and
      buffer.raw == wanted[5 * MIB + 1:5 * MIB + 1 + MOST], "a read with a position")
claim(transfer(other, IVSHMEM_READ, SIZE - 5, buffer, 50) == 5 and buffer.raw[:5] == wanted[-5:], "that ends with the memory")
mine = ctypes.create_string_buffer(bytes(reversed(wanted[:MOST])), MOST)
claim(transfer(fd, IVSHMEM_WRITE, 7 * MIB - 3, mine, MOST) == MOST and
      transfer(fd, IVSHMEM_READ, 7 * MIB - 3, buffer, MOST) == MOST and buffer.raw == mine.raw, "a write with a position")
seek(other, 7 * MIB - 13)
claim(os.read(other, 20) == wanted[7 * MIB - 13:7 * MIB - 3] + mine.raw[:10], "which all see, and what was before it")
claim(seek(fd, 0, os.SEEK_CUR) == 150, "neither moves the position")
claim(fails(errno.EBADF, transfer, other, IVSHMEM_WRITE, 0, mine, 10), "no write where it is open for reading")
claim(fails(errno.EMSGSIZE, transfer, fd, IVSHMEM_READ, 0, buffer, MOST + 1), "no transfer of more than a piece")
claim(fails(errno.ENOSPC, transfer, fd, IVSHMEM_WRITE, SIZE, mine, 1), "no write with a position at the end")
null = (ctypes.c_char * 0).from_address(16)
claim(fails(errno.EFAULT, transfer, fd, IVSHMEM_WRITE, 0, null, 100), "a bad pointer is EFAULT")
claim(transfer(fd, IVSHMEM_READ, 0, buffer, 100) == 100 and buffer.raw[:100] == wanted[:100], "and nothing was written")
claim(fails(errno.EFAULT, transfer, fd, IVSHMEM_READ, 0, null, 100), "a bad pointer to be filled, too")
claim(fails(errno.ENOTTY, fcntl.ioctl, fd, 0x5401, bytes(64)), "no terminal")
claim(fails(errno.ENODEV, mmap.mmap, fd, 4096), "no mmap")

waiter = select.poll()
waiter.register(fd, select.POLLIN | select.POLLOUT)
claim(waiter.poll(0) == [(fd, select.POLLIN | select.POLLOUT)], "always ready")
with open("/dev/shm0", "rb", buffering=0) as file:
    claim(file.read(4096) == wanted[:4096], "a Python file without a buffer")
transfer(fd, IVSHMEM_WRITE, 7 * MIB - 3, ctypes.create_string_buffer(wanted[7 * MIB - 3:7 * MIB - 3 + MOST], MOST), MOST)
