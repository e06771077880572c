/* The remote side of shellobs. Three things shaped it.
 *
 * Nothing may outlive its channel: without a terminal nobody gets SIGHUP. The
 * shell ends at the end of its input; xentop and xenstore-watch run beside a
 * reader of the channel's input which ends them when that ends.
 *
 * A command may hang (xenstored does), so each has a time limit, over there as
 * well as over here.
 *
 * Right to sudo may mean any command or a few named tools. With the former a
 * whole shell runs as root; with the latter each tool is prefixed. Its -l asks
 * first, since a refusal would be mailed to the administrator. */
#include "backends/shellscript.h"

#include <stddef.h>
#include <stdio.h>

/* The login user's own PATH stays in front: Xen may be in /opt. */
#define ENVIRONMENT \
	"PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin" \
	":/sbin:/bin\n" \
	"LC_ALL=C\n" \
	"export PATH LC_ALL\n"

/* $1 whether to use sudo, $2 the script to run, $3 its argument. The script
 * gets what to put in front of each of Xen's tools as $1. */
static const char boot[] = ENVIRONMENT
	"if [ \"$1\" = no ] || [ \"$(id -u)\" = 0 ]; then\n"
	"	exec sh -c \"$2\" xendeck '' \"$3\"\n"
	"elif sudo -n -l sh >/dev/null 2>&1 &&\n"
	"    sudo -n sh -c : >/dev/null 2>&1; then\n"
	"	exec sudo -n sh -c \"$2\" xendeck '' \"$3\"\n"
	"fi\n"
	"exec sh -c \"$2\" xendeck 'sudo -n' \"$3\"\n";

/* A tool for as long as somebody holds the channel open. */
#define FOLLOW(command) ENVIRONMENT \
	"exec 3<&0\n" \
	"$1 " command " </dev/null 3<&- &\n" \
	"p=$!\n" \
	"{ cat; kill $p; } <&3 >/dev/null 2>&1 &\n" \
	"w=$!\n" \
	"exec 3<&-\n" \
	"wait $p\n" \
	"r=$?\n" \
	"kill $w 2>/dev/null\n" \
	"exit $r\n"

/* A watch says nothing while nothing happens, so that a broken pipe would not
 * end it, and a tool under sudo cannot be killed by who may not be root. */
static const char *const scripts[] = {
	[SCRIPT_SHELL] = "exec sh -s -- \"$1\"",
	[SCRIPT_WATCH] = "[ -z \"$1\" ] || exit 77\n" /* SCRIPT_NEVER */
	    FOLLOW("xenstore-watch @introduceDomain @releaseDomain"),
	[SCRIPT_TOP] = FOLLOW("xentop -b -f -d \"$2\""),
};

void
script_argv(const char *argv[SCRIPT_ARGS], enum script_kind kind,
    enum tristate sudo, int seconds, char number[16])
{
	const char *const args[SCRIPT_ARGS] = { "sh", "-c", boot, "xendeck",
		sudo == TRI_NO ? "no" : "yes", scripts[kind], number };

	snprintf(number, 16, "%d", seconds);
	for (size_t i = 0; i < SCRIPT_ARGS; i++)
		argv[i] = args[i];
}

/* exec 3 keeps the channel's output reachable from inside $(...), which
 * catches the command's stderr. stats comes with every list and starts no
 * process unless there are many devices. */
