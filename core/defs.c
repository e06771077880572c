/* Definitions as data: which files are some, and how they are kept. What is in
 * them is read by defread.c. One block of memory per definition, shared by all
 * hosts that have the same text under the same path. */
#include "core/defs.h"

#include <stdlib.h>
#include <string.h>

#include "core/defread.h"
#include "core/mem.h"
#include "core/utf8.h"

/* A definition and, behind it, all that it points to. */
struct def_own {
	struct def pub;
	struct def_own *next;  /* in the pool's bucket */
	struct defpool *pool;  /* NULL: of none */
	uint64_t hash;
	size_t refs;
};

struct defpool {
	struct def_own **buckets;
	size_t nbuckets, n;
	bool dropped;
};

struct defs_own {
	struct defs pub;
	size_t refs;
	char *note;
};

/* --- One block ------------------------------------------------------------ */

/* Where the next thing goes; p NULL: only counts. */
struct place {
	char *p;
	size_t n;
};

static void *
put(struct place *k, const void *from, size_t n)
{
	char *to = k->p != NULL ? k->p + k->n : NULL;

	if (to != NULL && n > 0)
		memcpy(to, from, n);
	k->n += n;
	return to;
}

static const char *
put_str(struct place *k, const char *s)
{
	return s != NULL ? put(k, s, strlen(s) + 1) : NULL;
}

/* Arrays first, for their alignment. */
static struct def
put_def(struct place *k, const struct def *d)
{
	struct def c = *d;

	c.nics = put(k, d->nics, d->nnics * sizeof *d->nics);
	c.disks = put(k, d->disks, d->ndisks * sizeof *d->disks);
	for (size_t i = 0; i < d->nnics; i++) {
		struct obs_nic nic = d->nics[i];

		nic.mac = put_str(k, nic.mac);
		nic.bridge = put_str(k, nic.bridge);
		nic.ip = put_str(k, nic.ip);
		if (k->p != NULL)
			c.nics[i] = nic;
	}
	for (size_t i = 0; i < d->ndisks; i++) {
		struct obs_disk disk = d->disks[i];

		disk.vdev = put_str(k, disk.vdev);
		disk.target = put_str(k, disk.target);
		if (k->p != NULL)
			c.disks[i] = disk;
	}
	c.path = put_str(k, d->path);
	c.name = put_str(k, d->name);
	c.error = put_str(k, d->error);
	c.text = put(k, d->text, d->len);
	put(k, "", 1);
	return c;
}

static struct def_own *
pack(const struct def *d)
{
	struct place k = { NULL, 0 };
	struct def_own *o;

	put_def(&k, d);
	o = x_calloc(1, sizeof *o + k.n);
	k = (struct place){ (char *)(o + 1), 0 };
	o->pub = put_def(&k, d);
	o->pub.own = o;
	return o;
}

/* --- The pool ------------------------------------------------------------- */

struct defpool *
defpool_new(void)
{
	return x_calloc(1, sizeof(struct defpool));
}

static void
pool_free_unused(struct defpool *p)
{
	if (!p->dropped || p->n > 0)
		return;
	x_free(p->buckets);
	x_free(p);
}

void
defpool_drop(struct defpool *p)
{
	if (p == NULL)
		return;
	p->dropped = true;
	pool_free_unused(p);
}

static uint64_t
hash_more(uint64_t h, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) /* FNV-1a */
		h = (h ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
	return h;
}

static void
pool_grow(struct defpool *p)
{
	size_t n = p->nbuckets != 0 ? 4 * p->nbuckets : 64;
	struct def_own **v = x_calloc(n, sizeof *v);

	for (size_t i = 0; i < p->nbuckets; i++)
		for (struct def_own *o = p->buckets[i], *next; o != NULL;
		     o = next) {
			next = o->next;
			o->next = v[o->hash % n];
			v[o->hash % n] = o;
		}
	x_free(p->buckets);
	p->buckets = v;
	p->nbuckets = n;
}

static struct def_own *
pool_find(const struct defpool *p, uint64_t hash, const char *path,
    const struct def_file *f)
{
	struct def_own *o = p->nbuckets != 0 ?
	    p->buckets[hash % p->nbuckets] : NULL;

	for (; o != NULL; o = o->next)
		if (o->hash == hash && o->pub.len == f->len &&
		    strcmp(o->pub.path, path) == 0 &&
		    memcmp(o->pub.text, f->text, f->len) == 0)
			return o;
	return NULL;
}

static void
pool_add(struct defpool *p, struct def_own *o)
{
	if (p->n >= p->nbuckets)
		pool_grow(p);
	o->pool = p;
	o->next = p->buckets[o->hash % p->nbuckets];
	p->buckets[o->hash % p->nbuckets] = o;
	p->n++;
}

static void
pool_remove(struct defpool *p, struct def_own *o)
{
	struct def_own **at = &p->buckets[o->hash % p->nbuckets];

	while (*at != o)
		at = &(*at)->next;
	*at = o->next;
	p->n--;
	pool_free_unused(p);
}

static void
unref(const struct def *d)
{
	struct def_own *o = d->own;

	if (--o->refs > 0)
		return;
	if (o->pool != NULL)
		pool_remove(o->pool, o);
	x_free(o);
}

/* --- Reading -------------------------------------------------------------- */

