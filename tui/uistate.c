/* What the console keeps from one run to the next, as text and back. One table
 * says what there is. The file may come from another version, another
 * configuration or a bad disk: each line stands for itself, and what is not
 * understood costs that line only. */
#include "tui/uistate.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "tui/table.h"

enum { VALUE_MAX = 4096 };

enum taken { TAKEN, TAKEN_NOT, TAKEN_ELSEWHERE };

struct entry {
	const char *key;
	void (*put)(const char *key, const struct ui *ui,
	    const struct model *m, struct buf *out);
	enum taken (*take)(struct ui *ui, const struct model *m,
	    const char *value);
};

/* --- Columns and order --------------------------------------------------------- */

static void
put_columns(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	(void)m;
	if (colset_equal(&ui->columns, &ui->columns_default))
		return;
	buf_printf(out, "%s = ", key);
	colset_put(&ui->columns, out);
	buf_puts(out, "\n");
}

static enum taken
take_columns(struct ui *ui, const struct model *m, const char *value)
{
	char why[256];

	(void)m;
	return colset_parse(&ui->columns, value, why, sizeof why) == 0 ?
	    TAKEN : TAKEN_NOT;
}

static void
put_sort(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	(void)m;
	if (ui->sort != 0)
		buf_printf(out, "%s = %s\n", key, table_columns[ui->sort].id);
}

static enum taken
take_sort(struct ui *ui, const struct model *m, const char *value)
{
	size_t column = table_find(value);

	(void)m;
	if (column == table_ncolumns || table_columns[column].key == NULL)
		return TAKEN_NOT;
	ui->sort = column;
	return TAKEN;
}

/* --- Yes or no -------------------------------------------------------------------- */

static enum taken
take_yes(bool *to, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return TAKEN_NOT;
	*to = value[0] == 'y';
	return TAKEN;
}

static void
put_invert(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	(void)m;
	if (ui->invert)
		buf_printf(out, "%s = yes\n", key);
}

static enum taken
take_invert(struct ui *ui, const struct model *m, const char *value)
{
	(void)m;
	return take_yes(&ui->invert, value);
}

static void
put_flat(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	(void)m;
	if (ui->flat)
		buf_printf(out, "%s = yes\n", key);
}

static enum taken
take_flat(struct ui *ui, const struct model *m, const char *value)
{
	(void)m;
	return take_yes(&ui->flat, value);
}

static void
put_pane(const char *key, enum pane_wish wish, struct buf *out)
{
	if (wish != PANE_AUTO)
		buf_printf(out, "%s = %s\n", key, wish == PANE_ON ? "yes" :
		    "no");
}

static enum taken
take_pane(enum pane_wish *wish, const char *value)
{
	bool on;

	if (take_yes(&on, value) != TAKEN)
		return TAKEN_NOT;
	*wish = on ? PANE_ON : PANE_OFF;
	return TAKEN;
}

static void
put_details(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	(void)m;
	put_pane(key, ui->details_pane, out);
}

static enum taken
take_details(struct ui *ui, const struct model *m, const char *value)
{
	(void)m;
	return take_pane(&ui->details_pane, value);
}

static void
put_events(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	(void)m;
	put_pane(key, ui->events_pane, out);
}

static enum taken
take_events(struct ui *ui, const struct model *m, const char *value)
{
	(void)m;
	return take_pane(&ui->events_pane, value);
}

/* --- Folds ------------------------------------------------------------------------- */

static size_t
find_cluster(const struct model *m, const char *name)
{
	const struct conf *c = model_conf(m);
	size_t i = 0;

	while (i < c->nclusters && strcmp(c->clusters[i].name, name) != 0)
		i++;
	return i;
}

static void
put_clusters(const char *key, const bool *v, bool is, const struct model *m,
    struct buf *out)
{
	const struct conf *c = model_conf(m);

	for (size_t i = 0; i < c->nclusters; i++)
		if (v[i] == is)
			buf_printf(out, "%s = %s\n", key, c->clusters[i].name);
}

static enum taken
take_cluster(bool *v, bool is, const struct model *m, const char *value)
{
	size_t i = find_cluster(m, value);

	if (i == model_conf(m)->nclusters)
		return TAKEN_ELSEWHERE;
	v[i] = is;
	return TAKEN;
}

static void
put_hosts(const char *key, const bool *v, bool is, const struct model *m,
    struct buf *out)
{
	for (uint32_t i = 0; i < model_nhosts(m); i++)
		if (v[i] == is)
			buf_printf(out, "%s = %s\n", key,
			    model_host(m, i)->name);
}

static enum taken
take_host(bool *v, bool is, const struct model *m, const char *value)
{
	uint32_t i = conf_find_host(model_conf(m), value);

	if (i == CONF_NO_HOST)
		return TAKEN_ELSEWHERE;
	v[i] = is;
	return TAKEN;
}

static void
put_folded_clusters(const char *key, const struct ui *ui,
    const struct model *m, struct buf *out)
{
	put_clusters(key, ui->cluster_folded, true, m, out);
}

static enum taken
take_folded_cluster(struct ui *ui, const struct model *m, const char *value)
{
	return take_cluster(ui->cluster_folded, true, m, value);
}

static void
put_folded_hosts(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	put_hosts(key, ui->host_folded, true, m, out);
}

static enum taken
take_folded_host(struct ui *ui, const struct model *m, const char *value)
{
	return take_host(ui->host_folded, true, m, value);
}

