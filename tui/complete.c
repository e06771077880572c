/* Completion for the shell. What a verb takes is read out of its own usage
 * text: "--word" is an option, a word in small letters stands for itself, HOST
 * and NAME are names out of the configuration. */
#include "tui/complete.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/conf.h"
#include "tui/options.h"
#include "tui/verb.h"

struct completion {
	struct buf *out;
	const struct conf *conf;
	const char *begun; /* what is to be completed */
};

static void
offer(struct completion *c, const char *prefix, const char *s, size_t n)
{
	char word[300];
	int len = snprintf(word, sizeof word, "%s%.*s", prefix, (int)n, s);

	if (len > 0 && (size_t)len < sizeof word &&
	    strncmp(word, c->begun, strlen(c->begun)) == 0)
		buf_printf(c->out, "%s\n", word);
}

static void
offer_text(struct completion *c, const char *s)
{
	offer(c, "", s, strlen(s));
}

static void
offer_hosts(struct completion *c)
{
	for (size_t i = 0; i < c->conf->nhosts; i++)
		offer_text(c, c->conf->hosts[i].name);
}

/* Those VMs that the configuration calls by name. */
static void
offer_vms(struct completion *c)
{
	for (size_t i = 0; i < c->conf->nvms; i++)
		if (strpbrk(c->conf->vms[i].match, "*?[") == NULL)
			offer_text(c, c->conf->vms[i].match);
	for (size_t i = 0; i < c->conf->sim.nvms; i++)
		offer_text(c, c->conf->sim.vms[i].name);
}

/* One word of a usage text. */
static void
offer_token(struct completion *c, const char *s, size_t n)
{
	if (n == 4 && memcmp(s, "HOST", n) == 0) {
		offer_hosts(c);
	} else if (n == 4 && memcmp(s, "NAME", n) == 0) {
		offer_hosts(c);
		offer_vms(c);
	} else if (n > 2 && (islower((unsigned char)s[0]) ||
	    (s[0] == '-' && s[1] == '-'))) {
		offer(c, "", s, n);
	}
}

static void
offer_arguments(struct completion *c, const struct verb *v)
{
	static const char between[] = " []|().";

	for (const char *s = v->args; *s != '\0';) {
		size_t n = strcspn(s, between);

		/* Options only when one is begun: they are many. */
		if (n > 0 && (s[0] != '-' || c->begun[0] == '-'))
			offer_token(c, s, n);
		s += n > 0 ? n : 1;
	}
}

static void
offer_start(struct completion *c)
{
	if (c->begun[0] == '-') {
		for (const struct option_entry *e = option_entries;
		     e->name != NULL; e++)
			offer(c, "--", e->name, strlen(e->name));
		return;
	}
	for (size_t i = 0; verbs[i] != NULL; i++)
		if (verbs[i]->help != NULL)
			offer_text(c, verbs[i]->name);
}

/* Whether an option of the program takes the word behind it. */
static bool
takes_value(const char *word)
{
	for (const struct option_entry *e = option_entries; e->name != NULL;
	     e++)
		if (e->value != NULL && ((word[1] == e->letter &&
		    word[1] != '\0' && word[2] == '\0') ||
		    (word[1] == '-' && strcmp(word + 2, e->name) == 0)))
			return true;
	return false;
}

void
complete_words(struct buf *out, const struct conf *conf,
    const char *const *words, size_t n)
{
	struct completion c = { out, conf, n > 0 ? words[n - 1] : "" };
	const struct verb *v;
	size_t i = 0;

	while (n > 0 && i < n - 1 && words[i][0] == '-')
		i += takes_value(words[i]) ? 2 : 1;
	if (i >= n && n > 0)
		return; /* an option's value: a file */
	if (n == 0 || i == n - 1) {
		offer_start(&c);
		return;
	}
	v = verb_find(words[i]);
	if (v != NULL)
		offer_arguments(&c, v);
}
