/* The few scripts that a console has run by a host's shell, known by a line of
 * theirs (core/command.c has them whole): to check a definition, to write one,
 * to begin a command only when a file is not there yet, and to destroy what does
 * not shut down. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/simdef.h"
#include "backends/simxl.h"
#include "core/cksum.h"
#include "core/xlcfg.h"

enum { CHECK_MS = 400, WRITE_MS = 80 };

static bool
has(const struct simproc *p, const char *line)
{
	return strstr(p->args[2], line) != NULL;
}

/* --- xl -N create of what comes on standard input ---------------------------- */

static void
check(struct simworld *w, struct simproc *p)
{
	const char *name = p->args[4];
	const struct xlcfg_setting *s;
	struct arena a = { 0 };
	struct xlcfg c;
	int line = 0;

	(void)w;
	xlcfg_read(&c, &a, p->input != NULL ? p->input : "", p->input_len);
	simproc_print(p, "Parsing config from /tmp/xendeck.sim/%s\n", name);
	s = xlcfg_find(&c, "memory");
	if (c.error != NULL) {
		sscanf(c.error, "line %d", &line);
		simproc_fail(p, 1, "/tmp/xendeck.sim/%s:%d: config parsing "
		    "error: syntax error\nFailed to parse config: Invalid "
		    "argument\n", name, line);
	} else if (xlcfg_string(&c, "name") == NULL) {
		simproc_fail(p, 1, "Domain name must be specified.\n");
	} else {
		if (s != NULL && xlcfg_number(&c, "memory") < 0)
			simproc_print(p, "/tmp/xendeck.sim/%s:%u: warning: "
			    "parameter `memory' is not a valid number\n", name,
			    s->line);
		simproc_end(p, 0);
	}
	arena_free(&a);
}

/* --- A definition into its file ---------------------------------------------- */

/* Whether the file is what it was when it was read. */
static bool
is_unchanged(const struct simhost *h, const struct simproc *p)
{
	const struct def *d = defs_at_path(h->defs, p->args[4]);
	const char *want = p->args[5];
	char sum[CKSUM_TEXT];

	if (d == NULL || want == NULL || want[0] == '\0' ||
	    (d->len == p->input_len &&
	    memcmp(d->text, p->input, d->len) == 0))
		return true;
	cksum_text(sum, d->text, d->len);
	return strcmp(sum, want) == 0;
}

static void
write_def(struct simworld *w, struct simproc *p)
{
	if (!is_unchanged(&w->hosts[p->host], p)) {
		simproc_fail(p, 1, "%s has changed since it was read\n",
		    p->args[4]);
		return;
	}
	if (w->hosts[p->host].disk_full || simdef_write(w, p->host, p->args[4],
	    p->input != NULL ? p->input : "", p->input_len) != 0)
		simproc_fail(p, 1, "cat: write error: No space left on "
		    "device\n");
	else
		simproc_end(p, 0);
}

/* --- A command that makes a file --------------------------------------------- */

/* "sh -c SCRIPT NAME PATH COMMAND...": becomes the command with the path behind
 * it. */
static bool
become(struct simworld *w, struct simproc *p)
{
	struct simhost *h = &w->hosts[p->host];
	char *path = p->args[4];
	size_t n = 4;

	if (simhost_file(h, path) != NULL ||
	    defs_at_path(h->defs, path) != NULL) {
		simproc_fail(p, 1, "%s is there already\n", path);
		return false;
	}
	for (; p->args[n + 1] != NULL; n++)
		p->args[n] = p->args[n + 1];
	p->args[n] = path;
	p->args += 4;
	return true;
}

/* --- A shutdown that waits, and then destroys --------------------------------- */

enum { HARD_SECOND_MS = 1000, HARD_DEAF_MS = 60000 };

static bool
hears(struct simworld *w, const struct simproc *p, const struct simdom *d)
{
	return simdom_listens(w, d) && !w->vms[d->vm].stubborn &&
	    simop_of_dom(w, p->host, p->domid) == SIM_NONE;
}

/* phase: how many seconds it has had, from 1 on. */
static void
hard(struct simworld *w, struct simproc *p)
{
	struct simdom *d;
	bool deaf;

	if (p->phase == 0)
		p->domid = (uint32_t)strtoul(p->args[4], NULL, 10);
	d = simxl_dom(w, p);
	if (d == NULL || d->vm == SIM_NONE) {
		simproc_end(p, 0);
		return;
	}
	if (p->phase > atoi(p->args[5])) {
		simdom_remove(w, p->host, d);
		simproc_end(p, 0);
		return;
	}
	deaf = p->phase == 0 && !simdom_listens(w, d);
	if (p->phase == 0 && hears(w, p, d))
		simdom_stop(w, p->host, d, false);
	simproc_wait(w, p, p->phase + 1, deaf ? HARD_DEAF_MS :
	    HARD_SECOND_MS);
}

bool
simsh_begin(struct simworld *w, struct simproc *p)
{
	if (simxl_nargs(p) < 5 || strcmp(p->args[0], "sh") != 0 ||
	    strcmp(p->args[1], "-c") != 0)
		return true;
	if (strcmp(p->args[3], "xendeck-probe") == 0) {
		simprobe_begin(w, p);
		return false;
	}
	if (has(p, "exec \"$@\""))
		return become(w, p);
	if (has(p, "\"$@\" xl -N create -q \"$f\"")) {
		p->step = check;
		simproc_wait(w, p, 0, CHECK_MS);
	} else if (has(p, "xl destroy \"$d\"") && p->args[5] != NULL) {
		p->step = hard;
		simproc_wait(w, p, 0, WRITE_MS);
	} else if (has(p, "mv -f -- \"$t\" \"$f\"")) {
		p->step = write_def;
		simproc_wait(w, p, 0, WRITE_MS);
	} else {
		simproc_fail(p, SIMXL_EXIT_UNKNOWN, "simulator: that script is "
		    "not known here\n");
	}
	return false;
}
