/* What `xl list -v` and `xl info` print. Names stand first in a row and may hold
 * spaces, digits, even whole columns, so rows are read from the right, where
 * everything has a known shape. Whatever is not understood makes a list
 * incomplete: from a list that lacks a row somebody might conclude that a VM
 * does not run. */
#include "backends/xlparse.h"

#include <stdlib.h>
#include <string.h>

#include "backends/scan.h"
#include "core/uuid.h"

/* --- xl list -v ----------------------------------------------------------- */

/* "rbps?d": fixed places, '-' for no. The fifth is the reason of a shutdown. */
static bool
parse_state(const char *s, size_t n, struct obs_dom *d)
{
	static const struct {
		char letter;
		unsigned flag;
	} places[] = { { 'r', DOM_RUNNING }, { 'b', DOM_BLOCKED },
		{ 'p', DOM_PAUSED }, { 's', DOM_SHUTDOWN }, { 0, 0 },
		{ 'd', DOM_DYING } };

	if (n != sizeof places / sizeof places[0])
		return false;
	for (size_t i = 0; i < n; i++) {
		if (places[i].letter == 0) {
			if (memchr("-rscwS?", s[i], 7) == NULL)
				return false;
		} else if (s[i] == places[i].letter) {
			d->flags |= places[i].flag;
		} else if (s[i] != '-') {
			return false;
		}
	}
	return true;
}

static bool
parse_reason(const char *s, size_t n, struct obs_dom *d)
{
	char digits[9];
	unsigned long v;
	char *end;

	if (n == 1 && *s == '-')
		return true;
	if (n == 0 || n >= sizeof digits)
		return false;
	memcpy(digits, s, n);
	digits[n] = '\0';
	v = strtoul(digits, &end, 16);
	if (*end != '\0' || digits[0] == '+' || digits[0] == '-')
		return false;
	if (v <= REASON_SOFT_RESET)
		d->reason = (enum shutdown_reason)v;
	return true;
}

/* A name of xl's that stands for none: the domain is being made or torn
 * down. */
static bool
is_no_name(const char *s, size_t n)
{
	return n == 0 || (n == 6 && memcmp(s, "(null)", 6) == 0);
}

/* "%-40s %5d %5lu %5d     %6s  %8.1f UUID %8x %16s" */
static bool
parse_row(struct arena *a, const char *s, size_t n, struct obs_dom *d)
{
	int64_t domid, mem, vcpus;
	char uuid[UUID_STR];
	const char *word;
	size_t len;

	obs_dom_init(d);
	if (scan_last_word(s, &n, &word) == 0) /* security label */
		return false;
	len = scan_last_word(s, &n, &word);
	if (!parse_reason(word, len, d))
		return false;
	len = scan_last_word(s, &n, &word);
	if (len != UUID_STR - 1)
		return false;
	memcpy(uuid, word, len);
	uuid[len] = '\0';
	if (uuid_parse(&d->uuid, uuid) != 0)
		return false;
	len = scan_last_word(s, &n, &word);
	if (!scan_decimal(word, len, &d->cpu_ns))
		return false;
	len = scan_last_word(s, &n, &word);
	if (!parse_state(word, len, d))
		return false;
	if (!scan_last_number(s, &n, INT32_MAX, &vcpus) ||
	    !scan_last_number(s, &n, INT64_MAX / 1024, &mem) ||
	    !scan_last_number(s, &n, UINT32_MAX, &domid))
		return false;
	if ((d->flags & DOM_SHUTDOWN) == 0)
		d->reason = REASON_NONE;
	d->domid = (uint32_t)domid;
	d->mem_kb = mem * 1024;
	d->vcpus = (int32_t)vcpus;
	while (n > 0 && s[n - 1] == ' ')
		n--;
	d->name = is_no_name(s, n) ? NULL : scan_clean(a, s, n, OBS_NAME_MAX);
	return true;
}

static bool
is_list_head(const char *s, size_t n)
{
	return n > 5 && memcmp(s, "Name ", 5) == 0 &&
	    memchr(s, '\t', n) != NULL;
}

/* A name with a newline in it breaks its row in two: what cannot be a row is
 * the beginning of the next. */
static int
parse_rows(struct arena *a, const char *p, size_t n, struct obs_dom *doms,
    size_t *ndoms)
{
	const char *line, *row = NULL;
	size_t len;

	while (scan_line(&p, &n, &line, &len)) {
		if (row == NULL)
			row = line;
		if (!parse_row(a, row, (size_t)(line + len - row),
		    &doms[*ndoms]))
			continue;
		(*ndoms)++;
		row = NULL;
	}
	return row == NULL ? 0 : -1;
}

