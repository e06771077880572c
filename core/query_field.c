/* The fields that a query may name, the words for states, and numbers with
 * their units. Names and units are what the screen shows; powers of 1024, as
 * everywhere. */
#include <string.h>
#include <strings.h>

#include "core/query_priv.h"
#include "core/suggest.h"

static const struct query_key keys[] = {
	{ .name = "name", .other = "vm", .field = FIELD_NAME, .hosts = true,
	    .vms = true, .example = "name:web" },
	{ .name = "host", .field = FIELD_HOST, .hosts = true, .vms = true,
	    .example = "host:cs*" },
	{ .name = "cluster", .field = FIELD_CLUSTER, .hosts = true,
	    .vms = true, .example = "cluster:prod" },
	{ .name = "home", .field = FIELD_HOME, .vms = true,
	    .example = "home:away" },
	{ .name = "ip", .other = "address", .field = FIELD_IP, .hosts = true,
	    .vms = true, .example = "ip:10.1." },
	{ .name = "mac", .field = FIELD_MAC, .vms = true,
	    .example = "mac:3e:01" },
	{ .name = "uuid", .field = FIELD_UUID, .vms = true,
	    .example = "uuid:6c1e" },
	{ .name = "desc", .other = "description", .field = FIELD_DESC,
	    .vms = true, .example = "desc:shop" },
	{ .name = "type", .field = FIELD_TYPE, .vms = true,
	    .example = "type:pvh" },
	{ .name = "state", .field = FIELD_STATE, .hosts = true, .vms = true,
	    .example = "state:running" },
	{ .name = "is", .field = FIELD_IS, .hosts = true, .vms = true,
	    .example = "is:marked" },
#define NUMBER(n, o, num, u, h, v, ex) { .name = n, .other = o, \
	.field = FIELD_NUMBER, .number = num, .unit = u, .hosts = h, \
	.vms = v, .example = ex }
	NUMBER("cpu", NULL, QUERY_CPU, UNIT_PERCENT, true, true, "cpu>50"),
	NUMBER("mem", "memory", QUERY_MEM, UNIT_KIB, true, true, "mem>=4g"),
	NUMBER("free", NULL, QUERY_FREE, UNIT_KIB, true, false, "free>8g"),
	NUMBER("vcpus", "cpus", QUERY_VCPUS, UNIT_COUNT, true, true,
	    "vcpus>2"),
	NUMBER("prio", "priority", QUERY_PRIO, UNIT_COUNT, false, true,
	    "prio<=3"),
	NUMBER("id", "domid", QUERY_DOMID, UNIT_COUNT, false, true, "id=7"),
	NUMBER("up", "uptime", QUERY_UP, UNIT_MS, true, true, "up<1h"),
	NUMBER("rx", NULL, QUERY_RX, UNIT_RATE, false, true, "rx>1m"),
	NUMBER("tx", NULL, QUERY_TX, UNIT_RATE, false, true, "tx>1m"),
	NUMBER("net", NULL, QUERY_NET, UNIT_RATE, false, true, "net>1m"),
	NUMBER("rd", "read", QUERY_RD, UNIT_RATE, false, true, "rd>10m"),
	NUMBER("wr", "write", QUERY_WR, UNIT_RATE, false, true, "wr>10m"),
	NUMBER("disk", NULL, QUERY_DISK, UNIT_RATE, false, true, "disk>10m"),
#undef NUMBER
};

enum { NKEYS = sizeof keys / sizeof keys[0], WORD_MAX = 32 };

static bool
same(const char *word, const char *s, size_t n)
{
	return word != NULL && strncasecmp(word, s, n) == 0 && word[n] == '\0';
}

const struct query_key *
query_key(const char *s, size_t n, const char **best)
{
	char word[WORD_MAX] = "";
	struct suggest guess;

	for (size_t i = 0; i < NKEYS; i++)
		if (same(keys[i].name, s, n) || same(keys[i].other, s, n))
			return &keys[i];
	if (best == NULL)
		return NULL;
	if (n < sizeof word)
		memcpy(word, s, n);
	suggest_start(&guess, word);
	for (size_t i = 0; i < NKEYS; i++) {
		suggest_offer(&guess, keys[i].name);
		if (keys[i].other != NULL)
			suggest_offer(&guess, keys[i].other);
	}
	*best = guess.best;
	return NULL;
}

