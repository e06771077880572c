/* `xl list -v` and `xl info`: what real Xen prints, what never must pass for a
 * complete list, and any list read back as it was printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/xlparse.h"
#include "core/prng.h"
#include "core/utf8.h"
#include "tests/lib/fixture.h"

#define HEAD "Name                                        ID   Mem VCPUs\t" \
	"State\tTime(s)   UUID                            Reason-Code\t" \
	"Security Label\n"
#define DOM0 "Domain-0                                     0   640     1  " \
	"   r-----     102.2 00000000-0000-0000-0000-000000000000        -" \
	"                -\n"

static int
parse(struct arena *a, const char *text, struct obs_dom **v, size_t *n,
    struct err *e)
{
	return xl_parse_list(a, text, strlen(text), v, n, e);
}

static void
a_real_list(void **state)
{
	struct buf b = fixture_load("xl/xl-list-v.out");
	struct arena a = { NULL };
	struct obs_dom *v;
	struct uuid uuid;
	size_t n;

	(void)state;
	assert_int_equal(xl_parse_list(&a, b.p, b.len, &v, &n, NULL), 0);
	assert_int_equal(n, 6);
	assert_string_equal(v[0].name, "Domain-0");
	assert_true(uuid_is_nil(&v[0].uuid));
	assert_int_equal(v[0].flags, DOM_RUNNING);
	assert_string_equal(v[3].name, "db-1.prod_ex");
	assert_int_equal(v[3].domid, 3);
	assert_int_equal(v[3].vcpus, 2);
	assert_int_equal(v[3].mem_kb, 128 * 1024);
	assert_int_equal(v[3].cpu_ns, 37900000000);
	assert_int_equal(uuid_parse(&uuid,
	    "3fbb3a34-4a00-40d2-881b-a6eacecc7ab1"), 0);
	assert_memory_equal(&v[3].uuid, &uuid, sizeof uuid);
	assert_int_equal(v[4].flags, DOM_PAUSED);
	assert_int_equal(v[4].reason, REASON_NONE);
	assert_int_equal(v[5].flags, DOM_SHUTDOWN);
	assert_int_equal(v[5].reason, REASON_CRASH);
	arena_free(&a);
	buf_free(&b);
}

/* One row after dom0's; NULL when the list was refused. */
static const struct obs_dom *
row(struct arena *a, const char *text)
{
	struct obs_dom *v;
	char list[2048];
	size_t n;

	snprintf(list, sizeof list, HEAD DOM0 "%s\n", text);
	if (parse(a, list, &v, &n, NULL) != 0 || n != 2)
		return NULL;
	return &v[1];
}

#define REST "  9    96     1     -b----      12.8 " \
	"90d6e53a-9d16-4a15-b6b6-20b365a5f62a        -                -"

static void
odd_names(void **state)
{
	static const struct { const char *text, *name; } cases[] = {
		{ "web 1" REST, "web 1" },
		{ "12" REST, "12" },
		{ " leading" REST, " leading" },
		{ "trailing   " REST, "trailing" },
		{ "a  1    96     1     -b----      12.8 "
		    "90d6e53a-9d16-4a15-b6b6-20b365a5f62a" REST,
		    "a  1    96     1     -b----      12.8 "
		    "90d6e53a-9d16-4a15-b6b6-20b365a5f62a" },
		{ "two\nlines" REST, "two\xef\xbf\xbdlines" },
		{ "\x1b[31mred" REST, "\xef\xbf\xbd[31mred" },
		{ "(null)" REST, NULL },
		{ "        " REST, NULL },
	};
	struct arena a = { NULL };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct obs_dom *d = row(&a, cases[i].text);

		assert_non_null(d);
		assert_int_equal(d->domid, 9);
		if (cases[i].name == NULL)
			assert_null(d->name);
		else
			assert_string_equal(d->name, cases[i].name);
	}
	arena_free(&a);
}

