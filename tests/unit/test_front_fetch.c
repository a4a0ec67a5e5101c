// SPDX-License-Identifier: GPL-2.0-or-later
// Unrestricted ioctls over the channel: the kernel is sent for what the argument is made of, and
// comes again to whoever is there by then.
#include "kernel.h"
#include "suite.h"
#include <sys/mman.h>

#define SWAP 0x5401U
#define WAIT 0x5402U
#define SUM  0x5403U
#define FULL _IOWR('T', 4, struct pair) /* the number says it all */
#define NONE _IOR('T', 5, uint32_t)	/* says more than there is: WDIOC_KEEPALIVE */
#define TAKE _IOR('T', 6, struct pair)	/* says the wrong direction: WDIOC_SETOPTIONS */

/* Shared with the daemon: it dies at its next call. */
static int *die;

struct pair {
	uint32_t one, other;
};

struct list {
	uint64_t address;
	uint32_t count, sum;
};

static int swap(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		struct cuio_request *request, void *arg)
{
	struct pair *pair = arg;
	uint32_t one = pair->one;
	uint64_t *open = cuio_device_state(cuio_file_device(file));

	(void)request;
	if (*die) {
		*die = 0;
		raise(SIGKILL);
	}
	if (entry->number == WAIT && !*open)
		return cuio_not_yet;
	pair->one = pair->other;
	pair->other = one;
	return 3;
}

static int list_pieces(const struct cuio_driver_ioctl *entry, const void *arg,
		       struct cuio_driver_piece *pieces)
{
	const struct list *list = arg;

	(void)entry;
	if (list->count > 1024)
		return -EMSGSIZE;
	pieces[0] = (struct cuio_driver_piece){ .address = list->address, .size = list->count * 4 };
	return 1;
}

static int sum(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
	       struct cuio_request *request, void *arg)
{
	struct list *list = arg;
	const uint8_t *from = cuio_request_piece(request, 0);

	(void)entry, (void)file;
	for (uint32_t i = 0; i < list->count; i++) {
		uint32_t number;

		memcpy(&number, from + i * sizeof(number), sizeof(number));
		list->sum += number;
	}
	return 0;
}

static int nothing(const struct cuio_driver_ioctl *entry, struct cuio_file *file,
		   struct cuio_request *request, void *arg)
{
	(void)entry, (void)file, (void)request, (void)arg;
	return 0;
}

static ssize_t let_go(struct cuio_file *file, struct cuio_request *request, const void *data,
		      size_t size)
{
	uint64_t *open = cuio_device_state(cuio_file_device(file));

	(void)request, (void)data;
	*open = 1;
	return (ssize_t)size;
}

#define PAIR .argument = CUIO_ARGUMENT_INOUT, .size = sizeof(struct pair), .call = swap
static const struct cuio_driver_ioctl ioctls[] = {
	{ .name = "swap", .number = SWAP, .restartable = true, PAIR },
	{ .name = "wait", .number = WAIT, .restartable = true, PAIR },
	{ .name = "sum",
	  .number = SUM,
	  .argument = CUIO_ARGUMENT_INOUT,
	  .size = sizeof(struct list),
	  .pieces = list_pieces,
	  .call = sum },
	{ .name = "full", .number = FULL, PAIR },
	{ .name = "none", .number = NONE, .call = nothing },
	{ .name = "take",
	  .number = TAKE,
	  .argument = CUIO_ARGUMENT_IN,
	  .size = sizeof(struct pair),
	  .call = nothing },
};

static const struct cuio_driver driver = {
	.contract = CUIO_CONTRACT,
	.name = "fetch",
	.device_state = sizeof(uint64_t),
	.unrestricted = true,
	.ioctls = ioctls,
	.n_ioctls = sizeof(ioctls) / sizeof(ioctls[0]),
	.write = let_go,
};

#define ADDRESS UINT64_C(0x7f0012345678)

static uint32_t kernels_flags = FUSE_IOCTL_UNRESTRICTED;

static uint64_t send_ioctl(struct kernel *kernel, uint64_t file, uint32_t command, const void *data,
			   uint32_t in_size, uint32_t out_size)
{
	const struct fuse_ioctl_in ioctl = { .fh = file,
					     .cmd = command,
					     .flags = kernels_flags,
					     .arg = ADDRESS,
					     .in_size = in_size,
					     .out_size = out_size };

	return kernel_send(kernel, FUSE_IOCTL, &ioctl, sizeof(ioctl), data, in_size);
}