const char *
query_field_example(size_t i)
{
	return i < NKEYS ? keys[i].example : NULL;
}

bool
query_key_begins(const char *s, size_t n)
{
	for (size_t i = 0; i < NKEYS; i++)
		if (strncasecmp(keys[i].name, s, n) == 0 ||
		    (keys[i].other != NULL &&
		    strncasecmp(keys[i].other, s, n) == 0))
			return true;
	return false;
}

/* --- Words --------------------------------------------------------------------- */

struct lookup {
	const char *s;
	size_t n;
	struct query_words exact, begins;
	struct suggest guess;
};

static void
add(struct query_words *to, const struct query_words *w)
{
	to->states |= w->states;
	to->is |= w->is;
	to->types |= w->types;
}

static void
offer(struct lookup *l, const char *word, struct query_words w)
{
	if (same(word, l->s, l->n))
		add(&l->exact, &w);
	if (strncasecmp(word, l->s, l->n) == 0)
		add(&l->begins, &w);
	suggest_offer(&l->guess, word);
}

static void
offer_states(struct lookup *l)
{
	for (unsigned i = 0; i <= VM_DORMANT; i++)
		offer(l, vm_state_name(i), (struct query_words){
		    .states = 1u << i });
	for (unsigned i = 0; i <= HOST_REFUSED; i++)
		offer(l, host_health_name(i), (struct query_words){
		    .states = 1u << (QUERY_HOST_STATES + i) });
}

static const struct {
	const char *word;
	unsigned bit;
} is_words[] = {
	{ "stale", QUERY_STALE }, { "troubled", QUERY_TROUBLED },
	{ "alarm", QUERY_ALARM }, { "marked", QUERY_MARKED },
	{ "away", QUERY_AWAY }, { "twice", QUERY_TWICE },
};

enum { NIS = sizeof is_words / sizeof is_words[0] };

static void
offer_is(struct lookup *l)
{
	for (size_t i = 0; i < NIS; i++)
		offer(l, is_words[i].word, (struct query_words){
		    .is = is_words[i].bit });
}

struct query_words
query_words(enum query_field f, const char *s, size_t n, const char **best)
{
	static const struct query_words none;
	struct lookup l = { .s = s, .n = n };
	char word[WORD_MAX] = "";

	if (n < sizeof word)
		memcpy(word, s, n);
	suggest_start(&l.guess, word);
	if (f == FIELD_TYPE)
		for (unsigned i = VM_TYPE_PV; i <= VM_TYPE_HVM; i++)
			offer(&l, vm_type_name(i), (struct query_words){
			    .types = 1u << i });
	if (f == FIELD_IS)
		offer_is(&l);
	if (f == FIELD_IS || f == FIELD_STATE)
		offer_states(&l);
	*best = l.guess.best;
	return memcmp(&l.exact, &none, sizeof none) != 0 ? l.exact : l.begins;
}

const char *
query_is_word(size_t i)
{
	return i < NIS ? is_words[i].word : NULL;
}

static const char *
state_word(size_t i)
{
	enum { VMS = VM_DORMANT + 1, HOSTS = HOST_REFUSED + 1 };

	return i < VMS ? vm_state_name((enum vm_state)i) : i < VMS + HOSTS ?
	    host_health_name((enum host_health)(i - VMS)) : NULL;
}

const char *
query_field_word(const char *field, size_t n, size_t i)
{
	const struct query_key *k = query_key(field, n, NULL);

	if (k == NULL)
		return NULL;
	if (k->field == FIELD_STATE)
		return state_word(i);
	if (k->field == FIELD_IS)
		return i < NIS ? is_words[i].word : state_word(i - NIS);
	if (k->field == FIELD_TYPE && i <= VM_TYPE_HVM - VM_TYPE_PV)
		return vm_type_name((enum vm_type)(VM_TYPE_PV + i));
	return NULL;
}

/* --- Numbers -------------------------------------------------------------------- */

struct unit {
	const char *name; /* NULL ends the table */
	int64_t factor;
};

