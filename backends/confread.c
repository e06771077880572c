/* Turns libconfig's tree into a struct conf by the tables of
 * core/conf_schema.h, and is the only file that knows libconfig. Every setting
 * in the tree is either in a table or reported; nothing stops at the first
 * error but a text that cannot be parsed at all. */
#include "backends/confread.h"

#include <errno.h>
#include <libconfig.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "backends/conftext.h"
#include "backends/confvalue.h"
#include "backends/simgen.h"
#include "core/conf_check.h"
#include "core/conf_schema.h"
#include "core/mem.h"
#include "core/suggest.h"

struct reader {
	struct conf *conf;
	struct conf_errors *errs;
	const struct conftext *text;
	struct conf_generate generate;
	struct conftext_place generate_at; /* file NULL: there is none */
};

static struct conftext_place
place_of(const struct reader *r, const config_setting_t *x)
{
	return conftext_place(r->text, (int)config_setting_source_line(x));
}

#define COMPLAIN(r, x, ...) \
	conf_errors_add((r)->errs, place_of((r), (x)).file, \
	    place_of((r), (x)).line, __VA_ARGS__)

/* [ "a", "b" ] as "a b". False when it is no list of words. */
static bool
join(struct buf *out, const config_setting_t *x)
{
	for (int i = 0; i < config_setting_length(x); i++) {
		const char *s = config_setting_get_string_elem(x, i);

		if (s == NULL || *s == '\0' || strchr(s, ' ') != NULL)
			return false;
		if (strcmp(s, CONFTEXT_BAD) == 0) { /* complained of already */
			buf_clear(out);
			return buf_puts(out, s) == 0;
		}
		if (buf_printf(out, "%s%s", i > 0 ? " " : "", s) != 0)
			return false;
	}
	return true;
}

static void
read_value(struct reader *r, const config_setting_t *x,
    const struct conf_setting *s, void *at)
{
	struct confvalue v = { .at = place_of(r, x) };
	struct buf words;

	buf_init(&words, 4096);
	switch (config_setting_type(x)) {
	case CONFIG_TYPE_BOOL:
		v.kind = CONFVALUE_BOOL;
		v.number = config_setting_get_bool(x);
		break;
	case CONFIG_TYPE_INT:
		v.kind = CONFVALUE_INT;
		v.number = config_setting_get_int(x);
		break;
	case CONFIG_TYPE_INT64:
		v.kind = CONFVALUE_INT;
		v.number = config_setting_get_int64(x);
		break;
	case CONFIG_TYPE_STRING:
		v.kind = CONFVALUE_TEXT;
		v.text = config_setting_get_string(x);
		break;
	case CONFIG_TYPE_ARRAY:
	case CONFIG_TYPE_LIST:
		v.kind = join(&words, x) ? CONFVALUE_LIST : CONFVALUE_OTHER;
		v.text = v.kind == CONFVALUE_LIST ? words.p : NULL;
		break;
	default:
		v.kind = CONFVALUE_OTHER;
		break;
	}
	confvalue_set(&v, s, at, r->errs);
	if (s->type == CONF_LIST &&
	    conf_text(s, at) == &r->conf->columns) {
		x_free(r->conf->columns_file);
		r->conf->columns_file = x_strdup(v.at.file);
		r->conf->columns_line = v.at.line;
	}
	buf_free(&words);
}

static const struct conf_setting *
find_setting(enum conf_section_id id, const char *name)
{
	const struct conf_setting *s = conf_sections[id].settings;

	while (s->name != NULL && strcmp(s->name, name) != 0)
		s++;
	return s->name != NULL ? s : NULL;
}

static bool
is_below(enum conf_section_id id, enum conf_section_id below)
{
	return conf_sections[below].key != NULL &&
	    conf_sections[below].parent == id;
}

static bool
find_section(enum conf_section_id id, const char *name)
{
	for (unsigned i = 0; i < CONF_NSECTIONS; i++)
		if (is_below(id, i) && strcmp(conf_sections[i].key, name) == 0)
			return true;
	return false;
}

static void
unknown(struct reader *r, const config_setting_t *x, enum conf_section_id id)
{
	const struct conf_setting *s = conf_sections[id].settings;
	const char *name = config_setting_name(x);
	struct suggest guess;
	char hint[128];

	suggest_start(&guess, name);
	for (; s->name != NULL; s++)
		suggest_offer(&guess, s->name);
	for (unsigned i = 0; i < CONF_NSECTIONS; i++)
		if (is_below(id, i))
			suggest_offer(&guess, conf_sections[i].key);
	COMPLAIN(r, x, "\"%.64s\" is no setting of %s%s", name,
	    conf_sections[id].what, suggest_text(&guess, hint, sizeof hint));
}

