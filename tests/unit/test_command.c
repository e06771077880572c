/* Requests as commands: what each is, that no word of an operator becomes an
 * option, a setting or a second command, and that the scripts do what they are
 * there for. The scripts run here, with an xl that only tells what it got. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/cksum.h"
#include "core/command.h"
#include "core/mem.h"
#include "tests/lib/file.h"

/* root@h0, alice@h1, whoever@h2. */
static void
make_conf(struct conf *c)
{
	static const char *const users[] = { "root", "alice", NULL };

	conf_init(c);
	conf_add_cluster(c)->name = x_strdup("c");
	for (int i = 0; i < 3; i++) {
		struct conf_host *h = conf_add_host(c);

		h->name = x_asprintf("h%d", i);
		h->user = x_strdup(users[i]);
	}
}

static struct request
make(enum request_op op, const char *arg, int64_t value)
{
	struct request r;

	request_init(&r, op);
	r.host = 0;
	r.cluster = 0;
	r.name = x_strdup("12"); /* a name that xl would take for a number */
	r.domid = 7;
	r.arg = x_strdup(arg);
	r.value = value;
	r.cap = -1;
	return r;
}

/* The command as text, to be freed, or NULL; frees the request. */
static char *
text_of(struct request *r, struct err *err)
{
	struct conf conf;
	struct command c;
	struct buf out;
	char *text = NULL;

	make_conf(&conf);
	buf_init(&out, 1 << 16);
	*err = (struct err){ 0 };
	if (command_build(&c, &conf, r, err) == 0) {
		assert_int_equal(command_text(&out, &c), 0);
		text = x_strdup(out.p);
		assert_true(c.limit_ms > 0);
		command_free(&c);
	} else {
		assert_null(c.argv);
		assert_int_not_equal(err->kind, ERR_NONE);
		assert_true(strlen(err->msg) > 10);
	}
	buf_free(&out);
	conf_free(&conf);
	request_free(r);
	return text;
}

static void
check(struct request r, const char *want)
{
	struct err err;
	char *text = text_of(&r, &err);

	if (text == NULL)
		fail_msg("%s", err.msg);
	assert_string_equal(text, want);
	x_free(text);
}

static void
check_op(enum request_op op, const char *arg, int64_t value, const char *want)
{
	check(make(op, arg, value), want);
}

static void
check_bad(struct request r, const char *why)
{
	struct err err;
	char *text = text_of(&r, &err);

	if (text != NULL)
		fail_msg("%s", text);
	if (strstr(err.msg, why) == NULL)
		fail_msg("%s", err.msg);
}

static void
check_bad_op(enum request_op op, const char *arg, int64_t value,
    const char *why)
{
	check_bad(make(op, arg, value), why);
}

