/* Reads a query. Whatever is typed gives one: a term that is not understood is
 * left out of it as if it were not there, with the first sentence about it
 * kept. Open ends are no mistakes but wait for more to come. Recursion is as
 * deep as parentheses may be. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/mem.h"
#include "core/query_priv.h"

struct parser {
	struct query *q;
	const struct conf *conf;
	const char *text, *p, *end;
	int depth;
};

void
query_complain(struct query *q, const char *fmt, ...)
{
	va_list ap;

	if (q->problem[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(q->problem, sizeof q->problem, fmt, ap);
	va_end(ap);
}

void
query_wait(struct query *q, const char *fmt, ...)
{
	va_list ap;

	if (q->unfinished[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(q->unfinished, sizeof q->unfinished, fmt, ap);
	va_end(ap);
}

/* --- Nodes ----------------------------------------------------------------------- */

static uint8_t
add_node(struct query *q, enum query_node_kind kind, uint8_t a, uint8_t b)
{
	if (q->nnodes == QUERY_NODES) {
		query_complain(q, "this is too long: the end is left out");
		return QUERY_NOTHING;
	}
	q->node[q->nnodes] = (struct query_node){ kind, a, b };
	return (uint8_t)q->nnodes++;
}

static uint8_t
join(struct query *q, enum query_node_kind kind, uint8_t a, uint8_t b)
{
	uint8_t both;

	if (a == QUERY_NOTHING || b == QUERY_NOTHING)
		return a == QUERY_NOTHING ? b : a;
	both = add_node(q, kind, a, b);
	return both == QUERY_NOTHING ? a : both;
}

static uint8_t
invert(struct query *q, uint8_t a)
{
	if (a == QUERY_NOTHING)
		return a;
	if (q->node[a].kind == NODE_NOT)
		return q->node[a].a;
	return add_node(q, NODE_NOT, a, 0);
}

/* --- Characters -------------------------------------------------------------------- */

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_blanks(struct parser *x)
{
	while (x->p < x->end && blank(*x->p))
		x->p++;
}

static bool
at_end(const struct parser *x, const char *p)
{
	while (p < x->end && blank(*p))
		p++;
	return p == x->end;
}

/* Whether a word ends there. */
static bool
ends_word(const struct parser *x, const char *p)
{
	return p == x->end || blank(*p) || strchr("()|", *p) != NULL;
}

static bool
at_keyword(const struct parser *x, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(x->end - x->p) >= n &&
	    strncasecmp(x->p, word, n) == 0 && ends_word(x, x->p + n);
}

/* --- Tokens ------------------------------------------------------------------------- */

/* Behind the opening quote; what is escaped is put straight into text. */
static void
read_quoted(struct parser *x, struct query_token *v, char *text)
{
	size_t n = 0;

	x->p++;
	for (; x->p < x->end && *x->p != '"'; x->p++) {
		if (*x->p == '\\' && x->p + 1 < x->end)
			x->p++;
		text[n++] = *x->p;
	}
	if (x->p < x->end)
		x->p++;
	else
		query_wait(x->q, "the closing \" is missing");
	*v = (struct query_token){ .s = text, .n = n, .quoted = true };
}

/* /.../: a slash inside is no end. */
static void
read_slashes(struct parser *x, struct query_token *v)
{
	const char *s = ++x->p;

	for (; x->p < x->end; x->p++) {
		if (*x->p == '\\' && x->p + 1 < x->end)
			x->p++;
		else if (*x->p == '/' && ends_word(x, x->p + 1))
			break;
	}
	*v = (struct query_token){ .s = s, .n = (size_t)(x->p - s),
		.regex = true };
	if (x->p < x->end)
		x->p++;
	else
		query_wait(x->q, "the closing / is missing");
}

/* ~...: up to a blank, or a parenthesis that it did not open. */
static void
read_tilde(struct parser *x, struct query_token *v)
{
	const char *s = ++x->p;
	int open = 0;

	for (; x->p < x->end && !blank(*x->p); x->p++) {
		if (*x->p == '\\' && x->p + 1 < x->end && !blank(x->p[1]))
			x->p++;
		else if (*x->p == '(')
			open++;
		else if (*x->p == ')' && open-- == 0)
			break;
	}
	*v = (struct query_token){ .s = s, .n = (size_t)(x->p - s),
		.regex = true };
}

