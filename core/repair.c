/* What a broken migration left, as a table: which copies there are and in what
 * state, what that means, and which steps end it. The facts behind each row are
 * the protocol of xl migrate (tools/xl/xl_migrate.c) and what was found after
 * killing either end on real hosts; share/doc/migration.md tells it all.
 *
 * Three rules hold for every row. The sender must be known to be gone, for only
 * it can still give the permission to run. A copy is removed before another one
 * is let run, never after. A copy whose memory may be incomplete is never run:
 * that of NAME--incoming is complete only when the source says so by its name,
 * NAME--migratedaway, which it takes after the target has acknowledged all. */
#include "core/repair.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/migrate_priv.h"

enum kind { NONE, AWAKE, ASLEEP, ANY };

enum cure {
	CURE_NONE,     /* nothing that may be decided by a program */
	DROP_INCOMING, /* the copy that was never finished goes */
	WAKE_PLAIN,    /* ..., and the suspended one here goes on */
	DROP_AWAY,     /* it arrived: what was sent goes */
	TAKE_INCOMING, /* ..., and what arrived gets its name and goes on */
	FORGET,        /* what is left is of no use */
	FORGET_AWAY,
	NAME_INCOMING, /* it runs, and is only not called so */
};

/* %P, %I, %A: the host of the copy with the plain name, of NAME--incoming, of
 * NAME--migratedaway. */
static const struct row {
	enum kind plain, incoming, away;
	enum cure cure;
	bool may_last; /* a migration that goes on looks so for long */
	const char *says;
} rows[] = {
	{ AWAKE, ASLEEP, NONE, DROP_INCOMING, true,
	    "%N runs on %P, and %I has a copy that a migration has begun to "
	    "send and not finished." },
	{ ASLEEP, ASLEEP, NONE, WAKE_PLAIN, false,
	    "%N is suspended on %P by a migration that went no further, and %I "
	    "has a copy that may be incomplete." },
	{ ASLEEP, NONE, NONE, WAKE_PLAIN, false,
	    "%N is suspended on %P by a migration that broke, and no host has "
	    "another copy." },
	{ AWAKE, NONE, ASLEEP, DROP_AWAY, false,
	    "%N has arrived on %P, and %A still has the copy that was sent." },
	{ NONE, ASLEEP, ASLEEP, TAKE_INCOMING, false,
	    "%N has been sent from %A to %I completely, and nobody let it run "
	    "there." },
	/* It may have arrived, run, and ended: then its disks have gone on, and
	 * what was sent must not. */
	{ NONE, NONE, ASLEEP, FORGET_AWAY, false,
	    "%N was sent from %A and runs nowhere; whether it ever ran where it "
	    "was sent to nobody can tell, so that the copy on %A must not go "
	    "on." },
	{ NONE, AWAKE, NONE, NAME_INCOMING, false,
	    "%N runs on %I by the name that a migration gives to what has not "
	    "arrived yet." },
	{ NONE, ASLEEP, NONE, FORGET, false,
	    "%I has a copy of %N that may be incomplete, and no host has the "
	    "one that it was made from." },
};

struct left {
	const struct vm_copy *plain, *incoming, *away;
	bool crowd;  /* two of a kind */
	bool dying;
};

static struct left
find_left(const struct vm *vm)
{
	struct left l = { .plain = NULL };

	for (size_t i = 0; i < vm->ncopies; i++) {
		const struct vm_copy *c = &vm->copies[i];
		const struct vm_copy **slot = c->role == COPY_PLAIN ? &l.plain :
		    c->role == COPY_INCOMING ? &l.incoming : &l.away;

		if ((c->flags & DOM_DYING) != 0)
			l.dying = true;
		else if (*slot != NULL)
			l.crowd = true;
		else
			*slot = c;
	}
	return l;
}

