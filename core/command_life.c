/* Commands by which domains come, go and move, and what is said to them while
 * they are there. */
#include "core/command_priv.h"

#include <stdio.h>
#include <string.h>

#include "core/model.h"
#include "core/obs.h"

/* Of a migration's own connection between the hosts: it must never wait for a
 * password, and must notice within half a minute that the other end is gone. */
static const char migrate_ssh[] = "ssh -o BatchMode=yes"
    " -o ServerAliveInterval=5 -o ServerAliveCountMax=6";

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

/* Without a domain there. */
int
command_start(struct argv *w)
{
	if (argv_check_path(w, "definition", w->r->arg) != 0)
		return -1;
	argv_add_xl(w, "create");
	if ((w->r->flags & REQUEST_PAUSED) != 0)
		argv_add(w, "-p");
	argv_add(w, w->r->arg);
	return 0;
}

int
command_restore(struct argv *w)
{
	if (argv_check_path(w, "saved state", w->r->arg) != 0)
		return -1;
	argv_add_xl(w, "restore");
	if ((w->r->flags & REQUEST_PAUSED) != 0)
		argv_add(w, "-p");
	argv_add(w, w->r->arg);
	return 0;
}

/* What is only said to the domain. */
int
command_plain(struct argv *w)
{
	static const char *const names[REQ_OPS] = {
		[REQ_SHUTDOWN] = "shutdown",
		[REQ_REBOOT] = "reboot",
		[REQ_DESTROY] = "destroy",
		[REQ_PAUSE] = "pause",
		[REQ_UNPAUSE] = "unpause",
	};

	argv_add_xl(w, names[w->r->op]);
	if ((w->r->op == REQ_SHUTDOWN || w->r->op == REQ_REBOOT) &&
	    (w->r->flags & REQUEST_FALLBACK) != 0)
		argv_add(w, "-F");
	argv_add_domid(w);
	return 0;
}

enum { HARD_MAX_S = 3600 };

int
command_shutdown(struct argv *w)
{
	if ((w->r->flags & REQUEST_HARD) == 0)
		return command_plain(w);
	if (argv_check_range(w, "seconds", w->r->value, 1, HARD_MAX_S) != 0)
		return -1;
	w->c->limit_ms += w->r->value * COMMAND_S + COMMAND_MIN;
	argv_add_script(w, hard_script);
	argv_add_domid(w);
	argv_add_number(w, w->r->value, "");
	argv_add_sudo(w);
	return 0;
}

/* The last word is a path that must not be there yet. */
static void
add_keep(struct argv *w)
{
	argv_add_sudo(w);
	argv_add_script(w, keep_script);
	argv_add(w, w->r->arg);
	argv_add(w, "xl");
}

int
command_save(struct argv *w)
{
	if (argv_check_path(w, "saved state", w->r->arg) != 0)
		return -1;
	add_keep(w);
	argv_add(w, "save");
	if ((w->r->flags & REQUEST_LEAVE) != 0)
		argv_add(w, "-c");
	argv_add_domid(w);
	return 0;
}

/* Up to Xen 4.19 nothing but saving can wake a domain that is suspended: xl
 * resumes it when the saving is over, or fails, and the rest is thrown away
 * (tools/xl/xl_saverestore.c, save_domain). It first asks the guest, which
 * cannot answer, for a minute. */
int
command_resume(struct argv *w)
{
	argv_add_xl(w, "save");
	argv_add(w, "-c");
	argv_add_domid(w);
	argv_add(w, "/dev/null");
	return 0;
}

int
command_dump(struct argv *w)
{
	if (argv_check_path(w, "core file", w->r->arg) != 0)
		return -1;
	add_keep(w);
	argv_add(w, "dump-core");
	argv_add_domid(w);
	return 0;
}

int
command_rename(struct argv *w)
{
	const char *name = w->r->arg;
	size_t len;

	if (argv_check_text(w, "new name", name, OBS_NAME_MAX) != 0)
		return -1;
	if (name[strspn(name, ARGV_DIGITS)] == '\0')
		return argv_bad(w, "new name", "is a number, which xl would "
		    "take for a domain's");
	if (strchr(name, '/') != NULL)
		return argv_bad(w, "new name", "has a '/' in it");
	if (copy_role_of(name, &len) != COPY_PLAIN)
		return argv_bad(w, "new name", "ends as xl calls the copies "
		    "of a migration");
	argv_add_xl(w, "rename");
	argv_add_domid(w);
	argv_add(w, name);
	return 0;
}

/* xl hands the address to a shell on its host. */
int
command_migrate(struct argv *w)
{
	if (argv_check_chars(w, "address to migrate to", w->r->arg,
	    ARGV_LOWER ARGV_UPPER ARGV_DIGITS ".:_-", 255) != 0)
		return -1;
	argv_add_xl(w, "migrate");
	argv_add(w, "-s");
	argv_add(w, migrate_ssh);
	if ((w->r->flags & REQUEST_PAUSED) != 0)
		argv_add(w, "-p");
	argv_add_domid(w);
	argv_add(w, w->r->arg);
	return 0;
}