static void
test_commands(void **state)
{
	static const char keep[] = "sh -c '[ ! -e \"$1\" ] || { echo \"$1 is "
	    "there already\" >&2; exit 1; }; p=$1; shift; exec \"$@\" \"$p\"' "
	    "xendeck ";
	char want[512];

	(void)state;
	check_op(REQ_START, "/etc/xen/web 1.cfg", 0,
	    "xl create '/etc/xen/web 1.cfg'");
	check_op(REQ_RESTORE, "/srv/w.save", 0, "xl restore /srv/w.save");
	check_op(REQ_SHUTDOWN, NULL, 0, "xl shutdown 7");
	check_op(REQ_REBOOT, NULL, 0, "xl reboot 7");
	check_op(REQ_DESTROY, NULL, 0, "xl destroy 7");
	check_op(REQ_PAUSE, NULL, 0, "xl pause 7");
	check_op(REQ_UNPAUSE, NULL, 0, "xl unpause 7");
	snprintf(want, sizeof want, "%s/srv/w.save xl save 7", keep);
	check_op(REQ_SAVE, "/srv/w.save", 0, want);
	snprintf(want, sizeof want, "%s/srv/w.core xl dump-core 7", keep);
	check_op(REQ_DUMP_CORE, "/srv/w.core", 0, want);
	check_op(REQ_RENAME, "it's", 0, "xl rename 7 'it'\\''s'");
	check_op(REQ_MEM_SET, NULL, 524288, "xl mem-set 7 524288k");
	check_op(REQ_VCPU_SET, NULL, 2, "xl vcpu-set --ignore-host 7 2");
	check_op(REQ_VCPU_PIN, "0-3,^2", -1, "xl vcpu-pin 7 all '0-3,^2'");
	check_op(REQ_VCPU_PIN, "all", 1, "xl vcpu-pin 7 1 all");
	check_op(REQ_SCHED, NULL, 512, "xl sched-credit2 -d 7 -w 512");
	check_op(REQ_SCHED, "credit", 512, "xl sched-credit -d 7 -w 512");
	check_op(REQ_DISK_ATTACH, "phy:/dev/vgs/x,xvdb,w", 0,
	    "xl block-attach 7 phy:/dev/vgs/x,xvdb,w");
	check_op(REQ_DISK_DETACH, "xvdb", 0, "xl block-detach 7 xvdb");
	check_op(REQ_NIC_ATTACH, "bridge=br0,mac=00:16:3e:00:00:01", 0,
	    "xl network-attach 7 'bridge=br0' 'mac=00:16:3e:00:00:01'");
	check_op(REQ_NIC_DETACH, "00:16:3E:00:00:01", 0,
	    "xl network-detach 7 00:16:3E:00:00:01");
	check_op(REQ_CD_EJECT, "hdc", 0, "xl cd-eject 7 hdc");
	check_op(REQ_TRIGGER, "nmi", 0, "xl trigger 7 nmi");
	check_op(REQ_SYSRQ, "s", 0, "xl sysrq 7 s");
	check_op(REQ_MIGRATE, "10.0.0.2", 0,
	    "xl migrate -s 'ssh -o BatchMode=yes -o ServerAliveInterval=5 "
	    "-o ServerAliveCountMax=6' 7 10.0.0.2");
}

static void
test_flags(void **state)
{
	struct request r;

	(void)state;
	r = make(REQ_START, "/etc/xen/w.cfg", 0);
	r.flags = REQUEST_PAUSED;
	check(r, "xl create -p /etc/xen/w.cfg");
	r = make(REQ_SHUTDOWN, NULL, 0);
	r.flags = REQUEST_FALLBACK;
	check(r, "xl shutdown -F 7");
	r = make(REQ_DESTROY, NULL, 0);
	r.host = 1;
	check(r, "sudo -n xl destroy 7");
	r = make(REQ_DESTROY, NULL, 0);
	r.host = 2;
	check(r, "xl destroy 7");
	r = make(REQ_SCHED, NULL, -1);
	r.cap = 0;
	check(r, "xl sched-credit2 -d 7 -c 0");
	r = make(REQ_CD_INSERT, "hdc", 0);
	r.arg2 = x_strdup("/srv/a.iso");
	check(r, "xl cd-insert 7 hdc /srv/a.iso");
}

