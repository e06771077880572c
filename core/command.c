/* From a request to an argv. One row per operation says how long it may take
 * and whether it may be repeated; one function per kind of operation adds its
 * words. What an operator or a file brought in is checked here, whoever made
 * the request: no word may be taken for an option, a second setting or a second
 * command, by xl or by whatever xl hands it to.
 *
 * Two traps of xl(1): a VM that is called 12 has that name before the domain 12
 * has its number, so domains always go by number; and a word with '=' in it,
 * behind create, is a setting and no path. */
#include "core/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/model.h"
#include "core/obs.h"
#include "core/probe.h"
#include "core/quote.h"
#include "core/utf8.h"

enum { WORDS_MAX = 64, PATH_MAX_BYTES = 1024, SPEC_MAX = 1024 };

#define S INT64_C(1000)
#define MIN (60 * S)
#define HOUR (60 * MIN)

/* Of a migration's own connection between the hosts: it must never wait for a
 * password, and must notice within half a minute that the other end is gone. */
static const char migrate_ssh[] = "ssh -o BatchMode=yes"
    " -o ServerAliveInterval=5 -o ServerAliveCountMax=6";

/* $1 the file's own name, so that xl's complaints name it; the rest what is put
 * in front of xl. The text comes on standard input. */
static const char check_script[] =
	"umask 077\n"
	"d=$(mktemp -d \"${TMPDIR:-/tmp}/xendeck.XXXXXX\") || exit 1\n"
	"trap 'rm -rf \"$d\"' EXIT\n"
	"trap 'exit 1' HUP INT TERM\n"
	"f=$d/$1\n"
	"shift\n"
	"cat >\"$f\" || exit 1\n"
	"\"$@\" xl -N create -q \"$f\" >/dev/null\n";

/* $1 the path, $2 what cksum(1) must say of the file that is there: what was
 * read before it was edited; "-": there must be none; "": whatever it is. Of a
 * link the file behind it is written. The same text once more changes nothing; else the file that was there stays as FILE.~N~, the highest
 * N being the latest, as cp --backup=numbered has it. */
static const char write_script[] =
	"f=$(readlink -f -- \"$1\") && [ -n \"$f\" ] || exit 1\n"
	"case $2 in\n"
	"''|-) ;;\n"
	"*) [ -e \"$f\" ] || { echo \"$f is not there any more\" >&2; exit 1; }\n"
	"esac\n"
	"umask 022\n"
	"t=$(mktemp \"$f.XXXXXX\") || exit 1\n"
	"trap 'rm -f \"$t\"' EXIT\n"
	"trap 'exit 1' HUP INT TERM\n"
	"if [ -e \"$f\" ]; then\n"
	"	cp -p -- \"$f\" \"$t\" || exit 1\n"
	"else\n"
	"	chmod 644 \"$t\" || exit 1\n"
	"fi\n"
	"cat >\"$t\" || exit 1\n"
	"sync \"$t\" || sync\n"
	"if [ -e \"$f\" ]; then\n"
	"	cmp -s -- \"$f\" \"$t\" && exit 0\n"
	"	[ -z \"$2\" ] || [ \"$(cksum <\"$f\")\" = \"$2\" ] || {\n"
	"		echo \"$f has changed since it was read\" >&2\n"
	"		exit 1\n"
	"	}\n"
	"	n=1\n"
	"	while [ -e \"$f.~$n~\" ]; do n=$((n + 1)); done\n"
	"	ln -- \"$f\" \"$f.~$n~\" || cp -p -- \"$f\" \"$f.~$n~\" ||\n"
	"	    exit 1\n"
	"fi\n"
	"mv -f -- \"$t\" \"$f\" || exit 1\n"
	"d=${f%/*}\n"
	"sync \"${d:-/}\" || sync\n";

/* $1 the path, the rest the command without it: nobody means to overwrite a
 * saved state or a core. */
static const char keep_script[] =
	"[ ! -e \"$1\" ] || { echo \"$1 is there already\" >&2; exit 1; }; "
	"p=$1; shift; exec \"$@\" \"$p\"";

