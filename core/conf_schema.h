#ifndef CORE_CONF_SCHEMA_H
#define CORE_CONF_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/conf.h"

/* Every setting there is: the reader, the checks, the printer and the manual
 * all go by these tables. A quantity with a unit is always a string ("10 s",
 * "4 GiB"; core/units.h), so that no number needs its unit guessed. */

enum conf_type {
	CONF_BOOL,
	CONF_INT,
	CONF_MS,   /* duration */
	CONF_KB,   /* memory */
	CONF_WORD, /* one of words; a boolean stands for "yes" or "no" */
	CONF_TEXT, /* for people: clean, any characters */
	CONF_NAME, /* for machines and people: no blanks, no leading "-" */
	CONF_PATH, /* ~/ and relative paths are resolved */
	CONF_LIST, /* [ "a", "b" ]; kept as one text, "a b" */
};

struct conf_word {
	const char *word; /* NULL ends the table */
	int value;
};

struct conf_setting {
	const char *name; /* NULL ends the table */
	enum conf_type type;
	bool required;
	size_t offset, size; /* of the field in the section's struct */
	int64_t min, max;    /* of a number; of a text's length in bytes */
	int64_t def;
	const char *text;    /* a text's default, or NULL */
	const struct conf_word *words;
	const char *doc;     /* one line for the manual */
};

enum conf_section_id {
	CONF_TOP,
	CONF_CLUSTER,
	CONF_HOST,
	CONF_VM,
	CONF_FILTER,
	CONF_COMMAND,
	CONF_ALARMS,
	CONF_KEYS,
	CONF_THEME,
	CONF_STYLE,
	CONF_SIM,
	CONF_GENERATE,
	CONF_SIM_HOST,
	CONF_SIM_VM,
	CONF_SIM_FAULT,
	CONF_NSECTIONS,
};

enum conf_form {
	FORM_GROUP, /* { } */
	FORM_LIST,  /* ( { }, { } ) */
	FORM_MAP,   /* { } with names of the operator's choice; its settings
	             * are two, that of the name and that of the value */
};

struct conf_section {
	const char *key;     /* in the section above; NULL for the file itself */
	const char *what;    /* "a host" */
	enum conf_section_id parent;
	enum conf_form form;
	const struct conf_setting *settings;
	const char *doc;
};

/* Makes up hosts and VMs by the number. Not kept: what it made is. */
struct conf_generate {
	int clusters, hosts, vms;
};

extern const struct conf_section conf_sections[CONF_NSECTIONS];

/* Sets every field that has a setting to its default. */
void conf_section_defaults(enum conf_section_id id, void *at);
/* Frees the texts. */
void conf_section_free(enum conf_section_id id, void *at);
bool conf_section_equal(enum conf_section_id id, const void *a,
    const void *b);

/* The field of a setting in the struct at. Numbers of any kind are read and
 * stored as int64_t, words as their value. */
int64_t conf_get(const struct conf_setting *s, const void *at);
void conf_set(const struct conf_setting *s, void *at, int64_t value);
char **conf_text(const struct conf_setting *s, void *at);
const char *conf_get_text(const struct conf_setting *s, const void *at);
bool conf_is_text(const struct conf_setting *s);

/* Names of styles; tui/style.c has the same, and a test compares them. The
 * last one is the selected row. */
enum { CONF_STYLE_SELECTED = 0x80 };
extern const struct conf_word conf_style_words[];

/* NULL when no word has that value. */
const char *conf_word_of(const struct conf_word *words, int64_t value);

/* What a fault of that kind needs. */
enum { SIM_WANTS_HOST = 1, SIM_WANTS_VM = 2, SIM_WANTS_TO_HOST = 4,
	SIM_WANTS_TO_NAME = 8, SIM_MAY_HOST = 16 };
unsigned sim_what_wants(enum sim_what what);
const char *sim_what_name(enum sim_what what);

#endif