static enum kind
kind_of(const struct vm_copy *c)
{
	if (c == NULL)
		return NONE;
	if ((c->flags & DOM_SHUTDOWN) != 0)
		return c->reason == REASON_SUSPEND ? ASLEEP : ANY;
	/* What xl receives stays paused; a plain copy that an operator has
	 * paused is one that would run. */
	return c->role != COPY_PLAIN && (c->flags & DOM_PAUSED) != 0 ? ASLEEP :
	    AWAKE;
}

static const struct row *
find_row(const struct left *l)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!l->crowd && !l->dying &&
		    rows[i].plain == kind_of(l->plain) &&
		    rows[i].incoming == kind_of(l->incoming) &&
		    rows[i].away == kind_of(l->away))
			return &rows[i];
	return NULL;
}

static void
tell(char *out, size_t size, const char *says, const struct vm *vm,
    const struct left *l, const struct model *m)
{
	size_t n = 0;

	for (; *says != '\0' && n + 1 < size; says++) {
		const struct vm_copy *c;

		if (*says != '%') {
			out[n++] = *says;
			out[n] = '\0';
			continue;
		}
		says++;
		c = *says == 'P' ? l->plain : *says == 'I' ? l->incoming :
		    l->away;
		n += (size_t)snprintf(out + n, size - n, "%s",
		    *says == 'N' ? vm->name : model_host(m, c->host)->name);
	}
}

/* --- Whether ------------------------------------------------------------------- */

static bool
is_young(const struct vm *vm, const struct model *m)
{
	for (size_t i = 0; i < vm->ncopies; i++)
		if (vm->copies[i].role != COPY_PLAIN && mono_diff_ms(
		    model_now(m), vm->copies[i].first) < REPAIR_WATCH_MS)
			return true;
	return mono_diff_ms(model_now(m), vm->since) < REPAIR_WATCH_MS;
}

bool
repair_needed(char *out, size_t size, const struct vm *vm,
    const struct model *m)
{
	struct left l = find_left(vm);
	const struct row *row = find_row(&l);

	if (row == NULL || row->may_last || is_young(vm, m))
		return false;
	tell(out, size, row->says, vm, &l, m);
	return true;
}

/* Every host of the cluster must be able to say what it has: a copy may be
 * anywhere. */
static int
check_hosts(const struct vm *vm, const struct model *m, struct err *err)
{
	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		const struct host *h = model_host(m, i);

		if (h->cluster == vm->cluster && h->health != HOST_LIVE)
			return err_set(err, ERR_UNREACHABLE, "%s gives no "
			    "current figures (%s), and may have a copy of %s: "
			    "at most one may run, so bring that host back, or "
			    "kill by hand what is known to be useless",
			    h->name, host_health_name(h->health), vm->name);
	}
	return 0;
}

static int
refuse(const struct vm *vm, const struct left *l, struct err *err)
{
	if (l->dying)
		return err_set(err, ERR_REFUSED, "a copy of %s is just being "
		    "torn down: wait until it is gone", vm->name);
	if (l->incoming == NULL && l->away == NULL && !l->crowd)
		return err_set(err, ERR_REFUSED, "no migration has left "
		    "anything of %s", vm->name);
	return err_set(err, ERR_REFUSED, "%s has copies that both run, or may "
	    "have run: which one is right is yours to say; kill the other one "
	    "(xendeck kill NAME --on HOST)", vm->name);
}

/* --- How ----------------------------------------------------------------------- */

struct cure_plan {
	struct plan *p;
	const struct model *m;
	const struct vm *vm;
	uint32_t last;
	bool any;
};

/* What is destroyed must be the same still when its turn comes. */
static const char *
left_as(char out[OBS_NAME_MAX + 24], const struct vm *vm,
    const struct vm_copy *copy)
{
	if (copy->role == COPY_PLAIN)
		return NULL;
	snprintf(out, OBS_NAME_MAX + 24, "%.*s--%s", OBS_NAME_MAX, vm->name,
	    copy->role == COPY_INCOMING ? "incoming" : "migratedaway");
	return out;
}

