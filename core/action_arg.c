/* What is typed behind a VM's name, for dialogs and verbs alike: "2GiB" of
 * mem-set, "1 0-3" of vcpu-pin, "beta" of migrate. Whether the hosts would take
 * it is found out later, when the plan is made. */
#include <stdio.h>
#include <string.h>

#include "core/action.h"
#include "core/suggest.h"
#include "core/units.h"

static bool
parse_number(int64_t *n, const char *s, size_t len)
{
	*n = 0;
	if (len == 0 || len > 9)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*n = *n * 10 + (s[i] - '0');
	}
	return true;
}

static const char *
next_word(const char *s)
{
	s += strcspn(s, " ");
	return s + strspn(s, " ");
}

static int
set_memory(struct action *a, const char *text, struct err *err)
{
	if (units_parse_kb(&a->value, text) != 0 || a->value <= 0)
		return err_set(err, ERR_USAGE, "'%.60s' is no amount of memory "
		    "such as 512MiB or 2GiB", text);
	return 0;
}

static int
set_number(struct action *a, const char *text, struct err *err)
{
	if (!parse_number(&a->value, text, strlen(text)) || a->value == 0)
		return err_set(err, ERR_USAGE, "'%.60s' is no number of vCPUs",
		    text);
	return 0;
}

/* "0-3" of all vCPUs, "1 0-3" of one. */
static int
set_pin(struct action *a, const char *text, struct err *err)
{
	const char *rest = next_word(text);

	a->value = -1;
	a->arg = text;
	if (rest[0] == '\0')
		return 0;
	a->arg = rest;
	if (strncmp(text, "all ", 4) == 0)
		return 0;
	if (!parse_number(&a->value, text, strcspn(text, " ")))
		return err_set(err, ERR_USAGE, "'%.60s' is not like 0-3 or "
		    "1 0-3: [VCPU] CPUS", text);
	return 0;
}

/* "weight=512 cap=50", in any order; one of them is enough. */
static int
set_sched(struct action *a, const char *text, struct err *err)
{
	for (const char *s = text; *s != '\0'; s = next_word(s)) {
		size_t n = strcspn(s, " "), k = strcspn(s, "=");
		bool weight = strncmp(s, "weight=", 7) == 0;
		bool cap = strncmp(s, "cap=", 4) == 0;

		if ((!weight && !cap) || !parse_number(weight ? &a->value :
		    &a->cap, s + k + 1, n - k - 1))
			return err_set(err, ERR_USAGE, "'%.*s' is neither like "
			    "weight=512 nor like cap=50", (int)(n < 60 ? n :
			    60), s);
	}
	return 0;
}

static int
set_cd(struct action *a, const char *text, struct err *err)
{
	a->arg = text;
	a->arg2 = next_word(text);
	if (a->arg2[0] == '\0')
		return err_set(err, ERR_USAGE, "'%.60s' is not like "
		    "hdc /srv/debian.iso: DEVICE PATH", text);
	return 0;
}

static int
set_host(struct action *a, const struct model *m, const char *text,
    struct err *err)
{
	struct suggest s;
	char hint[128];

	a->to = conf_find_host(model_conf(m), text);
	if (a->to != CONF_NO_HOST)
		return 0;
	a->to = MODEL_NONE;
	suggest_start(&s, text);
	for (uint32_t i = 0; i < model_nhosts(m); i++)
		suggest_offer(&s, model_host(m, i)->name);
	return err_set(err, ERR_USAGE, "there is no host '%.60s'%s", text,
	    suggest_text(&s, hint, sizeof hint));
}

static bool
may_be_left_out(enum action_kind kind)
{
	const char *args = action_infos[kind].args;

	/* Each word of sched's may be, but not both. */
	return args[0] == '\0' || (args[0] == '[' && kind != ACTION_SCHED &&
	    kind != ACTION_PIN);
}

int
action_set_arg(struct action *a, const struct model *m, const char *text,
    struct err *err)
{
	const struct action_info *info = &action_infos[a->kind];

	if (text == NULL || text[0] == '\0')
		return may_be_left_out(a->kind) ? 0 : err_set(err, ERR_USAGE,
		    "%s: %s is wanted", info->verb, info->args);
	if (a->kind == ACTION_PIN)
		return set_pin(a, text, err);
	if (a->kind == ACTION_SCHED)
		return set_sched(a, text, err);
	if (a->kind == ACTION_CD_INSERT)
		return set_cd(a, text, err);
	switch (info->arg) {
	case ARG_NONE:
		return err_set(err, ERR_USAGE, "%s: '%.60s' is too much",
		    info->verb, text);
	case ARG_MEMORY:
		return set_memory(a, text, err);
	case ARG_NUMBER:
		return set_number(a, text, err);
	case ARG_HOST:
		return set_host(a, m, text, err);
	case ARG_TEXT:
	case ARG_PATH:
		a->arg = text;
		break;
	}
	return 0;
}
