/* The parts of the manual that the tables of the program can tell better than
 * any author: a key or a setting that exists is documented, and one that does
 * not is not. */
#include "tui/manual.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/conf_schema.h"
#include "core/query.h"
#include "core/units.h"
#include "tui/command.h"
#include "tui/keymap.h"
#include "tui/options.h"
#include "tui/table.h"
#include "tui/verb.h"

/* --- mdoc ---------------------------------------------------------------------- */

/* Text as it is: no letter of it means anything to roff. */
static void
put_text(struct buf *out, const char *s)
{
	buf_puts(out, "\\&");
	for (; *s != '\0'; s++)
		switch (*s) {
		case '\\': buf_puts(out, "\\e"); break;
		case '"': buf_puts(out, "\\(dq"); break;
		case '\'': buf_puts(out, "\\(aq"); break;
		case '`': buf_puts(out, "\\(ga"); break;
		case '^': buf_puts(out, "\\(ha"); break;
		case '~': buf_puts(out, "\\(ti"); break;
		case '\n': buf_puts(out, " "); break;
		case '-': buf_puts(out, "\\-"); break;
		default: buf_add(out, s, 1);
		}
}

static void
put_line(struct buf *out, const char *s)
{
	put_text(out, s);
	buf_puts(out, "\n");
}

static void
put_list(struct buf *out)
{
	buf_puts(out, ".Bl -tag -width Ds\n");
}

/* The tag is one argument, so that no word of it is taken for a macro. */
static void
put_item(struct buf *out, const char *tag)
{
	buf_puts(out, ".It \"");
	put_text(out, tag);
	buf_puts(out, "\"\n");
}

static void
put_heading(struct buf *out, const char *text)
{
	buf_puts(out, ".Ss \"");
	put_text(out, text);
	buf_puts(out, "\"\n");
}

static void
put_end(struct buf *out)
{
	buf_puts(out, ".El\n");
}

/* --- Keys ------------------------------------------------------------------------ */

static void
put_keys_of(struct buf *out, const struct keymap_context *c)
{
	put_heading(out, c->title);
	put_list(out);
	for (size_t i = 0; i < keymap_ndefaults; i++) {
		const struct binding *b = &keymap_defaults[i];
		char keys[64];

		if (b->help == NULL || (b->contexts & (unsigned)c->ctx) == 0)
			continue;
		keymap_keys(keys, sizeof keys, b);
		put_item(out, keys);
		buf_puts(out, ".Pq Cm ");
		put_text(out, b->name);
		buf_puts(out, "\n");
		put_line(out, b->help);
	}
	put_end(out);
}

static void
put_keys(struct buf *out)
{
	for (size_t i = 0; i < keymap_ncontexts; i++)
		put_keys_of(out, &keymap_contexts[i]);
}

static void
put_columns(struct buf *out)
{
	put_list(out);
	for (size_t i = 0; i < table_ncolumns; i++) {
		put_item(out, table_columns[i].id);
		buf_printf(out, "titled %s: ", table_columns[i].title);
		put_line(out, table_columns[i].name);
	}
	put_end(out);
}

/* --- The query language and the command line ------------------------------------- */

static void
put_word(struct buf *out, const char *word, bool first)
{
	buf_puts(out, first ? "" : ", ");
	put_text(out, word);
}

static void
put_fields(struct buf *out)
{
	buf_puts(out, "The fields, by example:\n");
	for (size_t i = 0; query_field_example(i) != NULL; i++)
		put_word(out, query_field_example(i), i == 0);
	buf_puts(out, ".\n");
	buf_puts(out, "The states of VMs: ");
	for (unsigned i = 0; i <= VM_DORMANT; i++)
		put_word(out, vm_state_name(i), i == 0);
	buf_puts(out, ".\nOf hosts: ");
	for (unsigned i = 0; i <= HOST_REFUSED; i++)
		put_word(out, host_health_name(i), i == 0);
	buf_puts(out, ".\nBesides them,\n.Li is\nknows: ");
	for (size_t i = 0; query_is_word(i) != NULL; i++)
		put_word(out, query_is_word(i), i == 0);
	buf_puts(out, ".\n");
}

static void
put_commands(struct buf *out)
{
	put_list(out);
	for (size_t i = 0; i < command_count; i++) {
		const struct console_command *c = &command_table[i];
		char tag[200];

		snprintf(tag, sizeof tag, "%s%s%s", c->name,
		    c->args[0] != '\0' ? " " : "", c->args);
		put_item(out, tag);
		put_line(out, c->help);
	}
	put_end(out);
}

/* --- Verbs ------------------------------------------------------------------------ */

static void
put_verbs(struct buf *out)
{
	put_list(out);
	for (size_t i = 0; verbs[i] != NULL; i++) {
		char tag[400];

		if (verbs[i]->help == NULL)
			continue;
		snprintf(tag, sizeof tag, "%s %s", verbs[i]->name,
		    verbs[i]->args);
		put_item(out, tag);
		put_line(out, verbs[i]->help);
	}
	put_end(out);
}

static void
put_options(struct buf *out)
{
	put_list(out);
	for (const struct option_entry *e = option_entries; e->name != NULL;
	     e++) {
		char tag[96];
		size_t n = 0;

		if (e->letter != 0)
			n = (size_t)snprintf(tag, sizeof tag, "-%c, ",
			    e->letter);
		snprintf(tag + n, sizeof tag - n, "--%s%s%s", e->name,
		    e->value != NULL ? " " : "",
		    e->value != NULL ? e->value : "");
		put_item(out, tag);
		put_line(out, e->help);
	}
	put_end(out);
}

