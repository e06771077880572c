#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/model.h"

/* The language in which an operator says which VMs and hosts are meant: in the
 * console's filter, in saved filters and on the command line.
 *
 *   web 10.1.2          both texts, in name, host, cluster, UUID, address, MAC
 *                       or description, upper and lower case alike
 *   web* "big one"      a pattern for the whole of it; text with blanks
 *   /^web[0-9]+$/ ~ab?c extended regular expressions (POSIX)
 *   state:running       a field; name= is the whole name, name: a part of it,
 *                       name:/regex/ works, too
 *   cpu>50 mem>=4g up<1h
 *   !web  not web       inverts
 *   a b | c or (d e)    or binds weaker than what stands side by side
 *
 * Reading is made for typing: what is not understood is left out, with one
 * sentence about it, and the rest holds. */

struct query;

enum { QUERY_TEXT_MAX = 255 }; /* bytes; the rest is not looked at */

/* Never NULL. conf's names of hosts and clusters decide what host:cs means: the
 * host of that name, else all that begin with it. NULL: only whole names and
 * patterns. conf is not kept. */
struct query *query_new(const char *text, const struct conf *conf);
void query_free(struct query *q); /* NULL is fine */

/* Nothing is asked: everything matches. */
bool query_empty(const struct query *q);

/* One sentence about what was not understood, and left out; or NULL. */
const char *query_problem(const struct query *q);
/* The same about an end that only waits for more: cpu>, an open quote. */
const char *query_unfinished(const struct query *q);

/* Where in the text its last word is that may be the beginning of a field or of
 * "or", "and", "not" (sta, of state:running), so that one may wait for the rest
 * when it finds nothing; SIZE_MAX: there is none. */
size_t query_begun(const struct query *q);

/* A query that reads back as this one, without what was left out. */
int query_print(const struct query *q, struct buf *out);

/* For the manual: an example of each field there is, and the words of "is:"
 * besides the states; NULL behind the last. */
const char *query_field_example(size_t i);
const char *query_is_word(size_t i);

/* For completion: the words that may follow a field of n bytes, of those that
 * know but a few; NULL behind the last. */
const char *query_field_word(const char *field, size_t n, size_t i);

/* --- What is asked ------------------------------------------------------------ */

enum query_number {
	QUERY_CPU,    /* per mille of one pCPU; a host: of the whole host */
	QUERY_MEM,    /* KiB; a host: used */
	QUERY_FREE,   /* KiB, of a host */
	QUERY_VCPUS,  /* a host: pCPUs */
	QUERY_PRIO,
	QUERY_DOMID,
	QUERY_UP,     /* ms */
	QUERY_RX, QUERY_TX, QUERY_NET, /* bytes/s */
	QUERY_RD, QUERY_WR, QUERY_DISK,
	QUERY_NUMBERS,
};

/* Bits of query_facts.is; states are bits of their own. */
enum query_is {
	QUERY_STALE = 1 << 0,
	QUERY_TROUBLED = 1 << 1,
	QUERY_ALARM = 1 << 2,
	QUERY_MARKED = 1 << 3,
	QUERY_AWAY = 1 << 4,  /* runs elsewhere than at home */
	QUERY_TWICE = 1 << 5,
};

/* What there is to know of one VM, or one host, in its place. Borrowed; NULL,
 * negative or 0 where unknown. */
struct query_facts {
	bool is_host;
	const char *name, *host, *cluster, *home, *desc;
	const char *address;      /* a host's */
	const struct uuid *uuid;
	const struct obs_nic *nics;
	size_t nnics;
	enum vm_type type;
	enum vm_state vm_state;       /* VMs */
	enum host_health host_health; /* hosts */
	unsigned is;              /* enum query_is */
	int64_t n[QUERY_NUMBERS];
};

/* Of a VM at a host (MODEL_NONE: nowhere) where copy, or NULL, stands for it.
 * What only the caller knows, marks and alarms, is to be added in is. */
void query_facts_vm(struct query_facts *f, const struct model *m,
    const struct vm *vm, uint32_t host, const struct vm_copy *copy);
void query_facts_host(struct query_facts *f, const struct model *m,
    const struct host *h);

/* Whether it asks for that: facts that are dear need not be found out. */
bool query_asks(const struct query *q, enum query_is what);

/* For a VM, ! is true of exactly the others. A host matches only by what hosts
 * have: neither prio<=3 nor !prio<=3 is true of one. */
bool query_match(const struct query *q, const struct query_facts *f);

/* Where the name has what was looked for, in bytes: to be highlighted. False:
 * nowhere. */
bool query_finds(const struct query *q, const char *name, size_t *at,
    size_t *len);

#endif
