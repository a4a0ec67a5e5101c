// SPDX-License-Identifier: GPL-2.0-or-later
// Class=watchdog: a description alone makes a card a /dev/watchdog, and says what is wrong with it.
// The card is the simulated i6300esb, whose driver in C does the same.
#include "capture.h"
#include "driver/class/watchdog.h"
#include "suite.h"
#include "watchdog.h"

#define CARD                                                                                       \
	"[Window bar0]\nBar=0\nSize=0x10\n"                                                        \
	"[Window config]\nType=config\nSize=0x100\n"                                               \
	"[Simulator]\nModel=i6300esb\n"                                                            \
	"[Register timer1]\nWindow=bar0\nOffset=0x00\n"                                            \
	"[Register timer2]\nWindow=bar0\nOffset=0x04\n"                                            \
	"[Register reload]\nWindow=bar0\nOffset=0x0c\nWidth=16\nField=timeout 9\n"                 \
	"[Register config]\nWindow=config\nOffset=0x60\nWidth=16\n"                                \
	"[Register lock]\nWindow=config\nOffset=0x68\nWidth=8\nField=enable 1\n"

#define UNLOCK "Step=write reload 0x80\nStep=write reload 0x86\n"
#define PING   UNLOCK "Step=write reload 0x100\n"

static const char text[] =
	"[Device]\nDescription=a card of steps\nClass=watchdog\n" CARD
	"[Watchdog]\nIdentity=esb of steps\nMaxTimeout=2046\nSecond=1006632960ns\n"
	"[State]\nDevice=starts\n"
	"[Start]\n" UNLOCK "Step=write reload 0x300\nStep=write config 3\n"
	"[Resume]\n" UNLOCK "Step=write reload 0\n"
	"[Stop]\nStep=write config 0x20\n"
	"[Watchdog Start]\nStep=let dev.starts = dev.starts + 1\nStep=write lock 2\n"
	"Step=read lock.enable on\nStep=fail EIO if !on\n"
	"[Watchdog Stop]\nStep=write lock 0\nStep=read lock.enable on\nStep=fail EBUSY if on\n"
	"[Watchdog Ping]\n" PING "[Watchdog SetTimeout]\n" UNLOCK
	"Step=write timer1 timeout << 9\n" UNLOCK "Step=write timer2 timeout << 9\n" PING
	"[Watchdog Running]\nStep=read lock.enable on\nStep=return on\n"
	"[Watchdog Status]\nStep=read reload.timeout timed_out\nStep=return timed_out << 5\n";

static struct cuio_test *start(const char *settings)
{
	return card_new(text, settings);
}

START_TEST(programs_see_a_watchdog)
{
	struct cuio_test *card = start("[Driver]\nTimeout=20\n");
	ssize_t file;
	struct watchdog_info info = { 0 };

	ck_assert(!watchdog_counts(card));
	ck_assert_uint_eq(card_peek(card, "config"), 3);
	file = card_open(card, O_WRONLY);
	ck_assert(watchdog_counts(card));
	ck_assert_int_eq(card_open(card, O_WRONLY), -EBUSY);
	ck_assert_int_eq(card_ioctl(card, file, WDIOC_GETSUPPORT, &info), 0);
	ck_assert_str_eq((char *)info.identity, "esb of steps");
	ck_assert_uint_eq(info.options, WDIOF_SETTIMEOUT | WDIOF_KEEPALIVEPING | WDIOF_MAGICCLOSE);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 20);
	ck_assert_uint_eq(card_peek(card, "timer2"), 20U << 9);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 2047), -EINVAL);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 2046), 0);
	ck_assert_uint_eq(card_peek(card, "timer1"), 2046U << 9);
	ck_assert_int_ge(watchdog_get(card, file, WDIOC_GETTIMELEFT), 2000);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS), WDIOF_KEEPALIVEPING);
	ck_assert_int_eq(card_read(card, file, &info, 1), -EINVAL);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	card_close(card, file);
	ck_assert(!watchdog_counts(card));
	card_free(card);
}
END_TEST

