/* The configuration's pure parts: units, suggestions, the table of settings,
 * the list of errors, lookups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/conf.h"
#include "core/conf_errors.h"
#include "core/conf_print.h"
#include "core/conf_schema.h"
#include "core/mem.h"
#include "core/prng.h"
#include "core/suggest.h"
#include "core/units.h"

static void
units_are_exact(void **state)
{
	static const struct {
		const char *text;
		int64_t ms, kb; /* -1: refused */
	} cases[] = {
		{ "1500ms", 1500, -1 },
		{ "10 s", 10000, -1 },
		{ "2min", 120000, -1 },
		{ "1 h", 3600000, -1 },
		{ "3 d", 259200000, -1 },
		{ "0 s", 0, -1 },
		{ "512M", -1, 524288 },
		{ "512 MiB", -1, 524288 },
		{ "4 GiB", -1, 4194304 },
		{ "1T", -1, 1073741824 },
		{ "7K", -1, 7 },
		{ "", -1, -1 },
		{ "10", -1, -1 },
		{ "s", -1, -1 },
		{ "-1 s", -1, -1 },
		{ "1.5 s", -1, -1 },
		{ " 1 s", -1, -1 },
		{ "1  s", -1, -1 },
		{ "1 s ", -1, -1 },
		{ "4 GB", -1, -1 },
		{ "9223372036854775807 d", -1, -1 },
		{ "99999999999999999999 ms", -1, -1 },
		{ "9223372036854775807 TiB", -1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t ms = -1, kb = -1;

		units_parse_ms(&ms, cases[i].text);
		units_parse_kb(&kb, cases[i].text);
		assert_int_equal(ms, cases[i].ms);
		assert_int_equal(kb, cases[i].kb);
	}
}

static void
units_print_back(void **state)
{
	struct buf b;
	struct prng r;

	(void)state;
	prng_init(&r, 1);
	buf_init(&b, 64);
	for (int i = 0; i < 1000; i++) {
		int64_t v = (int64_t)(prng_next(&r) >> prng_between(&r, 1, 63));
		int64_t back = -1;

		buf_clear(&b);
		units_put_ms(&b, v);
		assert_int_equal(units_parse_ms(&back, b.p), 0);
		assert_int_equal(back, v);
		buf_clear(&b);
		units_put_kb(&b, v);
		assert_int_equal(units_parse_kb(&back, b.p), 0);
		assert_int_equal(back, v);
	}
	buf_clear(&b);
	units_put_ms(&b, 90000);
	assert_string_equal(b.p, "90 s");
	buf_clear(&b);
	units_put_kb(&b, 3 << 20);
	assert_string_equal(b.p, "3 GiB");
	buf_free(&b);
}

static const char *
nearest(const char *word)
{
	static const char *const words[] = { "hosts", "host", "name", "port",
		"transport", "known_hosts", "key" };
	struct suggest s;

	suggest_start(&s, word);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		suggest_offer(&s, words[i]);
	return s.best != NULL ? s.best : "";
}

static void
suggestions_are_near(void **state)
{
	char longest[200];

	(void)state;
	assert_string_equal(nearest("hots"), "hosts");
	assert_string_equal(nearest("prot"), "port");
	assert_string_equal(nearest("Hosts"), "hosts");
	assert_string_equal(nearest("transprot"), "transport");
	assert_string_equal(nearest("known_host"), "known_hosts");
	assert_string_equal(nearest("kye"), "key");
	assert_string_equal(nearest("memory"), "");
	assert_string_equal(nearest(""), "");
	memset(longest, 'h', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_string_equal(nearest(longest), "");
}

/* What the reader and the manual rely on. */
static void
schema_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < CONF_NSECTIONS; i++) {
		const struct conf_section *sec = &conf_sections[i];
		const struct conf_setting *s = sec->settings;

		assert_true(sec->what != NULL && sec->doc != NULL);
		assert_int_equal(sec->key == NULL, i == CONF_TOP);
		for (; s->name != NULL; s++) {
			assert_true(s->doc != NULL);
			assert_int_equal(s->doc[strlen(s->doc) - 1], '.');
			assert_true(s->size == (s->type == CONF_BOOL ?
			    sizeof(bool) : s->size == 8 ? 8 : sizeof(int)));
			if (conf_is_text(s)) {
				assert_int_equal(s->size, sizeof(char *));
				assert_true((s->min > 0 ||
				    sec->form == FORM_MAP) &&
				    s->max < 4096);
			}
			if (s->type == CONF_WORD)
				assert_true(s->required ||
				    conf_word_of(s->words, s->def) != NULL);
			if (s->type == CONF_INT || s->type == CONF_MS ||
			    s->type == CONF_KB)
				assert_true(s->min <= s->max &&
				    s->def <= s->max &&
				    (s->size == 8 || s->max <= INT32_MAX));
		}
	}
	for (unsigned i = 0; i < SIM_NWHATS; i++) {
		assert_non_null(sim_what_name(i));
		assert_int_not_equal(sim_what_wants(i), 0);
	}
}

