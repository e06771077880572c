/* See defdiff.h. Two files are compared as xl would read them: each setting
 * once, the last one counting. */
#include "core/defdiff.h"

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/xlcfg.h"

enum { VALUE_MAX = 64 * 1024 };

/* --- Two files ------------------------------------------------------------ */

static bool
is_number(const char *s, long long *v)
{
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	*v = strtoll(s, &end, 0);
	return *end == '\0';
}

/* 512, "512" and 0x200 are the same to xl. */
static bool
same_value(const char *a, const char *b)
{
	long long x, y;

	return strcmp(a, b) == 0 ||
	    (is_number(a, &x) && is_number(b, &y) && x == y);
}

static bool
same_setting(const struct xlcfg_setting *a, const struct xlcfg_setting *b)
{
	if (a == NULL || b == NULL || a->list != b->list || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same_value(a->v[i], b->v[i]))
			return false;
	return true;
}

static const char *
text_of(struct arena *a, const struct xlcfg_setting *s)
{
	struct buf raw, b;
	const char *text;

	if (s == NULL)
		return NULL;
	buf_init(&raw, VALUE_MAX);
	buf_init(&b, 2 * VALUE_MAX);
	/* The key goes along for def_redact to know it, and comes off again. */
	buf_printf(&raw, "%s=%s", s->key, s->list ? "[ " : "\"");
	for (size_t i = 0; i < s->n; i++)
		if (buf_printf(&raw, s->list ? "%s'%s'" : "%s%s",
		    i > 0 ? ", " : "", s->v[i]) != 0)
			break;
	buf_puts(&raw, s->list ? s->n > 0 ? " ]" : "]" : "\"");
	if (def_redact(&b, raw.p, raw.len) != 0)
		buf_clear(&b);
	text = b.len > strlen(s->key) ? arena_strdup(a, b.p + strlen(s->key) +
	    1) : "";
	buf_free(&raw);
	buf_free(&b);
	return text;
}

static void
add(struct def_changes *c, const char *key, const char *a, const char *b)
{
	c->v[c->n++] = (struct def_change){ arena_strdup(&c->mem, key), a, b };
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct def_change *)a)->key,
	    ((const struct def_change *)b)->key);
}

void
def_diff(struct def_changes *c, const struct def *a, const struct def *b)
{
	struct arena mem = { NULL };
	struct xlcfg x, y;

	*c = (struct def_changes){ .n = 0 };
	if (a->len == b->len && memcmp(a->text, b->text, a->len) == 0)
		return;
	xlcfg_read(&x, &mem, a->text, a->len);
	xlcfg_read(&y, &mem, b->text, b->len);
	c->v = arena_array(&c->mem, x.n + y.n + 1, sizeof *c->v);
	for (size_t i = 0; i < x.n; i++) {
		const struct xlcfg_setting *s = xlcfg_find(&y, x.v[i].key);

		if (!same_setting(&x.v[i], s))
			add(c, x.v[i].key, text_of(&c->mem, &x.v[i]),
			    text_of(&c->mem, s));
	}
	for (size_t i = 0; i < y.n; i++)
		if (xlcfg_find(&x, y.v[i].key) == NULL)
			add(c, y.v[i].key, NULL, text_of(&c->mem, &y.v[i]));
	if (x.error != NULL || y.error != NULL)
		add(c, "(text)", arena_strdup(&c->mem, x.error),
		    arena_strdup(&c->mem, y.error));
	if (c->n > 1)
		qsort(c->v, c->n, sizeof *c->v, by_key);
	arena_free(&mem);
}

void
def_changes_free(struct def_changes *c)
{
	arena_free(&c->mem);
	*c = (struct def_changes){ .n = 0 };
}

/* --- A cluster ------------------------------------------------------------ */

const struct def *
def_of_vm(const struct model *m, const struct vm *vm, uint32_t host)
{
	if (host == MODEL_NONE && !vm->defined)
		return NULL;
	return defs_find(model_defs(m, host != MODEL_NONE ? host :
	    vm->def_host), &vm->uuid, vm->name);
}

static enum def_how
judge(const struct model *m, const struct def *best, const struct def_place *p)
{
	struct def_changes c;
	enum def_how how;

	if (p->def == NULL)
		return model_defs(m, p->host) != NULL ? DEF_ABSENT :
		    DEF_UNKNOWN;
	if (best == NULL || best == p->def)
		return DEF_SAME;
	def_diff(&c, best, p->def);
	how = c.n == 0 ? DEF_SAME : DEF_DIFFERS;
	def_changes_free(&c);
	return how;
}

size_t
def_spread(struct def_place *v, size_t max, const struct model *m,
    const struct vm *vm)
{
	const struct def *best = def_of_vm(m, vm, MODEL_NONE);
	size_t n = 0;

	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		struct def_place p = { .host = i };

		if (model_host(m, i)->cluster != vm->cluster)
			continue;
		p.def = def_of_vm(m, vm, i);
		p.how = judge(m, best, &p);
		if (n < max)
			v[n] = p;
		n++;
	}
	return n;
}

const char *
def_how_name(enum def_how h)
{
	static const char *const names[] = {
		[DEF_SAME] = "same",
		[DEF_DIFFERS] = "differs",
		[DEF_ABSENT] = "absent",
		[DEF_UNKNOWN] = "unknown",
	};

	return names[h];
}
