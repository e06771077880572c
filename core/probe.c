/* Questions on their way to a host and its answers on their way back. What goes
 * out is checked before it becomes a word of a command; what comes back is a
 * stranger's bytes: a line that is not exactly as the script writes it is no
 * answer, and what is not answered stays unknown. */
#include "core/probe.h"

#include <string.h>

#include "core/mem.h"
#include "core/probe_script.h"
#include "core/utf8.h"

static const char mark[] = "xendeck-probe:";

static const struct {
	const char *name;
	bool plain;  /* nothing but what names and numbers are made of */
} asks[PROBE_ASKS] = {
	[PROBE_DISK] = { "disk", false },
	[PROBE_BRIDGE] = { "bridge", true },
	[PROBE_FILE] = { "file", false },
	[PROBE_SSH] = { "ssh", true },
	[PROBE_CPU] = { "cpu", true },
	[PROBE_SENDER] = { "sender", false },
	[PROBE_RECEIVER] = { "receiver", true },
};

static const char *const saids[] = {
	[PROBE_YES] = "yes",
	[PROBE_NO] = "no",
	[PROBE_CANNOT] = "cannot",
};

/* --- Questions ------------------------------------------------------------- */

static bool
is_clean(const char *s, size_t n)
{
	char clean[PROBE_ARG_MAX + 1];

	return n > 0 && n <= PROBE_ARG_MAX &&
	    utf8_clean(clean, sizeof clean, s, n) == n &&
	    memcmp(clean, s, n) == 0;
}

static bool
is_plain(const char *s, size_t n)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-@%";

	for (size_t i = 0; i < n; i++)
		if (memchr(chars, s[i], sizeof chars - 1) == NULL)
			return false;
	return true;
}

/* A lone "-" stands for whatever it is. */
static bool
is_question(enum probe_ask ask, const char *arg, size_t n)
{
	if (!is_clean(arg, n))
		return false;
	if (asks[ask].plain)
		return is_plain(arg, n) && (arg[0] != '-' || n == 1);
	if (ask == PROBE_FILE)
		return arg[0] == '/';
	arg = memchr(arg, ' ', n);
	return arg != NULL && arg[1] != '\0' &&
	    (ask != PROBE_DISK || arg[1] == '/');
}

static bool
has_line(const struct buf *b, const char *name, const char *arg)
{
	size_t nname = strlen(name), narg = strlen(arg), at = 0;

	while (at < b->len) {
		const char *line = b->p + at;
		const char *nl = memchr(line, '\n', b->len - at);
		size_t n = nl != NULL ? (size_t)(nl - line) : b->len - at;

		if (n == nname + 1 + narg && line[nname] == ' ' &&
		    memcmp(line, name, nname) == 0 &&
		    memcmp(line + nname + 1, arg, narg) == 0)
			return true;
		at += n + 1;
	}
	return false;
}

int
probe_line(struct buf *out, enum probe_ask ask, const char *arg,
    struct err *err)
{
	if (!is_question(ask, arg, strlen(arg)))
		return err_set(err, ERR_USAGE, "no host can be asked about "
		    "%s '%.200s'", asks[ask].name, arg);
	if (has_line(out, asks[ask].name, arg))
		return 0;
	if (buf_printf(out, "%s%s %s", out->len == 0 ? "" : "\n",
	    asks[ask].name, arg) != 0)
		return err_set(err, ERR_USAGE, "that is too much to be asked "
		    "at once");
	return 0;
}

/* Which of names the n bytes at s are; -1: none. */
static int
find_word(const char *s, size_t n, bool said)
{
	size_t count = said ? sizeof saids / sizeof saids[0] : PROBE_ASKS;

	for (size_t i = 0; i < count; i++) {
		const char *name = said ? saids[i] : asks[i].name;

		if (strlen(name) == n && memcmp(name, s, n) == 0)
			return (int)i;
	}
	return -1;
}

static bool
is_line(const char *s, size_t n)
{
	const char *blank = memchr(s, ' ', n);
	char arg[PROBE_ARG_MAX + 1];
	size_t word, len;
	int ask;

	if (blank == NULL)
		return false;
	word = (size_t)(blank - s);
	len = n - word - 1;
	ask = find_word(s, word, false);
	if (ask < 0 || len > PROBE_ARG_MAX)
		return false;
	memcpy(arg, blank + 1, len);
	arg[len] = '\0';
	return is_question((enum probe_ask)ask, arg, len);
}

int
probe_argv(char **argv, size_t n, bool need, const char *arg,
    struct err *err)
{
	const char *const head[] = { "sh", "-c", probe_script, "xendeck-probe",
		need ? "need" : "tell" };
	size_t k = 0, lines = 0;

