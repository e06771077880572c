/* One term of a query: what its value means for its field, and its form when
 * it is printed. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/mem.h"
#include "core/query_priv.h"
#include "core/suggest.h"

void
query_term_free(struct query_term *t)
{
	if (t->is_regex)
		regfree(&t->regex);
	textfind_free(&t->find);
	x_free(t->source);
	*t = (struct query_term){ 0 };
}

/* The value as the operator sees it in a sentence: short. */
#define SHORT(v) ((v)->n < 24 ? (int)(v)->n : 24), (v)->s

static const char *const op_signs[] = {
	[OP_HAS] = ":", [OP_IS] = "=", [OP_LT] = "<", [OP_LE] = "<=",
	[OP_GT] = ">", [OP_GE] = ">=",
};

/* A slash inside is told from the one at the end. */
static void
put_regex(struct buf *b, const struct query_token *v)
{
	buf_puts(b, "/");
	for (size_t i = 0; i < v->n; i++) {
		if (v->s[i] == '/')
			buf_puts(b, "\\");
		buf_add(b, v->s + i, 1);
		if (v->s[i] == '\\' && i + 1 < v->n)
			buf_add(b, v->s + ++i, 1);
	}
	buf_puts(b, "/");
}

static void
put_quoted(struct buf *b, const struct query_token *v)
{
	buf_puts(b, "\"");
	for (size_t i = 0; i < v->n; i++) {
		if (v->s[i] == '"' || v->s[i] == '\\')
			buf_puts(b, "\\");
		buf_add(b, v->s + i, 1);
	}
	buf_puts(b, "\"");
}

static void
set_source(struct query_term *t, enum query_op op, const struct query_token *v)
{
	struct buf b;

	buf_init(&b, 4096);
	if (t->key != NULL)
		buf_printf(&b, "%s%s", t->key->name, op_signs[op]);
	if (t->is_regex)
		put_regex(&b, v);
	else if (t->field >= FIELD_TYPE || t->find.how == TEXTFIND_GLOB)
		buf_add(&b, v->s, v->n);
	else
		put_quoted(&b, v);
	t->source = x_strdup(b.p);
	buf_free(&b);
}

/* --- Texts ---------------------------------------------------------------------- */

/* The name of a host or cluster of the configuration, by number. */
static const char *
name_at(const struct conf *conf, enum query_field f, size_t i)
{
	if (f == FIELD_CLUSTER)
		return i < conf->nclusters ? conf->clusters[i].name : NULL;
	return i < conf->nhosts ? conf->hosts[i].name : NULL;
}

/* Exactly that one when there is one, else all that begin so. */
static bool
resolve(struct query *q, const struct query_term *t,
    const struct query_token *v, const struct conf *conf,
    enum textfind_how *how)
{
	bool begins = false;
	const char *name;
	struct suggest guess;
	char word[QUERY_TEXT_MAX + 1];

	*how = TEXTFIND_WHOLE;
	if (conf == NULL)
		return true;
	snprintf(word, sizeof word, "%.*s", (int)v->n, v->s);
	suggest_start(&guess, word);
	for (size_t i = 0; (name = name_at(conf, t->field, i)) != NULL; i++) {
		if (strcasecmp(name, word) == 0)
			return true;
		begins = begins || strncasecmp(name, word, v->n) == 0;
		suggest_offer(&guess, name);
	}
	*how = TEXTFIND_START;
	if (!begins)
		query_complain(q, "no %s begins with '%.*s'%s%s%s",
		    t->field == FIELD_CLUSTER ? "cluster" : "host", SHORT(v),
		    guess.best != NULL ? ": did you mean " : "",
		    guess.best != NULL ? guess.best : "",
		    guess.best != NULL ? "?" : "");
	return begins;
}

static bool
all_in(const struct query_token *v, const char *set)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->s[i] == '\0' || strchr(set, v->s[i]) == NULL)
			return false;
	return true;
}

#define HEX "0123456789abcdefABCDEF"