/* $1 the domain, $2 how many seconds it has after it was told; the rest what is
 * put in front of xl. The number is nobody else's for months. */
static const char hard_script[] =
	"d=$1 n=$2; shift 2\n"
	"\"$@\" xl shutdown -F \"$d\"\n"
	"while \"$@\" xl list \"$d\" >/dev/null 2>&1; do\n"
	"	[ \"$n\" -gt 0 ] || { \"$@\" xl destroy \"$d\"; exit; }\n"
	"	n=$((n - 1))\n"
	"	sleep 1\n"
	"done\n"
	"exit 0\n";

/* --- Words ---------------------------------------------------------------- */

struct words {
	struct command *c;
	size_t n;
	const struct conf *conf;
	const struct request *r;
	struct err *err;
};

static void
add(struct words *w, const char *word)
{
	if (w->n == WORDS_MAX)
		return; /* command_build tells */
	w->c->argv[w->n++] = x_strdup(word);
	w->c->argv[w->n] = NULL;
}

static void
add_number(struct words *w, int64_t v, const char *unit)
{
	char text[40];

	snprintf(text, sizeof text, "%" PRId64 "%s", v, unit);
	add(w, text);
}

static bool
wants_sudo(const struct conf_host *h)
{
	if (h->sudo != TRI_AUTO)
		return h->sudo == TRI_YES;
	return h->user != NULL && strcmp(h->user, "root") != 0;
}

static void
add_sudo(struct words *w)
{
	if (wants_sudo(&w->conf->hosts[w->r->host])) {
		add(w, "sudo");
		add(w, "-n");
	}
}

static void
add_xl(struct words *w, const char *subcommand)
{
	add_sudo(w);
	add(w, "xl");
	add(w, subcommand);
}

static void
add_script(struct words *w, const char *script)
{
	add(w, "sh");
	add(w, "-c");
	add(w, script);
	add(w, "xendeck");
}

static void
add_domid(struct words *w)
{
	add_number(w, w->r->domid, "");
}

/* --- What may be a word --------------------------------------------------- */

static int
bad(const struct words *w, const char *what, const char *why)
{
	return err_set(w->err, ERR_USAGE, "%s: %s", what, why);
}

/* Clean text of at most max bytes that is no option. */
static int
check_text(const struct words *w, const char *what, const char *s, size_t max)
{
	char clean[SPEC_MAX + 1];
	size_t n;

	if (s == NULL || s[0] == '\0')
		return bad(w, what, "is missing");
	n = strlen(s);
	if (n > max)
		return err_set(w->err, ERR_USAGE, "%s: is longer than %zu "
		    "bytes", what, max);
	if (s[0] == '-')
		return bad(w, what, "begins with '-', which would make it an "
		    "option");
	if (utf8_clean(clean, sizeof clean, s, n) != n || strcmp(clean, s) != 0)
		return bad(w, what, "has characters in it that cannot be "
		    "shown");
	return 0;
}

static int
check_chars(const struct words *w, const char *what, const char *s,
    const char *chars, size_t max)
{
	if (check_text(w, what, s, max) != 0)
		return -1;
	if (s[strspn(s, chars)] != '\0')
		return err_set(w->err, ERR_USAGE, "%s: '%c' is not understood "
		    "in '%.100s'", what, s[strspn(s, chars)], s);
	return 0;
}

static bool
climbs(const char *path)
{
	const char *s = path;

	while ((s = strstr(s, "/..")) != NULL) {
		if (s[3] == '/' || s[3] == '\0')
			return true;
		s += 3;
	}
	return false;
}