static void
defaults_and_lookups(void **state)
{
	struct conf c;

	(void)state;
	conf_init(&c);
	assert_int_equal(c.refresh_ms, 1000);
	assert_int_equal(c.stale_ms, 10000);
	assert_int_equal(c.connects, 16);
	assert_false(c.read_only);
	assert_int_equal(c.sim.seed, 1);
	assert_int_equal(conf_find_host(&c, "cs1"), CONF_NO_HOST);
	assert_null(conf_find_vm(&c, "web1"));
	for (int i = 0; i < 5; i++) {
		struct conf_host *h;

		if (i % 2 == 0)
			conf_add_cluster(&c)->name = x_asprintf("c%d", i / 2);
		h = conf_add_host(&c);
		assert_string_equal(h->agent, "xendeck-agent");
		assert_int_equal(h->sudo, TRI_AUTO);
		assert_int_equal(h->cluster, i / 2);
		h->name = x_asprintf("cs%d", i);
	}
	conf_add_vm(&c)->match = x_strdup("web1");
	conf_add_vm(&c)->match = x_strdup("web*");
	conf_add_vm(&c)->match = x_strdup("[a-f]?");
	assert_int_equal(c.vms[0].priority, 5);
	assert_int_equal(conf_find_host(&c, "cs4"), 4);
	assert_int_equal(conf_find_host(&c, "cs"), CONF_NO_HOST);
	assert_ptr_equal(conf_find_vm(&c, "web1"), &c.vms[0]);
	assert_ptr_equal(conf_find_vm(&c, "web12"), &c.vms[1]);
	assert_ptr_equal(conf_find_vm(&c, "db"), &c.vms[2]);
	assert_null(conf_find_vm(&c, "mail"));
	conf_free(&c);
	assert_int_equal(c.nhosts, 0);
	assert_int_equal(c.refresh_ms, 1000);
	conf_free(&c);
}

static void
errors_are_sorted_and_capped(void **state)
{
	struct conf_errors e;
	struct buf b;

	(void)state;
	conf_errors_init(&e);
	buf_init(&b, 1 << 16);
	conf_errors_add(&e, "b", 9, "one");
	conf_errors_add(&e, "a", 3, "two");
	conf_errors_add(&e, NULL, 0, "three");
	conf_errors_add(&e, "b", 2, "four");
	conf_errors_add(&e, "a", 3, "five");
	conf_errors_add(&e, "b", 0, "six");
	conf_errors_add(&e, "a", 1, "seven");
	conf_errors_add(&e, "b", 9, "eight");
	conf_errors_sort(&e);
	conf_errors_put(&e, &b);
	assert_string_equal(b.p, "b: six\nb:2: four\nb:9: one\nb:9: eight\n"
	    "a:1: seven\na:3: two\na:3: five\nthree\n");
	for (size_t i = e.n; i < CONF_ERRORS_MAX + 7; i++)
		conf_errors_add(&e, "z", (int)i, "more");
	assert_int_equal(e.n, CONF_ERRORS_MAX);
	buf_clear(&b);
	conf_errors_put(&e, &b);
	assert_non_null(strstr(b.p, "\nand 7 more\n"));
	conf_errors_free(&e);
	buf_free(&b);
}

static void
printing_is_whole_or_nothing(void **state)
{
	struct buf b;
	struct conf c;

	(void)state;
	conf_init(&c);
	buf_init(&b, 20);
	assert_int_equal(conf_print(&c, &b), -1);
	assert_int_equal(b.len, 0);
	buf_free(&b);
	conf_free(&c);
}

static void
random_is_repeatable_and_even(void **state)
{
	struct prng a, b;
	int seen[7] = { 0 };

	(void)state;
	prng_init(&a, 42);
	prng_init(&b, 42);
	for (int i = 0; i < 7000; i++) {
		uint32_t x = prng_below(&a, 7);

		assert_int_equal(x, prng_below(&b, 7));
		assert_true(x < 7);
		seen[x]++;
	}
	for (size_t i = 0; i < 7; i++)
		assert_in_range(seen[i], 850, 1150);
	prng_init(&b, 43);
	assert_int_not_equal(prng_next(&a), prng_next(&b));
	for (int i = 0; i < 100; i++) {
		int64_t x = prng_between(&a, -2, 2);

		assert_true(x >= -2 && x <= 2);
	}
	prng_between(&a, INT64_MIN, INT64_MAX);
	assert_int_not_equal(prng_hash(1, 2), prng_hash(2, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_are_exact),
		cmocka_unit_test(units_print_back),
		cmocka_unit_test(suggestions_are_near),
		cmocka_unit_test(schema_is_sound),
		cmocka_unit_test(defaults_and_lookups),
		cmocka_unit_test(errors_are_sorted_and_capped),
		cmocka_unit_test(printing_is_whole_or_nothing),
		cmocka_unit_test(random_is_repeatable_and_even),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
