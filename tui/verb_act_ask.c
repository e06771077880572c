/* The question before anything is done: what is lost, by name, and what has to
 * be typed. Nobody answers where there is no terminal: then --yes has to say
 * that it was meant. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tui/verb_act.h"

static bool
is_production(const struct verb_act_plan *p, const struct session *s)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct vm *vm = model_vm(s->model, p->v[i].vm);

		if (vm != NULL && s->conf.clusters[vm->cluster].production)
			return true;
	}
	return false;
}

static void
wanted(char *out, size_t size, const struct verb_act_plan *p,
    const struct session *s)
{
	const struct vm *vm = model_vm(s->model, p->v[0].vm);

	if (p->n > 1)
		snprintf(out, size, "%zu", p->n);
	else if (is_production(p, s) && vm != NULL)
		snprintf(out, size, "%s", vm->name);
	else
		snprintf(out, size, "yes");
}

static void
show(const struct verb_act_plan *p, const struct session *s, const char *word)
{
	const char *doing = action_infos[p->v[0].kind].doing;
	char text[500];

	for (size_t i = 0; i < p->n; i++) {
		action_loss(text, sizeof text, &p->v[i], s->model);
		fprintf(stderr, "%s\n", text);
	}
	if (p->n > 1)
		fprintf(stderr, "Type %s to %s these %zu VMs%s: ", word, doing,
		    p->n, is_production(p, s) ? " of a production cluster" :
		    "");
	else if (strcmp(word, "yes") != 0)
		fprintf(stderr, "It is in a production cluster: type its name "
		    "to %s it: ", doing);
	else
		fprintf(stderr, "Type yes to go on: ");
}

int
verb_act_confirm(const struct verb_act_plan *p, const struct session *s)
{
	char word[300], line[400];
	size_t n;

	if (!isatty(STDIN_FILENO)) {
		fprintf(stderr, "xendeck: %s: nobody can be asked here: say "
		    "--yes, or --dry-run to see what it would do\n",
		    action_infos[p->v[0].kind].verb);
		return ERR_REFUSED;
	}
	wanted(word, sizeof word, p, s);
	show(p, s, word);
	if (fgets(line, sizeof line, stdin) == NULL)
		line[0] = '\0';
	n = strcspn(line, "\n");
	line[n] = '\0';
	if (strcmp(line, word) == 0)
		return ERR_NONE;
	fprintf(stderr, "xendeck: nothing was done\n");
	return ERR_REFUSED;
}