int
xl_parse_list(struct arena *a, const char *p, size_t n, struct obs_dom **doms,
    size_t *ndoms, struct err *e)
{
	bool head = false, dom0 = false;
	const char *line;
	size_t len;

	*ndoms = 0;
	*doms = NULL;
	while (!head && scan_line(&p, &n, &line, &len))
		head = is_list_head(line, len);
	if (!head)
		return err_set(e, ERR_FAILED,
		    "`xl list -v` printed no list of domains");
	if (n != 0 && p[n - 1] != '\n')
		return err_set(e, ERR_FAILED,
		    "`xl list -v` stopped in the middle of a line");
	*doms = arena_array(a, scan_count_lines(p, n), sizeof **doms);
	if (parse_rows(a, p, n, *doms, ndoms) != 0)
		return err_set(e, ERR_FAILED,
		    "`xl list -v` printed a row that is not understood");
	for (size_t i = 0; i < *ndoms; i++)
		dom0 = dom0 || (*doms)[i].domid == 0;
	if (!dom0)
		return err_set(e, ERR_FAILED,
		    "`xl list -v` printed a list without Domain-0");
	return 0;
}

/* --- xl info -------------------------------------------------------------- */

enum info_kind { INFO_TEXT, INFO_INT, INFO_MIB, INFO_DECIMAL };

static const struct info_key {
	const char *key;
	enum info_kind kind;
	size_t offset; /* in struct obs_host */
	bool needed;
} info_keys[] = {
	{ "host", INFO_TEXT, offsetof(struct obs_host, hostname), false },
	{ "release", INFO_TEXT, offsetof(struct obs_host, kernel), false },
	{ "nr_cpus", INFO_INT, offsetof(struct obs_host, cpus), true },
	{ "nr_nodes", INFO_INT, offsetof(struct obs_host, nodes), false },
	{ "cores_per_socket", INFO_INT,
	    offsetof(struct obs_host, cores_per_socket), false },
	{ "threads_per_core", INFO_INT,
	    offsetof(struct obs_host, threads_per_core), false },
	{ "cpu_mhz", INFO_DECIMAL, offsetof(struct obs_host, cpu_mhz), false },
	{ "virt_caps", INFO_TEXT, offsetof(struct obs_host, virt_caps), false },
	{ "total_memory", INFO_MIB, offsetof(struct obs_host, mem_kb), true },
	{ "free_memory", INFO_MIB, offsetof(struct obs_host, free_kb), true },
	{ "outstanding_claims", INFO_MIB,
	    offsetof(struct obs_host, claimed_kb), false },
	{ "xen_version", INFO_TEXT,
	    offsetof(struct obs_host, xen_version), false },
	{ "xen_scheduler", INFO_TEXT,
	    offsetof(struct obs_host, scheduler), false },
};
enum { INFO_KEYS = sizeof info_keys / sizeof info_keys[0] };

static bool
info_value(struct arena *a, const struct info_key *k, const char *s, size_t n,
    struct obs_host *h)
{
	void *to = (char *)h + k->offset;
	const char *text;
	int64_t v;

	switch (k->kind) {
	case INFO_TEXT:
		text = scan_clean(a, s, n, OBS_TEXT_MAX);
		memcpy(to, &text, sizeof text);
		return text != NULL;
	case INFO_INT:
		if (!scan_number(s, n, &v) || v > INT32_MAX)
			return false;
		*(int32_t *)to = (int32_t)v;
		return true;
	case INFO_MIB:
		if (!scan_number(s, n, &v) || v > INT64_MAX / 1024)
			return false;
		*(int64_t *)to = v * 1024;
		return true;
	case INFO_DECIMAL:
		if (!scan_decimal(s, n, &v) || v / 1000000000 > INT32_MAX)
			return false;
		*(int32_t *)to = (int32_t)(v / 1000000000);
		return true;
	}
	return false;
}

int
xl_parse_info(struct arena *a, const char *p, size_t n, struct obs_host *h,
    struct err *e)
{
	unsigned found = 0;
	const char *line;
	size_t len;

	while (scan_line(&p, &n, &line, &len)) {
		const char *colon = memchr(line, ':', len);
		const char *key = line, *value;
		size_t klen, vlen;

		if (colon == NULL)
			continue;
		klen = (size_t)(colon - line);
		value = colon + 1;
		vlen = len - klen - 1;
		scan_trim(&key, &klen);
		scan_trim(&value, &vlen);
		for (size_t i = 0; i < INFO_KEYS; i++)
			if (strlen(info_keys[i].key) == klen &&
			    memcmp(info_keys[i].key, key, klen) == 0 &&
			    info_value(a, &info_keys[i], value, vlen, h))
				found |= 1u << i;
	}
	for (size_t i = 0; i < INFO_KEYS; i++)
		if (info_keys[i].needed && (found & 1u << i) == 0)
			return err_set(e, ERR_FAILED,
			    "`xl info` printed no %s", info_keys[i].key);
	return 0;
}
