/* Which VMs a word means, and that none is taken for another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tests/lib/world.h"
#include "tui/target.h"

/* c0: h0 with web1 (domain 12) and 12 (domain 3); h1 with db1, db1 again.
 * c1: h2 with web1, web2. */
static void
open_world(struct world *w)
{
	world_init(w, 2, 2);
	world_dom(w, 0, 12, 1, "web1");
	world_dom(w, 0, 3, 2, "12");
	world_dom(w, 1, 4, 3, "db1");
	world_dom(w, 1, 5, 4, "db1");
	world_dom(w, 2, 6, 5, "web1");
	world_dom(w, 2, 7, 6, "web2")->flags = DOM_PAUSED;
	for (uint32_t i = 0; i < 4; i++)
		world_send(w, i);
}

/* The last bytes of the UUIDs found, "1 5". */
static void
check(const struct world *w, const char *word, bool many, const char *want)
{
	struct targets t = { 0 };
	struct err err = { 0 };
	char got[100] = "";
	bool is_many;

	if (targets_add(&t, w->model, word, &is_many, &err) != 0)
		fail_msg("%s", err.msg);
	for (unsigned u = 1; u <= 6; u++)
		for (size_t i = 0; i < t.n; i++)
			if (model_vm(w->model, t.v[i])->uuid.b[15] == u)
				snprintf(got + strlen(got), 8, "%s%u",
				    got[0] != '\0' ? " " : "", u);
	assert_string_equal(got, want);
	assert_int_equal(is_many, many);
	targets_free(&t);
}

static void
check_bad(const struct world *w, const char *word, enum err_kind kind,
    const char *why)
{
	struct targets t = { 0 };
	struct err err = { 0 };
	bool many;

	assert_int_equal(targets_add(&t, w->model, word, &many, &err), -1);
	assert_int_equal(t.n, 0);
	assert_int_equal(err.kind, kind);
	if (strstr(err.msg, why) == NULL)
		fail_msg("%s", err.msg);
	targets_free(&t);
}

static void
test_words(void **state)
{
	struct world w;

	(void)state;
	open_world(&w);
	check(&w, "web2", false, "6");
	check(&w, "12", false, "2");
	check(&w, "c1/web1", false, "5");
	check(&w, "c0/12", false, "2");
	check(&w, "00000000-0000-0000-0000-000000000004", false, "4");
	check(&w, "c0/00000000-0000-0000-0000-000000000004", false, "4");
	check(&w, "web*", true, "1 5 6");
	check(&w, "c1/web*", true, "5 6");
	check(&w, "state:paused", true, "6");
	check_bad(&w, "web1", ERR_USAGE, "ambiguous: c0/web1, c1/web1");
	check_bad(&w, "db1", ERR_USAGE,
	    "c0/00000000-0000-0000-0000-000000000003, c0/0");
	check_bad(&w, "c0/db1", ERR_USAGE, "ambiguous");
	check_bad(&w, "3", ERR_FAILED, "number is not taken");
	check_bad(&w, "web", ERR_FAILED, "no VM is called 'web'; did you");
	check_bad(&w, "WEB2", ERR_FAILED, "no VM is called 'WEB2'");
	check_bad(&w, "h0", ERR_FAILED, "is a host");
	check_bad(&w, "x*", ERR_FAILED, "no VM matches");
	check_bad(&w, "state:", ERR_USAGE, "the filter");
	check_bad(&w, "", ERR_FAILED, "no VM is called ''");
	world_free(&w);
}

static void
test_count(void **state)
{
	struct world w;
	char text[200];

	(void)state;
	open_world(&w);
	assert_int_equal(target_count(w.model, "web2", text, 200), 1);
	assert_int_equal(target_count(w.model, "none", text, 200), 0);
	assert_int_equal(target_count(w.model, "web1", text, 200), 2);
	assert_string_equal(text, "c0/web1, c1/web1");
	assert_int_equal(target_count(w.model, "web1", text, 6), 2);
	assert_string_equal(text, "c0/we");
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