static void
read_value(struct parser *x, struct query_token *v, char *text, bool word)
{
	const char *s = x->p;

	if (s < x->end && *s == '"') {
		read_quoted(x, v, text);
	} else if (word && s < x->end && *s == '/') {
		read_slashes(x, v);
	} else if (word && s < x->end && *s == '~') {
		read_tilde(x, v);
	} else {
		while (!ends_word(x, x->p))
			x->p++;
		*v = (struct query_token){ .s = s, .n = (size_t)(x->p - s) };
	}
	v->last = at_end(x, x->p);
}

/* Moves over a comparison; false when there is none. */
static bool
read_op(struct parser *x, enum query_op *op, bool *inverted)
{
	static const struct {
		const char *sign;
		enum query_op op;
		bool inverted;
	} ops[] = {
		{ "!=", OP_IS, true }, { ">=", OP_GE, false },
		{ "<=", OP_LE, false }, { "==", OP_IS, false },
		{ ">", OP_GT, false }, { "<", OP_LT, false },
		{ "=", OP_IS, false }, { ":", OP_HAS, false },
	};

	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
		size_t n = strlen(ops[i].sign);

		if ((size_t)(x->end - x->p) < n ||
		    memcmp(x->p, ops[i].sign, n) != 0)
			continue;
		x->p += n;
		*op = ops[i].op;
		*inverted = ops[i].inverted;
		return true;
	}
	return false;
}

/* --- Terms -------------------------------------------------------------------------- */

static uint8_t
add_term(struct parser *x, const struct query_key *key, enum query_op op,
    const struct query_token *v)
{
	struct query_term *t = &x->q->term[x->q->nterms];

	if (x->q->nterms == QUERY_TERMS) {
		query_complain(x->q, "this is too long: the end is left out");
		return QUERY_NOTHING;
	}
	*t = (struct query_term){ .key = key,
		.field = key != NULL ? key->field : FIELD_NONE };
	if (!query_term_set(x->q, t, op, v, x->conf)) {
		query_term_free(t);
		return QUERY_NOTHING;
	}
	return add_node(x->q, NODE_TERM, (uint8_t)x->q->nterms++, 0);
}

/* Addresses have colons and letters, too. */
static bool
address(const struct parser *x, const char *s)
{
	for (; !ends_word(x, s); s++)
		if (strchr("0123456789abcdefABCDEF:.", *s) == NULL)
			return false;
	return true;
}

static uint8_t
unknown_field(struct parser *x, const char *s, size_t n)
{
	char text[QUERY_TEXT_MAX + 1];
	struct query_token v;
	const char *best = NULL;

	query_key(s, n, &best);
	if (n == 0)
		query_complain(x->q, "a comparison wants a field before it, "
		    "as in cpu>50");
	else if (best != NULL)
		query_complain(x->q, "there is no field '%.*s': did you mean "
		    "%s?", n < 24 ? (int)n : 24, s, best);
	else
		query_complain(x->q, "there is no field '%.*s'; quotes make "
		    "it a text", n < 24 ? (int)n : 24, s);
	read_value(x, &v, text, true);
	return QUERY_NOTHING;
}

/* name:value, name > value. Leaves p alone, and returns false, when what stands
 * there is a word. */
static bool
read_field(struct parser *x, uint8_t *node)
{
	const char *s = x->p;
	const struct query_key *key;
	struct query_token v;
	char text[QUERY_TEXT_MAX + 1];
	enum query_op op;
	bool inverted, word;
	size_t n;

	while (x->p < x->end && isalpha((unsigned char)*x->p))
		x->p++;
	n = (size_t)(x->p - s);
	key = query_key(s, n, NULL);
	if (key != NULL && x->p < x->end && blank(*x->p)) {
		skip_blanks(x);
		/* "mem :x" is two words. */
		if (x->p < x->end && *x->p == ':')
			x->p = s;
	}
	if (x->p == s || !read_op(x, &op, &inverted)) {
		x->p = s;
		if (n > 0 || !read_op(x, &op, &inverted) || op == OP_HAS) {
			x->p = s;
			return false;
		}
	}
	if (key == NULL && op == OP_HAS && address(x, s)) {
		x->p = s;
		return false;
	}
	if (key == NULL) {
		*node = unknown_field(x, s, n);
		return true;
	}
	if (op != OP_HAS)
		skip_blanks(x);
	word = key->field < FIELD_TYPE;
	read_value(x, &v, text, word);
	*node = add_term(x, key, op, &v);
	if (inverted)
		*node = invert(x->q, *node);
	return true;
}