/* A new element for a group of that section, with its place. */
static void *
add_item(struct reader *r, enum conf_section_id id, struct conftext_place p)
{
	struct conf *c = r->conf;

#define ITEM(type, add) { \
		struct type *item = add(c); \
		item->file = x_strdup(p.file); \
		item->line = p.line; \
		return item; \
	}
	switch (id) {
	case CONF_CLUSTER: ITEM(conf_cluster, conf_add_cluster)
	case CONF_HOST: ITEM(conf_host, conf_add_host)
	case CONF_VM: ITEM(conf_vm, conf_add_vm)
	case CONF_FILTER: ITEM(conf_filter, conf_add_filter)
	case CONF_COMMAND: ITEM(conf_command, conf_add_command)
	case CONF_KEYS: ITEM(conf_key, conf_add_key)
	case CONF_THEME: ITEM(conf_theme, conf_add_theme)
	case CONF_STYLE: ITEM(conf_style, conf_add_style)
	case CONF_SIM_HOST: ITEM(conf_sim_host, conf_add_sim_host)
	case CONF_SIM_VM: ITEM(conf_sim_vm, conf_add_sim_vm)
	case CONF_SIM_FAULT: ITEM(conf_sim_fault, conf_add_sim_fault)
	case CONF_GENERATE:
		r->generate_at = p;
		return &r->generate;
	case CONF_TOP:
	case CONF_ALARMS:
	case CONF_SIM:
	case CONF_NSECTIONS:
		break;
	}
#undef ITEM
	return c;
}

static void
check_required(struct reader *r, const config_setting_t *group,
    const struct conf_setting *s, void *at)
{
	if (!s->required)
		return;
	if (config_setting_get_member(group, s->name) == NULL)
		COMPLAIN(r, group, "\"%s\" is missing here", s->name);
	if (conf_is_text(s) && *conf_text(s, at) == NULL)
		*conf_text(s, at) = x_strdup("");
}

static void read_list(struct reader *r, enum conf_section_id id,
    const config_setting_t *x);

/* Recursion is as deep as the schema, never as deep as the input. */
static void
read_group(struct reader *r, enum conf_section_id id,
    const config_setting_t *group, void *at)
{
	const struct conf_setting *s;

	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *x =
		    config_setting_get_elem(group, (unsigned)i);

		s = find_setting(id, config_setting_name(x));
		if (s != NULL)
			read_value(r, x, s, at);
		else if (!find_section(id, config_setting_name(x)))
			unknown(r, x, id);
	}
	for (s = conf_sections[id].settings; s->name != NULL; s++)
		check_required(r, group, s, at);
	for (unsigned i = 0; i < CONF_NSECTIONS; i++) {
		const config_setting_t *x;

		if (!is_below(id, i))
			continue;
		x = config_setting_get_member(group, conf_sections[i].key);
		if (x != NULL)
			read_list(r, i, x);
	}
}

/* Each member is an element: its name the first setting, its value the
 * second. Messages call the value by that name. */
static void
read_map(struct reader *r, enum conf_section_id id, const config_setting_t *x)
{
	const struct conf_setting *s = conf_sections[id].settings;

	for (int i = 0; i < config_setting_length(x); i++) {
		const config_setting_t *e =
		    config_setting_get_elem(x, (unsigned)i);
		struct conf_setting value = s[1];
		void *at = add_item(r, id, place_of(r, e));

		x_free(*conf_text(&s[0], at));
		*conf_text(&s[0], at) = x_strdup(config_setting_name(e));
		value.name = config_setting_name(e);
		read_value(r, e, &value, at);
	}
}

