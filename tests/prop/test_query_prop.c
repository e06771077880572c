/* Laws that hold for all queries, shown on random ones over random facts: de
 * Morgan, double negation, what is printed reads back to the same, and a typed
 * beginning is never worse than a query that leaves out its end. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/prng.h"
#include "core/query.h"

enum { QUERIES = 3000, FACTS = 12, TEXT = 120 };

static const char *const terms[] = {
	"web", "db*", "\"a b\"", "/^w/", "~b[0-9]+$", "name=web1", "host:cs*",
	"host!=cs2", "cluster:prod", "home:away", "home:*", "ip:10.", "10.0.0",
	"mac:01", "uuid:de", "desc:shop", "type:pv", "state:run",
	"state:dormant", "state:live", "is:marked", "is:stale", "cpu>50",
	"cpu<=50.5", "cpu=0", "mem>=4g", "mem!=2g", "free>1g", "vcpus>2",
	"prio<=3", "up<1h", "net>1m", "disk=0", "id=7", "or_", "\"or\"",
};

static const char *const names[] = { "web1", "web2", "db1", "a b", "\xc3\x96" };
static const char *const hosts[] = { "cs1", "cs2", "alpha" };
static const struct uuid uuid = { { 0xde, 0xad } };
static const struct obs_nic nics[] = {
	{ .mac = "00:16:3e:00:00:01", .ip = "10.0.0.1" },
};

#define PICK(p, a) (a)[prng_below((p), sizeof(a) / sizeof((a)[0]))]

static struct query_facts
random_facts(struct prng *p)
{
	struct query_facts f = { .is_host = prng_below(p, 5) == 0 };

	f.name = PICK(p, names);
	f.host = prng_below(p, 6) == 0 ? NULL : PICK(p, hosts);
	f.cluster = prng_below(p, 2) == 0 ? "prod" : "lab";
	f.home = prng_below(p, 2) == 0 ? NULL : PICK(p, hosts);
	f.desc = prng_below(p, 2) == 0 ? NULL : "the shop";
	f.uuid = prng_below(p, 2) == 0 ? NULL : &uuid;
	f.nics = nics;
	f.nnics = prng_below(p, 2);
	f.type = (enum vm_type)prng_below(p, VM_TYPE_HVM + 1);
	f.vm_state = (enum vm_state)prng_below(p, VM_DORMANT + 1);
	f.host_health = (enum host_health)prng_below(p, HOST_REFUSED + 1);
	f.is = (unsigned)prng_below(p, 64);
	for (int i = 0; i < QUERY_NUMBERS; i++)
		f.n[i] = prng_below(p, 3) == 0 ? -1 :
		    (int64_t)prng_below(p, 8) << prng_below(p, 24);
	return f;
}

/* Returns how many terms went in. */
static void
random_query(struct prng *p, char *out, size_t size, int depth)
{
	static const char *const joins[] = { " ", " and ", " or ", " | ",
		" && " };
	char a[TEXT * 4] = "", b[TEXT * 4] = "";

	if (depth == 0 || prng_below(p, 4) == 0) {
		snprintf(out, size, "%s%s", prng_below(p, 4) == 0 ? "!" : "",
		    PICK(p, terms));
		return;
	}
	random_query(p, a, sizeof a, depth - 1);
	random_query(p, b, sizeof b, depth - 1);
	snprintf(out, size, "%s(%.*s)%s%.*s",
	    prng_below(p, 4) == 0 ? "not " : "", TEXT, a, PICK(p, joins),
	    TEXT, b);
}

/* A random query that was understood to the end. */
static struct query *
some_query(struct prng *p, char *text, size_t size)
{
	for (;;) {
		struct query *q;

		random_query(p, text, size, 2);
		q = query_new(text, NULL);
		if (query_problem(q) == NULL && query_unfinished(q) == NULL)
			return q;
		query_free(q);
	}
}

