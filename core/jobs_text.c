/* Outcomes in words, each one sentence that names the VM and the host and, when
 * all is not well, says why and what to do. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/jobs_priv.h"
#include "core/migrate.h"
#include "core/xlwords.h"

static const struct row {
	const char *done;   /* after the VM's name; % is the host, @ the target */
	const char *advice; /* when nobody can tell; % is the VM's name */
} rows[REQ_OPS] = {
	[REQ_START] = { "runs on %",
	    "see whether it runs before it is started anywhere else" },
	[REQ_RESTORE] = { "runs on %, restored",
	    "see whether it runs before it is started anywhere else" },
	[REQ_SHUTDOWN] = { "has stopped on %",
	    "it may still stop; wait for it, or kill it" },
	[REQ_REBOOT] = { "has been rebooted on %",
	    "it may still reboot; wait for it, or kill and start it" },
	[REQ_DESTROY] = { "is gone from %",
	    "see whether its domain is gone before it is started anywhere" },
	[REQ_PAUSE] = { "is paused on %", NULL },
	[REQ_RESUME] = { "goes on on %", NULL },
	[REQ_UNPAUSE] = { "is not paused any more on %", NULL },
	[REQ_SAVE] = { "is saved and gone from %",
	    "see whether the file is whole before it is restored" },
	[REQ_MIGRATE] = { "runs on @ now",
	    "look at both hosts, and before anything else is done with it: "
	    "xendeck repair %" },
};

static void add(char *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
add(char *out, const char *fmt, ...)
{
	size_t n = strlen(out);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(out + n, JOBS_TEXT - n, fmt, ap);
	va_end(ap);
}

static void
add_done(char *out, const struct jobs_at *a, const char *what)
{
	const struct request *r = &a->s->plan.req;

	add(out, "%s ", r->name != NULL ? r->name : "it");
	for (; *what != '\0'; what++)
		if (*what == '%' || *what == '@')
			add(out, "%s", jobs_host_name(a->j,
			    *what == '%' ? r->host : r->to));
		else
			add(out, "%c", *what);
}

/* "set the memory of web1 to 512 MiB on alpha" */
static void
add_what(char *out, const struct jobs_at *a)
{
	const struct request *r = &a->s->plan.req;
	const char *host = jobs_host_name(a->j, r->host);
	char what[256];

	if (r->op == REQ_MIGRATE) {
		add(out, "migrate %s from %s to %s",
		    r->name != NULL ? r->name : "?", host,
		    jobs_host_name(a->j, r->to));
		return;
	}
	request_text(what, sizeof what, r);
	add(out, "%s on %s", what, host);
}

/* What ssh between two hosts complained about. */
static bool
explain_ssh(char *out, size_t size, const struct jobs_at *a)
{
	static const char ssh[] = "ssh ";
	const struct request *r = &a->s->plan.req;
	char address[256];

	if (r->arg == NULL || (r->op != REQ_MIGRATE && (r->op != REQ_PROBE ||
	    strncmp(r->arg, ssh, strlen(ssh)) != 0)))
		return false;
	snprintf(address, sizeof address, "%s", r->op == REQ_MIGRATE ? r->arg :
	    r->arg + strlen(ssh));
	address[strcspn(address, "\n")] = '\0';
	return migrate_explain(out, size, a->s->words,
	    jobs_host_name(a->j, r->host), address);
}

/* ": there is no bridge xenbr0 ..." */
static void
add_words(char *out, const struct jobs_at *a)
{
	char why[JOBS_TEXT];

	if (a->s->words != NULL && explain_ssh(why, sizeof why, a)) {
		if (why[0] != '\0' && why[strlen(why) - 1] == '.')
			why[strlen(why) - 1] = '\0';
		add(out, ": %s", why);
	} else if (a->s->words != NULL &&
	    xlwords_explain(why, sizeof why, a->s->words))
		add(out, ": %s", why);
	else if (a->s->status >= 128)
		add(out, ": the command was killed by signal %d",
		    a->s->status - 128);
	else if (a->s->status > 0)
		add(out, ": the command ended with %d", a->s->status);
}

static void
add_advice(char *out, const struct jobs_at *a, const char *advice)
{
	const char *name = a->s->plan.req.name;
	const char *hole = strchr(advice, '%');

	if (hole == NULL)
		add(out, "; %s", advice);
	else
		add(out, "; %.*s%s%s", (int)(hole - advice), advice,
		    name != NULL ? name : "NAME", hole + 1);
}

void
jobs_text_done(char *out, const struct jobs_at *a, const struct model *m)
{
	const struct request *r = &a->s->plan.req;
	const char *done = rows[r->op].done;

	out[0] = '\0';
	if (r->op == REQ_SAVE && (r->flags & REQUEST_LEAVE) != 0)
		done = NULL;
	/* It is let run by a step of its own. */
	if (r->op == REQ_MIGRATE && (r->flags & REQUEST_PAUSED) != 0)
		done = "has arrived on @, paused";
	if (done != NULL) {
		add_done(out, a, done);
	} else {
		add_what(out, a);
		add(out, ": done");
	}
	if (r->op == REQ_SHUTDOWN && jobs_sight_left(m, r))
		add(out, "; its stopped domain is left there, kill it to "
		    "clear it away");
	if (a->r->gone) {
		add(out, ", though the host was rebooted meanwhile");
	} else if (!a->r->ended) {
		add(out, ", though the end of the command was not heard");
	} else if (a->s->status != 0) {
		add(out, ", though the command failed");
		add_words(out, a);
	}
}

void
jobs_text_failed(char *out, const struct jobs_at *a)
{
	const struct request *r = &a->s->plan.req;

	out[0] = '\0';
	add(out, "%s ", a->r->cancelled ? "cancelled:" : "could not");
	add_what(out, a);
	if (a->r->never)
		add(out, ": it was never begun");
	else if (a->r->gone)
		add(out, ": the host was rebooted meanwhile, and it is "
		    "not so");
	else
		add_words(out, a);
	/* That nothing is left elsewhere has been seen. */
	if (r->op == REQ_MIGRATE && a->r->ended)
		add(out, "; it is on %s as before",
		    jobs_host_name(a->j, r->host));
}

void
jobs_text_unknown(char *out, const struct jobs_at *a, const struct model *m)
{
	const struct request *r = &a->s->plan.req;
	char sight[256];

	out[0] = '\0';
	add(out, "nobody can tell what became of it: ");
	add_what(out, a);
	if (a->r->open)
		add(out, a->s->state == STEP_UNHEARD ?
		    ": its host has not been heard from for too long" :
		    ": the command does not end");
	else if (a->r->gone)
		add(out, ": the host was rebooted meanwhile");
	else if (a->s->status == 0)
		add(out, ": the command ended well");
	else
		add_words(out, a);
	if (jobs_sees(r->op)) {
		jobs_sight_text(sight, sizeof sight, m, r);
		add(out, "; %s", sight);
	}
	if (rows[r->op].advice != NULL)
		add_advice(out, a, rows[r->op].advice);
}
