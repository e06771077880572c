/* Where a VM can go: every other host of its cluster is judged, and those that
 * can take it are put in an order that an operator would choose: where it
 * belongs first, then apart from its like, then where most memory stays free. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/defs.h"
#include "core/mem.h"
#include "core/migrate_priv.h"

#define HOME_SCORE (INT64_C(1) << 52)
#define LIKE_SCORE (INT64_C(1) << 40)

/* --- What belongs to a passage ---------------------------------------------- */

struct passage
passage_of(const struct action *a, const struct model *m, uint32_t to)
{
	struct passage p = { .a = a, .m = m, .vm = model_vm(m, a->vm),
		.live = a->kind == ACTION_MIGRATE };

	if (p.vm == NULL)
		return p;
	p.copy = vm_main(p.vm);
	p.from = model_host(m, p.copy != NULL ? p.copy->host : p.vm->host);
	p.to = to != MODEL_NONE ? model_host(m, to) : NULL;
	return p;
}

const char *
passage_address(const struct passage *p)
{
	const struct conf_host *h = &model_conf(p->m)->hosts[p->to->id];

	return h->migration_address != NULL ? h->migration_address :
	    h->address != NULL ? h->address : h->name;
}

const struct obs_dom *
passage_devices(const struct passage *p)
{
	return p->copy != NULL && p->vm->detail.domid == p->copy->domid ?
	    &p->vm->detail : NULL;
}

bool
migrate_asks_disk(const struct obs_disk *d)
{
	return d->target != NULL && d->target[0] == '/';
}

const struct def *
migrate_def_on(const struct passage *p, uint32_t host)
{
	const struct defs *d = model_defs(p->m, host);

	return d != NULL ? defs_find(d, &p->vm->uuid, p->vm->name) : NULL;
}

const struct def *
migrate_def_known(const struct passage *p)
{
	const struct def *d = migrate_def_on(p, p->from->id);

	for (uint32_t i = 0; d == NULL && i < model_nhosts(p->m); i++)
		if (model_host(p->m, i)->cluster == p->vm->cluster)
			d = migrate_def_on(p, i);
	return d;
}

bool
migrate_volume(char *out, size_t size, const char *path)
{
	/* Directories of /dev that are no volume group. */
	static const char *const others[] = { "block", "cciss", "char", "disk",
		"drbd", "mapper", "md", "rbd", "shm", "zvol" };
	const char *slash;

	if (strncmp(path, "/dev/", 5) != 0)
		return false;
	path += 5;
	slash = strchr(path, '/');
	if (slash == NULL || slash == path || slash[1] == '\0' ||
	    strchr(slash + 1, '/') != NULL || strlen(path) >= size)
		return false;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strlen(others[i]) == (size_t)(slash - path) &&
		    strncmp(path, others[i], (size_t)(slash - path)) == 0)
			return false;
	snprintf(out, size, "%s", path);
	return true;
}

const char *
migrate_size(char out[MIGRATE_SIZE], int64_t kb)
{
	if (kb < 0)
		kb = 0;
	if (kb < INT64_C(10) * 1024 * 1024)
		snprintf(out, MIGRATE_SIZE, "%lld MiB", (long long)(kb / 1024));
	else
		snprintf(out, MIGRATE_SIZE, "%lld.%lld GiB",
		    (long long)(kb / 1048576),
		    (long long)(kb % 1048576 * 10 / 1048576));
	return out;
}

void
migrate_say(struct migrate_target *t, enum migrate_weight weight,
    const char *code, const char *fmt, ...)
{
	char text[512];
	size_t i;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	t->v = x_grow(t->v, t->n, &t->cap, sizeof *t->v);
	for (i = t->n; i > 0 && t->v[i - 1].weight > weight; i--)
		t->v[i] = t->v[i - 1];
	t->v[i] = (struct migrate_reason){ weight, code, x_strdup(text) };
	t->n++;
	if (weight == MIGRATE_BLOCKS)
		t->can = false;
	if (weight <= MIGRATE_UNASKED)
		t->sure = false;
}

/* --- The order --------------------------------------------------------------- */

/* What names have in common: "web" of web1 and web-02. */
static size_t
stem(const char *name)
{
	size_t n = strlen(name);

	while (n > 0 && ((name[n - 1] >= '0' && name[n - 1] <= '9') ||
	    name[n - 1] == '-' || name[n - 1] == '_'))
		n--;
	return n;
}