/* --- Settings ----------------------------------------------------------------------- */

static void
put_number(struct buf *out, const struct conf_setting *s, int64_t v)
{
	if (s->type == CONF_MS)
		units_put_ms(out, v);
	else if (s->type == CONF_KB)
		units_put_kb(out, v);
	else
		buf_printf(out, "%" PRId64, v);
}

static void
put_words(struct buf *out, const struct conf_setting *s)
{
	buf_puts(out, "One of");
	for (const struct conf_word *w = s->words; w->word != NULL; w++) {
		buf_puts(out, w == s->words ? " " : ", ");
		put_text(out, w->word);
	}
	buf_puts(out, ".\n");
}

static bool
has_range(const struct conf_setting *s)
{
	return s->type == CONF_INT || s->type == CONF_MS || s->type == CONF_KB;
}

static void
put_default(struct buf *out, const struct conf_setting *s)
{
	const char *word;

	if (s->required) {
		buf_puts(out, "Must be given.\n");
		return;
	}
	if (conf_is_text(s)) {
		if (s->text != NULL) {
			buf_puts(out, "Default: ");
			put_line(out, s->text);
		}
		return;
	}
	buf_puts(out, "Default: ");
	if (s->type == CONF_BOOL) {
		put_text(out, s->def != 0 ? "true" : "false");
	} else if (s->type == CONF_WORD) {
		word = conf_word_of(s->words, s->def);
		put_text(out, word != NULL ? word : "none");
	} else {
		put_number(out, s, s->def);
	}
	buf_puts(out, ".\n");
}

static const char *
type_name(enum conf_type type)
{
	switch (type) {
	case CONF_BOOL: return "true or false";
	case CONF_INT: return "number";
	case CONF_MS: return "duration";
	case CONF_KB: return "memory";
	case CONF_WORD: return "word";
	case CONF_TEXT: return "text";
	case CONF_NAME: return "name";
	case CONF_PATH: return "path";
	case CONF_LIST: return "list";
	}
	return "";
}

static void
put_setting(struct buf *out, const struct conf_setting *s)
{
	char tag[128];

	snprintf(tag, sizeof tag, "%s = %s", s->name, type_name(s->type));
	put_item(out, tag);
	put_line(out, s->doc);
	if (s->type == CONF_WORD)
		put_words(out, s);
	if (has_range(s)) {
		buf_puts(out, "From ");
		put_number(out, s, s->min);
		buf_puts(out, " to ");
		put_number(out, s, s->max);
		buf_puts(out, ".\n");
	}
	put_default(out, s);
}

/* "clusters.hosts": the way from the file to a section. */
static void
section_path(char *out, size_t size, enum conf_section_id id)
{
	const struct conf_section *s = &conf_sections[id];
	char above[128] = "";

	if (s->key == NULL) {
		out[0] = '\0';
		return;
	}
	section_path(above, sizeof above, s->parent);
	snprintf(out, size, "%s%s%s", above, above[0] != '\0' ? "." : "",
	    s->key);
}

static void
put_settings(struct buf *out)
{
	for (int i = 0; i < CONF_NSECTIONS; i++) {
		const struct conf_section *s = &conf_sections[i];
		char path[128], title[192];

		section_path(path, sizeof path, (enum conf_section_id)i);
		snprintf(title, sizeof title, "%s%s", s->key == NULL ?
		    "At the top of the file" : path, s->key == NULL ? "" :
		    s->form == FORM_LIST ? " = ( { ... }, ... )" :
		    s->form == FORM_MAP ? " = { action = keys; ... }" :
		    " = { ... }");
		put_heading(out, title);
		if (s->doc != NULL)
			put_line(out, s->doc);
		put_list(out);
		for (const struct conf_setting *t = s->settings;
		     t->name != NULL; t++)
			put_setting(out, t);
		put_end(out);
	}
}

/* --- Templates ------------------------------------------------------------------------ */

static void
put_version(struct buf *out)
{
	buf_puts(out, ".Os xendeck " XENDECK_VERSION "\n");
}

static const struct {
	const char *name;
	void (*put)(struct buf *out);
} parts[] = {
	{ "VERSION", put_version },
	{ "KEYS", put_keys },
	{ "COLUMNS", put_columns },
	{ "FIELDS", put_fields },
	{ "COMMANDS", put_commands },
	{ "OPTIONS", put_options },
	{ "VERBS", put_verbs },
	{ "SETTINGS", put_settings },
};

static int
put_part(struct buf *out, const char *name, size_t n, struct err *err)
{
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strlen(parts[i].name) == n &&
		    strncmp(parts[i].name, name, n) == 0) {
			parts[i].put(out);
			return 0;
		}
	return err_set(err, ERR_FAILED, "the template asks for @%.*s@, which "
	    "is not known", (int)n, name);
}

int
manual_fill(struct buf *out, const char *template, struct err *err)
{
	for (const char *s = template, *end; *s != '\0'; s = end) {
		size_t n = strcspn(s, "\n");

		end = s + n + (s[n] == '\n');
		if (n < 3 || s[0] != '@' || s[n - 1] != '@')
			buf_add(out, s, (size_t)(end - s));
		else if (put_part(out, s + 1, n - 2, err) != 0)
			return -1;
	}
	return 0;
}
