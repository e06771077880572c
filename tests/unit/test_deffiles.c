/* The files of the VMs, read by the agent and without one: both must say the
 * same, and only when something has changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/agent/deffiles.h"
#include "backends/wire.h"
#include "core/mem.h"
#include "tests/lib/fakedom0.h"

struct fixture {
	struct fakedom0 d;
	struct deffiles *files;
	struct mono now;
};

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof *f);

	fakedom0_start(&f->d);
	f->d.speed = 8;
	f->files = deffiles_new(f->d.host.definitions);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	deffiles_free(f->files);
	fakedom0_stop(&f->d);
	x_free(f);
	return 0;
}

/* What the agent says now; NULL: nothing new. */
static const struct defs *
by_agent(struct fixture *f)
{
	struct wire_decoder *dec = wire_decoder_new();
	const struct wire_defs *w = wire_defs(dec);
	const struct defs *d = NULL;
	enum wire_type type;
	struct err err;
	struct buf line;

	buf_init(&line, WIRE_LINE_MAX);
	if (deffiles_look(f->files, &line, f->now)) {
		assert_int_equal(wire_get(dec, line.p, line.len - 1, &type,
		    &err), 0);
		assert_int_equal(type, WIRE_DEFS);
		d = defs_read(NULL, w->files, w->n, w->note);
	}
	buf_free(&line);
	wire_decoder_free(dec);
	return d;
}

/* The shell's next ones. */
static void
by_shell(struct fixture *f)
{
	int was = f->d.ndefs;

	for (int i = 0; i < 20000 && f->d.ndefs == was; i++) {
		fakedom0_turn(&f->d);
		assert_false(f->d.failed);
	}
	assert_int_equal(f->d.ndefs, was + 1);
}

static void
same(struct fixture *f, size_t n)
{
	const struct defs *agent = by_agent(f), *shell;

	assert_non_null(agent);
	by_shell(f);
	shell = f->d.defs;
	assert_int_equal(agent->n, n);
	assert_int_equal(shell->n, n);
	assert_true(defs_equal(agent, shell));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(agent->mtime_s[i], shell->mtime_s[i]);
	defs_unref(agent);
}

static void
test_both_say_the_same(void **state)
{
	struct fixture *f = *state;
	char link[200], target[200];
	const struct defs *none;

	fakedom0_file(&f->d, "etc/b.cfg", "name = 'b'\nmemory = 7\n");
	fakedom0_file(&f->d, "etc/no newline.cfg", "name = 'a' # \xe9\\n");
	fakedom0_file(&f->d, "etc/xl.conf", "name = 'x'\n");
	fakedom0_file(&f->d, "etc/empty.cfg", "");
	fakedom0_file(&f->d, "etc/.hidden.cfg", "name = 'h'\n");
	fakedom0_file(&f->d, "elsewhere", "name = 'linked'\n");
	snprintf(target, sizeof target, "%s/elsewhere", f->d.dir);
	snprintf(link, sizeof link, "%s/linked.cfg", f->d.host.definitions);
	assert_int_equal(symlink(target, link), 0);
	snprintf(link, sizeof link, "%s/broken.cfg", f->d.host.definitions);
	assert_int_equal(symlink("/nowhere/at/all", link), 0);
	snprintf(link, sizeof link, "%s/dir.cfg", f->d.host.definitions);
	assert_int_equal(mkdir(link, 0700), 0);

	fakedom0_observe(&f->d, 1000);
	same(f, 3);
	assert_string_equal(f->d.defs->v[0]->text, "name = 'a' # \xe9\\n");
	assert_string_equal(f->d.defs->v[2]->name, "linked");
	assert_null(f->d.defs->note);
	none = by_agent(f); /* nothing has changed */
	assert_null(none);

	fakedom0_file(&f->d, "etc/b.cfg", "name = 'b'\nmemory = 77\n");
	same(f, 3);
	assert_int_equal(f->d.defs->v[1]->mem_kb, 77 * 1024);
	assert_int_equal(unlink(target), 0);
	same(f, 2);
}

static void
test_too_large(void **state)
{
	struct fixture *f = *state;
	char *text = x_malloc(DEFS_FILE_MAX + 2);

	memset(text, '#', DEFS_FILE_MAX + 1);
	memcpy(text, "name='a'\n", 9);
	text[DEFS_FILE_MAX + 1] = '\0';
	fakedom0_file(&f->d, "etc/big.cfg", text);
	text[DEFS_FILE_MAX] = '\0';
	fakedom0_file(&f->d, "etc/fits.cfg", text);
	fakedom0_observe(&f->d, 1000);
	same(f, 1);
	assert_non_null(strstr(f->d.defs->note,
	    "big.cfg: too large for a definition"));
	x_free(text);
}

static void
test_nothing_there(void **state)
{
	struct fixture *f = *state;

	rmdir(f->d.host.definitions);
	fakedom0_observe(&f->d, 1000);
	same(f, 0);
	assert_null(f->d.defs->note);
}

/* A host that has no stat(1) costs its definitions, and nothing else. */
static void
test_no_stat(void **state)
{
	struct fixture *f = *state;

	fakedom0_tool(&f->d, "stat");
	fakedom0_file(&f->d, "stat.sh", "echo 'stat: no such thing' >&2\n"
	    "exit 1\n");
	fakedom0_file(&f->d, "etc/b.cfg", "name = 'b'\n");
	fakedom0_observe(&f->d, 1000);
	for (int i = 0; i < 20000 && (f->d.nobs == 0 ||
	    f->d.note[0] == '\0'); i++)
		fakedom0_turn(&f->d);
	assert_non_null(strstr(f->d.note, "definitions cannot be read there: "
	    "stat: no such thing"));
	assert_false(f->d.failed);
	assert_int_equal(f->d.ndefs, 0);
}

static void
test_passwords(void **state)
{
	struct fixture *f = *state;
	const struct defs *d;

	fakedom0_file(&f->d, "etc/b.cfg", "name = 'b'\nvncpasswd='abc'\n");
	deffiles_blank(f->files);
	d = by_agent(f);
	assert_string_equal(d->v[0]->text, "name = 'b'\nvncpasswd=\"***\"\n");
	defs_unref(d);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_both_say_the_same),
		TEST(test_too_large),
		TEST(test_nothing_there),
		TEST(test_no_stat),
		TEST(test_passwords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
