/* complete: what the shell's completion asks. It must be quick and quiet: a
 * configuration that is wrong has no names to offer, and that is all. */
#include <stdio.h>

#include "core/conf_errors.h"
#include "core/mem.h"
#include "tui/complete.h"
#include "tui/verb.h"
#include "tui/wiring.h"

enum { ANSWER_MAX = 1 << 20 };

static void
read_quietly(const struct verb_ctx *ctx, struct conf *conf)
{
	struct conf_errors errs;
	char *used = NULL;

	conf_errors_init(&errs);
	if ((ctx->demo ? wiring_demo_conf(conf) : wiring_read_conf(
	    ctx->conf_path, &used, conf, &errs)) != 0) {
		conf_free(conf);
		conf_init(conf);
	}
	conf_errors_free(&errs);
	x_free(used);
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	struct conf conf;
	struct buf out;

	conf_init(&conf);
	read_quietly(ctx, &conf);
	buf_init(&out, ANSWER_MAX);
	complete_words(&out, &conf, (const char *const *)(argv + 1),
	    (size_t)argc - 1);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
	conf_free(&conf);
	return 0;
}

const struct verb verb_complete = {
	.name = "complete",
	.args = "WORD ...",
	.run = run,
	.raw = true,
	.exact = true,
};
