#ifndef CORE_QUERY_PRIV_H
#define CORE_QUERY_PRIV_H

#include <regex.h>

#include "core/query.h"
#include "core/textfind.h"

/* Shared by query*.c; for nobody else. */

enum query_field {
	FIELD_NONE, /* a word without a field */
	FIELD_NAME, FIELD_HOST, FIELD_CLUSTER, FIELD_HOME, FIELD_IP, FIELD_MAC,
	FIELD_UUID, FIELD_DESC,
	FIELD_TYPE, FIELD_STATE, FIELD_IS,
	FIELD_NUMBER,
};

enum query_unit { UNIT_PERCENT, UNIT_KIB, UNIT_COUNT, UNIT_MS, UNIT_RATE };

struct query_key {
	const char *name, *other; /* other: NULL, or a second name */
	enum query_field field;
	enum query_number number; /* of FIELD_NUMBER */
	enum query_unit unit;
	bool hosts, vms;          /* who has it */
	const char *example;
};

/* The key of that name, or NULL; *best (may be NULL): the one that was meant
 * perhaps, or NULL. */
const struct query_key *query_key(const char *s, size_t n, const char **best);

/* Whether the name of a key begins so. */
bool query_key_begins(const char *s, size_t n);

enum query_op { OP_HAS, OP_IS, OP_LT, OP_LE, OP_GT, OP_GE };

/* A number as it was written: lo and hi enclose what it stands for when
 * compared with =, as precisely as it is written; floor and ceil when compared
 * with < and >. */
struct query_value {
	int64_t lo, hi, floor, ceil;
};

enum query_read { READ_OK, READ_WRONG, READ_UNFINISHED };
enum query_read query_value(struct query_value *v, enum query_unit unit,
    const char *s, size_t n);

/* Bits of a state (hosts' are above VMs'), of is, of a type: exactly that word,
 * else all that begin so; 0 when there is none. */
enum { QUERY_HOST_STATES = 16 };
struct query_words {
	unsigned states, is, types;
};
struct query_words query_words(enum query_field f, const char *s, size_t n,
    const char **best);

/* 0, or -1 with a sentence: such patterns as would cost too much are refused. */
int query_regex(regex_t *re, const char *s, size_t n, char *why, size_t size);

struct query_term {
	enum query_field field;
	const struct query_key *key;  /* NULL: a word */
	bool is_regex, hex, mac;      /* hex, mac: could be part of one */
	struct textfind find;
	regex_t regex;
	struct query_words words;
	int64_t least, most;          /* of a number */
	char *source;                 /* as print gives it */
};

enum query_node_kind { NODE_TERM, NODE_NOT, NODE_AND, NODE_OR };

struct query_node {
	enum query_node_kind kind;
	uint8_t a, b; /* nodes; of NODE_TERM: the term */
};

enum { QUERY_TERMS = 32, QUERY_NODES = 128, QUERY_DEPTH = 16,
	QUERY_NOTHING = 255 };

struct query {
	struct query_term term[QUERY_TERMS];
	size_t nterms;
	struct query_node node[QUERY_NODES];
	size_t nnodes;
	uint8_t root; /* or QUERY_NOTHING */
	size_t begun;
	char problem[160], unfinished[160];
};

void query_parse(struct query *q, const char *text, const struct conf *conf);

/* Reads the value of a term whose field is set; false: left out, and q says
 * why. */
struct query_token {
	const char *s;
	size_t n;
	bool quoted, regex;
	bool last; /* nothing follows it */
};
bool query_term_set(struct query *q, struct query_term *t, enum query_op op,
    const struct query_token *v, const struct conf *conf);
void query_term_free(struct query_term *t);

void query_complain(struct query *q, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void query_wait(struct query *q, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
