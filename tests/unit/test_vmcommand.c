/* The operator's own commands: what a guest calls itself is never more than a
 * part of one word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/vmcommand.h"

static struct vmcommand c;
static struct err err;

/* The words with a "|" between them, or what is wrong. */
static const char *
make(const char *text, const char *name, const char *ip)
{
	static char out[4096];
	const struct vmcommand_about about = { name, "alpha.example.net", ip };

	err = (struct err){ 0 };
	out[0] = '\0';
	if (vmcommand_make(&c, text, &about, &err) != 0)
		return err.msg;
	assert_null(c.argv[c.n]);
	for (size_t i = 0; i < c.n; i++)
		snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s",
		    i > 0 ? "|" : "", c.argv[i]);
	return out;
}

#define IS(text, name, ip, words) \
	assert_string_equal(make(text, name, ip), words)
#define FAILS(text, name, ip, as, part) do { \
	const char *msg_ = make(text, name, ip); \
	if (err.kind != (as) || strstr(msg_, part) == NULL) \
		fail_msg("%d: %s", (int)err.kind, msg_); \
} while (0)

static void
words(void **state)
{
	(void)state;
	IS("ssh root@{ip}", "web1", "10.0.0.11", "ssh|root@10.0.0.11");
	IS("  ssh  -J {host}  root@{ip} ", "web1", "2001:db8::1",
	    "ssh|-J|alpha.example.net|root@2001:db8::1");
	IS("xterm -T 'a b {name}' -e \"it's\" ''", "web1", NULL,
	    "xterm|-T|a b web1|-e|it's|");
	IS("echo a{name}b{ip}", "w", "1.2.3.4", "echo|awb1.2.3.4");
	IS("echo {", "w", NULL, "echo|{");
}

static void
foreign_words_stay_words(void **state)
{
	(void)state;
	IS("echo {name} end", "a b; rm -rf / $(id) 'q' \" {ip}", NULL,
	    "echo|a b; rm -rf / $(id) 'q' \" {ip}|end");
	IS("echo x{name}", "-o", NULL, "echo|x-o");
	FAILS("ssh {name}", "-oProxyCommand=id", NULL, ERR_REFUSED, "option");
	FAILS("ssh {ip}", "w", "-oProxyCommand=id", ERR_REFUSED,
	    "as its address is none");
	FAILS("ssh root@{ip}", "w", "10.0.0.1; id", ERR_REFUSED, "is none");
	FAILS("ssh root@{ip}", "w", "10.0.0", ERR_REFUSED, "is none");
	FAILS("ssh root@{ip}", "w", "fe80::1%eth0", ERR_REFUSED, "is none");
	FAILS("ssh root@{ip}", "w", NULL, ERR_FAILED, "has told none");
}

static void
wrong_texts(void **state)
{
	char many[400] = "";

	(void)state;
	FAILS("", "w", NULL, ERR_CONF, "names no program");
	FAILS("   ", "w", NULL, ERR_CONF, "names no program");
	FAILS("'' x", "w", NULL, ERR_CONF, "names no program");
	FAILS("ssh 'x", "w", NULL, ERR_CONF, "not closed");
	FAILS("ssh {pi}", "w", NULL, ERR_CONF, "{pi} is none of");
	for (int i = 0; i < VMCOMMAND_WORDS + 1; i++)
		strcat(many, "x ");
	FAILS(many, "w", NULL, ERR_CONF, "too many words");
	/* Without a VM only the text counts. */
	assert_int_equal(vmcommand_make(&c, "ssh root@{ip}", NULL, &err), 0);
}

static void
long_ones(void **state)
{
	char name[600];

	(void)state;
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	FAILS("echo {name} {name}", name, NULL, ERR_FAILED, "longer");
	assert_int_equal(strlen(make("echo {name}", name, NULL)), 604);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(foreign_words_stay_words),
		cmocka_unit_test(wrong_texts),
		cmocka_unit_test(long_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