static int
check_path(const struct words *w, const char *what, const char *s)
{
	if (check_text(w, what, s, PATH_MAX_BYTES) != 0)
		return -1;
	if (s[0] != '/')
		return err_set(w->err, ERR_USAGE, "%s: '%.200s' does not begin "
		    "with '/'", what, s);
	if (climbs(s) || s[strlen(s) - 1] == '/')
		return err_set(w->err, ERR_USAGE, "%s: '%.200s' is no file's "
		    "path", what, s);
	if (strchr(s, '=') != NULL)
		return err_set(w->err, ERR_USAGE, "%s: '%.200s' has a '=' in "
		    "it, which xl takes for a setting; rename the file", what,
		    s);
	return 0;
}

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static int
check_vdev(const struct words *w)
{
	return check_chars(w, "virtual device", w->r->arg, LOWER DIGITS, 32);
}

static int
check_range(const struct words *w, const char *what, int64_t v, int64_t min,
    int64_t max)
{
	if (v < min || v > max)
		return err_set(w->err, ERR_USAGE, "%s: %" PRId64 " is not from "
		    "%" PRId64 " to %" PRId64, what, v, min, max);
	return 0;
}

/* --- Operations ----------------------------------------------------------- */

/* Without a domain there. */
static int
put_start(struct words *w)
{
	if (check_path(w, "definition", w->r->arg) != 0)
		return -1;
	add_xl(w, "create");
	if ((w->r->flags & REQUEST_PAUSED) != 0)
		add(w, "-p");
	add(w, w->r->arg);
	return 0;
}

static int
put_restore(struct words *w)
{
	if (check_path(w, "saved state", w->r->arg) != 0)
		return -1;
	add_xl(w, "restore");
	if ((w->r->flags & REQUEST_PAUSED) != 0)
		add(w, "-p");
	add(w, w->r->arg);
	return 0;
}

/* What is only said to the domain. */
static int
put_plain(struct words *w)
{
	static const char *const names[REQ_OPS] = {
		[REQ_SHUTDOWN] = "shutdown",
		[REQ_REBOOT] = "reboot",
		[REQ_DESTROY] = "destroy",
		[REQ_PAUSE] = "pause",
		[REQ_UNPAUSE] = "unpause",
	};

	add_xl(w, names[w->r->op]);
	if ((w->r->op == REQ_SHUTDOWN || w->r->op == REQ_REBOOT) &&
	    (w->r->flags & REQUEST_FALLBACK) != 0)
		add(w, "-F");
	add_domid(w);
	return 0;
}

enum { HARD_MAX_S = 3600 };

static int
put_shutdown(struct words *w)
{
	if ((w->r->flags & REQUEST_HARD) == 0)
		return put_plain(w);
	if (check_range(w, "seconds", w->r->value, 1, HARD_MAX_S) != 0)
		return -1;
	w->c->limit_ms += w->r->value * S + MIN;
	add_script(w, hard_script);
	add_domid(w);
	add_number(w, w->r->value, "");
	add_sudo(w);
	return 0;
}

/* The last word is a path that must not be there yet. */
static void
add_keep(struct words *w)
{
	add_sudo(w);
	add_script(w, keep_script);
	add(w, w->r->arg);
	add(w, "xl");
}

static int
put_save(struct words *w)
{
	if (check_path(w, "saved state", w->r->arg) != 0)
		return -1;
	add_keep(w);
	add(w, "save");
	if ((w->r->flags & REQUEST_LEAVE) != 0)
		add(w, "-c");
	add_domid(w);
	return 0;
}

/* Up to Xen 4.19 nothing but saving can wake a domain that is suspended: xl
 * resumes it when the saving is over, or fails, and the rest is thrown away
 * (tools/xl/xl_saverestore.c, save_domain). It first asks the guest, which
 * cannot answer, for a minute. */
static int
put_resume(struct words *w)
{
	add_xl(w, "save");
	add(w, "-c");
	add_domid(w);
	add(w, "/dev/null");
	return 0;
}

static int
put_dump(struct words *w)
{
	if (check_path(w, "core file", w->r->arg) != 0)
		return -1;
	add_keep(w);
	add(w, "dump-core");
	add_domid(w);
	return 0;
}