static unsigned
count_alike(const struct passage *p)
{
	size_t n = stem(p->vm->name);
	unsigned count = 0;

	for (size_t i = 0; n > 0 && i < model_nvms(p->m); i++) {
		const struct vm *vm = model_vm_at(p->m, i);

		count += (unsigned)(vm != p->vm && vm->ncopies > 0 &&
		    vm->host == p->to->id && stem(vm->name) == n &&
		    strncmp(vm->name, p->vm->name, n) == 0);
	}
	return count;
}

/* score holds already how many MiB would stay free. */
static void
praise(struct migrate_target *t, const struct passage *p)
{
	bool home = p->vm->home == p->to->id;
	unsigned alike = count_alike(p);
	char size[MIGRATE_SIZE], text[256];
	int n = 0;

	text[0] = '\0';
	if (home)
		n = snprintf(text, sizeof text, "its home; ");
	if (alike > 0)
		n += snprintf(text + n, sizeof text - (size_t)n, "%u of its "
		    "like run%s there; ", alike, alike == 1 ? "s" : "");
	snprintf(text + n, sizeof text - (size_t)n, "%s stay free",
	    migrate_size(size, t->score * 1024));
	t->merit = x_strdup(text);
	t->score += (home ? HOME_SCORE : 0) - alike * LIKE_SCORE;
}

static int
target_cmp(const void *x, const void *y)
{
	const struct migrate_target *a = x, *b = y;

	if (a->can != b->can)
		return a->can ? -1 : 1;
	if (a->can && a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->host < b->host ? -1 : a->host > b->host;
}

void
migrate_targets(struct migrate_targets *t, const struct action *a,
    const struct model *m)
{
	struct passage p = passage_of(a, m, MODEL_NONE);

	*t = (struct migrate_targets){ .here = { .host = MODEL_NONE,
		.can = true, .sure = true } };
	if (p.vm == NULL) {
		migrate_say(&t->here, MIGRATE_BLOCKS, "gone",
		    "That VM is not there any more.");
		return;
	}
	t->here.host = p.from->id;
	migrate_judge_here(&t->here, &p);
	t->v = x_calloc(model_nhosts(m), sizeof *t->v);
	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		struct migrate_target *v = &t->v[t->n];

		p.to = model_host(m, i);
		if (p.to->cluster != p.vm->cluster || i == p.from->id)
			continue;
		*v = (struct migrate_target){ .host = i, .can = true,
			.sure = true };
		t->n++;
		if (p.copy == NULL)
			continue;
		migrate_judge_there(v, &p);
		if (v->can)
			praise(v, &p);
	}
	qsort(t->v, t->n, sizeof *t->v, target_cmp);
}

static void
free_target(struct migrate_target *t)
{
	for (size_t i = 0; i < t->n; i++)
		x_free(t->v[i].text);
	x_free(t->v);
	x_free(t->merit);
}

void
migrate_targets_free(struct migrate_targets *t)
{
	free_target(&t->here);
	for (size_t i = 0; i < t->n; i++)
		free_target(&t->v[i]);
	x_free(t->v);
	*t = (struct migrate_targets){ 0 };
}

/* --- What wants to be asked --------------------------------------------------- */

static int
ask_devices(struct buf *out, const struct passage *p, bool there,
    struct err *err)
{
	const struct obs_dom *d = passage_devices(p);
	char arg[OBS_TEXT_MAX + 3];

	for (size_t i = 0; d != NULL && i < d->ndisks; i++) {
		if (!migrate_asks_disk(&d->disks[i]))
			continue;
		snprintf(arg, sizeof arg, "- %s", d->disks[i].target);
		if (probe_line(out, PROBE_DISK, arg, err) != 0)
			return -1;
	}
	for (size_t i = 0; there && d != NULL && i < d->nnics; i++)
		if (d->nics[i].bridge != NULL && probe_line(out, PROBE_BRIDGE,
		    d->nics[i].bridge, err) != 0)
			return -1;
	return 0;
}

int
migrate_questions(struct buf *out, const struct action *a, uint32_t to,
    uint32_t host, const struct model *m, struct err *err)
{
	struct passage p = passage_of(a, m, to);

	if (p.copy == NULL || p.to == NULL ||
	    (host != p.from->id && host != to))
		return 0;
	if (ask_devices(out, &p, host == to, err) != 0)
		return -1;
	if (!p.live)
		return 0;
	if (probe_line(out, PROBE_CPU, "-", err) != 0)
		return -1;
	return host == to ? 0 : probe_line(out, PROBE_SSH,
	    passage_address(&p), err);
}
