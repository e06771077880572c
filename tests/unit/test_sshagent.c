/* The client of ssh-agent against agents that say anything: what is no answer
 * ends it with a reason, and nothing makes it wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/sshagent.h"
#include "core/mem.h"
#include "tests/lib/drive.h"

struct fake {
	char path[64];
	int listener, fd;
	struct sshagent *a;
};

static void
fake_open(struct fake *f)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	snprintf(f->path, sizeof f->path, "/tmp/xendeck-agent-%d",
	    (int)getpid());
	remove(f->path);
	strcpy(un.sun_path, f->path);
	f->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(
	    bind(f->listener, (struct sockaddr *)&un, sizeof un), 0);
	assert_int_equal(listen(f->listener, 1), 0);
	f->a = sshagent_open(f->path, drive_now());
	f->fd = accept(f->listener, NULL, NULL);
	assert_true(f->fd >= 0);
}

static void
fake_close(struct fake *f)
{
	sshagent_free(f->a);
	close(f->fd);
	close(f->listener);
	remove(f->path);
}

static void
turn(struct fake *f, struct mono now)
{
	struct pollset ps = { 0 };
	struct mono deadline = MONO_NEVER;

	sshagent_prepoll(f->a, &ps, &deadline);
	poll(ps.v, (nfds_t)ps.n, 1000);
	sshagent_postpoll(f->a, &ps, now);
	pollset_free(&ps);
}

static void
say(struct fake *f, const void *bytes, size_t n)
{
	assert_int_equal(write(f->fd, bytes, n), (ssize_t)n);
}

static const uint8_t identities[] = { 0, 0, 0, 18, 12, 0, 0, 0, 1, 0, 0, 0, 3,
	'k', 'e', 'y', 0, 0, 0, 2, 'h', '\n' };

static void
test_good(void **state)
{
	static const uint8_t signature[] = { 0, 0, 0, 19, 14, 0, 0, 0, 14, 0,
		0, 0, 3, 'a', 'l', 'g', 0, 0, 0, 3, 's', 'i', 'g' };
	const struct sshagent_key *keys;
	const uint8_t *sig;
	uint8_t asked[64];
	struct fake f;
	size_t n;

	(void)state;
	fake_open(&f);
	assert_int_equal(read(f.fd, asked, sizeof asked), 5);
	assert_memory_equal(asked, "\0\0\0\1\13", 5);
	/* Byte by byte, as slow as it gets. */
	for (size_t i = 0; i < sizeof identities; i++) {
		assert_int_equal(sshagent_state(f.a), SSHAGENT_WAITING);
		say(&f, identities + i, 1);
		turn(&f, drive_now());
	}
	assert_int_equal(sshagent_state(f.a), SSHAGENT_READY);
	keys = sshagent_keys(f.a, &n);
	assert_int_equal(n, 1);
	assert_memory_equal(keys[0].blob, "key", 3);
	assert_string_equal(keys[0].comment, "h\357\277\275");
	sshagent_sign(f.a, &keys[0], (const uint8_t *)"data", 4, drive_now());
	assert_int_equal(read(f.fd, asked, sizeof asked), 24);
	assert_memory_equal(asked, "\0\0\0\24\15\0\0\0\3key\0\0\0\4data"
				   "\0\0\0\0", 24);
	say(&f, signature, sizeof signature);
	turn(&f, drive_now());
	assert_int_equal(sshagent_state(f.a), SSHAGENT_SIGNED);
	sig = sshagent_signature(f.a, &n);
	assert_int_equal(n, 3);
	assert_memory_equal(sig, "sig", 3);
	/* And once more, this time it will not. */
	sshagent_sign(f.a, &keys[0], (const uint8_t *)"data", 4, drive_now());
	say(&f, "\0\0\0\1\5", 5);
	turn(&f, drive_now());
	assert_int_equal(sshagent_state(f.a), SSHAGENT_REFUSED);
	fake_close(&f);
}

static void
test_bad_answers(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {
		{ "\0\0\0\0", 4 },                          /* empty */
		{ "\177\377\377\377\14", 5 },               /* endless */
		{ "\0\0\0\1\14", 5 },                       /* no count */
		{ "\0\0\0\5\14\377\377\377\377", 9 },       /* 4 billion */
		{ "\0\0\0\11\14\0\0\0\1\0\0\0\7", 13 },     /* short blob */
		{ "\0\0\0\1\16", 5 },                       /* no signature */
		{ "\0\0\0\5\16\377\377\377\377", 9 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fake f;

		fake_open(&f);
		say(&f, cases[i].bytes, cases[i].n);
		turn(&f, drive_now());
		assert_int_equal(sshagent_state(f.a), SSHAGENT_BROKEN);
		assert_non_null(strstr(sshagent_why(f.a), "unintelligible"));
		fake_close(&f);
	}
}

static void
test_hangs_up(void **state)
{
	struct fake f;

	(void)state;
	fake_open(&f);
	say(&f, identities, 7);
	shutdown(f.fd, SHUT_RDWR);
	turn(&f, drive_now());
	if (sshagent_state(f.a) == SSHAGENT_WAITING)
		turn(&f, drive_now());
	assert_int_equal(sshagent_state(f.a), SSHAGENT_BROKEN);
	assert_non_null(strstr(sshagent_why(f.a), "closed"));
	fake_close(&f);
}

static void
test_silent(void **state)
{
	struct mono now = drive_now();
	struct fake f;

	(void)state;
	fake_open(&f);
	say(&f, identities, 3);
	turn(&f, now);
	assert_int_equal(sshagent_state(f.a), SSHAGENT_WAITING);
	sshagent_postpoll(f.a, &(struct pollset){ 0 }, mono_add_ms(now, 6000));
	assert_int_equal(sshagent_state(f.a), SSHAGENT_BROKEN);
	assert_non_null(strstr(sshagent_why(f.a), "did not answer"));
	fake_close(&f);
}

static void
test_no_agent(void **state)
{
	char long_path[200] = "/";
	const char *const paths[] = { "/nonexistent/agent", "/dev/null", "",
		long_path };

	(void)state;
	memset(long_path + 1, 'x', sizeof long_path - 2);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct sshagent *a = sshagent_open(paths[i], drive_now());

		assert_int_equal(sshagent_state(a), SSHAGENT_BROKEN);
		assert_true(strlen(sshagent_why(a)) > 0);
		sshagent_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad_answers),
		cmocka_unit_test(test_hangs_up),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_no_agent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