static void
test_refusals(void **state)
{
	struct request r;
	char *longer = x_calloc(3000, 1);

	(void)state;
	memset(longer, 'a', 2999);
	longer[0] = '/';
	check_bad_op(REQ_NONE, NULL, 0, "nothing is asked for");
	check_bad_op(REQ_START, NULL, 0, "missing");
	check_bad_op(REQ_START, "", 0, "missing");
	check_bad_op(REQ_START, "web1.cfg", 0, "does not begin with '/'");
	check_bad_op(REQ_START, "-p", 0, "begins with '-'");
	check_bad_op(REQ_START, "/etc/xen/../shadow", 0, "no file's path");
	check_bad_op(REQ_START, "/etc/xen/..", 0, "no file's path");
	check_bad_op(REQ_START, "/etc/xen/a=b.cfg", 0, "'='");
	check_bad_op(REQ_START, "/etc/xen/a\nb.cfg", 0, "cannot be shown");
	check_bad_op(REQ_START, "/etc/\xff.cfg", 0, "cannot be shown");
	check_bad_op(REQ_START, longer, 0, "longer than");
	check_bad_op(REQ_SAVE, "w.save", 0, "does not begin with '/'");
	check_bad_op(REQ_RENAME, "12", 0, "is a number");
	check_bad_op(REQ_RENAME, "-x", 0, "begins with '-'");
	check_bad_op(REQ_RENAME, "a/b", 0, "'/'");
	check_bad_op(REQ_RENAME, "web1--incoming", 0, "migration");
	check_bad_op(REQ_MEM_SET, NULL, 0, "memory");
	check_bad_op(REQ_MEM_SET, NULL, INT64_MAX, "memory");
	check_bad_op(REQ_VCPU_SET, NULL, 0, "vCPUs");
	check_bad_op(REQ_VCPU_PIN, "0;reboot", 0, "';'");
	check_bad_op(REQ_SCHED, NULL, -1, "neither");
	check_bad_op(REQ_SCHED, NULL, 0, "weight");
	check_bad_op(REQ_SCHED, "rtds", 256, "rtds");
	check_bad_op(REQ_DISK_ATTACH, "-f", 0, "begins with '-'");
	check_bad_op(REQ_DISK_DETACH, "xvd b", 0, "' '");
	check_bad_op(REQ_NIC_ATTACH, "br0", 0, "bridge=");
	check_bad_op(REQ_NIC_ATTACH, "bridge=br0,-h", 0, "bridge=");
	check_bad_op(REQ_NIC_DETACH, "eth0", 0, "'t'");
	check_bad_op(REQ_TRIGGER, "explode", 0, "none of");
	check_bad_op(REQ_SYSRQ, "ab", 0, "one letter");
	check_bad_op(REQ_MIGRATE, "beta;reboot", 0, "';'");
	check_bad_op(REQ_MIGRATE, "-oProxyCommand=x", 0, "begins with '-'");
	check_bad_op(REQ_MIGRATE, "$(reboot)", 0, "'$'");
	r = make(REQ_DESTROY, NULL, 0);
	r.domid = 0;
	check_bad(r, "no domain");
	r = make(REQ_DESTROY, NULL, 0);
	r.domid = REQUEST_NO_DOMID;
	check_bad(r, "no domain");
	r = make(REQ_DESTROY, NULL, 0);
	r.host = 3;
	check_bad(r, "on which host");
	x_free(longer);
}

/* Where the definition may be written. */
static void
test_def_paths(void **state)
{
	static const char *const bad[] = { "/etc/passwd", "/etc/xen/xl.conf",
		"/etc/xen/scripts/block", "/tmp/a.cfg", "/etc/xen/.cfg",
		"/etc/xen/a.cfg/../b.cfg", "/etc/xen/a.cfg.~1~" };
	struct request r;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		r = make(REQ_DEF_WRITE, bad[i], 0);
		r.body = x_strdup("name = 'a'\n");
		check_bad(r, "definition");
	}
	check_bad(make(REQ_DEF_WRITE, "/etc/xen/a.cfg", 0), "text is missing");
}

/* --- The scripts ---------------------------------------------------------- */

struct sandbox {
	char dir[64];
	struct conf conf;
};

static char *
in(const struct sandbox *s, const char *name)
{
	return x_asprintf("%s/%s", s->dir, name);
}

static void
put(const struct sandbox *s, const char *name, const char *text, mode_t mode)
{
	char *path = in(s, name);
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
	x_free(path);
}

