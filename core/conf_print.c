/* Prints a configuration back in the form it is read in. That what is printed
 * reads back to the same is how the reader and this file check each other. */
#include "core/conf_print.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/conf_schema.h"
#include "core/units.h"

static void
put_indent(struct buf *out, int depth)
{
	while (depth-- > 0)
		buf_puts(out, "\t");
}

static void
put_quoted(struct buf *out, const char *s, size_t n)
{
	buf_puts(out, "\"");
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\')
			buf_puts(out, "\\");
		buf_add(out, &s[i], 1);
	}
	buf_puts(out, "\"");
}

static void
put_string(struct buf *out, const char *s)
{
	put_quoted(out, s, strlen(s));
}

/* "a b" as [ "a", "b" ]. */
static void
put_words(struct buf *out, const char *s)
{
	const char *between = " ";

	buf_puts(out, "[");
	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");

		buf_puts(out, between);
		put_quoted(out, s, n);
		between = ", ";
		s += n;
	}
	buf_puts(out, " ]");
}

static bool
is_default(const struct conf_setting *s, const void *at)
{
	const char *text;

	if (!conf_is_text(s))
		return conf_get(s, at) == s->def;
	text = conf_get_text(s, at);
	return text == s->text ||
	    (text != NULL && s->text != NULL && strcmp(text, s->text) == 0);
}

static void
put_value(struct buf *out, const struct conf_setting *s, const void *at)
{
	switch (s->type) {
	case CONF_BOOL:
		buf_puts(out, conf_get(s, at) != 0 ? "true" : "false");
		break;
	case CONF_INT:
		buf_printf(out, "%" PRId64, conf_get(s, at));
		break;
	case CONF_MS:
		buf_puts(out, "\"");
		units_put_ms(out, conf_get(s, at));
		buf_puts(out, "\"");
		break;
	case CONF_KB:
		buf_puts(out, "\"");
		units_put_kb(out, conf_get(s, at));
		buf_puts(out, "\"");
		break;
	case CONF_WORD:
		put_string(out, conf_word_of(s->words, conf_get(s, at)));
		break;
	case CONF_LIST:
		put_words(out, conf_get_text(s, at));
		break;
	case CONF_TEXT:
	case CONF_NAME:
	case CONF_PATH:
		put_string(out, conf_get_text(s, at));
		break;
	}
}

/* One setting to a line (depth >= 0), or all on the present one. */
static void
put_settings(struct buf *out, enum conf_section_id id, const void *at,
    int depth, bool in_full)
{
	const struct conf_setting *s = conf_sections[id].settings;
	const char *between = "";

	for (; s->name != NULL; s++) {
		if (!s->required && is_default(s, at) && (!in_full ||
		    (conf_is_text(s) && conf_get_text(s, at) == NULL)))
			continue;
		if (conf_is_text(s) && conf_get_text(s, at) == NULL)
			continue;
		put_indent(out, depth);
		buf_printf(out, "%s%s = ", between, s->name);
		put_value(out, s, at);
		buf_puts(out, depth >= 0 ? ";\n" : ";");
		between = depth >= 0 ? "" : " ";
	}
}

/* A list of groups, each on a line of its own. */
static void
put_list(struct buf *out, enum conf_section_id id, const void *v, size_t n,
    size_t size, int depth)
{
	const char *at = v;

	if (n == 0)
		return;
	put_indent(out, depth);
	buf_printf(out, "%s = (\n", conf_sections[id].key);
	for (size_t i = 0; i < n; i++) {
		put_indent(out, depth + 1);
		buf_puts(out, "{ ");
		put_settings(out, id, at + i * size, -1, false);
		buf_puts(out, i + 1 < n ? " },\n" : " }\n");
	}
	put_indent(out, depth);
	buf_puts(out, ");\n");
}

/* Names of the operator's choice. */
static void
put_keys(struct buf *out, const struct conf *c)
{
	if (c->nkeys == 0)
		return;
	buf_printf(out, "%s = {\n", conf_sections[CONF_KEYS].key);
	for (size_t i = 0; i < c->nkeys; i++) {
		buf_printf(out, "\t%s = ", c->keys[i].action);
		put_string(out, c->keys[i].keys);
		buf_puts(out, ";\n");
	}
	buf_puts(out, "};\n");
}

static void
put_clusters(struct buf *out, const struct conf *c)
{
	size_t first = 0;

	if (c->nclusters == 0)
		return;
	buf_puts(out, "clusters = (\n");
	for (size_t i = 0; i < c->nclusters; i++) {
		size_t end = first;

		while (end < c->nhosts && c->hosts[end].cluster == i)
			end++;
		buf_puts(out, "\t{\n");
		put_settings(out, CONF_CLUSTER, &c->clusters[i], 2, false);
		put_list(out, CONF_HOST, c->hosts != NULL ?
		    &c->hosts[first] : NULL, end - first, sizeof *c->hosts, 2);
		buf_puts(out, i + 1 < c->nclusters ? "\t},\n" : "\t}\n");
		first = end;
	}
	buf_puts(out, ");\n");
}

static void
put_alarms(struct buf *out, const struct conf *c)
{
	struct conf fresh;

	conf_init(&fresh);
	if (conf_section_equal(CONF_ALARMS, c, &fresh))
		return;
	buf_puts(out, "alarms = {\n");
	put_settings(out, CONF_ALARMS, c, 1, false);
	buf_puts(out, "};\n");
}

