/* Asks a query of facts. Facts that a host has not make a third answer beside
 * yes and no, which ! leaves as it is: neither prio<=3 nor !prio<=3 should
 * bring up every host. VMs get a plain yes or no. */
#include "core/query.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/query_priv.h"

/* Ordered: and is the least, or the greatest of two, not turns them round. */
enum answer { NO, MAYBE, YES };

struct query *
query_new(const char *text, const struct conf *conf)
{
	struct query *q = x_calloc(1, sizeof *q);

	query_parse(q, text, conf);
	return q;
}

void
query_free(struct query *q)
{
	if (q == NULL)
		return;
	for (size_t i = 0; i < q->nterms; i++)
		query_term_free(&q->term[i]);
	x_free(q);
}

bool
query_empty(const struct query *q)
{
	return q->root == QUERY_NOTHING;
}

const char *
query_problem(const struct query *q)
{
	return q->problem[0] != '\0' ? q->problem : NULL;
}

const char *
query_unfinished(const struct query *q)
{
	return q->unfinished[0] != '\0' ? q->unfinished : NULL;
}

size_t
query_begun(const struct query *q)
{
	return q->begun;
}

bool
query_asks(const struct query *q, enum query_is what)
{
	for (size_t i = 0; i < q->nterms; i++)
		if ((q->term[i].words.is & (unsigned)what) != 0)
			return true;
	return false;
}

/* --- Texts ----------------------------------------------------------------------- */

enum { REGEX_TEXT_MAX = 256 }; /* only the start of longer texts is looked at */

static bool
regex_in(const regex_t *re, const char *text, regmatch_t *m)
{
	char head[REGEX_TEXT_MAX + 1];
	size_t n = strlen(text);

	if (n > REGEX_TEXT_MAX) {
		memcpy(head, text, REGEX_TEXT_MAX);
		head[REGEX_TEXT_MAX] = '\0';
		text = head;
	}
	return regexec(re, text, m != NULL ? 1 : 0, m, 0) == 0;
}

static bool
in(const struct query_term *t, const char *text)
{
	if (text == NULL)
		return false;
	return t->is_regex ? regex_in(&t->regex, text, NULL) :
	    textfind_in(&t->find, text, NULL, NULL);
}

static bool
in_uuid(const struct query_term *t, const struct query_facts *f)
{
	char text[UUID_STR];

	if (f->uuid == NULL || uuid_is_nil(f->uuid) ||
	    (!t->hex && !t->is_regex && t->find.how != TEXTFIND_GLOB))
		return false;
	uuid_format(text, f->uuid);
	return in(t, text);
}

static bool
in_ips(const struct query_term *t, const struct query_facts *f)
{
	for (size_t i = 0; i < f->nnics; i++)
		if (in(t, f->nics[i].ip))
			return true;
	return in(t, f->address);
}

static bool
in_macs(const struct query_term *t, const struct query_facts *f)
{
	for (size_t i = 0; i < f->nnics; i++)
		if (in(t, f->nics[i].mac))
			return true;
	return false;
}

/* Nearly every UUID has any two digits somewhere: only what is long enough to
 * be the beginning of one is looked for there. */
enum { UUID_DIGITS = 4 };

static bool
anywhere(const struct query_term *t, const struct query_facts *f)
{
	/* In a UUID a regular expression finds all sorts of things. */
	return in(t, f->name) || (!f->is_host && in(t, f->host)) ||
	    in(t, f->cluster) || in_ips(t, f) || in(t, f->desc) ||
	    (t->hex && t->find.n >= UUID_DIGITS && in_uuid(t, f)) || (t->mac && in_macs(t, f));
}

/* --- Answers ----------------------------------------------------------------------- */

static enum answer
yes(bool b)
{
	return b ? YES : NO;
}

/* Of what hosts can be; MAYBE for what only VMs are. */
static enum answer
ask_host_words(const struct query_words *w, const struct query_facts *f)
{
	unsigned is = QUERY_STALE | QUERY_TROUBLED | QUERY_ALARM;
	unsigned states = w->states >> QUERY_HOST_STATES;

	if (states == 0 && (w->is & is) == 0)
		return MAYBE;
	return yes((states >> f->host_health & 1) != 0 ||
	    (w->is & f->is) != 0);
}

static enum answer
ask_words(const struct query_words *w, const struct query_facts *f)
{
	if (f->is_host)
		return ask_host_words(w, f);
	return yes((w->states >> f->vm_state & 1) != 0 ||
	    (w->is & f->is) != 0);
}