static void
put_dormant_hosts(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	put_hosts(key, ui->dormant_folded, false, m, out);
}

static enum taken
take_dormant_host(struct ui *ui, const struct model *m, const char *value)
{
	return take_host(ui->dormant_folded, false, m, value);
}

static void
put_dormant_clusters(const char *key, const struct ui *ui,
    const struct model *m, struct buf *out)
{
	put_clusters(key, ui->dormant_folded + model_nhosts(m), false, m, out);
}

static enum taken
take_dormant_cluster(struct ui *ui, const struct model *m, const char *value)
{
	return take_cluster(ui->dormant_folded + model_nhosts(m), false, m,
	    value);
}

static bool *
dormant_list(const struct ui *ui, const struct model *m)
{
	return &ui->dormant_folded[model_nhosts(m) + model_conf(m)->nclusters];
}

static void
put_dormant_list(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	if (!*dormant_list(ui, m))
		buf_printf(out, "%s = yes\n", key);
}

static enum taken
take_dormant_list(struct ui *ui, const struct model *m, const char *value)
{
	bool shown;

	if (take_yes(&shown, value) != TAKEN)
		return TAKEN_NOT;
	*dormant_list(ui, m) = !shown;
	return TAKEN;
}

/* --- Filters -------------------------------------------------------------------------- */

static void
put_filters(const char *key, const struct ui *ui, const struct model *m,
    struct buf *out)
{
	(void)m;
	for (size_t i = 0; i < ui->saved.n; i++)
		if (ui->saved.v[i].own)
			buf_printf(out, "%s = %s: %s\n", key,
			    ui->saved.v[i].name, ui->saved.v[i].query);
}

/* "name: query". One that is about another configuration's hosts, or whose
 * name is taken here, is that one's. */
static enum taken
take_filter(struct ui *ui, const struct model *m, const char *value)
{
	const char *colon = strstr(value, ": ");
	char name[SAVED_NAME_MAX + 1];
	struct query *q;
	bool fine;

	if (colon == NULL || colon == value ||
	    (size_t)(colon - value) >= sizeof name)
		return TAKEN_NOT;
	snprintf(name, sizeof name, "%.*s", (int)(colon - value), value);
	q = query_new(colon + 2, model_conf(m));
	fine = query_problem(q) == NULL && !query_empty(q);
	query_free(q);
	return fine && saved_add(&ui->saved, name, colon + 2) ? TAKEN :
	    TAKEN_ELSEWHERE;
}

/* --- All of it ----------------------------------------------------------------------- */

static const struct entry entries[] = {
	{ "columns", put_columns, take_columns },
	{ "sort", put_sort, take_sort },
	{ "invert", put_invert, take_invert },
	{ "list", put_flat, take_flat },
	{ "details-pane", put_details, take_details },
	{ "events-pane", put_events, take_events },
	{ "folded-cluster", put_folded_clusters, take_folded_cluster },
	{ "folded-host", put_folded_hosts, take_folded_host },
	{ "dormant-shown-cluster", put_dormant_clusters,
	    take_dormant_cluster },
	{ "dormant-shown-host", put_dormant_hosts, take_dormant_host },
	{ "dormant-shown-list", put_dormant_list, take_dormant_list },
	{ "filter", put_filters, take_filter },
};

void
uistate_put(const struct ui *ui, const struct model *m,
    const struct buf *others, struct buf *out)
{
	buf_puts(out, "# What the console of xendeck keeps; it writes this file "
	    "anew.\n");
	for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
		entries[i].put(entries[i].key, ui, m, out);
	if (others != NULL)
		buf_add(out, others->p != NULL ? others->p : "", others->len);
}

static enum taken
take_line(struct ui *ui, const struct model *m, const char *line)
{
	const char *equals = strstr(line, " = ");
	size_t n = equals != NULL ? (size_t)(equals - line) : 0;

	for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
		if (n > 0 && strlen(entries[i].key) == n &&
		    memcmp(entries[i].key, line, n) == 0)
			return entries[i].take(ui, m, equals + 3);
	return TAKEN_NOT;
}

/* A line in text that is clean and not too long, else NULL. */
static const char *
clean_line(char line[VALUE_MAX], const char *p, size_t n)
{
	return n < VALUE_MAX && utf8_clean(line, VALUE_MAX, p, n) == n &&
	    memcmp(line, p, n) == 0 ? line : NULL;
}

size_t
uistate_take(struct ui *ui, const struct model *m, const char *text, size_t n,
    struct buf *others, char *note, size_t size)
{
	char line[VALUE_MAX];
	size_t at = 0, ignored = 0, number = 1;

	for (; at < n; number++) {
		const char *end = memchr(text + at, '\n', n - at);
		size_t len = end != NULL ? (size_t)(end - text) - at : n - at;
		const char *s = clean_line(line, text + at, len);
		enum taken taken;

		at += len + 1;
		if (s != NULL && (*s == '\0' || *s == '#'))
			continue;
		taken = s != NULL ? take_line(ui, m, s) : TAKEN_NOT;
		if (taken == TAKEN_ELSEWHERE && others != NULL)
			buf_printf(others, "%s\n", s);
		if (taken == TAKEN_NOT && ignored++ == 0)
			snprintf(note, size, "line %zu is not understood",
			    number);
	}
	return ignored;
}