static void
a_name_of_300_bytes(void **state)
{
	struct arena a = { NULL };
	char text[512];
	const struct obs_dom *d;

	(void)state;
	memset(text, 'x', 300);
	strcpy(text + 300, REST);
	d = row(&a, text);
	assert_non_null(d);
	assert_int_equal(strlen(d->name), OBS_NAME_MAX);
	arena_free(&a);
}

static void
incomplete_lists(void **state)
{
	static const struct { const char *text, *why; } cases[] = {
		{ "", "printed no list" },
		{ "xl: something went wrong\n", "printed no list" },
		{ HEAD, "without Domain-0" },
		{ HEAD "web1" REST "\n", "without Domain-0" },
		{ HEAD DOM0 "web1    9    96     1     -b--", "middle of" },
		{ HEAD DOM0 "web1    9    96     1     -b--\n", "not under" },
		{ HEAD DOM0 "web1" REST "\nhm\n", "not under" },
		{ HEAD DOM0 "web1  9  96  1  -b-x--  12.8 "
		    "90d6e53a-9d16-4a15-b6b6-20b365a5f62a - -\n", "not under" },
		{ HEAD DOM0 "web1  9  -96  1  -b----  12.8 "
		    "90d6e53a-9d16-4a15-b6b6-20b365a5f62a - -\n", "not under" },
		{ HEAD DOM0 "web1  99999999999  96  1  -b----  12.8 "
		    "90d6e53a-9d16-4a15-b6b6-20b365a5f62a - -\n", "not under" },
	};
	struct arena a = { NULL };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct err e = { .msg = "" };
		struct obs_dom *v;
		size_t n;

		assert_int_equal(parse(&a, cases[i].text, &v, &n, &e), -1);
		assert_non_null(strstr(e.msg, cases[i].why));
	}
	arena_free(&a);
}

static void
noise_before_the_head(void **state)
{
	struct arena a = { NULL };
	struct obs_dom *v;
	size_t n;

	(void)state;
	assert_int_equal(parse(&a, "WARNING: old\n" HEAD DOM0, &v, &n, NULL),
	    0);
	assert_int_equal(n, 1);
	arena_free(&a);
}

/* --- Any list reads back -------------------------------------------------- */

static void
random_name(struct prng *r, char *out)
{
	static const char *const pieces[] = { "web", "-", ".", " ", "7", "\n",
		"\t", "\x01", "\xc3\xa9", "\xff", "r-----", "12.5", "(null)",
		"Domain-0", "90d6e53a-9d16-4a15-b6b6-20b365a5f62a" };
	size_t len = 0, want = 1 + prng_below(r, 300);

	while (len < want) {
		const char *s = pieces[prng_below(r,
		    sizeof pieces / sizeof pieces[0])];

		len += (size_t)sprintf(out + len, "%s", s);
	}
	/* xl pads with blanks: those at the end cannot be told apart. */
	strcpy(out + len, "$");
}

static void
print_row(char *out, size_t size, const struct obs_dom *d, const char *name)
{
	static const char letters[] = "-rscwS";
	char uuid[UUID_STR], reason[16] = "       -";
	bool down = (d->flags & DOM_SHUTDOWN) != 0;

	uuid_format(uuid, &d->uuid);
	if (down)
		snprintf(reason, sizeof reason, "%8x", (unsigned)d->reason);
	snprintf(out, size, "%-40s %5u %5lu %5d     %c%c%c%c%c%c  %8.1f %s %s "
	    "%16s\n", name, d->domid, (unsigned long)(d->mem_kb / 1024),
	    d->vcpus, d->flags & DOM_RUNNING ? 'r' : '-',
	    d->flags & DOM_BLOCKED ? 'b' : '-',
	    d->flags & DOM_PAUSED ? 'p' : '-', down ? 's' : '-',
	    down ? letters[d->reason] : '-', d->flags & DOM_DYING ? 'd' : '-',
	    (double)d->cpu_ns / 1e9, uuid, reason, "-");
}

