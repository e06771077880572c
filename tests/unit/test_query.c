/* Queries against a handful of VMs and hosts: each line of the tables says
 * which of them a query finds, what it says about what it does not
 * understand, and how it prints. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/query.h"
#include "tests/lib/world.h"

static const struct obs_nic nics_web1[] = {
	{ .mac = "00:16:3e:00:00:01", .ip = "10.1.0.11" },
	{ .mac = "00:16:3e:00:00:02", .ip = "2001:db8::11" },
};
static const struct obs_nic nics_web2[] = {
	{ .mac = "00:16:3e:00:00:12", .ip = "110.1.0.12" },
};
static const struct uuid uuid_db = { { 0xde, 0xad, 0xbe, 0xef } };

#define GIB (INT64_C(1) << 20)
#define KNOWN(...) .n = { __VA_ARGS__ }

/* One letter each: w, x, d, o, k; hosts A and B. */
static struct query_facts w, x, d, o, k, A, B;

static void
nothing_known(struct query_facts *f)
{
	for (int i = 0; i < QUERY_NUMBERS; i++)
		f->n[i] = -1;
}

static struct query_facts
vm(const char *name, const char *host, int64_t cpu_pm, int64_t mem_kb)
{
	struct query_facts f = { .name = name, .host = host,
		.cluster = "prod", .vm_state = VM_RUNNING,
		.type = VM_TYPE_PVH };

	nothing_known(&f);
	f.n[QUERY_CPU] = cpu_pm;
	f.n[QUERY_MEM] = mem_kb;
	return f;
}

static int
setup(void **state)
{
	(void)state;
	w = vm("web1", "cs1", 501, 4 * GIB - 100);
	w.nics = nics_web1;
	w.nnics = 2;
	w.n[QUERY_VCPUS] = 2;
	w.n[QUERY_NET] = 1 << 21;
	w.n[QUERY_UP] = 3600 * 1000;
	w.is = QUERY_MARKED;
	x = vm("Web2", "cs10", 500, 2 * GIB);
	x.nics = nics_web2;
	x.nnics = 1;
	x.home = "cs1";
	x.is = QUERY_AWAY | QUERY_STALE;
	x.n[QUERY_UP] = (36 * 3600 + 600) * 1000;
	d = vm("db-primary", "cs1", 1234, 16 * GIB);
	d.uuid = &uuid_db;
	d.type = VM_TYPE_PV;
	d.desc = "the customers' database, on web";
	d.n[QUERY_PRIO] = 1;
	d.n[QUERY_VCPUS] = 8;
	d.home = "cs1";
	o = vm("old box [1]", NULL, -1, 512 * 1024);
	o.cluster = "lab";
	o.vm_state = VM_DORMANT;
	o.n[QUERY_PRIO] = 9;
	k = vm("K\xc3\x96LN", "cs2", 0, -1);
	k.vm_state = VM_CRASHED;
	k.is = QUERY_TROUBLED | QUERY_ALARM;
	k.type = VM_TYPE_HVM;
	A = (struct query_facts){ .is_host = true, .name = "cs1",
		.host = "cs1", .cluster = "prod", .host_health = HOST_LIVE,
		.address = "cs1.example.net" };
	nothing_known(&A);
	A.n[QUERY_CPU] = 600;
	A.n[QUERY_FREE] = 12 * GIB;
	B = (struct query_facts){ .is_host = true, .name = "cs10",
		.host = "cs10", .cluster = "prod", .host_health = HOST_DOWN,
		.is = QUERY_TROUBLED | QUERY_STALE };
	nothing_known(&B);
	return 0;
}

static void
make_conf(struct conf *c)
{
	static const char *const hosts[] = { "cs1", "cs10", "cs2", "db9" };

	conf_init(c);
	conf_add_cluster(c)->name = x_strdup("prod");
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		conf_add_host(c)->name = x_strdup(hosts[i]);
	conf_add_cluster(c)->name = x_strdup("lab");
}

static void
found_by(const struct query *q, char out[8])
{
	static const struct query_facts *const all[] = { &w, &x, &d, &o, &k,
		&A, &B };
	static const char letters[] = "wxdokAB";

	for (size_t i = 0; i < 7; i++)
		if (query_match(q, all[i]))
			*out++ = letters[i];
	*out = '\0';
}