/* The answer is to bring these parts: address and size each, those from the caller first. */
static void expect_fetch(struct kernel *kernel, uint64_t unique, uint32_t n_in, uint32_t n_out,
			 const struct fuse_ioctl_iovec *parts)
{
	const struct fuse_ioctl_out *out = (void *)kernel->payload;

	ck_assert_int_eq(kernel_answer(kernel, unique), 0);
	ck_assert_uint_eq(out->flags, FUSE_IOCTL_RETRY);
	ck_assert_uint_eq(out->in_iovs, n_in);
	ck_assert_uint_eq(out->out_iovs, n_out);
	ck_assert_uint_eq(kernel->payload_size, sizeof(*out) + (n_in + n_out) * sizeof(*parts));
	ck_assert_mem_eq(out + 1, parts, (n_in + n_out) * sizeof(*parts));
}

static const struct fuse_ioctl_iovec pair_parts[] = { { ADDRESS, sizeof(struct pair) },
						      { ADDRESS, sizeof(struct pair) } };

static void expect_swapped(struct kernel *kernel, uint64_t unique)
{
	const struct pair swapped = { 2, 1 };
	uint8_t *data;

	ck_assert_int_eq(kernel_ioctl_answer(kernel, unique, &data), 3);
	ck_assert_mem_eq(data, &swapped, sizeof(swapped));
}

START_TEST(the_kernel_is_sent_for_the_argument)
{
	struct kernel *kernel = kernel_new(&driver);
	uint64_t file = kernel_open(kernel, O_RDWR);
	const struct pair pair = { 1, 2 };

	expect_fetch(kernel, send_ioctl(kernel, file, SWAP, NULL, 0, 0), 1, 1, pair_parts);
	expect_swapped(kernel, send_ioctl(kernel, file, SWAP, &pair, sizeof(pair), sizeof(pair)));
	ck_assert_int_eq(kernel_answer(kernel, send_ioctl(kernel, file, 0x5499, NULL, 0, 0)),
			 -ENOTTY);
	kernel_free(kernel);
}
END_TEST

START_TEST(rounds_may_meet_different_daemons)
{
	struct kernel *kernel = kernel_new(&driver);
	uint64_t file = kernel_open(kernel, O_RDWR), unique;
	const struct pair pair = { 1, 2 };

	expect_fetch(kernel, send_ioctl(kernel, file, SWAP, NULL, 0, 0), 1, 1, pair_parts);
	kernel_kill_daemon(kernel);
	unique = send_ioctl(kernel, file, SWAP, &pair, sizeof(pair), sizeof(pair));
	*die = 1;
	kernel_start_daemon(kernel, false);
	kernel_next_daemon(kernel);
	expect_swapped(kernel, unique);
	/* One that came while nobody was there. */
	kernel_kill_daemon(kernel);
	unique = send_ioctl(kernel, file, SWAP, NULL, 0, 0);
	kernel_start_daemon(kernel, false);
	expect_fetch(kernel, unique, 1, 1, pair_parts);
	kernel_free(kernel);
}
END_TEST

START_TEST(one_that_waits_keeps_its_argument)
{
	struct kernel *kernel = kernel_new(&driver);
	uint64_t file = kernel_open(kernel, O_RDWR), other = kernel_open(kernel, O_RDWR);
	const struct pair pair = { 1, 2 };
	uint64_t unique, written;

	unique = send_ioctl(kernel, file, WAIT, &pair, sizeof(pair), sizeof(pair));
	ck_assert(!kernel_has_answer(kernel, 50));
	kernel_kill_daemon(kernel);
	kernel_start_daemon(kernel, false);
	written = kernel_send_write(kernel, other, "x", 1, O_RDWR);
	ck_assert_int_eq(kernel_answer(kernel, written), 0);
	expect_swapped(kernel, unique);
	kernel_free(kernel);
}
END_TEST