START_TEST(errors_of_steps_are_the_programs)
{
	struct cuio_test *card = start(NULL);
	ssize_t file = card_open(card, O_WRONLY);

	card_poke(card, "lock", WATCHDOG_LOCK | WATCHDOG_ENABLE);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), -EBUSY);
	ck_assert_int_eq(card_write(card, file, "V", 1), 1);
	card_close(card, file);
	ck_assert(watchdog_counts(card));
	card_free(card);
	card = start(NULL);
	card_poke(card, "lock", WATCHDOG_LOCK);
	ck_assert_int_eq(card_open(card, O_WRONLY), -EIO);
	card_free(card);
}
END_TEST

START_TEST(it_goes_on_over_a_crash)
{
	struct cuio_test *card = start(NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 100), 0);
	card_poke(card, "reload", 0x80);
	card_crash(card);
	ck_assert(watchdog_counts(card));
	ck_assert_int_eq(card_open(card, O_WRONLY), -EBUSY);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 100);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 77), 0);
	ck_assert_uint_eq(card_peek(card, "timer1"), 77U << 9);
	card_free(card);
}
END_TEST

START_TEST(a_timer_found_running_goes_on)
{
	struct cuio_test *card = start(NULL);
	struct capture capture;
	char log[512];

	card_close(card, card_open(card, O_WRONLY));
	capture = capture_start(stderr);
	card_stop_and_start(card);
	capture_end(&capture, log, sizeof(log));
	ck_assert_msg(strstr(log, "the timer was running already and goes on"), "%s", log);
	ck_assert(watchdog_counts(card));
	card_free(card);
}
END_TEST

START_TEST(the_services_end)
{
	struct cuio_test *card = start(NULL);

	ck_assert_int_ge(card_open(card, O_WRONLY), 0);
	device_stop(card->device);
	ck_assert(watchdog_counts(card));
	ck_assert_msg(card_peek(card, "config") == 0x20, "[Stop] was not done");
	card_free(card);
	card = start("[Driver]\nStopWithService=yes\n");
	ck_assert_int_ge(card_open(card, O_WRONLY), 0);
	device_stop(card->device);
	ck_assert(!watchdog_counts(card));
	card_free(card);
}
END_TEST

static bool has_timed_out(struct cuio_test *card, void *context)
{
	(void)context;
	return card_peek(card, "reload") & 0x200;
}

START_TEST(status_at_the_start_is_that_of_the_boot)
{
	struct cuio_test *card = start("[Driver]\nTimeout=1\n");
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert(card_until(card, has_timed_out, NULL));
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETSTATUS),
			 WDIOF_CARDRESET | WDIOF_KEEPALIVEPING);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETBOOTSTATUS), 0);
	card_stop_and_start(card);
	ck_assert_msg(!has_timed_out(card, NULL), "[Start] has not cleared it");
	file = card_open(card, O_WRONLY);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETBOOTSTATUS), WDIOF_CARDRESET);
	card_free(card);
}
END_TEST

/* A card of memory: what it returns counts, and what it lacks is refused. */
#define SMALL(SETTINGS, MORE)                                                                      \
	"[Device]\nDescription=a small card\nClass=watchdog\n"                                     \
	"[Window bar0]\nBar=0\n"                                                                   \
	"[Register run]\nOffset=0\n[Register time]\nOffset=4\n[Register left]\nOffset=8\n"         \
	"[Watchdog]\n" SETTINGS "[Watchdog Start]\nStep=write run 1\nStep=return 7\n"              \
	"[Watchdog Ping]\nStep=write time timeout\n" MORE

START_TEST(what_steps_return)
{
	struct cuio_test *card = card_new(
		SMALL("MinTimeout=40\nMaxTimeout=100\n",
		      "[Watchdog SetTimeout]\nStep=write time timeout / 10\n"
		      "Step=return timeout / 10 * 10 if timeout % 10\n"
		      "[Watchdog TimeLeft]\nStep=read left seconds\nStep=return seconds\n"),
		NULL);
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 40);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 59), 0);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 50);
	ck_assert_msg(card_peek(card, "time") == 50, "the ping does not know the timeout");
	card_poke(card, "left", 13);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMELEFT), 13);
	card_poke(card, "left", 0x80000000);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_GETTIMELEFT, 0), -EINVAL);
	card_free(card);
}
END_TEST

