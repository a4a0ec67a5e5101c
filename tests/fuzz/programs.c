/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs do with a card. */
#include "programs.h"

#define TURNS 40U /* of the loop, after some requests */

static const char steps[] =
	"[Device]\n[Window w]\nBar=0\n[Register r]\nOffset=0\nCount=16\nAll=yes\n"
	"[Register status]\nOffset=0x40\n[State]\nDevice=n ring[8]:u8\nOpen=k\n"
	"[Struct s]\nMember=a[4]:u32\nMember=n:u8\n"
	"[Read]\nStep=wait status == 5\nStep=return 0\n"
	"[Write]\nStep=for i below count max 64\nStep=let dev.ring[i & 7] = data.u8[i]\nStep=end\n"
	"Step=for i below 3 max 8\nStep=wait status == 9 every 1s within 10s\nStep=end\n"
	"Step=let dev.n = dev.n + 1\nStep=return count\n"
	"[Ioctl i]\nNumber=_IOWR('i', 1, s)\nStep=let arg.a[1] = dev.n\n"
	"Step=until status == 7 within 10s\nStep=read r[arg.n & 15] x\nStep=let arg.a[arg.n & 3] = "
	"x\n";

const char *const fuzz_devices[FUZZ_CARDS] = {
	steps,
	"daemon/driver/devices/uart16550-2x.device",
	"daemon/driver/devices/ne2000.device",
	"daemon/driver/devices/i6300esb.device",
	"daemon/driver/devices/ivshmem.device",
	"daemon/driver/devices/edu.device",
};

/* A batch that reads registers, and waits with the device's lock. */
static void send_batch(struct fuzz_daemon *daemon, uint64_t control)
{
	struct {
		struct cuio_batch batch;
		struct cuio_step steps[3];
	} batch = { .batch = { .n_steps = 3 },
		    .steps = { { .kind = CUIO_STEP_READ, .mask = UINT64_MAX },
			       { .kind = CUIO_STEP_READ, .mask = UINT64_MAX },
			       { .kind = CUIO_STEP_UNTIL,
				 .timeout = CUIO_STEP_TIMEOUT_MAX,
				 .value = 0x5a,
				 .mask = 0xff } } };

	fuzz_send_ioctl(daemon, 0, control, CUIO_IOCTL_BATCH(3), &batch, sizeof(batch));
}

void fuzz_live(struct fuzz_daemon *daemon)
{
	static uint8_t data[4000];
	struct cuio_wait wait = { 0 };

	fuzz_send_open(daemon, 0, O_RDWR);
	fuzz_send_open(daemon, 0, O_ACCMODE);
	fuzz_send_open(daemon, 0, O_RDWR);
	fuzz_send_open(daemon, 0, O_RDWR);
	fuzz_turn(daemon, TURNS);
	fuzz_send_poll(daemon, 0, 2, 77);
	memset(data, 'x', sizeof(data));
	fuzz_send_write(daemon, 0, 0, data, 60);
	fuzz_send_read(daemon, 0, 0, 2000);
	fuzz_turn(daemon, TURNS);
	fuzz_send_write(daemon, 0, 2, data, sizeof(data));
	fuzz_send_write(daemon, 0, 3, data, sizeof(data));
	fuzz_send_read(daemon, 0, 2, 2000);
	fuzz_send_ioctl(daemon, 0, 0, _IOWR('i', 1, uint8_t[20]), data, 20);
	fuzz_send_ioctl(daemon, 0, 1, CUIO_IOCTL_WAIT, &wait, sizeof(wait));
	fuzz_turn(daemon, TURNS);
	send_batch(daemon, 1);
	fuzz_turn(daemon, TURNS);
	fuzz_send_read(daemon, 0, 3, 100);
}

void fuzz_go_on(struct fuzz_daemon *daemon)
{
	static const uint8_t data[64] = "\x7f\x15\x17 x\n";
	struct cuio_info info = { 0 };

	fuzz_turn(daemon, TURNS);
	fuzz_send_ioctl(daemon, 0, 1, CUIO_IOCTL_INFO, &info, sizeof(info));
	fuzz_send_read(daemon, 0, 0, 70000);
	fuzz_send_read(daemon, 0, 2, 3000);
	fuzz_send_write(daemon, 0, 0, data, sizeof(data));
	fuzz_send_poll(daemon, 0, 3, 78);
	sim_raise(daemon->card->hardware);
	fuzz_turn(daemon, TURNS);
	send_batch(daemon, 1);
	for (unsigned i = 0; i < 4; i++)
		fuzz_send_release(daemon, 0, i);
	fuzz_turn(daemon, TURNS);
}
