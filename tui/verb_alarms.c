/* alarms: what is wrong right now, for people and for scripts that ask by exit
 * code: 0 nothing, 6 something, 5 nothing but some host did not answer. One look
 * cannot see how long something lasts, so everything counts at once; that a VM
 * is gone it cannot know. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/alarm.h"
#include "core/mem.h"
#include "tui/jsonout.h"
#include "tui/session.h"
#include "tui/verb.h"

enum { TIMEOUT_MS = 15000, SENTENCE_MAX = 700 };

/* --- JSON Lines ------------------------------------------------------------- */

static void
put_json(const struct conf *conf, const struct alarm *x)
{
	bool vm = x->vm != MODEL_NONE;
	char text[SENTENCE_MAX], uuid[UUID_STR];

	printf("{ \"kind\": \"%s\", \"level\": \"%s\"",
	    alarm_kind_name(x->kind),
	    x->level == NOTE_ALARM ? "alarm" : "warning");
	jsonout_member("cluster", conf->clusters[x->cluster].name);
	jsonout_member("host", vm ? x->place : x->name);
	if (vm) {
		uuid_format(uuid, &x->uuid);
		jsonout_member("vm", x->name);
		jsonout_member("uuid", uuid);
	}
	jsonout_time("since", x->since_wall_ms);
	if (alarm_has_percent(x->kind))
		printf(", \"percent\": %" PRId64 ".%" PRId64
		    ", \"limit\": %" PRId64, x->last / 10, x->last % 10,
		    x->limit / 10);
	alarm_sentence(x, text, sizeof text);
	jsonout_member("text", text);
	printf(" }\n");
}

/* --- The verb ---------------------------------------------------------------- */

static void
put_text(const struct alarm *x)
{
	char text[SENTENCE_MAX];

	alarm_sentence(x, text, sizeof text);
	printf("%-7s  %-14s  %s\n", x->level == NOTE_ALARM ? "ALARM" :
	    "warning", alarm_kind_name(x->kind), text);
}

/* Nothing has to last. */
static void
hurry(struct conf_alarms *c)
{
	if (c->host_down_ms > 0)
		c->host_down_ms = 1;
	c->host_memory_for_ms = c->host_cpu_for_ms = c->vm_cpu_for_ms = 0;
	c->min_duration_ms = 0;
}

static size_t
put_all(const struct session *s, bool json)
{
	struct alarms *a = alarms_new(&s->conf);
	const struct alarm *v[ALARMS_LIVE_MAX];
	struct mono next = MONO_NEVER;
	size_t n;

	alarms_update(a, s->model, mono_add_ms(model_now(s->model), 1),
	    session_wall_ms(s, model_now(s->model)), &next);
	n = alarms_list(a, v, ALARMS_LIVE_MAX);
	for (size_t i = 0; i < n; i++)
		if (json)
			put_json(&s->conf, v[i]);
		else
			put_text(v[i]);
	if (n == 0 && !json)
		printf("No alarm.\n");
	alarms_free(a);
	return n;
}

static int
body(struct session *s, int argc, char **argv)
{
	bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
	size_t n, missing;

	if (argc > (json ? 2 : 1))
		return verb_usage(&verb_alarms, "'%s' is not understood",
		    argv[json ? 2 : 1]);
	session_gather(s, TIMEOUT_MS);
	hurry(&s->conf.alarms);
	n = put_all(s, json);
	missing = session_complain(s);
	return n > 0 ? ERR_ALARM : missing > 0 ? ERR_UNREACHABLE : ERR_NONE;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	return session_verb(ctx, argc, argv, body);
}

const struct verb verb_alarms = {
	.name = "alarms",
	.args = "[--json]",
	.help = "what is wrong right now; exit code 6 when something is",
	.run = run,
};