static const struct unit units_percent[] = {
	{ "", 10 }, { "%", 10 }, { NULL, 0 },
};

static const struct unit units_kib[] = {
	{ "k", 1 }, { "m", 1 << 10 }, { "g", 1 << 20 }, { "t", 1 << 30 },
	{ "kib", 1 }, { "mib", 1 << 10 }, { "gib", 1 << 20 },
	{ "tib", 1 << 30 }, { NULL, 0 },
};

static const struct unit units_count[] = { { "", 1 }, { NULL, 0 } };

static const struct unit units_ms[] = {
	{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "min", 60000 },
	{ "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 }, { NULL, 0 },
};

static const struct unit units_rate[] = {
	{ "", 1 }, { "k", 1 << 10 }, { "m", 1 << 20 }, { "g", 1 << 30 },
	{ "t", INT64_C(1) << 40 }, { "kib", 1 << 10 }, { "mib", 1 << 20 },
	{ "gib", 1 << 30 }, { NULL, 0 },
};

static const struct unit *const units[] = {
	[UNIT_PERCENT] = units_percent,
	[UNIT_KIB] = units_kib,
	[UNIT_COUNT] = units_count,
	[UNIT_MS] = units_ms,
	[UNIT_RATE] = units_rate,
};

enum { DIGITS_MAX = 12, DECIMALS_MAX = 3 };

/* Digits with a fraction: whole * 10^-decimals. False: there is no number. */
static bool
scan_number(const char *s, size_t n, size_t *used, int64_t *whole, int *div)
{
	size_t i = 0, point = 0;

	*whole = 0;
	*div = 1;
	for (; i < n; i++) {
		if (s[i] == '.' && point == 0 && i > 0) {
			point = i;
			continue;
		}
		if (s[i] < '0' || s[i] > '9')
			break;
		*whole = *whole * 10 + (s[i] - '0');
		*div *= point != 0 ? 10 : 1;
		if (i > DIGITS_MAX || *div > 1000)
			return false;
	}
	*used = i;
	return i > 0;
}

static int64_t
div_up(int64_t a, int64_t b)
{
	return a / b + (a % b > 0);
}

/* One number with its unit, added to what stands before it. */
static enum query_read
scan_piece(struct query_value *v, const struct unit *u, const char *s,
    size_t n, size_t *used)
{
	size_t digits, len;
	int64_t whole, base = v->floor;
	int div;

	if (!scan_number(s, n, &digits, &whole, &div))
		return n == 0 ? READ_UNFINISHED : READ_WRONG;
	len = digits;
	while (len < n && (s[len] < '0' || s[len] > '9'))
		len++;
	while (u->name != NULL && !same(u->name, s + digits, len - digits))
		u++;
	if (u->name == NULL && whole == 0 && len == digits)
		u--; /* nothing is nothing in any unit */
	if (u->name == NULL)
		return len == digits || s[digits - 1] == '.' ?
		    READ_UNFINISHED : READ_WRONG;
	if (whole > INT64_MAX / 4 / u->factor || (u->factor == 1 && div > 1))
		return READ_WRONG;
	*used = len;
	v->floor = base + whole * u->factor / div;
	v->ceil = base + div_up(whole * u->factor, div);
	v->lo = v->ceil;
	v->hi = v->floor;
	if (u->factor > div) {
		v->lo = base + div_up((2 * whole - 1) * u->factor, 2 * div);
		v->hi = base + div_up((2 * whole + 1) * u->factor, 2 * div) - 1;
	}
	if (v->lo < 0)
		v->lo = 0; /* what is not known is below */
	return READ_OK;
}

enum query_read
query_value(struct query_value *v, enum query_unit unit, const char *s,
    size_t n)
{
	size_t used = 0, pieces = 0;
	enum query_read rc;

	*v = (struct query_value){ 0 };
	do {
		/* 1d12h is whole but for its end. */
		if (v->floor != v->ceil)
			return READ_WRONG;
		rc = scan_piece(v, units[unit], s, n, &used);
		if (rc != READ_OK)
			return rc;
		s += used;
		n -= used;
	} while (n > 0 && unit == UNIT_MS && ++pieces < 6);
	return n == 0 ? READ_OK : READ_WRONG;
}