/* Each step waits for the one before. */
static void
add(struct cure_plan *c, enum request_op op, const struct vm_copy *copy,
    const char *arg, const char *why)
{
	char left[OBS_NAME_MAX + 24];
	uint32_t step;

	if (op == REQ_DESTROY)
		arg = left_as(left, c->vm, copy);
	step = migrate_step(c->p, c->m, c->vm, op, copy->host,
	    op == REQ_PROBE ? NULL : copy, arg, why);
	if (c->any)
		plan_after(c->p, step, c->last);
	c->last = step;
	c->any = true;
}

static void
add_sender_gone(struct cure_plan *c, const struct vm_copy *source)
{
	char arg[OBS_NAME_MAX + 40];

	snprintf(arg, sizeof arg, "sender %u %s", source->domid, c->vm->name);
	add(c, REQ_PROBE, source, arg, "nobody may be sending it any more");
}

static void
add_receiver_gone(struct cure_plan *c, const struct vm_copy *target)
{
	add(c, REQ_PROBE, target, "receiver -",
	    "nobody may be receiving it any more");
}

static void
add_cure(struct cure_plan *c, enum cure cure, const struct left *l)
{
	const char *name = c->vm->name;

	if (l->plain != NULL && cure != DROP_AWAY)
		add_sender_gone(c, l->plain);
	if (l->away != NULL)
		add_sender_gone(c, l->away);
	if (l->incoming != NULL && cure != DROP_INCOMING)
		add_receiver_gone(c, l->incoming);
	switch (cure) {
	case DROP_INCOMING:
	case FORGET:
		add(c, REQ_DESTROY, l->incoming, NULL, cure == FORGET ?
		    "it may be incomplete; start it then" :
		    "it is incomplete");
		break;
	case WAKE_PLAIN:
		if (l->incoming != NULL)
			add(c, REQ_DESTROY, l->incoming, NULL,
			    "it may be incomplete");
		add(c, REQ_RESUME, l->plain, NULL, "it is the only copy");
		break;
	case DROP_AWAY:
		add(c, REQ_DESTROY, l->away, NULL, "it has been sent");
		break;
	case TAKE_INCOMING:
		add(c, REQ_DESTROY, l->away, NULL,
		    "what was sent is complete");
		/* Under its old name it is only let run when every host can
		 * tell that it has none. */
		add(c, REQ_UNPAUSE, l->incoming, NULL, "it is the only copy");
		add(c, REQ_RENAME, l->incoming, name, NULL);
		break;
	case NAME_INCOMING:
		add(c, REQ_RENAME, l->incoming, name, NULL);
		break;
	case FORGET_AWAY:
		add(c, REQ_DESTROY, l->away, NULL,
		    "it may be older than its disks; start it then");
		break;
	case CURE_NONE:
		break;
	}
}

int
repair_plan(struct plan *p, const struct action *a, const struct model *m,
    struct err *err)
{
	const struct vm *vm = model_vm(m, a->vm);
	struct cure_plan c = { .p = p, .m = m, .vm = vm };
	const struct row *row;
	struct left l;

	if (vm == NULL)
		return err_set(err, ERR_FAILED, "the VM is not there any more");
	if (check_hosts(vm, m, err) != 0)
		return -1;
	l = find_left(vm);
	row = find_row(&l);
	if (row == NULL)
		return refuse(vm, &l, err);
	if (is_young(vm, m))
		return err_set(err, ERR_REFUSED, "the migration of %s has "
		    "moved on less than %d s ago: wait whether it ends by "
		    "itself", vm->name, REPAIR_WATCH_MS / 1000);
	add_cure(&c, row->cure, &l);
	if (p->title == NULL)
		p->title = x_asprintf("repair %s", vm->name);
	return 0;
}
