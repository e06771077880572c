/* A command's words, and what may be one. What an operator or a file brought in
 * is checked here, whoever made the request: no word may be taken for an
 * option, a second setting or a second command, by xl or by what xl runs.
 *
 * Two traps of xl(1): a VM that is called 12 has that name before the domain 12
 * has its number, so domains always go by number; and a word with '=' in it,
 * behind create, is a setting and no path. */
#include "core/argv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/utf8.h"

enum { PATH_MAX_BYTES = 1024 };

void
argv_add(struct argv *w, const char *word)
{
	if (w->n == ARGV_MAX)
		return; /* command_build tells */
	w->c->argv[w->n++] = x_strdup(word);
	w->c->argv[w->n] = NULL;
}

void
argv_add_number(struct argv *w, int64_t v, const char *unit)
{
	char text[40];

	snprintf(text, sizeof text, "%" PRId64 "%s", v, unit);
	argv_add(w, text);
}

static bool
wants_sudo(const struct conf_host *h)
{
	if (h->sudo != TRI_AUTO)
		return h->sudo == TRI_YES;
	return h->user != NULL && strcmp(h->user, "root") != 0;
}

void
argv_add_sudo(struct argv *w)
{
	if (wants_sudo(&w->conf->hosts[w->r->host])) {
		argv_add(w, "sudo");
		argv_add(w, "-n");
	}
}

void
argv_add_xl(struct argv *w, const char *subcommand)
{
	argv_add_sudo(w);
	argv_add(w, "xl");
	argv_add(w, subcommand);
}

void
argv_add_script(struct argv *w, const char *script)
{
	argv_add(w, "sh");
	argv_add(w, "-c");
	argv_add(w, script);
	argv_add(w, "xendeck");
}

void
argv_add_domid(struct argv *w)
{
	argv_add_number(w, w->r->domid, "");
}

/* --- What may be a word --------------------------------------------------- */

int
argv_bad(const struct argv *w, const char *what, const char *why)
{
	return err_set(w->err, ERR_USAGE, "%s: %s", what, why);
}

int
argv_check_text(const struct argv *w, const char *what, const char *s,
    size_t max)
{
	char clean[ARGV_SPEC_MAX + 1];
	size_t n;

	if (s == NULL || s[0] == '\0')
		return argv_bad(w, what, "is missing");
	n = strlen(s);
	if (n > max)
		return err_set(w->err, ERR_USAGE, "%s: is longer than %zu "
		    "bytes", what, max);
	if (s[0] == '-')
		return argv_bad(w, what, "begins with '-', which would make "
		    "it an option");
	if (utf8_clean(clean, sizeof clean, s, n) != n || strcmp(clean, s) != 0)
		return argv_bad(w, what, "has characters in it that cannot be "
		    "shown");
	return 0;
}

int
argv_check_chars(const struct argv *w, const char *what, const char *s,
    const char *chars, size_t max)
{
	if (argv_check_text(w, what, s, max) != 0)
		return -1;
	if (s[strspn(s, chars)] != '\0')
		return err_set(w->err, ERR_USAGE, "%s: '%c' is not understood "
		    "in '%.100s'", what, s[strspn(s, chars)], s);
	return 0;
}

static bool
climbs(const char *path)
{
	const char *s = path;

	while ((s = strstr(s, "/..")) != NULL) {
		if (s[3] == '/' || s[3] == '\0')
			return true;
		s += 3;
	}
	return false;
}

int
argv_check_path(const struct argv *w, const char *what, const char *s)
{
	if (argv_check_text(w, what, s, PATH_MAX_BYTES) != 0)
		return -1;
	if (s[0] != '/')
		return err_set(w->err, ERR_USAGE, "%s: '%.200s' does not begin "
		    "with '/'", what, s);
	if (climbs(s) || s[strlen(s) - 1] == '/')
		return err_set(w->err, ERR_USAGE, "%s: '%.200s' is no file's "
		    "path", what, s);
	if (strchr(s, '=') != NULL)
		return err_set(w->err, ERR_USAGE, "%s: '%.200s' has a '=' in "
		    "it, which xl takes for a setting; rename the file", what,
		    s);
	return 0;
}

int
argv_check_vdev(const struct argv *w)
{
	return argv_check_chars(w, "virtual device", w->r->arg,
	    ARGV_LOWER ARGV_DIGITS, 32);
}

int
argv_check_range(const struct argv *w, const char *what, int64_t v,
    int64_t min, int64_t max)
{
	if (v < min || v > max)
		return err_set(w->err, ERR_USAGE, "%s: %" PRId64 " is not from "
		    "%" PRId64 " to %" PRId64, what, v, min, max);
	return 0;
}