static bool
set_text(struct query *q, struct query_term *t, enum query_op op,
    const struct query_token *v, const struct conf *conf)
{
	enum textfind_how how = op == OP_IS ? TEXTFIND_WHOLE :
	    t->field == FIELD_IP ? TEXTFIND_START : TEXTFIND_IN;

	if (!v->quoted && t->field != FIELD_MAC &&
	    textfind_is_glob(v->s, v->n))
		how = TEXTFIND_GLOB;
	else if (op == OP_HAS && (t->field == FIELD_HOST ||
	    t->field == FIELD_CLUSTER || t->field == FIELD_HOME) &&
	    !resolve(q, t, v, conf, &how))
		return false;
	textfind_init(&t->find, how, v->s, v->n);
	t->hex = all_in(v, HEX "-");
	t->mac = all_in(v, HEX ":") && memchr(v->s, ':', v->n) != NULL;
	return true;
}

static bool
set_regex(struct query *q, struct query_term *t, const struct query_token *v)
{
	char why[80];

	if (query_regex(&t->regex, v->s, v->n, why, sizeof why) != 0) {
		if (v->last)
			query_wait(q, "/%.*s/: %s", SHORT(v), why);
		else
			query_complain(q, "/%.*s/: %s", SHORT(v), why);
		return false;
	}
	t->is_regex = true;
	return true;
}

/* --- Words and numbers ------------------------------------------------------------ */

static bool
set_words(struct query *q, struct query_term *t, const struct query_token *v)
{
	const char *best;

	t->words = query_words(t->field, v->s, v->n, &best);
	if (t->words.states != 0 || t->words.is != 0 || t->words.types != 0)
		return true;
	if (best != NULL)
		query_complain(q, "there is no %s:%.*s: did you mean %s?",
		    t->key->name, SHORT(v), best);
	else
		query_complain(q, "there is no %s:%.*s; there is %s",
		    t->key->name, SHORT(v), t->key->example);
	return false;
}

static bool
set_number(struct query *q, struct query_term *t, enum query_op op,
    const struct query_token *v)
{
	struct query_value x;
	enum query_read rc = query_value(&x, t->key->unit, v->s, v->n);

	if (rc != READ_OK) {
		if (rc == READ_UNFINISHED && v->last)
			query_wait(q, "%s wants a value, such as %s",
			    t->key->name, t->key->example);
		else
			query_complain(q, "'%.*s' is no value of %s, such as "
			    "%s", SHORT(v), t->key->name, t->key->example);
		return false;
	}
	t->least = 0;
	t->most = INT64_MAX;
	switch (op) {
	case OP_HAS:
	case OP_IS:
		t->least = x.lo;
		t->most = x.hi;
		break;
	case OP_LT:
		t->most = x.ceil - 1;
		break;
	case OP_LE:
		t->most = x.floor;
		break;
	case OP_GT:
		t->least = x.floor + 1;
		break;
	case OP_GE:
		t->least = x.ceil;
		break;
	}
	return true;
}

static bool
set_value(struct query *q, struct query_term *t, enum query_op op,
    const struct query_token *v, const struct conf *conf)
{
	if (t->field == FIELD_NUMBER)
		return set_number(q, t, op, v);
	if (op != OP_HAS && op != OP_IS) {
		query_complain(q, "%s is no number: write %s", t->key->name,
		    t->key->example);
		return false;
	}
	if (t->field == FIELD_HOME && v->n == 4 &&
	    strncasecmp(v->s, "away", 4) == 0) {
		t->field = FIELD_IS;
		t->words.is = QUERY_AWAY;
		return true;
	}
	if (t->field == FIELD_TYPE || t->field == FIELD_STATE ||
	    t->field == FIELD_IS)
		return set_words(q, t, v);
	return v->regex ? set_regex(q, t, v) : set_text(q, t, op, v, conf);
}

bool
query_term_set(struct query *q, struct query_term *t, enum query_op op,
    const struct query_token *v, const struct conf *conf)
{
	if (v->n == 0) {
		if (t->key == NULL)
			query_wait(q, "the text to look for is missing");
		else if (v->last)
			query_wait(q, "%s wants a value, such as %s",
			    t->key->name, t->key->example);
		else
			query_complain(q, "%s wants a value, such as %s",
			    t->key->name, t->key->example);
		return false;
	}
	if (!set_value(q, t, op, v, conf))
		return false;
	set_source(t, op, v);
	return true;
}
