/* dmesg: Xen's own log of one host, for pipes. */
#include <stdio.h>
#include <string.h>

#include "tui/session.h"
#include "tui/verb.h"

enum { LIVE_MS = 60000, ANSWER_MS = 40000 };

static const struct host_answer *
answer_of(const struct session *s, uint32_t host)
{
	return &model_host(s->model, host)->answer[ASK_DMESG];
}

/* Until the host is connected, or will not be. A slow one that is watched by its
 * shell needs half a minute; one that is dead says so sooner. */
static void
await_link(struct session *s, uint32_t host)
{
	struct mono end = mono_add_ms(loop_now(), LIVE_MS);
	const struct host *h = model_host(s->model, host);

	while (h->health != HOST_LIVE && h->link != LINK_DOWN &&
	    h->link != LINK_REFUSED && mono_before(loop_now(), end))
		session_turn(s, end);
}

static int
print(const struct session *s, uint32_t host)
{
	const struct host *h = model_host(s->model, host);
	const struct host_answer *a = answer_of(s, host);

	if (a->error == NULL && a->text != NULL) {
		fputs(a->text, stdout);
		return ERR_NONE;
	}
	if (a->error != NULL)
		fprintf(stderr, "xendeck: %s\n", a->error);
	else
		fprintf(stderr, "xendeck: %s did not answer in time\n",
		    h->name);
	return ERR_UNREACHABLE;
}

static int
ask(struct session *s, uint32_t host)
{
	struct mono end;

	await_link(s, host);
	if (wiring_ask(&s->wiring, host, ASK_DMESG, loop_now()) != 0) {
		session_complain(s);
		return ERR_UNREACHABLE;
	}
	end = mono_add_ms(loop_now(), ANSWER_MS);
	while (answer_of(s, host)->at.ns == 0 && mono_before(loop_now(), end))
		session_turn(s, end);
	return print(s, host);
}

static int
dmesg_session(struct session *s, int argc, char **argv)
{
	if (argc != 2 || argv[1][0] == '-')
		return verb_usage(&verb_dmesg, "one host is wanted");
	for (uint32_t i = 0; i < s->conf.nhosts; i++)
		if (strcmp(s->conf.hosts[i].name, argv[1]) == 0)
			return ask(s, i);
	fprintf(stderr, "xendeck: no host is called '%s'\n", argv[1]);
	return ERR_FAILED;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	return session_verb(ctx, argc, argv, dmesg_session);
}

const struct verb verb_dmesg = {
	.name = "dmesg",
	.args = "HOST",
	.help = "Xen's own log on that host (xl dmesg)",
	.run = run,
};
