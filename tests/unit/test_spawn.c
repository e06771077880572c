/* Children that are ended: nothing waits for them, and none stays behind. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/spawn.h"
#include "tests/lib/drive.h"

enum { CHILDREN = 24, PATIENCE_MS = 10000 };

static void
none_is_left(void)
{
	struct mono end = mono_add_ms(drive_now(), PATIENCE_MS);

	while (spawn_reap_ended() > 0) {
		assert_true(mono_before(drive_now(), end));
		poll(NULL, 0, 1);
	}
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void
many_at_once(void **state)
{
	static const char *const argv[] = { "sleep", "60", NULL };
	struct spawn s[CHILDREN];
	int fds = drive_count_fds();
	struct err err;

	(void)state;
	for (int i = 0; i < CHILDREN; i++)
		assert_int_equal(spawn_exec(&s[i], argv, SPAWN_PIPES, &err), 0);
	for (int i = 0; i < CHILDREN; i++) {
		spawn_end(&s[i]);
		assert_int_equal(s[i].pid, 0);
		spawn_end(&s[i]); /* it may be called again */
	}
	assert_int_equal(drive_count_fds(), fds);
	none_is_left();
}

static void
one_that_has_gone(void **state)
{
	static const char *const argv[] = { "true", NULL };
	struct spawn s;
	struct err err;
	struct pollfd p;

	(void)state;
	assert_int_equal(spawn_exec(&s, argv, SPAWN_QUIET, &err), 0);
	p = (struct pollfd){ .fd = s.out, .events = POLLIN };
	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	spawn_end(&s);
	none_is_left();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_at_once),
		cmocka_unit_test(one_that_has_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