static int
put_rename(struct words *w)
{
	const char *name = w->r->arg;
	size_t len;

	if (check_text(w, "new name", name, OBS_NAME_MAX) != 0)
		return -1;
	if (name[strspn(name, DIGITS)] == '\0')
		return bad(w, "new name", "is a number, which xl would take "
		    "for a domain's");
	if (strchr(name, '/') != NULL)
		return bad(w, "new name", "has a '/' in it");
	if (copy_role_of(name, &len) != COPY_PLAIN)
		return bad(w, "new name", "ends as xl calls the copies of a "
		    "migration");
	add_xl(w, "rename");
	add_domid(w);
	add(w, name);
	return 0;
}

static int
put_memory(struct words *w)
{
	if (check_range(w, "memory in KiB", w->r->value, 1024,
	    OBS_MEM_MAX_KB) != 0)
		return -1;
	add_xl(w, "mem-set");
	add_domid(w);
	add_number(w, w->r->value, "k");
	return 0;
}

enum { VCPUS_MAX = 4096 };

/* How many there may be was decided when the domain was made: that the host has
 * fewer processors is no reason any more. */
static int
put_vcpus(struct words *w)
{
	if (check_range(w, "vCPUs", w->r->value, 1, VCPUS_MAX) != 0)
		return -1;
	add_xl(w, "vcpu-set");
	add(w, "--ignore-host");
	add_domid(w);
	add_number(w, w->r->value, "");
	return 0;
}

static int
put_pin(struct words *w)
{
	if (check_range(w, "vCPU", w->r->value, -1, VCPUS_MAX - 1) != 0 ||
	    check_chars(w, "processors", w->r->arg, LOWER DIGITS ",:^-",
	    256) != 0)
		return -1;
	add_xl(w, "vcpu-pin");
	add_domid(w);
	if (w->r->value < 0)
		add(w, "all");
	else
		add_number(w, w->r->value, "");
	add(w, w->r->arg);
	return 0;
}

/* A cap may be more than 100 per cent: it is of one processor. */
static int
put_sched(struct words *w)
{
	const char *scheduler = w->r->arg != NULL ? w->r->arg : "credit2";
	bool old = strcmp(scheduler, "credit") == 0;

	if (!old && strcmp(scheduler, "credit2") != 0)
		return err_set(w->err, ERR_USAGE, "the scheduler %.40s has no "
		    "weight and no cap", scheduler);
	if (w->r->value < 0 && w->r->cap < 0)
		return bad(w, "scheduler", "neither a weight nor a cap is "
		    "given");
	if ((w->r->value >= 0 &&
	    check_range(w, "weight", w->r->value, 1, 65535) != 0) ||
	    (w->r->cap >= 0 &&
	    check_range(w, "cap in per cent", w->r->cap, 0, 65535) != 0))
		return -1;
	add_xl(w, old ? "sched-credit" : "sched-credit2");
	add(w, "-d");
	add_domid(w);
	if (w->r->value >= 0) {
		add(w, "-w");
		add_number(w, w->r->value, "");
	}
	if (w->r->cap >= 0) {
		add(w, "-c");
		add_number(w, w->r->cap, "");
	}
	return 0;
}

static int
put_disk(struct words *w)
{
	bool attach = w->r->op == REQ_DISK_ATTACH;

	if (attach ? check_text(w, "disk", w->r->arg, SPEC_MAX) != 0 :
	    check_vdev(w) != 0)
		return -1;
	add_xl(w, attach ? "block-attach" : "block-detach");
	add_domid(w);
	add(w, w->r->arg);
	return 0;
}

/* xl wants each setting of a vif as a word of its own. */
static int
put_nic_attach(struct words *w)
{
	const char *s = w->r->arg;

	if (check_text(w, "network interface", s, SPEC_MAX) != 0)
		return -1;
	add_xl(w, "network-attach");
	add_domid(w);
	while (*s != '\0') {
		size_t n = strcspn(s, ",");
		char *word = x_strndup(s, n);
		bool ok = strchr(word, '=') > word;

		if (ok)
			add(w, word);
		x_free(word);
		if (!ok)
			return err_set(w->err, ERR_USAGE, "network interface: "
			    "'%.*s' is not like bridge=xenbr0", (int)(n < 100 ?
			    n : 100), s);
		s += n + (s[n] == ',');
	}
	return 0;
}

