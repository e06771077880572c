/* Words to VMs. A name is looked for in all clusters, and in all of each: xl
 * lets two VMs of one host have one name, and two clusters know nothing of each
 * other. Whoever acts on the first that is found acts on the wrong one. */
#include "tui/target.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/mem.h"
#include "core/query.h"
#include "core/suggest.h"
#include "core/uuid.h"

void
targets_free(struct targets *t)
{
	x_free(t->v);
	*t = (struct targets){ 0 };
}

static void
put(struct targets *t, uint32_t id)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i] == id)
			return;
	t->v = x_grow(t->v, t->n, &t->cap, sizeof *t->v);
	t->v[t->n++] = id;
}

/* --- One VM ---------------------------------------------------------------- */

/* "prod/web1" and where prod is a cluster: its index, and *name behind it. */
static uint32_t
split_cluster(const struct model *m, const char *word, const char **name)
{
	const struct conf *c = model_conf(m);

	*name = word;
	for (uint32_t i = 0; i < c->nclusters; i++) {
		size_t n = strlen(c->clusters[i].name);

		if (strncmp(word, c->clusters[i].name, n) == 0 &&
		    word[n] == '/' && word[n + 1] != '\0') {
			*name = word + n + 1;
			return i;
		}
	}
	return MODEL_NONE;
}

static bool
is_called(const struct vm *vm, const char *word)
{
	char uuid[UUID_STR];

	uuid_format(uuid, &vm->uuid);
	return strcmp(vm->name, word) == 0 ||
	    (!uuid_is_nil(&vm->uuid) && strcasecmp(uuid, word) == 0);
}

static void
find_called(struct targets *t, const struct model *m, const char *word)
{
	const char *name;
	uint32_t cluster = split_cluster(m, word, &name);

	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		/* A VM may have a '/' in its name. */
		if (is_called(vm, word) ||
		    (vm->cluster == cluster && is_called(vm, name)))
			put(t, vm->id);
	}
}

static bool
is_alone_there(const struct targets *t, const struct model *m,
    const struct vm *vm)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct vm *other = model_vm(m, t->v[i]);

		if (other != vm && other->cluster == vm->cluster)
			return false;
	}
	return true;
}

static void
list(char *out, size_t size, const struct targets *t, const struct model *m)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < t->n && len < size; i++) {
		const struct vm *vm = model_vm(m, t->v[i]);
		const char *cluster = model_conf(m)->clusters[vm->cluster].name;
		const char *comma = i > 0 ? ", " : "";
		char uuid[UUID_STR];
		int n;

		uuid_format(uuid, &vm->uuid);
		n = snprintf(out + len, size - len, "%s%.80s/%.80s", comma,
		    cluster, is_alone_there(t, m, vm) ? vm->name : uuid);
		if (n < 0)
			return;
		len += (size_t)n;
	}
}

size_t
target_count(const struct model *m, const char *word, char *out, size_t size)
{
	struct targets t = { 0 };
	size_t n;

	find_called(&t, m, word);
	n = t.n;
	if (n > 1)
		list(out, size, &t, m);
	targets_free(&t);
	return n;
}

/* --- Several ---------------------------------------------------------------- */

static bool
is_pattern(const char *word)
{
	return strpbrk(word, "*?[") != NULL;
}

/* Text alone would match any part of any name: that is for looking only. */
static bool
is_filter(const char *word)
{
	return strpbrk(word, ":=<>~!|(") != NULL;
}

static void
find_pattern(struct targets *t, const struct model *m, const char *word)
{
	const char *name;
	uint32_t cluster = split_cluster(m, word, &name);

	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		if (cluster == MODEL_NONE ? fnmatch(word, vm->name, 0) == 0 :
		    vm->cluster == cluster && fnmatch(name, vm->name, 0) == 0)
			put(t, vm->id);
	}
}

static int
find_filter(struct targets *t, const struct model *m, const char *word,
    struct err *err)
{
	struct query *q = query_new(word, model_conf(m));
	const char *problem = query_problem(q);

	if (problem == NULL)
		problem = query_unfinished(q);
	if (problem != NULL) {
		err_set(err, ERR_USAGE, "the filter \"%.100s\": %.300s", word,
		    problem);
		query_free(q);
		return -1;
	}
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);
		struct query_facts f;

		query_facts_vm(&f, m, vm, vm->host, vm_main(vm));
		if (query_match(q, &f))
			put(t, vm->id);
	}
	query_free(q);
	return 0;
}

static int
none(const struct model *m, const char *word, struct err *err)
{
	struct suggest s;
	char hint[128];

	if (word[0] != '\0' && word[strspn(word, "0123456789")] == '\0')
		return err_set(err, ERR_FAILED, "no VM is called '%.60s'; a "
		    "domain's number is not taken, it may be another's by now",
		    word);
	if (conf_find_host(model_conf(m), word) != CONF_NO_HOST)
		return err_set(err, ERR_FAILED, "%.100s is a host, and a VM is "
		    "wanted", word);
	suggest_start(&s, word);
	for (size_t i = 0; i < model_nvms(m); i++)
		suggest_offer(&s, model_vm_at(m, i)->name);
	return err_set(err, ERR_FAILED, "no VM is called '%.100s'%s", word,
	    suggest_text(&s, hint, sizeof hint));
}

int
targets_add(struct targets *t, const struct model *m, const char *word,
    bool *many, struct err *err)
{
	struct targets found = { 0 };
	char names[300];
	int rc = 0;

	*many = false;
	find_called(&found, m, word);
	if (found.n > 1) {
		list(names, sizeof names, &found, m);
		rc = err_set(err, ERR_USAGE, "'%.100s' is ambiguous: %s", word,
		    names);
	} else if (found.n == 0) {
		*many = is_pattern(word) || is_filter(word);
		if (is_filter(word))
			rc = find_filter(&found, m, word, err);
		else if (is_pattern(word))
			find_pattern(&found, m, word);
		if (rc == 0 && found.n == 0)
			rc = *many ? err_set(err, ERR_FAILED, "no VM matches "
			    "'%.100s'", word) : none(m, word, err);
	}
	for (size_t i = 0; rc == 0 && i < found.n; i++)
		put(t, found.v[i]);
	targets_free(&found);
	return rc;
}