static void
same(const char *a, const char *b, const struct query_facts *f, int n)
{
	struct query *x = query_new(a, NULL), *y = query_new(b, NULL);

	if (query_problem(x) != NULL || query_problem(y) != NULL)
		fail_msg("'%s' or '%s': not understood", a, b);
	for (int i = 0; i < n; i++)
		if (query_match(x, &f[i]) != query_match(y, &f[i]))
			fail_msg("'%s' and '%s' differ over %s%s", a, b,
			    f[i].is_host ? "host " : "", f[i].name);
	query_free(x);
	query_free(y);
}

static void
printed_reads_back(const struct query *q, const struct query_facts *f, int n)
{
	struct buf once, twice;
	struct query *again;

	buf_init(&once, 1 << 16);
	buf_init(&twice, 1 << 16);
	assert_int_equal(query_print(q, &once), 0);
	again = query_new(once.p, NULL);
	if (query_problem(again) != NULL || query_unfinished(again) != NULL)
		fail_msg("'%s' does not read back: %s", once.p,
		    query_problem(again));
	for (int i = 0; i < n; i++)
		if (query_match(q, &f[i]) != query_match(again, &f[i]))
			fail_msg("'%s' reads back as another", once.p);
	assert_int_equal(query_print(again, &twice), 0);
	assert_string_equal(once.p, twice.p);
	query_free(again);
	buf_free(&once);
	buf_free(&twice);
}

static void
laws(void **state)
{
	struct prng p;

	(void)state;
	prng_init(&p, 20261121);
	for (int round = 0; round < QUERIES; round++) {
		char a[300], b[300], x[700], y[700];
		struct query_facts f[FACTS];
		struct query *qa = some_query(&p, a, sizeof a);
		struct query *qb = some_query(&p, b, sizeof b);

		for (int i = 0; i < FACTS; i++)
			f[i] = random_facts(&p);
		if (strlen(a) + strlen(b) < 200) {
			printed_reads_back(qa, f, FACTS);
			printed_reads_back(qb, f, FACTS);
			snprintf(x, sizeof x, "!((%s) (%s))", a, b);
			snprintf(y, sizeof y, "!(%s) or !(%s)", a, b);
			same(x, y, f, FACTS);
			snprintf(x, sizeof x, "not ((%s) or (%s))", a, b);
			snprintf(y, sizeof y, "!(%s) and !(%s)", a, b);
			same(x, y, f, FACTS);
			snprintf(x, sizeof x, "(%s) (%s)", a, b);
			snprintf(y, sizeof y, "(%s) (%s)", b, a);
			same(x, y, f, FACTS);
			snprintf(x, sizeof x, "!(!(%s))", a);
			same(x, a, f, FACTS);
		}
		query_free(qa);
		query_free(qb);
	}
}

/* Of VMs, ! finds exactly the others. */
static void
not_is_the_rest(void **state)
{
	struct prng p;

	(void)state;
	prng_init(&p, 7);
	for (int round = 0; round < QUERIES; round++) {
		char a[300], b[310];
		struct query *q = some_query(&p, a, sizeof a), *inverse;

		if (strlen(a) > 240) {
			query_free(q);
			continue;
		}
		snprintf(b, sizeof b, "!(%s)", a);
		inverse = query_new(b, NULL);
		for (int i = 0; i < FACTS; i++) {
			struct query_facts f = random_facts(&p);
			bool y = query_match(q, &f);
			bool n = query_match(inverse, &f);

			if (f.is_host ? y && n : y == n)
				fail_msg("'%s' and its inverse: %s", a, f.name);
		}
		query_free(q);
		query_free(inverse);
	}
}

/* Cut anywhere, a query still reads, and says so or is understood. */
static void
cut_anywhere(void **state)
{
	struct prng p;

	(void)state;
	prng_init(&p, 99);
	for (int round = 0; round < QUERIES / 10; round++) {
		char a[300];
		struct query_facts f = random_facts(&p);

		query_free(some_query(&p, a, sizeof a));
		for (size_t n = strlen(a); n > 0; n--) {
			struct query *q;

			a[n] = '\0';
			q = query_new(a, NULL);
			query_match(q, &f);
			printed_reads_back(q, &f, query_empty(q) ? 0 : 1);
			query_free(q);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(laws),
		cmocka_unit_test(not_is_the_rest),
		cmocka_unit_test(cut_anywhere),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