static int
put_nic_detach(struct words *w)
{
	if (check_chars(w, "network interface", w->r->arg,
	    DIGITS "abcdefABCDEF:", 32) != 0)
		return -1;
	add_xl(w, "network-detach");
	add_domid(w);
	add(w, w->r->arg);
	return 0;
}

static int
put_cd(struct words *w)
{
	bool insert = w->r->op == REQ_CD_INSERT;

	if (check_vdev(w) != 0 ||
	    (insert && check_path(w, "image", w->r->arg2) != 0))
		return -1;
	add_xl(w, insert ? "cd-insert" : "cd-eject");
	add_domid(w);
	add(w, w->r->arg);
	if (insert)
		add(w, w->r->arg2);
	return 0;
}

static int
put_trigger(struct words *w)
{
	static const char *const known[] = { "nmi", "reset", "init", "power",
		"sleep", "s3resume" };

	if (check_text(w, "trigger", w->r->arg, 32) != 0)
		return -1;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i], w->r->arg) == 0) {
			add_xl(w, "trigger");
			add_domid(w);
			add(w, w->r->arg);
			return 0;
		}
	return err_set(w->err, ERR_USAGE, "trigger: '%.40s' is none of nmi, "
	    "reset, init, power, sleep and s3resume", w->r->arg);
}

static int
put_sysrq(struct words *w)
{
	if (check_chars(w, "sysrq", w->r->arg, LOWER DIGITS, 32) != 0)
		return -1;
	if (w->r->arg[1] != '\0')
		return bad(w, "sysrq", "one letter or digit is wanted");
	add_xl(w, "sysrq");
	add_domid(w);
	add(w, w->r->arg);
	return 0;
}

/* xl hands the address to a shell on its host. */
static int
put_migrate(struct words *w)
{
	if (check_chars(w, "address to migrate to", w->r->arg,
	    LOWER UPPER DIGITS ".:_-", 255) != 0)
		return -1;
	add_xl(w, "migrate");
	add(w, "-s");
	add(w, migrate_ssh);
	if ((w->r->flags & REQUEST_PAUSED) != 0)
		add(w, "-p");
	add_domid(w);
	add(w, w->r->arg);
	return 0;
}

static int
put_def_check(struct words *w)
{
	if (check_path(w, "definition", w->r->arg) != 0)
		return -1;
	add_script(w, check_script);
	add(w, strrchr(w->r->arg, '/') + 1);
	add_sudo(w);
	return 0;
}

/* Whether the file is below one of the directories where that host's are. */
static bool
is_in_directory(const struct words *w, const char *path)
{
	const struct conf_host *h = &w->conf->hosts[w->r->host];
	const char *dirs = h->definitions;

	if (dirs == NULL && h->cluster < w->conf->nclusters)
		dirs = w->conf->clusters[h->cluster].definitions;
	if (dirs == NULL)
		dirs = CONF_DEFINITIONS;
	while (*dirs != '\0') {
		size_t n = strcspn(dirs, " "), len = n;

		while (len > 1 && dirs[len - 1] == '/')
			len--;
		if (len > 0 && strncmp(dirs, path, len) == 0 &&
		    path[len] == '/')
			return true;
		dirs += n + (dirs[n] == ' ');
	}
	return false;
}

/* Nothing but definitions, and none where a host starts it by itself. */
static int
check_def_path(const struct words *w)
{
	const char *path = w->r->arg;
	const char *name, *dot;

	if (check_path(w, "definition", path) != 0)
		return -1;
	name = strrchr(path, '/') + 1;
	dot = strrchr(name, '.');
	if (!is_in_directory(w, path) || name[0] == '.' ||
	    dot == NULL || strcmp(dot, ".cfg") != 0)
		return err_set(w->err, ERR_USAGE, "definition: '%.200s' is not "
		    "NAME.cfg in a directory of definitions", path);
	return 0;
}

