/* The configuration reader: every bad file of tests/fixtures/conf/bad gives
 * exactly the errors of its .expect (GENERATE=1 writes them anew), every good
 * one and every configuration made up here survives printing and reading. */
#include <dirent.h>
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

#include "backends/confread.h"
#include "backends/simgen.h"
#include "core/conf_print.h"
#include "core/conf_schema.h"
#include "core/mem.h"
#include "core/prng.h"

static const char bad_dir[] = "tests/fixtures/conf/bad";

struct fixture {
	struct conf c;
	struct conf_errors errs;
	struct buf out;
	char dir[64];
};

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof *f);

	conf_init(&f->c);
	conf_errors_init(&f->errs);
	buf_init(&f->out, 64 << 20);
	snprintf(f->dir, sizeof f->dir, "/tmp/xendeck-conf.XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		return -1;
	*state = f;
	return 0;
}

static void
remove_all(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		char *path;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		path = x_asprintf("%s/%s", dir, e->d_name);
		if (unlink(path) != 0)
			remove_all(path);
		x_free(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	conf_free(&f->c);
	conf_errors_free(&f->errs);
	buf_free(&f->out);
	remove_all(f->dir);
	x_free(f);
	return 0;
}

static char *
in_dir(const struct fixture *f, const char *name)
{
	return x_asprintf("%s/%s", f->dir, name);
}

static void
write_file(const struct fixture *f, const char *name, const char *p, size_t n)
{
	char *path = in_dir(f, name);
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(p, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
	x_free(path);
}

/* The errors of one run as text, in f->out. */
static const char *
errors(struct fixture *f)
{
	buf_clear(&f->out);
	buf_puts(&f->out, "");
	conf_errors_put(&f->errs, &f->out);
	return f->out.p;
}

static const char *
errors_of(struct fixture *f, const char *path)
{
	conf_errors_free(&f->errs);
	assert_int_equal(confread_file(path, &f->c, &f->errs), -1);
	assert_true(f->errs.n > 0);
	assert_int_equal(f->c.nhosts, 0);
	return errors(f);
}

static const char *
errors_of_text(struct fixture *f, const char *text)
{
	conf_errors_free(&f->errs);
	assert_int_equal(confread_text("t", text, strlen(text), &f->c,
	    &f->errs), -1);
	return errors(f);
}

static void
expect(const char *text, const char *path)
{
	static char want[1 << 16];
	FILE *file;
	size_t n;

	if (getenv("GENERATE") != NULL) {
		file = fopen(path, "wb");
		assert_non_null(file);
		fputs(text, file);
		fclose(file);
		return;
	}
	file = fopen(path, "rb");
	if (file == NULL)
		fail_msg("%s is not there; GENERATE=1 makes it", path);
	n = fread(want, 1, sizeof want - 1, file);
	want[n] = '\0';
	fclose(file);
	if (strcmp(text, want) != 0)
		fail_msg("%s wants\n%sbut it is\n%s", path, want, text);
}

static void
bad_files_tell_all(void **state)
{
	DIR *d = opendir(bad_dir);
	struct dirent *e;
	int files = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		const char *dot = strrchr(e->d_name, '.');
		char *path, *golden;

		if (dot == NULL || strcmp(dot, ".conf") != 0)
			continue;
		path = x_asprintf("%s/%s", bad_dir, e->d_name);
		golden = x_asprintf("%.*s.expect",
		    (int)(strlen(path) - strlen(".conf")), path);
		expect(errors_of(*state, path), golden);
		x_free(golden);
		x_free(path);
		files++;
	}
	closedir(d);
	assert_true(files >= 20);
}

static void
assert_prints_back(struct fixture *f, const struct conf *c)
{
	struct conf again;

	buf_clear(&f->out);
	assert_int_equal(conf_print(c, &f->out), 0);
	conf_init(&again);
	conf_errors_free(&f->errs);
	if (confread_text("printed", f->out.p, f->out.len, &again,
	    &f->errs) != 0)
		fail_msg("%s", errors(f));
	assert_true(conf_equal(c, &again));
	conf_free(&again);
}

static void
good_files_print_back(void **state)
{
	static const char *const files[] = {
		"tests/fixtures/conf/good/all.conf",
		"share/examples/one-host.conf",
		"share/examples/cluster.conf",
		"share/examples/two-sites.conf",
		"share/examples/simulator.conf",
		"tests/lab/lab.conf",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		if (confread_file(files[i], &f->c, &f->errs) != 0)
			fail_msg("%s", errors(f));
		assert_prints_back(f, &f->c);
		conf_free(&f->c);
	}
}

static void
all_settings_arrive(void **state)
{
	struct fixture *f = *state;
	const struct conf *c = &f->c;
	const struct conf_host *h;
	char cwd[4096], *want;

	assert_int_equal(setenv("HOME", "/home/me", 1), 0);
	assert_int_equal(confread_file("tests/fixtures/conf/good/all.conf",
	    &f->c, &f->errs), 0);
	assert_int_equal(c->refresh_ms, 500);
	assert_int_equal(c->stale_ms, 60000);
	assert_int_equal(c->connects, 16);
	assert_true(c->read_only);
	assert_int_equal(c->nclusters, 3);
	assert_int_equal(c->nhosts, 7);
	assert_true(c->clusters[0].production && c->clusters[0].read_only);
	h = &c->hosts[0];
	assert_string_equal(h->address, "fe80::1%eth0");
	assert_int_equal(h->port, 2222);
	assert_string_equal(h->user, "admin");
	assert_string_equal(h->key, "/home/me/.ssh/id");
	assert_non_null(getcwd(cwd, sizeof cwd));
	want = x_asprintf("%s/tests/fixtures/conf/good/kh", cwd);
	assert_string_equal(h->known_hosts, want);
	x_free(want);
	assert_string_equal(h->ssh_config, "/etc/ssh/other");
	assert_string_equal(h->jump, "a@b:22,c");
	assert_int_equal(h->transport, TRANSPORT_OPENSSH);
	assert_int_equal(h->observer, OBSERVER_SHELL);
	assert_string_equal(h->agent, "/opt/x y/agent --fast");
	assert_int_equal(h->sudo, TRI_YES);
	assert_true(h->reserve_kb == INT64_C(3) << 30);
	assert_string_equal(h->file,
	    "tests/fixtures/conf/good/all-clusters.inc");
	assert_int_equal(h->line, 5);
	assert_int_equal(c->hosts[1].sudo, TRI_NO);
	assert_string_equal(c->hosts[1].address, "cs2");
	assert_null(c->hosts[1].user);
	assert_int_equal(c->hosts[2].transport, TRANSPORT_LOCAL);
	assert_int_equal(c->hosts[3].transport, TRANSPORT_SIM);
	assert_int_equal(c->nvms, 4);
	assert_int_equal(c->vms[0].watch, TRI_AUTO);
	assert_int_equal(c->vms[1].watch, TRI_YES);
	assert_int_equal(c->vms[1].cpu_alarm, 90);
	assert_int_equal(c->vms[2].watch, TRI_NO);
	assert_int_equal(c->alarms.host_memory_for_ms, 120000);
	assert_true(c->alarms.bell);
	assert_string_equal(c->vms[1].template, "debian 12");
	assert_string_equal(c->columns, "name:30 state cpu");
	assert_string_equal(c->vms[0].description,
	    "say \"hi\", Ünïcode \\ too");
	assert_string_equal(c->vms[0].home, "cs1");
	assert_false(c->mouse);
	assert_int_equal(c->nkeys, 3);
	assert_string_equal(c->keys[1].action, "open");
	assert_string_equal(c->keys[1].keys, "Enter");
	assert_true(c->sim.seed == 5000000000u);
	assert_string_equal(c->theme, "night");
	assert_true(c->ascii && c->reader);
	assert_int_equal(c->reader_refresh_ms, 60000);
	assert_int_equal(c->nthemes, 2);
	assert_string_equal(c->themes[0].base, "colour-blind");
	assert_int_equal(c->themes[0].nstyles, 2);
	assert_int_equal(c->themes[0].styles[0].fg, 231);
	assert_int_equal(c->themes[0].styles[0].bold, TRI_YES);
	assert_int_equal(c->themes[0].styles[1].bg, -2);
	assert_int_equal(c->themes[1].nstyles, 0);
	assert_int_equal(c->sim.nvms, 21);
	assert_int_equal(c->sim.hosts[0].latency_ms, 1500);
	assert_string_equal(c->sim.vms[0].name, "v 1");
	assert_int_equal(c->sim.faults[0].at_ms, 3600000);
	assert_int_equal(c->sim.faults[0].what, SIM_MIGFAIL);
	assert_string_equal(c->sim.faults[0].to, "node1");
}

/* A text that is hard on printer and reader, unique by number; names may not
 * have the hardest characters. */
static char *
random_text(struct prng *r, const struct conf_setting *s, unsigned number)
{
	static const char *const hard[] = { "\"", "\\", "\\x41", "#", "//",
		"/*", "ü", "日", " ", "@include", "{", ")", ";", "\\n", "'" };
	static const char *const easy[] = { "a", "Z", "9", "_", ".", "-", "é",
		"*", "[", "%" };
	char *text = x_asprintf(s->type == CONF_PATH ? "/%u" : "%u", number);

	for (uint32_t n = prng_below(r, 8); n > 0; n--) {
		const char *piece = s->type == CONF_NAME ||
		    s->type == CONF_LIST ?
		    easy[prng_below(r, sizeof easy / sizeof easy[0])] :
		    hard[prng_below(r, sizeof hard / sizeof hard[0])];
		char *longer = x_asprintf("%s%s", text, piece);

		x_free(text);
		text = longer;
	}
	return text;
}

/* Every setting of a section, at random: half keep their default. */
static void
randomise(struct prng *r, enum conf_section_id id, void *at, unsigned number)
{
	const struct conf_setting *s = conf_sections[id].settings;

	for (; s->name != NULL; s++) {
		if (!s->required && prng_below(r, 2) == 0)
			continue;
		if (conf_is_text(s)) {
			x_free(*conf_text(s, at));
			*conf_text(s, at) = random_text(r, s, number);
		} else if (s->type == CONF_WORD) {
			uint32_t n = 0;

			while (s->words[n].word != NULL)
				n++;
			conf_set(s, at, s->words[prng_below(r, n)].value);
		} else if (s->type == CONF_BOOL) {
			conf_set(s, at, prng_below(r, 2));
		} else {
			conf_set(s, at, prng_between(r, s->min, s->max));
		}
	}
}

/* Limits that go together. */
static void
order_limits(struct conf_alarms *a)
{
	a->host_memory_clear = a->host_memory * a->host_memory_clear / 101;
	a->host_cpu_clear = a->host_cpu * a->host_cpu_clear / 101;
	a->vm_cpu_clear = a->vm_cpu * a->vm_cpu_clear / 101;
}

static void
make_up_themes(struct prng *r, struct conf *c)
{
	for (uint32_t n = prng_below(r, 3); n > 0; n--) {
		struct conf_theme *t = conf_add_theme(c);

		randomise(r, CONF_THEME, t, n);
		x_replace(&t->base, conf_theme_names[1 + prng_below(r, 4)]);
		for (uint32_t k = prng_below(r, 4); k > 0; k--)
			randomise(r, CONF_STYLE, conf_add_style(c), k);
	}
}

static void
make_up(struct prng *r, struct conf *c)
{
	uint32_t clusters = 1 + prng_below(r, 3), vms = prng_below(r, 5);
	struct conf_generate g = { 2, 3, (int)prng_below(r, 9) };

	randomise(r, CONF_TOP, c, 0);
	x_replace(&c->theme, prng_below(r, 2) == 0 ? NULL : "light");
	make_up_themes(r, c);
	randomise(r, CONF_SIM, c, 0);
	randomise(r, CONF_ALARMS, c, 0);
	order_limits(&c->alarms);
	if (c->stale_ms <= c->refresh_ms)
		c->stale_ms = c->refresh_ms + 1000;
	for (uint32_t i = 0; i < clusters; i++) {
		randomise(r, CONF_CLUSTER, conf_add_cluster(c), i);
		for (uint32_t k = 1 + prng_below(r, 3); k > 0; k--) {
			struct conf_host *h = conf_add_host(c);

			randomise(r, CONF_HOST, h, 10 * i + k);
			if (h->transport == TRANSPORT_SIM ||
			    h->transport == TRANSPORT_LOCAL)
				h->transport = TRANSPORT_AUTO;
			if (h->address == NULL)
				h->address = x_strdup(h->name);
		}
	}
	for (uint32_t i = 0; i < vms; i++) {
		struct conf_vm *v = conf_add_vm(c);
		size_t on = prng_below(r, (uint32_t)c->nhosts);

		randomise(r, CONF_VM, v, i);
		x_replace(&v->home, prng_below(r, 2) == 0 ? NULL :
		    c->hosts[on].name);
	}
	for (uint32_t i = prng_below(r, 4); i > 0; i--) {
		struct conf_filter *f = conf_add_filter(c);

		randomise(r, CONF_FILTER, f, i);
		x_free(f->query);
		f->query = x_asprintf("\"%u\" or cpu>%u", i, i);
	}
	for (uint32_t i = prng_below(r, 4); i > 0; i--) {
		struct conf_command *k = conf_add_command(c);

		randomise(r, CONF_COMMAND, k, i);
		x_free(k->command);
		k->command = x_asprintf("ssh -p %u 'root@{ip}'", i);
	}
	for (uint32_t i = prng_below(r, 4); i > 0; i--) {
		struct conf_key *k = conf_add_key(c);

		randomise(r, CONF_KEYS, k, i);
		x_free(k->action);
		k->action = x_asprintf("act-%u_*", i);
	}
	if (prng_below(r, 3) == 0)
		return;
	simgen_add(c, &g, NULL, 0);
	for (size_t i = c->nhosts - 3; i < c->nhosts; i++)
		c->hosts[i].address = x_strdup(c->hosts[i].name);
	for (size_t i = 0; i < c->sim.nvms; i++) {
		struct conf_sim_fault *fault = conf_add_sim_fault(c);

		fault->at_ms = prng_between(r, 0, 1 << 20);
		fault->what = SIM_MIGRATE;
		fault->vm = x_strdup(c->sim.vms[i].name);
		fault->to = x_strdup("node1");
	}
}

static void
anything_prints_back(void **state)
{
	struct fixture *f = *state;

	for (unsigned seed = 0; seed < 300; seed++) {
		struct prng r;

		prng_init(&r, seed);
		make_up(&r, &f->c);
		assert_prints_back(f, &f->c);
		conf_free(&f->c);
	}
}

static void
a_large_world_prints_back(void **state)
{
	struct fixture *f = *state;
	static const char text[] = "simulator = { generate = { clusters = 20; "
	    "hosts = 1000; vms = 20000; } }";

	assert_int_equal(confread_text("t", text, strlen(text), &f->c,
	    &f->errs), 0);
	assert_int_equal(f->c.nhosts, 1000);
	assert_int_equal(f->c.sim.nvms, 20000);
	assert_prints_back(f, &f->c);
}

static void
files_that_are_none(void **state)
{
	struct fixture *f = *state;
	static char large[(4 << 20) + 1];
	char *path = in_dir(f, "x"), *want;

	want = x_asprintf("%s: cannot read: No such file or directory\n", path);
	assert_string_equal(errors_of(f, path), want);
	x_free(want);

	want = x_asprintf("%s: cannot read: it is a directory\n", f->dir);
	assert_string_equal(errors_of(f, f->dir), want);
	x_free(want);

	assert_int_equal(mkfifo(path, 0600), 0);
	want = x_asprintf("%s: cannot read: it is not a regular file\n", path);
	assert_string_equal(errors_of(f, path), want);
	x_free(want);
	assert_int_equal(unlink(path), 0);

	memset(large, '\n', sizeof large);
	write_file(f, "x", large, sizeof large);
	assert_non_null(strstr(errors_of(f, path), "larger than 4 MiB"));

	if (geteuid() != 0) { /* root reads everything */
		assert_int_equal(chmod(path, 0), 0);
		assert_non_null(strstr(errors_of(f, path),
		    "Permission denied"));
	}
	x_free(path);
}

static void
bytes_that_are_no_text(void **state)
{
	struct fixture *f = *state;
	static const char nul[] = "connects = 2;\n\0 stale = 3";

	assert_int_equal(confread_text("t", nul, sizeof nul - 1, &f->c,
	    &f->errs), -1);
	assert_non_null(strstr(errors(f), "t:2: "));
	assert_non_null(strstr(errors_of_text(f, "a = \"\\x00\""),
	    "t:1: control characters"));
	assert_non_null(strstr(errors_of_text(f, "a = \"x\001\""),
	    "t:1: control characters"));
	assert_non_null(strstr(errors_of_text(f, "\xff"), "t:1: "));
	assert_non_null(strstr(errors_of_text(f, "a = \"\\"), "t:1: "));
	assert_non_null(strstr(errors_of_text(f, "@"), "t:1: "));
	assert_non_null(strstr(errors_of_text(f, "@include \"x"), "t:1: "));
	assert_non_null(strstr(errors_of_text(f, ""), "no host is defined"));
}

/* What libconfig alone would read as 705032704, 0 and -1. */
static void
integers_are_never_cut(void **state)
{
	static const char *const numbers[] = { "5000000000", "4294967296",
		"4294967299", "0xffffffff", "0x100000002", "-4294967295",
		"9223372036854775808", "18446744073709551617" };
	char text[128];

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		snprintf(text, sizeof text, "connects = %s;", numbers[i]);
		assert_non_null(strstr(errors_of_text(*state, text), "t:1: "));
	}
}