/* Returns a reference, or NULL: no definition. */
static struct def_own *
take(struct defpool *pool, struct arena *a, const struct def_file *f)
{
	char path[OBS_TEXT_MAX + 1];
	uint64_t hash;
	struct def_own *o = NULL;
	struct def d;

	if (f->path == NULL || f->len > DEFS_FILE_MAX ||
	    (f->len > 0 && memchr(f->text, '\0', f->len) != NULL))
		return NULL;
	utf8_clean(path, sizeof path, f->path, strlen(f->path));
	hash = hash_more(hash_more(UINT64_C(14695981039346656037), path,
	    strlen(path)), f->text, f->len);
	if (pool != NULL)
		o = pool_find(pool, hash, path, f);
	if (o == NULL) {
		arena_reset(a);
		if (!def_read(&d, a, f->text, f->len))
			return NULL;
		d.path = path;
		o = pack(&d);
		o->hash = hash;
		if (pool != NULL)
			pool_add(pool, o);
	}
	o->refs++;
	return o;
}

struct taken {
	const struct def *def;
	int64_t mtime_s;
};

static int
by_name(const void *a, const void *b)
{
	const struct def *x = ((const struct taken *)a)->def;
	const struct def *y = ((const struct taken *)b)->def;
	int c = strcmp(x->name, y->name);

	return c != 0 ? c : strcmp(x->path, y->path);
}

static struct defs_own *
make(const struct taken *v, size_t n, const char *note)
{
	struct defs_own *o = x_calloc(1, sizeof *o);
	char clean[OBS_TEXT_MAX + 1];

	o->refs = 1;
	o->pub.own = o;
	o->pub.n = n;
	o->pub.v = x_calloc(n + 1, sizeof(struct def *));
	o->pub.mtime_s = x_calloc(n + 1, sizeof *o->pub.mtime_s);
	for (size_t i = 0; i < n; i++) {
		o->pub.v[i] = v[i].def;
		o->pub.mtime_s[i] = v[i].mtime_s;
	}
	if (note != NULL) {
		utf8_clean(clean, sizeof clean, note, strlen(note));
		o->pub.note = o->note = x_strdup(clean);
	}
	return o;
}

const struct defs *
defs_read(struct defpool *pool, const struct def_file *files, size_t n,
    const char *note)
{
	struct arena a = { NULL };
	struct taken *v = x_calloc(n + 1, sizeof *v);
	size_t got = 0, bytes = 0;
	const struct defs *d;

	for (size_t i = 0; i < n && got < DEFS_FILES_MAX; i++) {
		const struct def_own *o;

		if (files[i].len > DEFS_BYTES_MAX - bytes)
			continue;
		o = take(pool, &a, &files[i]);
		if (o == NULL)
			continue;
		bytes += files[i].len;
		v[got++] = (struct taken){ &o->pub, files[i].mtime_s };
	}
	if (got > 1)
		qsort(v, got, sizeof *v, by_name);
	d = &make(v, got, note)->pub;
	x_free(v);
	arena_free(&a);
	return d;
}

const struct defs *
defs_some(const struct defs *d, const bool *keep)
{
	struct taken *v = x_calloc(d->n + 1, sizeof *v);
	const struct defs *some;
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		if (keep[i]) {
			d->v[i]->own->refs++;
			v[n++] = (struct taken){ d->v[i], d->mtime_s[i] };
		}
	some = &make(v, n, d->note)->pub;
	x_free(v);
	return some;
}

const struct defs *
defs_ref(const struct defs *d)
{
	if (d != NULL)
		d->own->refs++;
	return d;
}

void
defs_unref(const struct defs *d)
{
	struct defs_own *o = d != NULL ? d->own : NULL;

	if (o == NULL || --o->refs > 0)
		return;
	for (size_t i = 0; i < o->pub.n; i++)
		unref(o->pub.v[i]);
	x_free(o->pub.v);
	x_free(o->pub.mtime_s);
	x_free(o->note);
	x_free(o);
}

/* --- Looking -------------------------------------------------------------- */

static bool
def_same(const struct def *a, const struct def *b)
{
	return a == b || (a->len == b->len && strcmp(a->path, b->path) == 0 &&
	    memcmp(a->text, b->text, a->len) == 0);
}

bool
defs_equal(const struct defs *a, const struct defs *b)
{
	const char *x = a->note != NULL ? a->note : "";
	const char *y = b->note != NULL ? b->note : "";

	if (a == b)
		return true;
	if (a->n != b->n || strcmp(x, y) != 0)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!def_same(a->v[i], b->v[i]))
			return false;
	return true;
}

const struct def *
defs_find(const struct defs *d, const struct uuid *uuid, const char *name)
{
	size_t low = 0, high;

	if (d == NULL)
		return NULL;
	for (size_t i = 0; !uuid_is_nil(uuid) && i < d->n; i++)
		if (uuid_cmp(&d->v[i]->uuid, uuid) == 0)
			return d->v[i];
	for (high = d->n; name != NULL && low < high;) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(d->v[mid]->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return name != NULL && low < d->n &&
	    strcmp(d->v[low]->name, name) == 0 ? d->v[low] : NULL;
}

const struct def *
defs_at_path(const struct defs *d, const char *path)
{
	for (size_t i = 0; d != NULL && i < d->n; i++)
		if (strcmp(d->v[i]->path, path) == 0)
			return d->v[i];
	return NULL;
}