static int
put_def_write(struct words *w)
{
	if (check_def_path(w) != 0)
		return -1;
	add_sudo(w);
	add_script(w, write_script);
	add(w, w->r->arg);
	add(w, w->r->arg2 != NULL ? w->r->arg2 : "");
	return 0;
}

static int
put_probe(struct words *w)
{
	int n;

	add_sudo(w);
	n = probe_argv(w->c->argv + w->n, WORDS_MAX - w->n, true, w->r->arg,
	    w->err);
	if (n < 0)
		return -1;
	w->n += (size_t)n;
	return 0;
}

/* The volume is VG/LV, not a path: that is what it is called while there is
 * none. */
static int
put_volume(struct words *w)
{
	const char *slash;

	if (check_chars(w, "volume", w->r->arg, LOWER UPPER DIGITS "+_.-/",
	    255) != 0)
		return -1;
	slash = strchr(w->r->arg, '/');
	if (slash == NULL || slash == w->r->arg || slash[1] == '\0' ||
	    slash[1] == '-' || strchr(slash + 1, '/') != NULL)
		return err_set(w->err, ERR_USAGE, "volume: '%.200s' is not "
		    "like GROUP/VOLUME", w->r->arg);
	add_sudo(w);
	add(w, "lvchange");
	add(w, w->r->op == REQ_LV_ACTIVATE ? "-ay" : "-an");
	add(w, w->r->arg);
	return 0;
}

/* --- The table ------------------------------------------------------------ */

enum op_needs { NEEDS_HOST, NEEDS_VM, NEEDS_DOMAIN, NEEDS_BODY };

/* Pausing counts: what was paused twice has to be unpaused twice
 * (domain_pause_by_systemcontroller). */
static const struct op_row {
	int (*put)(struct words *w);
	int64_t limit_ms;            /* 0: a minute */
	enum op_needs needs;
	bool progress, safe_again;
} rows[REQ_OPS] = {
	[REQ_START] = { put_start, 3 * MIN, NEEDS_VM, false, false },
	[REQ_RESTORE] = { put_restore, 30 * MIN, NEEDS_VM, false, false },
	/* xl itself waits a minute for the guest's word. */
	[REQ_SHUTDOWN] = { put_shutdown, 75 * S, NEEDS_DOMAIN, false, true },
	[REQ_REBOOT] = { put_plain, 75 * S, NEEDS_DOMAIN, false, true },
	[REQ_DESTROY] = { put_plain, 0, NEEDS_DOMAIN, false, true },
	[REQ_PAUSE] = { put_plain, 0, NEEDS_DOMAIN, false, false },
	[REQ_UNPAUSE] = { put_plain, 0, NEEDS_DOMAIN, false, false },
	[REQ_RESUME] = { put_resume, 30 * MIN, NEEDS_DOMAIN, false, false },
	[REQ_SAVE] = { put_save, 30 * MIN, NEEDS_DOMAIN, true, false },
	[REQ_RENAME] = { put_rename, 0, NEEDS_DOMAIN, false, true },
	[REQ_MEM_SET] = { put_memory, 0, NEEDS_DOMAIN, false, true },
	[REQ_VCPU_SET] = { put_vcpus, 0, NEEDS_DOMAIN, false, true },
	[REQ_VCPU_PIN] = { put_pin, 0, NEEDS_DOMAIN, false, true },
	[REQ_SCHED] = { put_sched, 0, NEEDS_DOMAIN, false, true },
	[REQ_DISK_ATTACH] = { put_disk, 0, NEEDS_DOMAIN, false, false },
	[REQ_DISK_DETACH] = { put_disk, 0, NEEDS_DOMAIN, false, false },
	[REQ_NIC_ATTACH] = { put_nic_attach, 0, NEEDS_DOMAIN, false, false },
	[REQ_NIC_DETACH] = { put_nic_detach, 0, NEEDS_DOMAIN, false, false },
	[REQ_CD_INSERT] = { put_cd, 0, NEEDS_DOMAIN, false, true },
	[REQ_CD_EJECT] = { put_cd, 0, NEEDS_DOMAIN, false, true },
	[REQ_TRIGGER] = { put_trigger, 0, NEEDS_DOMAIN, false, false },
	[REQ_SYSRQ] = { put_sysrq, 0, NEEDS_DOMAIN, false, false },
	[REQ_DUMP_CORE] = { put_dump, 30 * MIN, NEEDS_DOMAIN, false, false },
	[REQ_MIGRATE] = { put_migrate, HOUR, NEEDS_DOMAIN, true, false },
	[REQ_DEF_CHECK] = { put_def_check, 0, NEEDS_BODY, false, true },
	[REQ_DEF_WRITE] = { put_def_write, 0, NEEDS_BODY, false, true },
	[REQ_PROBE] = { put_probe, 0, NEEDS_HOST, false, true },
	[REQ_LV_ACTIVATE] = { put_volume, 0, NEEDS_HOST, false, true },
	[REQ_LV_DEACTIVATE] = { put_volume, 0, NEEDS_HOST, false, true },
};