static void
read_list(struct reader *r, enum conf_section_id id,
    const config_setting_t *x)
{
	const struct conf_section *sec = &conf_sections[id];

	if (sec->form != FORM_LIST) {
		if (config_setting_is_group(x) && sec->form == FORM_MAP)
			read_map(r, id, x);
		else if (config_setting_is_group(x))
			read_group(r, id, x, add_item(r, id, place_of(r, x)));
		else
			COMPLAIN(r, x, "\"%s\" must be a group: { ... }",
			    sec->key);
		return;
	}
	if (!config_setting_is_list(x)) {
		COMPLAIN(r, x, "\"%s\" must be a list of groups: "
		    "( { ... }, { ... } )", sec->key);
		return;
	}
	for (int i = 0; i < config_setting_length(x); i++) {
		const config_setting_t *e =
		    config_setting_get_elem(x, (unsigned)i);

		if (config_setting_is_group(e))
			read_group(r, id, e, add_item(r, id, place_of(r, e)));
		else
			COMPLAIN(r, e, "%s in \"%s\" must be a group: { ... }",
			    sec->what, sec->key);
	}
}

static void
parse_error(struct reader *r, const config_t *cfg)
{
	struct conftext_place p = conftext_place(r->text,
	    config_error_line(cfg));
	char near[64];

	conftext_excerpt(r->text, config_error_line(cfg), near, sizeof near);
	if (strcmp(config_error_text(cfg), "syntax error") == 0)
		conf_errors_add(r->errs, p.file, p.line, "syntax error near "
		    "`%s`: is a \",\" between two groups missing, a name, or "
		    "a \"=\"?", near);
	else
		conf_errors_add(r->errs, p.file, p.line, "%s near `%s`",
		    config_error_text(cfg), near);
}

static int
read_tree(struct conftext *text, const char *name, struct conf *conf,
    struct conf_errors *errs)
{
	struct reader r = { .conf = conf, .errs = errs, .text = text };
	config_t cfg;

	config_init(&cfg);
	conf_section_defaults(CONF_GENERATE, &r.generate);
	if (!config_read_string(&cfg, text->text.p != NULL ?
	    text->text.p : "")) {
		parse_error(&r, &cfg);
		config_destroy(&cfg);
		return -1;
	}
	read_group(&r, CONF_TOP, config_root_setting(&cfg), conf);
	config_destroy(&cfg);
	if (r.generate_at.file != NULL)
		simgen_add(conf, &r.generate, r.generate_at.file,
		    r.generate_at.line);
	conf_complete(conf);
	conf_check(conf, name, errs);
	return 0;
}

static int
finish(struct conftext *text, const char *name, int rc, struct conf *conf,
    struct conf_errors *errs)
{
	if (rc == 0)
		rc = read_tree(text, name, conf, errs);
	if (errs->n > 0) {
		conf_errors_sort(errs);
		conf_free(conf);
		rc = -1;
	}
	conftext_free(text);
	return rc;
}

int
confread_file(const char *path, struct conf *conf, struct conf_errors *errs)
{
	struct conftext text;
	int rc;

	conftext_init(&text);
	rc = conftext_read(&text, path, errs);
	return finish(&text, path, rc, conf, errs);
}

int
confread_text(const char *name, const char *p, size_t n, struct conf *conf,
    struct conf_errors *errs)
{
	struct conftext text;
	int rc;

	conftext_init(&text);
	rc = conftext_take(&text, name, p, n, errs);
	return finish(&text, name, rc, conf, errs);
}

static char *
user_file(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return x_asprintf("%s/xendeck/xendeck.conf", xdg);
	if (home != NULL && home[0] == '/')
		return x_asprintf("%s/.config/xendeck/xendeck.conf", home);
	return NULL;
}

/* A file that cannot be looked at counts as there: reading it will say why. */
static bool
is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

int
confread_default(char **path, struct conf *conf, struct conf_errors *errs)
{
	static const char system_file[] =
	    XENDECK_SYSCONFDIR "/xendeck/xendeck.conf";
	char *user = user_file();

	if (user != NULL && is_there(user)) {
		*path = user;
		return confread_file(user, conf, errs);
	}
	if (is_there(system_file)) {
		x_free(user);
		*path = x_strdup(system_file);
		return confread_file(system_file, conf, errs);
	}
	*path = NULL;
	if (user == NULL)
		user = x_strdup("~/.config/xendeck/xendeck.conf");
	conf_errors_add(errs, NULL, 0, "no configuration: neither %s nor %s is "
	    "there", user, system_file);
	conf_errors_add(errs, NULL, 0, "to look around first: xendeck --demo");
	conf_errors_add(errs, NULL, 0, "to begin: install -D -m 600 "
	    XENDECK_DATADIR "/xendeck/examples/one-host.conf %s; edit it, then "
	    "xendeck check-config", user);
	x_free(user);
	return -1;
}