static enum answer
ask(const struct query_term *t, const struct query_facts *f)
{
	int64_t n;

	if (f->is_host && t->key != NULL && !t->key->hosts)
		return MAYBE;
	switch (t->field) {
	case FIELD_NONE:
		return yes(anywhere(t, f));
	case FIELD_NAME:
		return yes(in(t, f->name));
	case FIELD_HOST:
		return yes(in(t, f->host));
	case FIELD_CLUSTER:
		return yes(in(t, f->cluster));
	case FIELD_HOME:
		return yes(in(t, f->home));
	case FIELD_IP:
		return yes(in_ips(t, f));
	case FIELD_MAC:
		return yes(in_macs(t, f));
	case FIELD_UUID:
		return yes(in_uuid(t, f));
	case FIELD_DESC:
		return yes(in(t, f->desc));
	case FIELD_TYPE:
		return yes((t->words.types >> f->type & 1) != 0);
	case FIELD_STATE:
	case FIELD_IS:
		return ask_words(&t->words, f);
	case FIELD_NUMBER:
		n = f->n[t->key->number];
		return yes(n >= 0 && t->least <= n && n <= t->most);
	}
	return NO;
}

/* Recursion is bounded by the number of nodes. */
static enum answer
ask_node(const struct query *q, uint8_t i, const struct query_facts *f)
{
	const struct query_node *node = &q->node[i];
	enum answer a, b;

	switch (node->kind) {
	case NODE_TERM:
		return ask(&q->term[node->a], f);
	case NODE_NOT:
		return YES - ask_node(q, node->a, f);
	case NODE_AND:
		a = ask_node(q, node->a, f);
		if (a == NO)
			return a;
		b = ask_node(q, node->b, f);
		return a < b ? a : b;
	case NODE_OR:
		a = ask_node(q, node->a, f);
		if (a == YES)
			return a;
		b = ask_node(q, node->b, f);
		return a > b ? a : b;
	}
	return NO;
}

bool
query_match(const struct query *q, const struct query_facts *f)
{
	return query_empty(q) || ask_node(q, q->root, f) == YES;
}

/* --- What was found ------------------------------------------------------------------ */

static bool
term_finds(const struct query_term *t, const char *name, size_t *at,
    size_t *len)
{
	regmatch_t m;

	if (t->field != FIELD_NONE && t->field != FIELD_NAME)
		return false;
	if (!t->is_regex)
		return textfind_in(&t->find, name, at, len);
	if (strlen(name) > REGEX_TEXT_MAX || !regex_in(&t->regex, name, &m) ||
	    m.rm_eo <= m.rm_so)
		return false;
	*at = (size_t)m.rm_so;
	*len = (size_t)(m.rm_eo - m.rm_so);
	return true;
}

/* The first find of what is not inverted. */
static bool
node_finds(const struct query *q, uint8_t i, bool inverted, const char *name,
    size_t *at, size_t *len)
{
	const struct query_node *node = &q->node[i];

	switch (node->kind) {
	case NODE_TERM:
		return !inverted &&
		    term_finds(&q->term[node->a], name, at, len);
	case NODE_NOT:
		return node_finds(q, node->a, !inverted, name, at, len);
	case NODE_AND:
	case NODE_OR:
		return node_finds(q, node->a, inverted, name, at, len) ||
		    node_finds(q, node->b, inverted, name, at, len);
	}
	return false;
}

bool
query_finds(const struct query *q, const char *name, size_t *at, size_t *len)
{
	return !query_empty(q) && name != NULL &&
	    node_finds(q, q->root, false, name, at, len);
}

/* --- Printing ------------------------------------------------------------------------- */

static int
put_node(const struct query *q, uint8_t i, enum query_node_kind outer,
    struct buf *out)
{
	const struct query_node *node = &q->node[i];
	bool group;

	if (node->kind == NODE_TERM)
		return buf_puts(out, q->term[node->a].source);
	if (node->kind == NODE_NOT)
		return buf_puts(out, "!") != 0 ? -1 :
		    put_node(q, node->a, NODE_NOT, out);
	group = node->kind == NODE_OR ? outer != NODE_OR : outer == NODE_NOT;
	if (group && buf_puts(out, "(") != 0)
		return -1;
	if (put_node(q, node->a, node->kind, out) != 0 ||
	    buf_puts(out, node->kind == NODE_OR ? " or " : " ") != 0 ||
	    put_node(q, node->b, node->kind, out) != 0)
		return -1;
	return group ? buf_puts(out, ")") : 0;
}

int
query_print(const struct query *q, struct buf *out)
{
	return query_empty(q) ? buf_puts(out, "") :
	    put_node(q, q->root, NODE_OR, out);
}