static void
expect(const char *text, const char *want, const struct conf *conf)
{
	struct query *q = query_new(text, conf), *again;
	struct buf b;
	char got[8];

	found_by(q, got);
	if (strcmp(got, want) != 0)
		fail_msg("'%s' finds %s, not %s; %s", text, got, want,
		    query_problem(q) != NULL ? query_problem(q) : "no problem");
	buf_init(&b, 1 << 16);
	assert_int_equal(query_print(q, &b), 0);
	again = query_new(b.p != NULL ? b.p : "", conf);
	found_by(again, got);
	if (strcmp(got, want) != 0 || query_problem(again) != NULL ||
	    query_unfinished(again) != NULL)
		fail_msg("'%s' printed as '%s' finds %s, not %s", text, b.p,
		    got, want);
	buf_free(&b);
	query_free(q);
	query_free(again);
}

static void
finds(void **state)
{
	static const struct {
		const char *text, *want;
	} table[] = {
		{ "", "wxdokAB" }, { "   ", "wxdokAB" },
		/* Words: name, host, cluster, address, description. */
		{ "web", "wxd" }, { "WEB 1", "wxd" }, { "web prod cs10", "x" },
		{ "lab", "o" }, { "10.1.", "wx" }, { "k\xc3\xb6ln", "k" },
		{ "customers", "d" }, { "example", "A" },
		{ "\"old box\"", "o" }, { "\"web1\"", "w" },
		{ "\"[1]\"", "o" }, { "\"say \\\"x\\\"\"", "" },
		/* UUIDs and MACs. */
		{ "ef", "" }, { "bee", "" }, { "beef", "d" }, { "uuid:ef", "d" },
		{ "deadbeef", "d" }, { "DEADBEEF-0000", "d" },
		{ "00:16:3E:00:00:12", "x" }, { "00:00:01", "w" },
		{ "db8::11", "w" }, { "uuid:dead", "d" }, { "mac:12", "x" },
		{ "uuid:adbe", "d" }, { "beef:dead", "" },
		/* Patterns are for the whole of a thing. */
		{ "web*", "wx" }, { "eb*", "" }, { "*b?", "wx" },
		{ "cs1", "wxdAB" }, { "cs?", "wdkA" }, { "web[13-9]", "w" },
		{ "web[!1]", "x" }, { "*[*", "o" }, { "web[", "" },
		{ "d*y", "d" }, { "w*b*1", "w" }, { "*", "wxdokAB" },
		/* Regular expressions. */
		{ "/^web[0-9]$/", "wx" }, { "~^web(1|2)$", "wx" },
		{ "(~^web1$)", "w" }, { "/d box/", "o" }, { "/^WEB1/", "w" },
		{ "name:/1$/", "wA" }, { "name:~^w", "wx" }, { "~a/(b)", "" },
		{ "/./", "wxdokAB" }, { "~k.ln", "k" },
		/* Fields. */
		{ "name:web", "wx" }, { "name=web", "" }, { "name=WEB1", "w" },
		{ "vm=web*", "wx" }, { "name!=web1", "xdokAB" },
		{ "name:\"old box\"", "o" },
		{ "host:cs1", "wdA" }, { "host:cs*", "wxdkAB" },
		{ "host:~1$", "wdA" }, { "cluster:lab", "o" },
		{ "ip:10.1.", "w" }, { "ip:2001:", "w" },
		{ "ip:*.12", "x" }, { "desc:database", "d" },
		{ "type:pv", "d" }, { "type:p", "wxdo" }, { "type:pvh", "wxo" },
		{ "state:running", "wxd" }, { "state:run", "wxd" },
		{ "state:d", "oB" }, { "state:dormant", "o" },
		{ "state:down", "B" }, { "is:down", "B" },
		{ "is:marked", "w" }, { "is:stale", "xB" },
		{ "is:troubled", "kB" }, { "is:alarm", "k" },
		{ "is:crashed", "k" }, { "home:away", "x" },
		{ "home:cs1", "xd" }, { "home:*", "xd" }, { "is:away", "x" },
		/* Numbers. */
		{ "cpu>50", "wdA" }, { "cpu>=50", "wxdA" }, { "cpu<50", "k" },
		{ "cpu<=50", "xk" }, { "cpu=50", "wx" }, { "cpu:50%", "wx" },
		{ "cpu=50.1", "w" }, { "cpu>50.1", "dA" }, { "cpu=0", "k" },
		{ "cpu > 50", "wdA" }, { "cpu >=  50 web", "wxd" },
		{ "mem=4g", "w" }, { "mem>=4g", "d" }, { "mem<1G", "o" },
		{ "mem>2047MiB", "wxd" }, { "mem<=512m", "o" },
		{ "mem=0.5g", "o" }, { "memory>1t", "" }, { "mem>=0", "wxdo" },
		{ "free>8g", "A" }, { "vcpus>2", "d" }, { "vcpus=2", "w" },
		{ "prio<=3", "d" }, { "net>1m", "w" }, { "net>2048k", "" },
		{ "net=2m", "w" }, { "up<2h", "w" }, { "up>1d12h", "x" },
		{ "up<1d12h", "w" }, { "up=1h", "w" }, { "up=36h", "x" },
		{ "up>90min", "x" }, { "disk>0", "" },
		/* Not, or, groups. */
		{ "!web", "okAB" }, { "not web", "okAB" }, { "!!web", "wxd" },
		{ "!name:web prod", "dkAB" },
		{ "web1 | k\xc3\xb6ln", "wk" }, { "web1 or lab", "wo" },
		{ "web1 || lab", "wo" }, { "web && cs10", "x" },
		{ "web and cs10", "x" }, { "web1 or web2 cs10", "wx" },
		{ "(web1 or web2) cs10", "x" }, { "!(web1 or lab)", "xdkAB" },
		{ "name:web !cpu>50", "x" }, { "!cpu>50 !is_", "xokB" },
		{ "!(name:web)", "dokAB" }, { "(((web1)))", "w" },
		{ "(web1)(cs1)", "w" }, { "web1|lab", "wo" },
		{ "(web)|lab", "wxdo" },
		/* Hosts have no priority, so they are on neither side. */
		{ "!prio<=3", "wxok" }, { "!state:running", "ok" },
		{ "!state:down", "wxdokA" }, { "prio<=3 or !prio<=3", "wxdok" },
		{ "!is:marked", "xdok" }, { "cpu>1 !prio=1", "wx" },
		/* Keywords in first place are words. */
		{ "or", "" }, { "and", "" }, { "orcs", "" },
		{ "\"or\"", "" }, { "android", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		expect(table[i].text, table[i].want, NULL);
}

/* Exactly the host of that name, else all that begin with it. */
static void
names_of_configuration(void **state)
{
	struct conf c;

	(void)state;
	make_conf(&c);
	expect("host:cs", "wxdkAB", &c);
	expect("host:cs1", "wdA", &c);
	expect("host:CS1", "wdA", &c);
	expect("host:cs10", "xB", &c);
	expect("host=cs", "", &c);
	expect("cluster:p", "wxdkAB", &c);
	expect("home:cs1", "xd", &c);
	expect("home:away", "x", &c);
	conf_free(&c);
}

/* What is left out, and the sentence about it. */
static void
says(void **state)
{
	static const struct {
		const char *text, *want, *problem, *unfinished;
	} table[] = {
		{ "stat:run web1", "w",
		    "there is no field 'stat': did you mean state?", NULL },
		{ "web1 xyzzy=3", "w", "there is no field 'xyzzy'; quotes "
		    "make it a text", NULL },
		{ "web1 >50", "w", "a comparison wants a field before it, as "
		    "in cpu>50", NULL },
		{ "web1 cpu>", "w", NULL,
		    "cpu wants a value, such as cpu>50" },
		{ "web1 cpu >  ", "w", NULL,
		    "cpu wants a value, such as cpu>50" },
		{ "cpu> | web1", "w", "cpu wants a value, such as cpu>50",
		    NULL },
		{ "web1 cpu>fast", "w",
		    "'fast' is no value of cpu, such as cpu>50", NULL },
		{ "web1 mem>4", "w", NULL,
		    "mem wants a value, such as mem>=4g" },
		{ "mem>4 web1", "w",
		    "'4' is no value of mem, such as mem>=4g", NULL },
		{ "web1 mem>4gb", "w",
		    "'4gb' is no value of mem, such as mem>=4g", NULL },
		{ "web1 mem>99999999999999999t", "w", "'99999999999999999t' "
		    "is no value of mem, such as mem>=4g", NULL },
		{ "web1 vcpus>2.5", "w",
		    "'2.5' is no value of vcpus, such as vcpus>2", NULL },
		{ "web1 name>x", "w",
		    "name is no number: write name:web", NULL },
		{ "web1 state:runing", "w",
		    "there is no state:runing: did you mean running?", NULL },
		{ "web1 type:zzz", "w",
		    "there is no type:zzz; there is type:pvh", NULL },
		{ "web1 state:", "w", NULL,
		    "state wants a value, such as state:running" },
		{ "web1 or", "w", NULL, "something is to follow the or" },
		{ "web1 |", "w", NULL, "something is to follow the or" },
		{ "web1 and", "w", NULL, "something is to follow" },
		{ "web1 !", "w", NULL, "something is to follow" },
		{ "web1 not", "w", NULL, "something is to follow" },
		{ "(web1", "w", NULL, "a closing ) is missing" },
		{ "\"web1", "w", NULL, "the closing \" is missing" },
		{ "\"", "wxdokAB", NULL, "the closing \" is missing" },
		{ "/^web1", "w", NULL, "the closing / is missing" },
		{ "/", "wxdokAB", NULL, "the closing / is missing" },
		{ "~", "wxdokAB", NULL, "the text to look for is missing" },
		{ "web1)", "w", "this ) closes nothing", NULL },
		{ "| web1", "w", NULL, NULL },
		{ "web1 !|", "w", "something is missing before '|'", 
		    "something is to follow the or" },
		{ "~^web1(", "wxdokAB", NULL,
		    "/^web1(/: Unmatched ( or \\(" },
		{ "~^web1( cs1", "wxdAB", "/^web1(/: Unmatched ( or \\(",
		    NULL },
		{ "~((((a+)+)+)+)+(((((b+)+)+)+)+)+ web1", "", NULL, NULL },
		{ "~(((((((((a+)+)+)+)+)+)+)+)+)+ web1", "w",
		    "/(((((((((a+)+)+)+)+)+)+)/: it repeats too much", NULL },
		{ "~(x{99}){99} web1", "w",
		    "/(x{99}){99}/: it repeats too much", NULL },
		{ "~a{32767} web1", "w", "/a{32767}/: it repeats too much",
		    NULL },
		{ "~(a)\\1 web1", "w", "/(a)\\1/: it refers back", NULL },
		{ "~([[.a.]b[]*)\\1] web1", "w",
		    "/([[.a.]b[]*)\\1]/: it refers back", NULL },
		{ "~([[=a=]b[]*)\\1] web1", "w",
		    "/([[=a=]b[]*)\\1]/: it refers back", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct query *q = query_new(table[i].text, NULL);
		const char *p = query_problem(q), *u = query_unfinished(q);
		char got[8];

		found_by(q, got);
		if (strcmp(got, table[i].want) != 0)
			fail_msg("'%s' finds %s, not %s", table[i].text, got,
			    table[i].want);
		if (strcmp(p != NULL ? p : "", table[i].problem != NULL ?
		    table[i].problem : "") != 0)
			fail_msg("'%s': %s", table[i].text, p);
		if (strcmp(u != NULL ? u : "", table[i].unfinished != NULL ?
		    table[i].unfinished : "") != 0)
			fail_msg("'%s' waits: %s", table[i].text, u);
		query_free(q);
	}
}

static void
says_hosts(void **state)
{
	struct conf c;
	struct query *q;

	(void)state;
	make_conf(&c);
	q = query_new("host:cs22", &c);
	assert_string_equal(query_problem(q),
	    "no host begins with 'cs22': did you mean cs2?");
	assert_true(query_empty(q));
	query_free(q);
	q = query_new("cluster:nowhere web", &c);
	assert_string_equal(query_problem(q),
	    "no cluster begins with 'nowhere'");
	query_free(q);
	conf_free(&c);
}

/* No letter on the way to a query shows less than it will in the end, or
 * nothing at all. */
static void
typing_never_shows_nothing(void **state)
{
	static const char *const texts[] = {
		"state:running cpu>50 mem>=4g", "web1 or lab", "is:marked",
		"(web1 or web2) !cpu<9", "/^web[0-9]$/", "name:\"web1\"",
		"up<1d12h", "web* cpu >= 50", "type:pvh not stale",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		for (size_t n = 0; n <= strlen(texts[i]); n++) {
			char *head = x_strndup(texts[i], n);
			struct query *q = query_new(head, NULL);
			char got[8];

			found_by(q, got);
			if (got[0] == '\0' && query_begun(q) <= n) {
				head[query_begun(q)] = '\0';
				query_free(q);
				q = query_new(head, NULL);
				found_by(q, got);
			}
			if (got[0] == '\0')
				fail_msg("'%s' shows nothing", head);
			query_free(q);
			x_free(head);
		}
}

static void
begun_fields(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} table[] = {
		{ "", SIZE_MAX }, { "web", SIZE_MAX }, { "sta", 0 },
		{ "sta ", SIZE_MAX }, { "web cpu ", 4 }, { "web sta", 4 }, { "web (cp", 5 },
		{ "web o", 4 }, { "web no", 4 }, { "!hos", 1 },
		{ "\"sta", SIZE_MAX }, { "web state:r", SIZE_MAX },
		{ "cpu sta x", SIZE_MAX }, { "name:sta", SIZE_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct query *q = query_new(table[i].text, NULL);

		if (query_begun(q) != table[i].at)
			fail_msg("'%s': %zu", table[i].text, query_begun(q));
		query_free(q);
	}
}

static void
limits(void **state)
{
	char text[4096];
	struct query *q;

	(void)state;
	memset(text, '(', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	q = query_new(text, NULL);
	assert_non_null(query_problem(q));
	assert_true(query_empty(q));
	query_free(q);
	memset(text, '!', sizeof text - 1);
	q = query_new(text, NULL);
	assert_true(query_empty(q));
	query_free(q);
	for (size_t i = 0; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "a ", 2);
	q = query_new(text, NULL);
	assert_non_null(query_problem(q));
	assert_false(query_empty(q));
	query_free(q);
}

static void
highlights(void **state)
{
	static const struct {
		const char *text, *name;
		int at, len; /* -1: nowhere */
	} table[] = {
		{ "eb", "web1", 1, 2 }, { "name:B1", "web1", 2, 2 },
		{ "!eb", "web1", -1, 0 }, { "cpu>1 1", "web1", 3, 1 },
		{ "/b./", "web1", 2, 2 }, { "we*", "web1", 0, 4 },
		{ "!(!web)", "web1", 0, 3 }, { "host:web", "web1", -1, 0 },
		{ "k\xc3\xb6", "K\xc3\x96LN", 0, 3 }, { "/x*/", "web1", -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct query *q = query_new(table[i].text, NULL);
		size_t at = 0, len = 0;

		assert_int_equal(query_finds(q, table[i].name, &at, &len),
		    table[i].at >= 0);
		if (table[i].at >= 0) {
			assert_int_equal(at, table[i].at);
			assert_int_equal(len, table[i].len);
		}
		query_free(q);
	}
}

/* Of the clocks of host and console the host's counts, as on the screen. */
static void
up_is_what_is_shown(void **state)
{
	const struct vm *v;
	struct query_facts f;
	struct world world;

	(void)state;
	world_init(&world, 1, 1);
	world.obs[0].wall_ms = 5000 * 1000;
	world_dom(&world, 0, 1, 1, "web1")->start_s = 1000;
	world_send(&world, 0);
	world_pass(&world, 3000);
	v = model_vm_at(world.model, 0);
	query_facts_vm(&f, world.model, v, 0, vm_main(v));
	assert_int_equal(f.n[QUERY_UP], 4003 * 1000);
	assert_int_equal(f.n[QUERY_UP] / 1000, model_uptime_s(world.model,
	    vm_main(v), model_now(world.model)));
	world_free(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds, setup),
		cmocka_unit_test_setup(names_of_configuration, setup),
		cmocka_unit_test_setup(says, setup),
		cmocka_unit_test_setup(says_hosts, setup),
		cmocka_unit_test_setup(typing_never_shows_nothing, setup),
		cmocka_unit_test(begun_fields),
		cmocka_unit_test_setup(limits, setup),
		cmocka_unit_test_setup(highlights, setup),
		cmocka_unit_test(up_is_what_is_shown),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