static const char functions[] =
	"S=$1\n"
	"T=\n"
	"N='\n'\n"
	"if timeout -k 2 9 true 2>/dev/null; then\n"
	"	T=\"timeout -k 2 $L\"\n"
	"elif timeout 9 true 2>/dev/null; then\n"
	"	T=\"timeout $L\"\n"
	"fi\n"
	"exec 3>&1\n"
	"run() {\n"
	"	printf '%s<\\n' \"$K\"\n"
	"	e=\n"
	"	case $1 in\n"
	"	stats) stats 2>/dev/null ;;\n"
	"	*) e=$(\"$@\" </dev/null 2>&1 >&3 3>&-) ;;\n"
	"	esac\n"
	"	r=$?\n"
	"	printf '\\n%s>%d\\n%.2000s\\n%s.\\n' \"$K\" $r \"$e\" \"$K\"\n"
	"}\n"
	"x() { $T $S \"$@\"; }\n"
	"clock() {\n"
	"	read -r u l </proc/uptime\n"
	"	echo \"clock $u $(date +%s)\"\n"
	"}\n"
	"hello() {\n"
	"	clock\n"
	"	read -r b </proc/sys/kernel/random/boot_id\n"
	"	echo \"boot_id $b\"\n"
	"}\n"
	"info() {\n"
	"	clock\n"
	"	x xl info\n"
	"}\n"
	"topology() {\n"
	"	x xl info -n || return\n"
	"	x xl cpupool-list && x xl cpupool-list -c\n"
	"	s=$?\n"
	"	case $s in 124|137) return $s ;; esac\n"
	"	return 0\n"
	"}\n"
	"stats() {\n"
	"	read -r u l </proc/uptime\n"
	"	read -r l t </proc/loadavg\n"
	"	echo \"$u $l\"\n"
	"	cd /sys/bus/xen-backend/devices || return\n"
	"	echo sysfs\n"
	"	set -- vif-*/net/*/statistics/[rt]x_bytes \\\n"
	"	    vbd-*/statistics/rd_sect vbd-*/statistics/wr_sect \\\n"
	"	    /sys/class/net/*-emu/statistics/[rt]x_bytes\n"
	"	if [ $# -gt 100 ]; then\n"
	"		grep -H . \"$@\" </dev/null\n"
	"		return\n"
	"	fi\n"
	"	t=\n"
	"	for f; do\n"
	"		read -r v <\"$f\" && t=\"$t$f:$v$N\"\n"
	"	done\n"
	"	printf '%s' \"$t\"\n"
	"}\n"
	/* $1 is the sum of the last answer, then directories. The files' sizes,
	 * dates and paths, an empty line, and their bytes one after the other.
	 * Whoever is no root reads what everybody may. */
	"defs() {\n"
	"	w=$1\n"
	"	n=$(($# - 1))\n"
	"	shift\n"
	"	m=\n"
	"	while [ $n -gt 0 ]; do\n"
	"		d=$1\n"
	"		n=$((n - 1))\n"
	"		shift\n"
	"		[ -e \"$d\" ] || continue\n"
	"		[ -r \"$d\" ] && [ -x \"$d\" ] || {\n"
	"			m=$m\"denied $d$N\"\n"
	"			continue\n"
	"		}\n"
	"		for f in \"$d\"/*.cfg; do\n"
	"			case $f in *\"$N\"*) continue ;; esac\n"
	"			[ -f \"$f\" ] || continue\n"
	"			if [ -r \"$f\" ]; then\n"
	"				set -- \"$@\" \"$f\"\n"
	"			else\n"
	"				m=$m\"denied $f$N\"\n"
	"			fi\n"
	"		done\n"
	"	done\n"
	"	s=\n"
	"	[ $# -eq 0 ] || s=$(stat -L -c '%s %Y %n' -- \"$@\") || return\n"
	"	k=$(echo \"$m$s\" | cksum) || return\n"
	"	echo \"sum $k\"\n"
	"	[ \"$k\" != \"$w\" ] || return 0\n"
	"	set --\n"
	"	t=0\n"
	"	while read -r z u f; do\n"
	"		[ \"$f\" ] || continue\n"
	"		if [ \"$z\" -gt 65536 ] ||\n"
	"		    [ $((t + z)) -gt 2097152 ] || [ $# -ge 2048 ]; then\n"
	"			printf 'large %s\\n' \"$f\"\n"
	"		else\n"
	"			t=$((t + z))\n"
	"			set -- \"$@\" \"$f\"\n"
	"			printf 'file %s %s %s\\n' \"$z\" \"$u\" \"$f\"\n"
	"		fi\n"
	"	done <<E\n"
	"$s\n"
	"E\n"
	"	printf '%s\\n' \"$m\"\n"
	"	[ $# -eq 0 ] || cat -- \"$@\"\n"
	"}\n"
	"attrs() {\n"
	"	for d; do\n"
	"		x xenstore-ls -f \"/local/domain/$d/attr\"\n"
	"		s=$?\n"
	"		case $s in 124|137) return $s ;; esac\n"
	"	done\n"
	"}\n"
	"store() {\n"
	"	x xenstore-read -p \"/libxl/$1/type\" \"/vm/$2/start_time\" \\\n"
	"	    \"/local/domain/$1/console/vnc-port\"\n"
	"	s=$?\n"
	"	case $s in 12[4-7]|137) return $s ;; esac\n"
	"	x xenstore-read -p \"/local/domain/$1/target\"\n"
	"	attrs \"$1\"\n"
	"	return 0\n"
	"}\n";

int
script_prelude(struct buf *out, const char *token, int limit_s)
{
	return buf_printf(out, ENVIRONMENT "K=%s\nL=%d\n%s", token, limit_s,
	    functions);
}
