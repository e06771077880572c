/* See vmcommand.h. The words are cut before anything foreign is put into them,
 * so that no name and no address, whatever is in it, is more than a part of the
 * word where the operator wants it. */
#include "core/vmcommand.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { IP_SIZE = 16 };

struct maker {
	struct vmcommand *c;
	const struct vmcommand_about *about;
	size_t len;
	struct err *err;
};

static int
put(struct maker *m, const char *p, size_t n)
{
	if (m->len + n + 1 > sizeof m->c->text)
		return err_set(m->err, ERR_FAILED, "the command is longer "
		    "than %d bytes", VMCOMMAND_TEXT);
	memcpy(m->c->text + m->len, p, n);
	m->len += n;
	m->c->text[m->len] = '\0';
	return 0;
}

static bool
is(const char *p, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(p, word, n) == 0;
}

static bool
is_address(const char *ip)
{
	unsigned char raw[IP_SIZE];

	return inet_pton(AF_INET, ip, raw) == 1 ||
	    inet_pton(AF_INET6, ip, raw) == 1;
}

/* What is between braces, at the beginning of a word or in it. */
static int
put_value(struct maker *m, const char *p, size_t n, bool begins)
{
	const struct vmcommand_about none = { "name", "host", "0.0.0.0" };
	const struct vmcommand_about *a = m->about != NULL ? m->about : &none;
	bool ip = is(p, n, "ip");
	const char *value = ip ? a->ip : is(p, n, "name") ? a->name :
	    a->host;

	if (!ip && !is(p, n, "name") && !is(p, n, "host"))
		return err_set(m->err, ERR_CONF, "{%.*s} is none of {ip}, "
		    "{name}, {host}", (int)(n < 40 ? n : 40), p);
	if (value == NULL || value[0] == '\0')
		return err_set(m->err, ERR_FAILED, ip ? "no address of it is "
		    "known: the guest has told none" : "its %.*s is not known",
		    (int)n, p);
	if (ip && !is_address(value))
		return err_set(m->err, ERR_REFUSED, "what the guest tells as "
		    "its address is none: '%.60s'", value);
	if (begins && value[0] == '-')
		return err_set(m->err, ERR_REFUSED, "'%.200s' would be taken "
		    "for an option", value);
	return put(m, value, strlen(value));
}

/* One word; *text moves behind it. */
static int
put_word(struct maker *m, const char **text)
{
	const char *p = *text;
	size_t from = m->len;
	char quote = '\0';

	for (; *p != '\0' && (quote != '\0' || *p != ' '); p++) {
		size_t n = strcspn(p + 1, "}");

		if (quote != '\0' ? *p == quote : *p == '\'' || *p == '"') {
			quote = quote == '\0' ? *p : '\0';
		} else if (*p == '{' && p[1 + n] == '}') {
			if (put_value(m, p + 1, n, m->len == from) != 0)
				return -1;
			p += n + 1;
		} else if (put(m, p, 1) != 0) {
			return -1;
		}
	}
	if (quote != '\0')
		return err_set(m->err, ERR_CONF, "a quote is not closed");
	*text = p;
	m->len++; /* the NUL stays */
	return 0;
}

int
vmcommand_make(struct vmcommand *c, const char *text,
    const struct vmcommand_about *about, struct err *err)
{
	struct maker m = { .c = c, .about = about, .err = err };

	memset(c, 0, sizeof *c);
	for (;;) {
		text += strspn(text, " ");
		if (*text == '\0')
			break;
		if (c->n == VMCOMMAND_WORDS || m.len >= sizeof c->text)
			return err_set(err, ERR_CONF, "it has too many words");
		c->argv[c->n++] = c->text + m.len;
		if (put_word(&m, &text) != 0)
			return -1;
	}
	if (c->n == 0 || c->argv[0][0] == '\0')
		return err_set(err, ERR_CONF, "it names no program");
	return 0;
}

const char *
vmcommand_ip(const struct vm *vm)
{
	const char *found = NULL;

	for (size_t i = 0; i < vm->detail.nnics; i++) {
		const char *ip = vm->detail.nics[i].ip;

		if (ip == NULL || ip[0] == '\0')
			continue;
		if (found == NULL || strncasecmp(found, "fe80:", 5) == 0)
			found = ip;
	}
	return found;
}

const struct conf_command *
vmcommand_find(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->ncommands; i++)
		if (strcmp(conf->commands[i].name, name) == 0)
			return &conf->commands[i];
	return NULL;
}