static struct obs_dom
random_dom(struct prng *r, uint32_t domid)
{
	struct obs_dom d;

	obs_dom_init(&d);
	d.domid = domid;
	d.flags = prng_below(r, 32);
	if ((d.flags & DOM_SHUTDOWN) != 0)
		d.reason = (enum shutdown_reason)prng_below(r, 6);
	d.vcpus = (int32_t)prng_below(r, 129);
	d.mem_kb = (int64_t)prng_below(r, 1 << 24) * 1024;
	d.cpu_ns = (int64_t)prng_below(r, 1u << 31) * 100000000;
	for (size_t i = 0; domid != 0 && i < sizeof d.uuid.b; i++)
		d.uuid.b[i] = (uint8_t)prng_below(r, 256);
	return d;
}

static void
any_list_reads_back(void **state)
{
	struct prng r;

	(void)state;
	prng_init(&r, 42);
	for (int round = 0; round < 300; round++) {
		size_t count = 1 + prng_below(&r, 30), n;
		struct obs_dom want[30], *got;
		static char names[30][1024];
		struct arena a = { NULL };
		struct buf b;

		buf_init(&b, 1 << 20);
		buf_puts(&b, HEAD);
		for (size_t i = 0; i < count; i++) {
			char line[2048];

			random_name(&r, names[i]);
			want[i] = random_dom(&r, (uint32_t)i * 7);
			print_row(line, sizeof line, &want[i], names[i]);
			buf_puts(&b, line);
		}
		assert_int_equal(xl_parse_list(&a, b.p, b.len, &got, &n, NULL),
		    0);
		assert_int_equal(n, count);
		for (size_t i = 0; i < count; i++) {
			char clean[OBS_NAME_MAX + 1];

			utf8_clean(clean, sizeof clean, names[i],
			    strlen(names[i]));
			assert_string_equal(got[i].name, clean);
			want[i].name = got[i].name;
			assert_true(obs_dom_equal(&got[i], &want[i]));
		}
		arena_free(&a);
		buf_free(&b);
	}
}

/* --- xl info -------------------------------------------------------------- */

static void
a_real_info(void **state)
{
	static const char *const files[] = { "xl/xl-info.out",
		"xl/xl-info-n.out" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct buf b = fixture_load(files[i]);
		struct arena a = { NULL };
		struct obs o;

		obs_init(&o);
		assert_int_equal(xl_parse_info(&a, b.p, b.len, &o.host, NULL),
		    0);
		assert_string_equal(o.host.hostname, "gamma");
		assert_string_equal(o.host.kernel, "6.1.0-56-amd64");
		assert_string_equal(o.host.xen_version, "4.17.7");
		assert_string_equal(o.host.virt_caps,
		    "pv hvm hap gnttab-v1 gnttab-v2");
		assert_string_equal(o.host.scheduler, "credit2");
		assert_int_equal(o.host.cpus, 4);
		assert_int_equal(o.host.nodes, 2);
		assert_int_equal(o.host.cpu_mhz, 2599);
		assert_int_equal(o.host.mem_kb, 2047 * 1024);
		assert_int_equal(o.host.free_kb, 869 * 1024);
		assert_int_equal(o.host.claimed_kb, 0);
		arena_free(&a);
		buf_free(&b);
	}
}

static void
an_info_without_memory(void **state)
{
	static const char text[] = "nr_cpus : 4\ntotal_memory : 2047\n"
	    "free_memory : many\n";
	struct arena a = { NULL };
	struct err e;
	struct obs o;

	(void)state;
	obs_init(&o);
	assert_int_equal(xl_parse_info(&a, text, sizeof text - 1, &o.host, &e),
	    -1);
	assert_string_equal(e.msg, "`xl info` printed no free_memory");
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_list),
		cmocka_unit_test(odd_names),
		cmocka_unit_test(a_name_of_300_bytes),
		cmocka_unit_test(incomplete_lists),
		cmocka_unit_test(noise_before_the_head),
		cmocka_unit_test(any_list_reads_back),
		cmocka_unit_test(a_real_info),
		cmocka_unit_test(an_info_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
