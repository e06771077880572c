/* Quoting, judged by the shells themselves: whatever argv is, the shell passes
 * on exactly that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/quote.h"
#include "core/mem.h"

enum { WORDS = 12, WORD_MAX = 24, ROUNDS = 150 };

static char *
quoted(const char *const argv[])
{
	struct buf b;

	buf_init(&b, QUOTE_MAX);
	assert_int_equal(quote_argv(&b, argv), 0);
	return b.p; /* freed by x_free */
}

/* What `shell -c line` writes. */
static size_t
run(const char *shell, const char *line, char *out, size_t size)
{
	size_t n = 0;
	ssize_t got;
	int p[2], status;
	pid_t pid;

	assert_int_equal(pipe(p), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(p[1], 1);
		close(p[0]);
		close(p[1]);
		execl(shell, shell, "-c", line, (char *)NULL);
		_exit(126);
	}
	close(p[1]);
	while (n < size && (got = read(p[0], out + n, size - n)) > 0)
		n += (size_t)got;
	close(p[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return n;
}

/* argv[2...] come out of `printf '%s\0'` as they went in. */
static void
check(const char *shell, const char *const argv[])
{
	static char out[WORDS * (WORD_MAX + 1) + 256];
	char *line = quoted(argv), *p = out;
	size_t n = run(shell, line, out, sizeof out);

	for (size_t i = 2; argv[i] != NULL; i++) {
		assert_true(p < out + n);
		assert_string_equal(p, argv[i]);
		p += strlen(p) + 1;
	}
	assert_ptr_equal(p, out + n);
	x_free(line);
}

static uint64_t
next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Half of the bytes are those that mean something to a shell. */
static void
random_word(uint64_t *seed, char *word)
{
	static const char special[] = "'\"\\$`!*?[]{}()<>|&;#~=%^ \t\n-";
	size_t n = next_random(seed) % WORD_MAX;

	for (size_t i = 0; i < n; i++) {
		uint64_t r = next_random(seed);

		word[i] = r % 2 == 0
		    ? special[r / 2 % (sizeof special - 1)]
		    : (char)(1 + r / 2 % 255);
	}
	word[n] = '\0';
}

static void
test_any_bytes(void **state)
{
	static const char *const shells[] = { "/bin/sh", "/bin/bash" };
	char words[WORDS][WORD_MAX];
	const char *argv[WORDS + 3] = { "printf", "%s\\0" };
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		size_t n = 1 + next_random(&seed) % WORDS;

		for (size_t i = 0; i < n; i++) {
			random_word(&seed, words[i]);
			argv[2 + i] = words[i];
		}
		argv[2 + n] = NULL;
		for (size_t i = 0; i < 2; i++)
			if (access(shells[i], X_OK) == 0)
				check(shells[i], argv);
	}
}

/* As a command's name, a reserved word or an assignment is a name like any
 * other. */
static void
test_command_names(void **state)
{
	static const char *const names[] = { "if", "while", "time", "{", "!",
		"a=b", "case", "[[", "do" };
	char dir[] = "/tmp/xendeck-quote-XXXXXX", out[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *argv[] = { names[i], "x", NULL };
		char *file = x_asprintf("%s/%s", dir, names[i]);
		char *line = quoted(argv), *script;
		FILE *f = fopen(file, "w");

		assert_non_null(f);
		fputs("#!/bin/sh\necho ran $1\n", f);
		fclose(f);
		script = x_asprintf("chmod 755 '%s'; PATH=%s:$PATH; %s", file,
		    dir, line);
		memset(out, 0, sizeof out);
		run("/bin/sh", script, out, sizeof out - 1);
		assert_string_equal(out, "ran x\n");
		remove(file);
		x_free(file);
		x_free(line);
		x_free(script);
	}
	rmdir(dir);
}

static void
test_readable(void **state)
{
	static const char *const argv[] = { "xl", "migrate", "web-1",
		"root@beta", "/etc/xen/web-1.cfg", "a b", "", NULL };
	char *line = quoted(argv);

	(void)state;
	assert_string_equal(line,
	    "xl migrate web-1 root@beta /etc/xen/web-1.cfg 'a b' ''");
	x_free(line);
}

static void
test_limit(void **state)
{
	static const char *const argv[] = { "echo", "it's long", NULL };
	struct buf b;
	char *line = quoted(argv);

	(void)state;
	for (size_t max = 0; max < strlen(line); max++) {
		buf_init(&b, max);
		assert_int_equal(quote_argv(&b, argv), -1);
		buf_free(&b);
	}
	buf_init(&b, strlen(line));
	assert_int_equal(quote_argv(&b, argv), 0);
	buf_free(&b);
	x_free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_command_names),
		cmocka_unit_test(test_readable),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