static int
set_up(void **state)
{
	struct sandbox *s = x_calloc(1, sizeof *s);

	strcpy(s->dir, "/tmp/command.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	make_conf(&s->conf);
	put(s, "xl", "#!/bin/sh\necho \"$@\" >>\"$OUT\"\n"
	    "case $1$2$3 in -Ncreate-q) cat \"$4\" >>\"$OUT\"; "
	    "grep -q syntax \"$4\" && exit 22; exit 0 ;; esac\n"
	    "d=${OUT%/*}\n"
	    "case $1 in\n"
	    "shutdown) [ ! -e \"$d/obeys\" ] || rm \"$d/domain\"; exit ;;\n"
	    "list) [ -e \"$d/domain\" ]; exit ;;\n"
	    "destroy) rm \"$d/domain\"; exit ;;\n"
	    "esac\n"
	    "for p; do :; done\necho state >\"$p\"\n", 0755);
	*state = s;
	return 0;
}

static int
tear_down(void **state)
{
	struct sandbox *s = *state;
	char *line = x_asprintf("rm -rf %s", s->dir);

	assert_int_equal(system(line), 0);
	x_free(line);
	conf_free(&s->conf);
	x_free(s);
	return 0;
}

/* Runs it; /etc/xen in an argument is the sandbox. Returns the exit status. */
static int
run(const struct sandbox *s, const struct command *c)
{
	char *argv[64], *path = x_asprintf("%s:%s", s->dir, getenv("PATH"));
	char *out = in(s, "out");
	int p[2], status;
	size_t n = 0;
	pid_t pid;

	for (; c->argv[n] != NULL; n++)
		argv[n] = strncmp(c->argv[n], "/etc/xen/", 9) == 0 ?
		    in(s, c->argv[n] + 9) : x_strdup(c->argv[n]);
	argv[n] = NULL;
	assert_int_equal(pipe(p), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(p[0], 0);
		close(p[0]);
		close(p[1]);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(126);
		setenv("PATH", path, 1);
		setenv("TMPDIR", s->dir, 1);
		setenv("OUT", out, 1);
		execvp(argv[0], argv);
		_exit(126);
	}
	close(p[0]);
	if (c->input != NULL)
		assert_int_equal(write(p[1], c->input, strlen(c->input)),
		    (ssize_t)strlen(c->input));
	close(p[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	while (n > 0)
		x_free(argv[--n]);
	x_free(path);
	x_free(out);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
run_guarded(const struct sandbox *s, enum request_op op, const char *path,
    const char *body, const char *sum)
{
	struct request r = make(op, path, 0);
	struct command c;
	struct err err = { 0 };
	int rc;

	r.body = x_strdup(body);
	x_replace(&r.arg2, sum);
	if (command_build(&c, &s->conf, &r, &err) != 0)
		fail_msg("%s", err.msg);
	rc = run(s, &c);
	command_free(&c);
	request_free(&r);
	return rc;
}

static int
run_request(const struct sandbox *s, enum request_op op, const char *path,
    const char *body)
{
	return run_guarded(s, op, path, body, NULL);
}

static void
check_file(const struct sandbox *s, const char *name, const char *want)
{
	char *path = in(s, name), *text = file_text(path);

	assert_string_equal(text, want);
	x_free(text);
	x_free(path);
}

/* How many files there are besides xl and out. */
static int
count_files(const struct sandbox *s)
{
	char *line = x_asprintf("exit $(ls -A %s | grep -cvx 'xl\\|out')",
	    s->dir);
	int rc = system(line);

	x_free(line);
	return WEXITSTATUS(rc);
}

static void
test_write(void **state)
{
	const struct sandbox *s = *state;
	struct stat st;
	char *path = in(s, "a.cfg");

	assert_int_equal(run_request(s, REQ_DEF_WRITE, "/etc/xen/a.cfg",
	    "one\n"), 0);
	check_file(s, "a.cfg", "one\n");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(run_request(s, REQ_DEF_WRITE, "/etc/xen/a.cfg",
	    "two\n"), 0);
	assert_int_equal(run_request(s, REQ_DEF_WRITE, "/etc/xen/a.cfg",
	    "two\n"), 0);
	assert_int_equal(run_request(s, REQ_DEF_WRITE, "/etc/xen/a.cfg",
	    "three $HOME `x` '\n"), 0);
	check_file(s, "a.cfg", "three $HOME `x` '\n");
	check_file(s, "a.cfg.~1~", "one\n");
	check_file(s, "a.cfg.~2~", "two\n");
	assert_int_equal(count_files(s), 3);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(st.st_nlink, 1);
	x_free(path);
}

/* Only over what was read, by what cksum(1) makes of it. */
static void
test_write_guarded(void **state)
{
	static const char path[] = "/etc/xen/a.cfg";
	const struct sandbox *s = *state;
	char sum[CKSUM_TEXT];

	assert_int_equal(run_guarded(s, REQ_DEF_WRITE, path, "one\n",
	    "1 2"), 1); /* it is gone */
	assert_int_equal(run_guarded(s, REQ_DEF_WRITE, path, "one\n", "-"),
	    0);
	assert_int_equal(run_guarded(s, REQ_DEF_WRITE, path, "two\n", "-"),
	    1);
	cksum_text(sum, "two\n", 4);
	assert_int_equal(run_guarded(s, REQ_DEF_WRITE, path, "two\n", sum),
	    1);
	check_file(s, "a.cfg", "one\n");
	cksum_text(sum, "one\n", 4);
	assert_int_equal(run_guarded(s, REQ_DEF_WRITE, path, "two\n", sum),
	    0);
	check_file(s, "a.cfg", "two\n");
	assert_int_equal(count_files(s), 2);
}

/* A link stays one, and what it leads to is written. */
static void
test_write_link(void **state)
{
	const struct sandbox *s = *state;
	char *link = in(s, "b.cfg");
	struct stat st;

	put(s, "real", "one\n", 0600);
	assert_int_equal(symlink("real", link), 0);
	assert_int_equal(run_request(s, REQ_DEF_WRITE, "/etc/xen/b.cfg",
	    "two\n"), 0);
	check_file(s, "real", "two\n");
	check_file(s, "real.~1~", "one\n");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	x_free(link);
}

/* Where nothing can be written, nothing is changed and nothing is left. */
static void
test_write_fails(void **state)
{
	const struct sandbox *s = *state;

	assert_int_not_equal(run_request(s, REQ_DEF_WRITE,
	    "/etc/xen/none/a.cfg", "one\n"), 0);
	assert_int_equal(count_files(s), 0);
}

static void
test_check(void **state)
{
	const struct sandbox *s = *state;
	char *path = in(s, "out"), *text;

	assert_int_equal(run_request(s, REQ_DEF_CHECK, "/etc/xen/a b.cfg",
	    "name = 'a'\n"), 0);
	text = file_text(path);
	assert_non_null(strstr(text, "-N create -q "));
	assert_non_null(strstr(text, "/a b.cfg\nname = 'a'\n"));
	assert_int_equal(run_request(s, REQ_DEF_CHECK, "/etc/xen/a.cfg",
	    "syntax\n"), 22);
	assert_int_equal(count_files(s), 0);
	x_free(text);
	x_free(path);
}

static void
test_keep(void **state)
{
	const struct sandbox *s = *state;

	assert_int_equal(run_request(s, REQ_SAVE, "/etc/xen/w.save", NULL), 0);
	check_file(s, "w.save", "state\n");
	put(s, "w.save", "precious\n", 0600);
	assert_int_not_equal(run_request(s, REQ_SAVE, "/etc/xen/w.save",
	    NULL), 0);
	check_file(s, "w.save", "precious\n");
}

/* What obeys is left in peace; what does not is destroyed in the end. */
static void
test_hard(void **state)
{
	const struct sandbox *s = *state;
	char *path = in(s, "out");

	for (int obeys = 1; obeys >= 0; obeys--) {
		struct request r = make(REQ_SHUTDOWN, NULL, 1);
		struct command c;
		struct err err = { 0 };
		char *text;

		put(s, "domain", "", 0600);
		put(s, "out", "", 0600);
		if (obeys)
			put(s, "obeys", "", 0600);
		r.flags = REQUEST_HARD;
		assert_int_equal(command_build(&c, &s->conf, &r, &err), 0);
		assert_true(c.limit_ms > 61000);
		assert_int_equal(run(s, &c), 0);
		text = file_text(path);
		assert_int_equal(strncmp(text, "shutdown -F 7\nlist 7\n", 21),
		    0);
		assert_int_equal(strstr(text, "destroy 7\n") == NULL, obeys);
		x_free(text);
		command_free(&c);
		request_free(&r);
		if (obeys) {
			char *file = in(s, "obeys");

			assert_int_equal(unlink(file), 0);
			x_free(file);
		}
	}
	x_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_def_paths),
		cmocka_unit_test_setup_teardown(test_write, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_write_guarded,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_write_link, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_write_fails, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_check, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_keep, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hard, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
