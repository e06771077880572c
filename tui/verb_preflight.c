/* The verb `preflight`: where a VM can go, and every reason why it cannot. It
 * only asks. */
#include <stdio.h>
#include <string.h>

#include "core/migrate.h"
#include "tui/jsonout.h"
#include "tui/preflight.h"
#include "tui/target.h"
#include "tui/verb.h"
#include "tui/verb_act.h"

struct args {
	const char *name, *to;
	bool cold, json;
};

static int
parse(struct args *a, int argc, char **argv)
{
	*a = (struct args){ 0 };
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--cold") == 0)
			a->cold = true;
		else if (strcmp(argv[i], "--json") == 0)
			a->json = true;
		else if (strcmp(argv[i], "--to") == 0 && i + 1 < argc)
			a->to = argv[++i];
		else if (strcmp(argv[i], "--to") == 0)
			return verb_usage(&verb_preflight,
			    "--to needs a value");
		else if (argv[i][0] == '-')
			return verb_usage(&verb_preflight,
			    "'%s' is not understood", argv[i]);
		else if (a->name != NULL)
			return verb_usage(&verb_preflight, "it is about one "
			    "VM");
		else
			a->name = argv[i];
	}
	return a->name != NULL ? 0 :
	    verb_usage(&verb_preflight, "which VM is not said");
}

/* --- JSON ------------------------------------------------------------------- */

static void
put_reasons(const struct migrate_target *t)
{
	static const char *const weights[] = {
		[MIGRATE_BLOCKS] = "blocks",
		[MIGRATE_UNASKED] = "unknown",
		[MIGRATE_MENDED] = "mended",
		[MIGRATE_WARNS] = "warns",
	};

	printf(", \"reasons\": [");
	for (size_t i = 0; i < t->n; i++) {
		printf("%s{ \"weight\": ", i > 0 ? ", " : " ");
		jsonout_string(weights[t->v[i].weight]);
		jsonout_member("code", t->v[i].code);
		jsonout_member("text", t->v[i].text);
		printf(" }");
	}
	printf(" ]");
}

static void
put_json(const struct migrate_targets *t, const struct action *a,
    const struct model *m)
{
	const struct vm *vm = model_vm(m, a->vm);
	char uuid[UUID_STR];
	size_t n = 0;

	printf("{ \"vm\": ");
	jsonout_string(vm->name);
	if (!uuid_is_nil(&vm->uuid)) {
		uuid_format(uuid, &vm->uuid);
		jsonout_member("uuid", uuid);
	}
	jsonout_member("verb", action_infos[a->kind].verb);
	if (t->here.host != MODEL_NONE)
		jsonout_member("from", model_host(m, t->here.host)->name);
	printf(", \"can\": %s", t->here.can ? "true" : "false");
	put_reasons(&t->here);
	printf(", \"hosts\": [");
	for (size_t i = 0; i < t->n; i++) {
		const struct migrate_target *v = &t->v[i];

		if (a->to != MODEL_NONE && a->to != v->host)
			continue;
		printf("%s{ \"host\": ", n++ > 0 ? ", " : " ");
		jsonout_string(model_host(m, v->host)->name);
		printf(", \"can\": %s, \"sure\": %s",
		    v->can && t->here.can ? "true" : "false",
		    v->sure ? "true" : "false");
		jsonout_member("merit", v->merit);
		put_reasons(v);
		printf(" }");
	}
	printf(" ] }\n");
}

/* --- What comes of it --------------------------------------------------------- */

static bool
can_go(const struct migrate_targets *t, const struct action *a)
{
	for (size_t i = 0; t->here.can && i < t->n; i++)
		if (t->v[i].can &&
		    (a->to == MODEL_NONE || a->to == t->v[i].host))
			return true;
	return false;
}

static int
show(const struct args *args, const struct action *a, const struct model *m)
{
	enum { TEXT_MAX = 1 << 20 };
	struct migrate_targets t;
	struct buf out;
	int rc;

	migrate_targets(&t, a, m);
	if (args->json) {
		put_json(&t, a, m);
	} else {
		buf_init(&out, TEXT_MAX);
		migrate_text(&out, &t, a, m);
		fputs(out.len > 0 ? out.p : "", stdout);
		buf_free(&out);
	}
	rc = can_go(&t, a) ? ERR_NONE : ERR_REFUSED;
	migrate_targets_free(&t);
	return rc;
}

static int
find_vm(struct action *a, const struct args *args, const struct session *s)
{
	struct targets t = { 0 };
	struct err err = { 0 };
	bool many;
	int rc = 0;

	if (targets_add(&t, s->model, args->name, &many, &err) != 0)
		rc = session_complain(s) != 0 && err.kind == ERR_FAILED ?
		    (verb_fail(&err), ERR_UNREACHABLE) : verb_fail(&err);
	else if (t.n != 1)
		rc = verb_usage(&verb_preflight, "'%s' means %zu VMs",
		    args->name, t.n);
	else
		action_init(a, args->cold ? ACTION_MOVE : ACTION_MIGRATE,
		    t.v[0]);
	targets_free(&t);
	return rc;
}

static int
find_host(struct action *a, const struct args *args, const struct session *s)
{
	if (args->to == NULL)
		return 0;
	a->to = conf_find_host(&s->conf, args->to);
	if (a->to == CONF_NO_HOST)
		return verb_usage(&verb_preflight, "there is no host '%s'",
		    args->to);
	if (s->conf.hosts[a->to].cluster != model_vm(s->model, a->vm)->cluster)
		return verb_usage(&verb_preflight, "%s is in another cluster",
		    args->to);
	return 0;
}

static int
body(struct session *s, int argc, char **argv)
{
	struct args args;
	struct action a;
	struct err err = { 0 };
	struct work *w;
	int rc = parse(&args, argc, argv);

	if (rc != 0)
		return rc;
	verb_act_gather(s, true);
	rc = find_vm(&a, &args, s);
	if (rc == 0)
		rc = find_host(&a, &args, s);
	if (rc != 0)
		return rc;
	w = work_open(s, false, NULL, &err); /* nobody's jobs */
	if (w == NULL)
		return verb_fail(&err);
	preflight_ask(w, &a, s->model);
	preflight_wait(w, s);
	a.probes = work_probes(w);
	rc = show(&args, &a, s->model);
	work_close(w);
	return rc;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	return session_verb(ctx, argc, argv, body);
}

const struct verb verb_preflight = {
	.name = "preflight",
	.args = "NAME [--to HOST] [--cold] [--json]",
	.help = "where a VM can go, and every reason why it cannot",
	.run = run,
};