START_TEST(what_it_points_to_is_fetched_in_a_third_round)
{
	struct kernel *kernel = kernel_new(&driver);
	uint64_t file = kernel_open(kernel, O_RDWR);
	struct {
		struct list list;
		uint32_t numbers[3];
	} all = { { .address = 0x1000, .count = 3 }, { 4, 5, 6 } };
	struct list *list = &all.list;
	const struct fuse_ioctl_iovec parts[] = { { ADDRESS, sizeof(*list) },
						  { 0x1000, 12 },
						  { ADDRESS, sizeof(*list) } };
	const struct fuse_ioctl_iovec whole[] = { { ADDRESS, sizeof(*list) },
						  { ADDRESS, sizeof(*list) } };
	uint8_t *data;

	expect_fetch(kernel, send_ioctl(kernel, file, SUM, NULL, 0, 0), 1, 1, whole);
	expect_fetch(kernel, send_ioctl(kernel, file, SUM, list, sizeof(*list), sizeof(*list)), 2,
		     1, parts);
	ck_assert_int_eq(kernel_ioctl_answer(kernel,
					     send_ioctl(kernel, file, SUM, &all, sizeof(*list) + 12,
							sizeof(*list)),
					     &data),
			 0);
	memcpy(list, data, sizeof(*list));
	ck_assert_uint_eq(list->sum, 15);
	/* The count has grown meanwhile: it is sent for more once more, or refused. */
	list->count = 4;
	expect_fetch(kernel, send_ioctl(kernel, file, SUM, &all, sizeof(*list) + 12, sizeof(*list)),
		     2, 1,
		     (const struct fuse_ioctl_iovec[]){ { ADDRESS, sizeof(*list) },
							{ 0x1000, 16 },
							{ ADDRESS, sizeof(*list) } });
	list->count = 1U << 30;
	ck_assert_int_eq(kernel_answer(kernel, send_ioctl(kernel, file, SUM, list, sizeof(*list),
							  sizeof(*list))),
			 -EMSGSIZE);
	kernel_free(kernel);
}
END_TEST

/* As the kernel sends it to a restricted node, which it does not ask for more. */
static int64_t restricted_answer(struct kernel *kernel, uint64_t file, uint32_t command)
{
	const struct pair pair = { 1, 2 };
	uint32_t size = _IOC_SIZE(command);
	bool in = _IOC_DIR(command) & _IOC_WRITE, out = _IOC_DIR(command) & _IOC_READ;
	uint64_t unique = send_ioctl(kernel, file, command, &pair, in ? size : 0, out ? size : 0);
	int r = kernel_answer(kernel, unique);
	const struct fuse_ioctl_out *answer = (void *)kernel->payload;

	if (r < 0)
		return r;
	ck_assert_uint_eq(answer->flags & FUSE_IOCTL_RETRY, 0);
	return answer->result;
}

static const char restricted_conf[] = "[Device]\nDescription=./t.device\nBackend=sim\n"
				      "Ioctl=restricted\n[Node]\nName=cuio-unit-test\n";

START_TEST(nothing_is_fetched_for_a_restricted_node)
{
	struct kernel *kernel = _i == 0 ? kernel_new_as(&driver, kernel_device, restricted_conf, 0)
					: kernel_new_file(&driver);
	const struct cuse_init_out *init = (void *)kernel->payload;
	uint64_t file;

	if (_i == 0)
		ck_assert_uint_eq(init->flags & CUSE_UNRESTRICTED_IOCTL, 0);
	kernels_flags = 0;
	file = kernel_open(kernel, O_RDWR);
	ck_assert_int_eq(restricted_answer(kernel, file, FULL), 3);
	ck_assert_int_eq(restricted_answer(kernel, file, NONE), 0);
	ck_assert_int_eq(restricted_answer(kernel, file, TAKE), -ENOTTY);
	ck_assert_int_eq(restricted_answer(kernel, file, SWAP), -ENOTTY);
	ck_assert_int_eq(restricted_answer(kernel, file, SUM), -ENOTTY);
	kernel_free(kernel);
}
END_TEST

START_TEST(a_driver_may_leave_it_to_the_instance_file)
{
	struct cuio_driver on_request = driver;
	struct instance instance = { 0 };

	ck_assert(instance_is_unrestricted(&instance, &driver));
	on_request.unrestricted_on_request = true;
	ck_assert(!instance_is_unrestricted(&instance, &on_request));
	instance.ioctl = INSTANCE_IOCTL_UNRESTRICTED;
	ck_assert(instance_is_unrestricted(&instance, &on_request));
	instance.front = INSTANCE_FILE;
	ck_assert(!instance_is_unrestricted(&instance, &on_request));
	instance.front = INSTANCE_CUSE;
	on_request.unrestricted = false;
	ck_assert(!instance_is_unrestricted(&instance, &on_request));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("front_fetch");
	TCase *tcase = tcase_create("front_fetch");

	die = mmap(NULL, sizeof(*die), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, the_kernel_is_sent_for_the_argument);
	tcase_add_test(tcase, rounds_may_meet_different_daemons);
	tcase_add_test(tcase, one_that_waits_keeps_its_argument);
	tcase_add_test(tcase, what_it_points_to_is_fetched_in_a_third_round);
	tcase_add_loop_test(tcase, nothing_is_fetched_for_a_restricted_node, 0, 2);
	tcase_add_test(tcase, a_driver_may_leave_it_to_the_instance_file);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
