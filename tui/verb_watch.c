/* watch: starts the wall screen, which is a program of its own so that nothing
 * that can act is linked into it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "tui/verb.h"

#define PROGRAM "xendeck-watch"

/* Beside this program, whatever name it was called by; NULL: not there. */
static char *
beside_us(void)
{
	char self[PATH_MAX], *slash, *path;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	path = x_asprintf("%s/" PROGRAM, self);
	if (access(path, X_OK) == 0)
		return path;
	x_free(path);
	return NULL;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	static char name[] = PROGRAM, conf[] = "-c", demo[] = "--demo",
	    ascii[] = "--ascii", theme[] = "--theme";
	char **args = x_calloc((size_t)argc + 8, sizeof *args);
	char *path = beside_us(), *file = x_strdup(ctx->conf_path);
	char *look = x_strdup(ctx->theme);
	size_t n = 0;

	args[n++] = name;
	if (file != NULL) {
		args[n++] = conf;
		args[n++] = file;
	}
	if (ctx->demo)
		args[n++] = demo;
	if (ctx->ascii)
		args[n++] = ascii;
	if (look != NULL) {
		args[n++] = theme;
		args[n++] = look;
	}
	for (int i = 1; i < argc; i++)
		args[n++] = argv[i];
	if (path != NULL)
		execv(path, args);
	else
		execvp(PROGRAM, args);
	fprintf(stderr, "xendeck: " PROGRAM " cannot be started: %s; it is "
	    "looked for beside xendeck, then in PATH\n", strerror(errno));
	x_free(path);
	x_free(file);
	x_free(look);
	x_free(args);
	return ERR_FAILED;
}

const struct verb verb_watch = {
	.name = "watch",
	.args = "[--page SECONDS] [--quit-key KEY]",
	.help = "the wall screen: read-only, ignores keys, ends by a signal",
	.run = run,
	.raw = true,
};