/* Whether more letters may make it something else than a word. */
static bool
may_begin(const char *s, size_t n)
{
	static const char *const words[] = { "or", "and", "not" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strncasecmp(words[i], s, n) == 0)
			return true;
	return query_key_begins(s, n);
}

static uint8_t
read_term(struct parser *x)
{
	const char *at;
	char text[QUERY_TEXT_MAX + 1];
	struct query_token v;
	uint8_t node;

	if (strchr("\"/~", *x->p) == NULL && read_field(x, &node))
		return node;
	at = x->p;
	read_value(x, &v, text, true);
	if (v.last && !v.quoted && !v.regex && (x->p == x->end ?
	    may_begin(v.s, v.n) : query_key(v.s, v.n, NULL) != NULL))
		x->q->begun = (size_t)(at - x->text);
	return add_term(x, NULL, OP_HAS, &v);
}

/* --- Structure ----------------------------------------------------------------------- */

static uint8_t read_or(struct parser *x);

static uint8_t
read_group(struct parser *x)
{
	uint8_t node;

	x->p++;
	if (x->depth == QUERY_DEPTH) {
		query_complain(x->q, "these are too many parentheses");
		x->p = x->end;
		return QUERY_NOTHING;
	}
	x->depth++;
	node = read_or(x);
	x->depth--;
	skip_blanks(x);
	if (x->p < x->end) /* it is the one that ended the group */
		x->p++;
	else
		query_wait(x->q, "a closing ) is missing");
	return node;
}

/* Moves over ! and not; returns whether they invert. */
static bool
read_nots(struct parser *x)
{
	bool inverted = false;

	for (;;) {
		skip_blanks(x);
		if (x->p < x->end && *x->p == '!' &&
		    (x->p + 1 == x->end || x->p[1] != '='))
			x->p++;
		else if (at_keyword(x, "not"))
			x->p += 3;
		else
			return inverted;
		inverted = !inverted;
	}
}

static uint8_t
read_not(struct parser *x)
{
	bool inverted = read_nots(x);
	uint8_t node = QUERY_NOTHING;

	if (x->p == x->end)
		query_wait(x->q, "something is to follow");
	else if (*x->p == '(')
		node = read_group(x);
	else if (*x->p == '|' || *x->p == ')')
		query_complain(x->q, "something is missing before '%c'",
		    *x->p);
	else
		node = read_term(x);
	return inverted ? invert(x->q, node) : node;
}

/* Moves over "and"; it is a word where nothing stands before it. */
static void
read_and_word(struct parser *x)
{
	if (*x->p == '&')
		x->p += x->p + 1 < x->end && x->p[1] == '&' ? 2 : 1;
	else if (at_keyword(x, "and"))
		x->p += 3;
}

static uint8_t
read_and(struct parser *x)
{
	uint8_t node = QUERY_NOTHING;
	bool first = true;

	for (;; first = false) {
		skip_blanks(x);
		if (x->p == x->end || *x->p == '|' ||
		    (*x->p == ')' && x->depth > 0) ||
		    (!first && at_keyword(x, "or")))
			return node;
		if (*x->p == ')') {
			query_complain(x->q, "this ) closes nothing");
			x->p++;
			continue;
		}
		if (!first)
			read_and_word(x);
		node = join(x->q, NODE_AND, node, read_not(x));
	}
}

static uint8_t
read_or(struct parser *x)
{
	uint8_t node = read_and(x), right;
	const char *was;

	for (;;) {
		skip_blanks(x);
		if (x->p == x->end || *x->p == ')')
			return node;
		if (*x->p == '|')
			x->p += x->p + 1 < x->end && x->p[1] == '|' ? 2 : 1;
		else
			x->p += strlen("or");
		if (at_end(x, x->p))
			query_wait(x->q, "something is to follow the or");
		was = x->p;
		right = read_and(x);
		if (x->p == was && x->p < x->end)
			query_complain(x->q, "something is missing at the or");
		node = join(x->q, NODE_OR, node, right);
	}
}

void
query_parse(struct query *q, const char *text, const struct conf *conf)
{
	size_t n = strlen(text);
	struct parser x = { .q = q, .conf = conf, .text = text,
	    .p = text };

	if (n > QUERY_TEXT_MAX) {
		n = QUERY_TEXT_MAX;
		query_complain(q, "this is too long: the end is left out");
	}
	x.end = text + n;
	q->begun = SIZE_MAX;
	q->root = read_or(&x);
}