	for (; k < sizeof head / sizeof head[0] && k + 1 < n; k++)
		argv[k] = x_strdup(head[k]);
	while (arg != NULL && *arg != '\0') {
		size_t len = strcspn(arg, "\n");

		if (++lines > PROBE_QUESTIONS_MAX || k + 1 >= n ||
		    !is_line(arg, len)) {
			argv[k] = NULL;
			return err_set(err, ERR_USAGE, "'%.*s' is nothing that "
			    "a host can be asked", (int)(len < 200 ? len : 200),
			    arg);
		}
		argv[k++] = x_strndup(arg, len);
		arg += len + (arg[len] == '\n');
	}
	argv[k] = NULL;
	return (int)k;
}

/* --- Answers ---------------------------------------------------------------- */

void
probes_init(struct probes *p)
{
	*p = (struct probes){ 0 };
}

void
probes_free(struct probes *p)
{
	for (size_t i = 0; i < p->n; i++) {
		x_free(p->v[i].arg);
		x_free(p->v[i].text);
	}
	x_free(p->v);
	probes_init(p);
}

static struct probe_answer *
find(const struct probes *p, uint32_t host, enum probe_ask ask,
    const char *arg)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].host == host && p->v[i].ask == ask &&
		    strcmp(p->v[i].arg, arg) == 0)
			return &p->v[i];
	return NULL;
}

const struct probe_answer *
probes_find(const struct probes *p, uint32_t host, enum probe_ask ask,
    const char *arg)
{
	return p != NULL ? find(p, host, ask, arg) : NULL;
}

/* "xendeck-probe:ASK:SAID\tARG\tTEXT", cut at the newline. */
static bool
add_line(struct probes *p, uint32_t host, const char *s, size_t n,
    struct mono now)
{
	const size_t skip = sizeof mark - 1;
	const char *end = s + n, *colon, *tab, *tab2;
	char arg[PROBE_ARG_MAX + 1], text[PROBE_TEXT_MAX + 1];
	struct probe_answer *a;
	int ask, said;

	if (n <= skip || memcmp(s, mark, skip) != 0)
		return false;
	s += skip;
	colon = memchr(s, ':', (size_t)(end - s));
	tab = colon != NULL ? memchr(colon, '\t', (size_t)(end - colon)) : NULL;
	tab2 = tab != NULL ? memchr(tab + 1, '\t', (size_t)(end - tab - 1)) :
	    NULL;
	if (tab2 == NULL || tab2 - tab - 1 > PROBE_ARG_MAX)
		return false;
	ask = find_word(s, (size_t)(colon - s), false);
	said = find_word(colon + 1, (size_t)(tab - colon - 1), true);
	if (ask < 0 || said < 0 || !is_clean(tab + 1, (size_t)(tab2 - tab - 1)))
		return false;
	memcpy(arg, tab + 1, (size_t)(tab2 - tab - 1));
	arg[tab2 - tab - 1] = '\0';
	utf8_clean(text, sizeof text, tab2 + 1, (size_t)(end - tab2 - 1));
	a = find(p, host, (enum probe_ask)ask, arg);
	if (a == NULL) {
		p->v = x_grow(p->v, p->n, &p->cap, sizeof *p->v);
		a = &p->v[p->n++];
		*a = (struct probe_answer){ .host = host,
			.ask = (enum probe_ask)ask, .arg = x_strdup(arg) };
	}
	a->said = (enum probe_said)said;
	a->at = now;
	x_replace(&a->text, text);
	return true;
}

size_t
probes_add(struct probes *p, uint32_t host, const char *output, size_t n,
    struct mono now)
{
	size_t added = 0;

	while (n > 0 && added < PROBE_QUESTIONS_MAX) {
		const char *nl = memchr(output, '\n', n);
		size_t len = nl != NULL ? (size_t)(nl - output) : n;

		/* A last line without its end may have been cut. */
		if (nl != NULL && add_line(p, host, output, len, now))
			added++;
		output += len + (nl != NULL);
		n -= len + (nl != NULL);
	}
	return added;
}

const char *
probe_disk_id(const struct probe_answer *a)
{
	const char *s;

	if (a->ask != PROBE_DISK || a->text == NULL)
		return "";
	s = strchr(a->text, ' ');
	if (s == NULL)
		return "";
	if (a->said == PROBE_NO)
		return strncmp(a->text, "inactive ", 9) == 0 ? s + 1 : "";
	s = strchr(s + 1, ' ');
	return s != NULL ? s + 1 : "";
}