static void
put_themes(struct buf *out, const struct conf *c)
{
	if (c->nthemes == 0)
		return;
	buf_puts(out, "themes = (\n");
	for (size_t i = 0; i < c->nthemes; i++) {
		const struct conf_theme *t = &c->themes[i];

		buf_puts(out, "\t{\n");
		put_settings(out, CONF_THEME, t, 2, false);
		put_list(out, CONF_STYLE, t->styles, t->nstyles,
		    sizeof *t->styles, 2);
		buf_puts(out, i + 1 < c->nthemes ? "\t},\n" : "\t}\n");
	}
	buf_puts(out, ");\n");
}

static void
put_sim(struct buf *out, const struct conf *c)
{
	const struct conf_sim *sim = &c->sim;
	struct conf fresh;

	conf_init(&fresh);
	if (sim->nhosts == 0 && sim->nvms == 0 && sim->nfaults == 0 &&
	    conf_section_equal(CONF_SIM, c, &fresh))
		return;
	buf_puts(out, "simulator = {\n");
	put_settings(out, CONF_SIM, c, 1, true);
	put_list(out, CONF_SIM_HOST, sim->hosts, sim->nhosts,
	    sizeof *sim->hosts, 1);
	put_list(out, CONF_SIM_VM, sim->vms, sim->nvms, sizeof *sim->vms, 1);
	put_list(out, CONF_SIM_FAULT, sim->faults, sim->nfaults,
	    sizeof *sim->faults, 1);
	buf_puts(out, "};\n");
}

int
conf_print(const struct conf *c, struct buf *out)
{
	struct buf whole; /* half a configuration would be a wrong one */
	int rc;

	buf_init(&whole, SIZE_MAX / 4);
	put_settings(&whole, CONF_TOP, c, 0, true);
	put_clusters(&whole, c);
	put_list(&whole, CONF_VM, c->vms, c->nvms, sizeof *c->vms, 0);
	put_list(&whole, CONF_FILTER, c->filters, c->nfilters,
	    sizeof *c->filters, 0);
	put_list(&whole, CONF_COMMAND, c->commands, c->ncommands,
	    sizeof *c->commands, 0);
	put_alarms(&whole, c);
	put_keys(&whole, c);
	put_themes(&whole, c);
	put_sim(&whole, c);
	rc = buf_add(out, whole.p, whole.len);
	buf_free(&whole);
	return rc;
}

static bool
lists_equal(enum conf_section_id id, const void *a, size_t na, const void *b,
    size_t nb, size_t size)
{
	const char *x = a, *y = b;

	if (na != nb)
		return false;
	for (size_t i = 0; i < na; i++)
		if (!conf_section_equal(id, x + i * size, y + i * size))
			return false;
	return true;
}

static bool
themes_equal(const struct conf *a, const struct conf *b)
{
	if (!lists_equal(CONF_THEME, a->themes, a->nthemes, b->themes,
	    b->nthemes, sizeof *a->themes))
		return false;
	for (size_t i = 0; i < a->nthemes; i++)
		if (!lists_equal(CONF_STYLE, a->themes[i].styles,
		    a->themes[i].nstyles, b->themes[i].styles,
		    b->themes[i].nstyles, sizeof *a->themes[i].styles))
			return false;
	return true;
}

bool
conf_equal(const struct conf *a, const struct conf *b)
{
	for (size_t i = 0; i < a->nhosts && i < b->nhosts; i++)
		if (a->hosts[i].cluster != b->hosts[i].cluster)
			return false;
	return conf_section_equal(CONF_TOP, a, b) &&
	    conf_section_equal(CONF_SIM, a, b) &&
	    conf_section_equal(CONF_ALARMS, a, b) &&
	    lists_equal(CONF_CLUSTER, a->clusters, a->nclusters, b->clusters,
	    b->nclusters, sizeof *a->clusters) &&
	    lists_equal(CONF_HOST, a->hosts, a->nhosts, b->hosts, b->nhosts,
	    sizeof *a->hosts) &&
	    lists_equal(CONF_VM, a->vms, a->nvms, b->vms, b->nvms,
	    sizeof *a->vms) &&
	    lists_equal(CONF_FILTER, a->filters, a->nfilters, b->filters,
	    b->nfilters, sizeof *a->filters) &&
	    lists_equal(CONF_COMMAND, a->commands, a->ncommands, b->commands,
	    b->ncommands, sizeof *a->commands) &&
	    lists_equal(CONF_KEYS, a->keys, a->nkeys, b->keys, b->nkeys,
	    sizeof *a->keys) &&
	    themes_equal(a, b) &&
	    lists_equal(CONF_SIM_HOST, a->sim.hosts, a->sim.nhosts,
	    b->sim.hosts, b->sim.nhosts, sizeof *a->sim.hosts) &&
	    lists_equal(CONF_SIM_VM, a->sim.vms, a->sim.nvms, b->sim.vms,
	    b->sim.nvms, sizeof *a->sim.vms) &&
	    lists_equal(CONF_SIM_FAULT, a->sim.faults, a->sim.nfaults,
	    b->sim.faults, b->sim.nfaults, sizeof *a->sim.faults);
}