static int
check_request(const struct conf *conf, const struct request *r,
    struct err *err)
{
	enum op_needs needs;

	if (r->op <= REQ_NONE || r->op >= REQ_OPS)
		return err_set(err, ERR_USAGE, "nothing is asked for");
	if (r->host >= conf->nhosts)
		return err_set(err, ERR_USAGE, "%s: on which host is not said",
		    request_op_name(r->op));
	needs = rows[r->op].needs;
	if ((needs == NEEDS_VM || needs == NEEDS_DOMAIN) &&
	    (r->name == NULL || r->name[0] == '\0'))
		return err_set(err, ERR_USAGE, "%s: of which VM is not said",
		    request_op_name(r->op));
	if (needs == NEEDS_DOMAIN &&
	    (r->domid == 0 || r->domid == REQUEST_NO_DOMID))
		return err_set(err, ERR_USAGE, "%s: %.200s has no domain on %s",
		    request_op_name(r->op), r->name, conf->hosts[r->host].name);
	if (needs == NEEDS_DOMAIN && r->domid == REQUEST_LATER_DOMID)
		return err_set(err, ERR_USAGE, "%s: which domain is %.200s's "
		    "on %s will be known when its turn comes",
		    request_op_name(r->op), r->name, conf->hosts[r->host].name);
	if (needs == NEEDS_BODY && (r->body == NULL || r->body[0] == '\0'))
		return err_set(err, ERR_USAGE, "%s: the text is missing",
		    request_op_name(r->op));
	return 0;
}

int
command_build(struct command *c, const struct conf *conf,
    const struct request *r, struct err *err)
{
	struct words w = { .c = c, .conf = conf, .r = r, .err = err };
	const struct op_row *row;
	int rc;

	*c = (struct command){ 0 };
	if (check_request(conf, r, err) != 0)
		return -1;
	row = &rows[r->op];
	c->argv = x_calloc(WORDS_MAX + 1, sizeof *c->argv);
	c->input = row->needs == NEEDS_BODY ? r->body : NULL;
	c->limit_ms = row->limit_ms != 0 ? row->limit_ms : MIN;
	c->progress = row->progress;
	c->safe_again = row->safe_again;
	rc = row->put != NULL ? row->put(&w) : err_set(err, ERR_FAILED,
	    "%s: there is no command for it", request_op_name(r->op));
	if (rc == 0 && w.n == WORDS_MAX)
		rc = err_set(err, ERR_USAGE, "%s: too many words",
		    request_op_name(r->op));
	if (rc != 0)
		command_free(c);
	return rc;
}

void
command_free(struct command *c)
{
	for (size_t i = 0; c->argv != NULL && c->argv[i] != NULL; i++)
		x_free(c->argv[i]);
	x_free(c->argv);
	*c = (struct command){ 0 };
}

int
command_text(struct buf *out, const struct command *c)
{
	return quote_argv(out, (const char *const *)c->argv);
}
