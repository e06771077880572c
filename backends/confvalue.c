/* One value of a configuration: whether it is what its setting wants, and if
 * so, into the struct with it. Paths are made absolute here, so that nothing
 * later depends on where a file was or where the program runs. */
#include "backends/confvalue.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/suggest.h"
#include "core/units.h"
#include "core/utf8.h"

static void
wrong_type(const struct confvalue *v, const struct conf_setting *s,
    struct conf_errors *errs)
{
	static const char *const wants[] = {
		[CONF_BOOL] = "true or false",
		[CONF_INT] = "a whole number",
		[CONF_MS] = "a duration in quotes with its unit (ms, s, min, "
		    "h or d), such as \"10 s\"",
		[CONF_KB] = "an amount of memory in quotes with its unit (KiB, "
		    "MiB, GiB or TiB), such as \"4 GiB\"",
		[CONF_WORD] = "a word in quotes",
		[CONF_TEXT] = "a text in quotes",
		[CONF_NAME] = "a name in quotes",
		[CONF_PATH] = "a file name in quotes",
		[CONF_LIST] = "a list of words in quotes: [ \"a\", \"b\" ]",
	};

	conf_errors_add(errs, v->at.file, v->at.line, "\"%s\" must be %s",
	    s->name, wants[s->type]);
}

static void
out_of_range(const struct confvalue *v, const struct conf_setting *s,
    struct conf_errors *errs)
{
	struct buf b;

	buf_init(&b, 256);
	if (s->type == CONF_MS) {
		units_put_ms(&b, s->min);
		buf_puts(&b, " to ");
		units_put_ms(&b, s->max);
	} else if (s->type == CONF_KB) {
		units_put_kb(&b, s->min);
		buf_puts(&b, " to ");
		units_put_kb(&b, s->max);
	} else {
		buf_printf(&b, "%" PRId64 " to %" PRId64, s->min, s->max);
	}
	conf_errors_add(errs, v->at.file, v->at.line,
	    "\"%s\" is out of range: %s", s->name, b.p);
	buf_free(&b);
}

static void
set_number(const struct confvalue *v, const struct conf_setting *s, void *at,
    struct conf_errors *errs)
{
	int64_t value = v->number;
	bool right = v->kind == CONFVALUE_TEXT;

	if (s->type == CONF_INT)
		right = v->kind == CONFVALUE_INT;
	else if (s->type == CONF_MS)
		right = right && units_parse_ms(&value, v->text) == 0;
	else
		right = right && units_parse_kb(&value, v->text) == 0;
	if (!right)
		wrong_type(v, s, errs);
	else if (value < s->min || value > s->max)
		out_of_range(v, s, errs);
	else
		conf_set(s, at, value);
}

static void
set_word(const struct confvalue *v, const struct conf_setting *s, void *at,
    struct conf_errors *errs)
{
	const char *text = v->text;
	const struct conf_word *w;
	struct suggest guess;
	char hint[128], word[64];
	struct buf all;

	if (v->kind == CONFVALUE_BOOL)
		text = v->number != 0 ? "yes" : "no";
	if (text == NULL) {
		wrong_type(v, s, errs);
		return;
	}
	suggest_start(&guess, text);
	buf_init(&all, 512);
	for (w = s->words; w->word != NULL; w++) {
		if (strcmp(w->word, text) == 0) {
			conf_set(s, at, w->value);
			break;
		}
		suggest_offer(&guess, w->word);
		buf_printf(&all, "%s%s", w == s->words ? "" : ", ", w->word);
	}
	utf8_clean(word, sizeof word, text, strlen(text));
	if (w->word == NULL)
		conf_errors_add(errs, v->at.file, v->at.line, "\"%s\" cannot "
		    "be \"%s\", only one of: %s%s", s->name, word, all.p,
		    suggest_text(&guess, hint, sizeof hint));
	buf_free(&all);
}

/* The absolute form of a path that stands in file. */
static char *
resolve(const char *path, const char *file, const char **why)
{
	const char *home = getenv("HOME"), *slash = strrchr(file, '/');
	char dir[PATH_MAX], *of;

	*why = NULL;
	if (path[0] == '/')
		return x_strdup(path);
	if (path[0] == '~' && path[1] == '/') {
		if (home != NULL && home[0] == '/')
			return x_asprintf("%s/%s", home, path + 2);
		*why = "~ is unknown: HOME is not set";
		return NULL;
	}
	if (path[0] == '~') {
		*why = "only ~/ is understood, not another user's home";
		return NULL;
	}
	of = slash == NULL ? x_strdup(".") :
	    x_asprintf("%.*s/", (int)(slash - file), file);
	if (realpath(of, dir) == NULL)
		*why = strerror(errno);
	x_free(of);
	if (*why != NULL)
		return NULL;
	return x_asprintf("%s/%s", strcmp(dir, "/") == 0 ? "" : dir, path);
}

/* NULL, or what is wrong with a name. A leading "-" would be taken for an
 * option by the programs that get it as an argument. */
static const char *
bad_name(const char *s)
{
	if (*s == '-')
		return "must not begin with \"-\"";
	return strpbrk(s, " \"'\\`$;&|<>") != NULL ?
	    "must not contain blanks, quotes or a shell's characters" : NULL;
}

static void
set_text(const struct confvalue *v, const struct conf_setting *s, void *at,
    struct conf_errors *errs)
{
	const char *text = v->text, *why = NULL;
	char clean[4096], *value = NULL;
	size_t n;

	if (text == NULL) {
		wrong_type(v, s, errs);
		return;
	}
	n = strlen(text);
	if (n < (size_t)s->min)
		why = "must not be empty";
	else if (n > (size_t)s->max)
		why = "is too long";
	else if (utf8_clean(clean, sizeof clean, text, n) != n ||
	    memcmp(clean, text, n) != 0)
		why = "must be UTF-8 without control characters";
	else if (s->type == CONF_NAME)
		why = bad_name(text);
	if (why != NULL) {
		conf_errors_add(errs, v->at.file, v->at.line, "\"%s\" %s",
		    s->name, why);
		return;
	}
	if (s->type == CONF_PATH) {
		value = resolve(text, v->at.file, &why);
		if (value == NULL)
			conf_errors_add(errs, v->at.file, v->at.line,
			    "\"%s\": %s", s->name, why);
	} else {
		value = x_strdup(text);
	}
	x_free(*conf_text(s, at));
	*conf_text(s, at) = value;
}

void
confvalue_set(const struct confvalue *v, const struct conf_setting *s,
    void *at, struct conf_errors *errs)
{
	if (v->text != NULL && strcmp(v->text, CONFTEXT_BAD) == 0)
		return;
	if ((v->kind == CONFVALUE_LIST) != (s->type == CONF_LIST)) {
		wrong_type(v, s, errs);
		return;
	}
	switch (s->type) {
	case CONF_BOOL:
		if (v->kind != CONFVALUE_BOOL)
			wrong_type(v, s, errs);
		else
			conf_set(s, at, v->number);
		break;
	case CONF_INT:
	case CONF_MS:
	case CONF_KB:
		set_number(v, s, at, errs);
		break;
	case CONF_WORD:
		set_word(v, s, at, errs);
		break;
	case CONF_TEXT:
	case CONF_NAME:
	case CONF_PATH:
	case CONF_LIST:
		set_text(v, s, at, errs);
		break;
	}
}