START_TEST(a_card_with_little)
{
	struct cuio_test *card =
		card_new(SMALL("MinTimeout=8\nMaxTimeout=8\nSecond=10s\n", ""), NULL);
	ssize_t file = card_open(card, O_WRONLY);
	struct watchdog_info info = { 0 };

	ck_assert_int_eq(card_ioctl(card, file, WDIOC_GETSUPPORT, &info), 0);
	ck_assert_uint_eq(info.options, WDIOF_KEEPALIVEPING);
	ck_assert_str_eq((char *)info.identity, "a small card");
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 8), -EOPNOTSUPP);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 8);
	ck_assert_int_le(watchdog_get(card, file, WDIOC_GETTIMELEFT), 80);
	ck_assert_int_ge(watchdog_get(card, file, WDIOC_GETTIMELEFT), 50);
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETOPTIONS, WDIOS_DISABLECARD), -EBUSY);
	card_free(card);
}
END_TEST

/* The class's state has its place beside what the steps keep. */
START_TEST(state_of_the_class_and_of_the_steps)
{
	static const char big[] =
		SMALL("MaxTimeout=20\n", "[Watchdog SetTimeout]\nStep=let dev.all[1999] = timeout\n"
					 "[Watchdog TimeLeft]\nStep=return dev.all[1999]\n"
					 "[State]\nDevice=all[2000]:u8\n");
	struct cuio_test *card = card_new(big, NULL), *other;
	ssize_t file = card_open(card, O_WRONLY);

	ck_assert_msg(watchdog_get(card, file, WDIOC_GETTIMEOUT) == 20, "30 is too long for it");
	ck_assert_uint_ge(card->driver->device_state, 2000 + sizeof(struct watchdog));
	ck_assert_int_eq(watchdog_put(card, file, WDIOC_SETTIMEOUT, 15), 0);
	card_crash(card);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMEOUT), 15);
	ck_assert_int_eq(watchdog_get(card, file, WDIOC_GETTIMELEFT), 15);
	other = start(NULL);
	ck_assert_msg(other->driver->state_version != card->driver->state_version,
		      "another layout would be gone on with");
	card_free(other);
	card_free(card);
}
END_TEST

static bool timer_was_run(struct cuio_test *card, void *context)
{
	(void)context;
	return card_peek(card, "time") == 99 && card_peek(card, "irq_status") == 0;
}

START_TEST(interrupts_and_timers_are_the_steps)
{
	struct cuio_test *card =
		card_new("[Device]\nDescription=on an edu\nClass=watchdog\n"
			 "[Window bar0]\nBar=0\nSize=0x100000\n[Simulator]\nModel=edu\n"
			 "[Register irq_status]\nWindow=bar0\nOffset=0x24\nAccess=ro\n"
			 "[Register irq_raise]\nWindow=bar0\nOffset=0x60\nAccess=wo\n"
			 "[Register irq_ack]\nWindow=bar0\nOffset=0x64\nAccess=wo\n"
			 "[Window bar1]\nBar=1\n"
			 "[Register time]\nWindow=bar1\nOffset=0\n"
			 "[Watchdog]\nMinTimeout=8\nMaxTimeout=8\n"
			 "[Watchdog Start]\n[Watchdog Ping]\nStep=write time timeout\n"
			 "[Interrupt]\nCause=irq_status\nStep=write irq_ack cause\n"
			 "Step=arm later 1ms if cause == 2\n"
			 "[Timer later]\nStep=write time 99\n",
			 NULL);
	card_poke(card, "irq_raise", 2);
	ck_assert(card_until(card, timer_was_run, NULL));
	card_free(card);
}
END_TEST

static void finds(const char *description, const char *finding)
{
	struct report report = { 0 };
	struct description *parsed = NULL;
	const struct cuio_driver *driver = NULL;
	int r = description_parse("d", description, strlen(description), &report, &parsed);

	if (r >= 0)
		r = driver_load(parsed, &report, &driver);
	if (r >= 0)
		r = description_check_rest(parsed, &report);
	ck_assert_msg(r < 0, "no finding, expected: %s", finding);
	ck_assert_msg(strstr(report.text, finding), "%s\nexpected: %s", report.text, finding);
	driver_unload(driver);
	description_free(parsed);
	report_done(&report);
}

#define GOOD "MinTimeout=8\nMaxTimeout=8\n"
#define LAST "[Watchdog Stop]\n"

