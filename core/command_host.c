/* Commands about a host's own things: definitions, volumes, and questions. */
#include "core/command_priv.h"

#include <string.h>

#include "core/probe.h"

/* $1 the file's own name, so that xl's complaints name it; the rest what is put
 * in front of xl. The text comes on standard input. */
static const char check_script[] =
	"umask 077\n"
	"d=$(mktemp -d \"${TMPDIR:-/tmp}/xendeck.XXXXXX\") || exit 1\n"
	"trap 'rm -rf \"$d\"' EXIT\n"
	"trap 'exit 1' HUP INT TERM\n"
	"f=$d/$1\n"
	"shift\n"
	"cat >\"$f\" || exit 1\n"
	"\"$@\" xl -N create -q \"$f\" >/dev/null\n";

/* $1 the path, $2 what cksum(1) must say of the file that is there: what was
 * read before it was edited; "-": there must be none; "": whatever it is. Of a
 * link the file behind it is written. The same text once more changes nothing;
 * else the file that was there stays as FILE.~N~, the highest N being the
 * latest, as cp --backup=numbered has it. */
static const char write_script[] =
	"f=$(readlink -f -- \"$1\") && [ -n \"$f\" ] || exit 1\n"
	"case $2 in\n"
	"''|-) ;;\n"
	"*) [ -e \"$f\" ] || { echo \"$f is not there any more\" >&2; exit 1; }\n"
	"esac\n"
	"umask 022\n"
	"t=$(mktemp \"$f.XXXXXX\") || exit 1\n"
	"trap 'rm -f \"$t\"' EXIT\n"
	"trap 'exit 1' HUP INT TERM\n"
	"if [ -e \"$f\" ]; then\n"
	"	cp -p -- \"$f\" \"$t\" || exit 1\n"
	"else\n"
	"	chmod 644 \"$t\" || exit 1\n"
	"fi\n"
	"cat >\"$t\" || exit 1\n"
	"sync \"$t\" || sync\n"
	"if [ -e \"$f\" ]; then\n"
	"	cmp -s -- \"$f\" \"$t\" && exit 0\n"
	"	[ -z \"$2\" ] || [ \"$(cksum <\"$f\")\" = \"$2\" ] || {\n"
	"		echo \"$f has changed since it was read\" >&2\n"
	"		exit 1\n"
	"	}\n"
	"	n=1\n"
	"	while [ -e \"$f.~$n~\" ]; do n=$((n + 1)); done\n"
	"	ln -- \"$f\" \"$f.~$n~\" || cp -p -- \"$f\" \"$f.~$n~\" ||\n"
	"	    exit 1\n"
	"fi\n"
	"mv -f -- \"$t\" \"$f\" || exit 1\n"
	"d=${f%/*}\n"
	"sync \"${d:-/}\" || sync\n";

int
command_def_check(struct argv *w)
{
	if (argv_check_path(w, "definition", w->r->arg) != 0)
		return -1;
	argv_add_script(w, check_script);
	argv_add(w, strrchr(w->r->arg, '/') + 1);
	argv_add_sudo(w);
	return 0;
}

/* Whether the file is below one of the directories where that host's are. */
static bool
is_in_directory(const struct argv *w, const char *path)
{
	const struct conf_host *h = &w->conf->hosts[w->r->host];
	const char *dirs = h->definitions;

	if (dirs == NULL && h->cluster < w->conf->nclusters)
		dirs = w->conf->clusters[h->cluster].definitions;
	if (dirs == NULL)
		dirs = CONF_DEFINITIONS;
	while (*dirs != '\0') {
		size_t n = strcspn(dirs, " "), len = n;

		while (len > 1 && dirs[len - 1] == '/')
			len--;
		if (len > 0 && strncmp(dirs, path, len) == 0 &&
		    path[len] == '/')
			return true;
		dirs += n + (dirs[n] == ' ');
	}
	return false;
}

/* Nothing but definitions, and none where a host starts it by itself. */
static int
check_def_path(const struct argv *w)
{
	const char *path = w->r->arg;
	const char *name, *dot;

	if (argv_check_path(w, "definition", path) != 0)
		return -1;
	name = strrchr(path, '/') + 1;
	dot = strrchr(name, '.');
	if (!is_in_directory(w, path) || name[0] == '.' ||
	    dot == NULL || strcmp(dot, ".cfg") != 0)
		return err_set(w->err, ERR_USAGE, "definition: '%.200s' is not "
		    "NAME.cfg in a directory of definitions", path);
	return 0;
}

int
command_def_write(struct argv *w)
{
	if (check_def_path(w) != 0)
		return -1;
	argv_add_sudo(w);
	argv_add_script(w, write_script);
	argv_add(w, w->r->arg);
	argv_add(w, w->r->arg2 != NULL ? w->r->arg2 : "");
	return 0;
}

int
command_probe(struct argv *w)
{
	int n;

	argv_add_sudo(w);
	n = probe_argv(w->c->argv + w->n, ARGV_MAX - w->n, true, w->r->arg,
	    w->err);
	if (n < 0)
		return -1;
	w->n += (size_t)n;
	return 0;
}

/* The volume is VG/LV, not a path: that is what it is called while there is
 * none. */
int
command_volume(struct argv *w)
{
	const char *slash;

	if (argv_check_chars(w, "volume", w->r->arg, ARGV_LOWER ARGV_UPPER
	    ARGV_DIGITS "+_.-/", 255) != 0)
		return -1;
	slash = strchr(w->r->arg, '/');
	if (slash == NULL || slash == w->r->arg || slash[1] == '\0' ||
	    slash[1] == '-' || strchr(slash + 1, '/') != NULL)
		return err_set(w->err, ERR_USAGE, "volume: '%.200s' is not "
		    "like GROUP/VOLUME", w->r->arg);
	argv_add_sudo(w);
	argv_add(w, "lvchange");
	argv_add(w, w->r->op == REQ_LV_ACTIVATE ? "-ay" : "-an");
	argv_add(w, w->r->arg);
	return 0;
}
