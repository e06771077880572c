/* Keys out of the configuration. The way out cannot be lost: Esc and ^C mean
 * what they mean, and ^] in a VM's console, whatever else is bound or unbound; and
 * where lines are typed,
 * what can be typed is typed. */
#include "tui/keymap_conf.h"

#include <stdio.h>
#include <string.h>

#include "core/conf.h"
#include "core/conf_errors.h"
#include "core/suggest.h"
#include "tui/input.h"

/* In a VM's console Esc is the guest's, and xenconsole's own key leads out. */
static bool
fixed(const struct binding *b, uint32_t key)
{
	return key == KEYC_ESC || key == KEYC_CTRL_OF('C') ||
	    (key == KEYC_CTRL_OF(']') && (b->contexts & CTX_VMCONSOLE) != 0);
}

static bool
typable(uint32_t key)
{
	return key >= 0x20 && key != 0x7f && key < KEYC_UP;
}

#define COMPLAIN(errs, k, ...) do { \
		if ((errs) != NULL) \
			conf_errors_add((errs), (k)->file, (k)->line, \
			    __VA_ARGS__); \
	} while (0)

static bool
add(uint32_t keys[BINDING_KEYS], uint32_t key)
{
	for (size_t i = 0; i < BINDING_KEYS; i++) {
		if (keys[i] == key)
			return true;
		if (keys[i] == 0) {
			keys[i] = key;
			return true;
		}
	}
	return false;
}

/* Whether the binding may have that key, else complains. */
static bool
may_have(const struct binding *b, uint32_t key, const char *name,
    const struct conf_key *k, struct conf_errors *errs)
{
	if (key == KEYC_NONE) {
		COMPLAIN(errs, k, "\"%s\": there is no key \"%s\"; keys are "
		    "called as help shows them: x, F3, ^P, PgUp, Space, Enter",
		    k->action, name);
		return false;
	}
	for (size_t i = 0; fixed(b, key) && i < BINDING_KEYS; i++)
		if (b->key[i] == key)
			return true;
	if (fixed(b, key)) {
		COMPLAIN(errs, k, "\"%s\" cannot have %s: that is always the "
		    "way out", k->action, name);
		return false;
	}
	if ((b->contexts & CTX_LINE) != 0 && typable(key)) {
		COMPLAIN(errs, k, "\"%s\" cannot have \"%s\": that is typed "
		    "there", k->action, name);
		return false;
	}
	return true;
}

static void
rebind(struct binding *b, const struct conf_key *k, struct conf_errors *errs)
{
	uint32_t keys[BINDING_KEYS] = { 0 };
	const char *p = k->keys;

	while (*(p += strspn(p, " ")) != '\0') {
		size_t n = strcspn(p, " ");
		char name[32];
		uint32_t key;

		snprintf(name, sizeof name, "%.*s", (int)n, p);
		p += n;
		key = input_key_parse(name);
		if (may_have(b, key, name, k, errs) && !add(keys, key))
			COMPLAIN(errs, k, "\"%s\" has more than %d keys",
			    k->action, (int)BINDING_KEYS);
	}
	for (size_t i = 0; i < BINDING_KEYS; i++)
		if (fixed(b, b->key[i]) && !add(keys, b->key[i]))
			keys[BINDING_KEYS - 1] = b->key[i];
	memcpy(b->key, keys, sizeof keys);
}

static void
no_action(const struct keymap *m, const struct conf_key *k,
    struct conf_errors *errs)
{
	struct suggest s;
	char hint[128];

	suggest_start(&s, k->action);
	for (size_t i = 0; i < m->n; i++)
		suggest_offer(&s, m->v[i].name);
	COMPLAIN(errs, k, "\"%s\" is no action that could have keys%s",
	    k->action, suggest_text(&s, hint, sizeof hint));
}

void
keymap_rebind(struct keymap *m, const struct conf *conf,
    struct conf_errors *errs)
{
	for (size_t i = 0; i < conf->nkeys; i++) {
		const struct conf_key *k = &conf->keys[i];
		const struct binding *b = keymap_named(m, k->action);

		if (b != NULL)
			rebind(&m->v[b - m->v], k, errs);
		else
			no_action(m, k, errs);
	}
}

/* --- Checks -------------------------------------------------------------------- */

static uint32_t
shared_key(const struct binding *a, const struct binding *b)
{
	if ((a->contexts & b->contexts) == 0)
		return 0;
	for (size_t i = 0; i < BINDING_KEYS && a->key[i] != 0; i++)
		for (size_t k = 0; k < BINDING_KEYS && b->key[k] != 0; k++)
			if (a->key[i] == b->key[k])
				return a->key[i];
	return 0;
}

static const struct conf_key *
entry_of(const struct conf *conf, const char *action)
{
	for (size_t i = 0; i < conf->nkeys; i++)
		if (strcmp(conf->keys[i].action, action) == 0)
			return &conf->keys[i];
	return NULL;
}

/* Only a new key can be one too many: the defaults have none twice. */
static void
check_pair(const struct conf *conf, const struct binding *a,
    const struct binding *b, struct conf_errors *errs)
{
	const struct conf_key *k = entry_of(conf, b->name);
	const struct binding *other = a;
	uint32_t key = shared_key(a, b);
	char name[16];

	if (key == 0)
		return;
	if (k == NULL) {
		k = entry_of(conf, a->name);
		other = b;
	}
	if (k == NULL)
		return;
	input_key_name(name, key);
	COMPLAIN(errs, k, "\"%s\" cannot have %s, which \"%s\" has at the "
	    "same place; give that another key, or none: %s = \"\"",
	    k->action, name, other->name, other->name);
}

void
keymap_check(const struct conf *conf, struct conf_errors *errs)
{
	struct keymap m;

	keymap_init(&m, NULL);
	keymap_rebind(&m, conf, errs);
	for (size_t i = 0; i < m.n; i++)
		for (size_t j = i + 1; j < m.n; j++)
			check_pair(conf, &m.v[i], &m.v[j], errs);
	keymap_free(&m);
}
