/* check-config: all errors of a configuration in one run. */
#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/conf_print.h"
#include "tui/verb.h"

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	struct verb_ctx with = *ctx;
	bool verbose = false;
	struct conf conf;
	int rc;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-v") == 0)
			verbose = true;
		else if (argv[i][0] == '-' || i != argc - 1)
			return verb_usage(&verb_check_config,
			    "'%s' is not understood", argv[i]);
		else
			with.conf_path = argv[i];
	}
	conf_init(&conf);
	rc = verb_conf(&with, &conf);
	if (rc == 0 && verbose) {
		struct buf out;

		buf_init(&out, 64u << 20);
		conf_print(&conf, &out);
		fputs(out.p != NULL ? out.p : "", stdout);
		buf_free(&out);
	} else if (rc == 0) {
		printf("%zu cluster%s, %zu host%s: no errors\n",
		    conf.nclusters, conf.nclusters == 1 ? "" : "s",
		    conf.nhosts, conf.nhosts == 1 ? "" : "s");
	}
	conf_free(&conf);
	return rc;
}

const struct verb verb_check_config = {
	.name = "check-config",
	.args = "[-v] [FILE]",
	.help = "say all that is wrong with the configuration; "
	    "-v prints it with the defaults",
	.run = run,
	.exact = true,
};
