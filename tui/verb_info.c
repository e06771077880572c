/* info: all that is known of one host or VM. */
#include <stdio.h>

#include "tui/report.h"
#include "tui/session.h"
#include "tui/verb.h"

enum { TIMEOUT_MS = 15000 };

int
info_session(struct session *s, int argc, char **argv)
{
	size_t found, missing;
	struct buf out;

	if (argc != 2 || argv[1][0] == '-')
		return verb_usage(&verb_info, "one name is wanted");
	if (session_gather(s, TIMEOUT_MS) != 0)
		return ERR_USAGE;
	buf_init(&out, REPORT_MAX);
	found = report_info(&out, s->model, argv[1]);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
	missing = session_complain(s);
	if (found == 0) {
		fprintf(stderr, "xendeck: no host or VM is called '%s'%s\n",
		    argv[1], missing != 0 ? " on the hosts that answered" : "");
		return missing != 0 ? ERR_UNREACHABLE : ERR_FAILED;
	}
	return missing != 0 ? ERR_UNREACHABLE : ERR_NONE;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	return session_verb(ctx, argc, argv, info_session);
}

const struct verb verb_info = {
	.name = "info",
	.args = "NAME",
	.help = "all that is known of one host or VM (name or UUID)",
	.run = run,
};