START_TEST(findings)
{
	finds("[Device]\nClass=watchdogs\n[Window b]\nBar=0\nSize=4\n",
	      "d:2: unknown Class=watchdogs, did you mean watchdog?");
	finds("[Device]\nClass=watchdog\n[Window b]\nBar=0\nSize=4\n",
	      "d:2: Class=watchdog without [Watchdog], expected its MaxTimeout=");
	finds("[Device]\nClass=watchdog\n[Window b]\nBar=0\nSize=4\n[Watchdog]\nMaxTimeout=5\n",
	      "d:2: Class=watchdog without [Watchdog Start], expected its steps");
	finds("[Device]\nClass=watchdog\nExclusive=no\n[Window b]\nBar=0\nSize=4\n", "d:3: ");
	finds("[Device]\n[Window b]\nBar=0\nSize=4\n" LAST,
	      "d:5: [Watchdog Stop] without Class=watchdog in [Device]");
	finds(SMALL("", ""), "d:12: no MaxTimeout=, expected the longest timeout in seconds");
	finds(SMALL("MinTimeout=9\nMaxTimeout=8\n", ""), "d:12: MinTimeout= is more than");
	finds(SMALL("MaxTimeout=8\n", ""),
	      "d:12: MaxTimeout= is not MinTimeout=, but no [Watchdog SetTimeout]");
	finds(SMALL("MaxTimeout=0\n", ""), "d:13: MaxTimeout=0");
	finds(SMALL(GOOD "Second=11s\n", ""), "d:15: \"11s\", expected what the card takes");
	finds(SMALL(GOOD "Second=1\n", ""), "d:15: \"1\", expected what the card takes");
	finds(SMALL(GOOD "Identity=a name of more than 31 letters..\n", ""),
	      "d:15: Identity=a name of more than 31 letters.., expected 31 characters at most");
	finds(SMALL(GOOD "Timeout=8\n", ""), "d:15: ");
	finds(SMALL(GOOD, "[Watchdog Pong]\nStep=return\n"),
	      "d:20: unknown section [Watchdog Pong], did you mean Ping?");
	finds(SMALL(GOOD, LAST "Step=write run timeouts\n"),
	      "d:21: nothing is named timeouts here, did you mean timeout?");
	finds(SMALL(GOOD, LAST "Step=sleep 1s\n"),
	      "d:21: sleep cannot be in [Watchdog Stop], which nobody can wait for");
	finds(SMALL(GOOD, LAST "Step=return file.flags\n"),
	      "d:21: file.flags is not known in [Watchdog Stop]");
	finds(SMALL(GOOD, "[Watchdog TimeLeft]\nStep=read left x\n"),
	      "d:21: the last step must be return (the seconds left) or fail, without if");
	finds(SMALL(GOOD, "[Watchdog Status]\n"), "d:20: the last step must be return (bits");
	finds(SMALL(GOOD, "[Watchdog Running]\nStep=return\n"), "d:21: the last step must be");
	finds(SMALL(GOOD, "[Read]\nStep=return 0\n"), "d:20: [Read] with Class=watchdog");
	finds(SMALL(GOOD, "[Ioctl X]\nNumber=_IO('W', 5)\n"), "d:20: [Ioctl] with Class=watchdog");
	finds(SMALL(GOOD, "[Const]\ntimeout=5\n"), "d:21: constant timeout");
	finds(SMALL(GOOD, "[State]\nDevice=a[4070]:u8\n"), "no room for the watchdog beside");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("class_watchdog_steps");
	TCase *tcase = tcase_create("class_watchdog_steps");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, programs_see_a_watchdog);
	tcase_add_test(tcase, errors_of_steps_are_the_programs);
	tcase_add_test(tcase, it_goes_on_over_a_crash);
	tcase_add_test(tcase, a_timer_found_running_goes_on);
	tcase_add_test(tcase, the_services_end);
	tcase_add_test(tcase, status_at_the_start_is_that_of_the_boot);
	tcase_add_test(tcase, what_steps_return);
	tcase_add_test(tcase, a_card_with_little);
	tcase_add_test(tcase, state_of_the_class_and_of_the_steps);
	tcase_add_test(tcase, interrupts_and_timers_are_the_steps);
	tcase_add_test(tcase, findings);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