/* The whole of one file may be left out, or be all of it. */
static void
includes_are_relative_to_their_file(void **state)
{
	struct fixture *f = *state;
	static const char outer[] = "@include \"d/one.conf\"\nrefresh = \"3 s\";",
	    one[] = "@include \"two.conf\"\nconnects = 7;",
	    two[] = "clusters = ({ name = \"c\"; hosts = ( { name = \"h\"; "
	    "key = \"k\"; } ); });";
	char *path = in_dir(f, "d"), real[4096], *key;

	assert_int_equal(mkdir(path, 0700), 0);
	x_free(path);
	write_file(f, "outer.conf", outer, strlen(outer));
	write_file(f, "d/one.conf", one, strlen(one));
	write_file(f, "d/two.conf", two, strlen(two));
	path = in_dir(f, "outer.conf");
	if (confread_file(path, &f->c, &f->errs) != 0)
		fail_msg("%s", errors(f));
	assert_int_equal(f->c.connects, 7);
	assert_int_equal(f->c.refresh_ms, 3000);
	assert_non_null(realpath(f->dir, real));
	key = x_asprintf("%s/d/k", real);
	assert_string_equal(f->c.hosts[0].key, key);
	x_free(key);
	x_free(path);
}

static void
default_file_is_the_users(void **state)
{
	struct fixture *f = *state;
	static const char text[] =
	    "clusters = ({ name = \"c\"; hosts = ( { name = \"h\"; } ); });";
	char *dir = in_dir(f, ".config"), *path = NULL, *want;

	assert_int_equal(setenv("HOME", f->dir, 1), 0);
	assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
	if (access(XENDECK_SYSCONFDIR "/xendeck/xendeck.conf", F_OK) != 0) {
		assert_int_equal(confread_default(&path, &f->c, &f->errs), -1);
		assert_null(path);
		assert_non_null(strstr(errors(f), "no configuration: "));
		assert_non_null(strstr(errors(f), "xendeck --demo"));
		conf_errors_free(&f->errs);
	}
	assert_int_equal(mkdir(dir, 0700), 0);
	want = in_dir(f, ".config/xendeck");
	assert_int_equal(mkdir(want, 0700), 0);
	x_free(want);
	write_file(f, ".config/xendeck/xendeck.conf", text, strlen(text));
	want = in_dir(f, ".config/xendeck/xendeck.conf");
	assert_int_equal(confread_default(&path, &f->c, &f->errs), 0);
	assert_string_equal(path, want);
	x_free(path);
	conf_free(&f->c);
	assert_int_equal(setenv("HOME", "/nowhere", 1), 0);
	assert_int_equal(setenv("XDG_CONFIG_HOME", dir, 1), 0);
	assert_int_equal(confread_default(&path, &f->c, &f->errs), 0);
	assert_string_equal(path, want);
	assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
	x_free(path);
	x_free(want);
	x_free(dir);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(bad_files_tell_all),
		TEST(good_files_print_back),
		TEST(all_settings_arrive),
		TEST(anything_prints_back),
		TEST(a_large_world_prints_back),
		TEST(files_that_are_none),
		TEST(bytes_that_are_no_text),
		TEST(integers_are_never_cut),
		TEST(includes_are_relative_to_their_file),
		TEST(default_file_is_the_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
