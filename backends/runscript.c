/* The remote side of a run, in four texts.
 *
 * boot becomes root where it may (see shellscript.c), and is the main script
 * then. main does one of the verbs about a record, and follows a run for as
 * long as somebody listens. keeper is in a session of its own, waits for the
 * command and writes down how it ended; nothing of the connection reaches it.
 *
 * Who makes the directory runs the command; everybody else follows. Whoever
 * asks for a run that is not there makes the directory, too, and buries it:
 * what was told to be absent can never begin late.
 *
 * Two locks carry all that must be true after kill -9: `alive` is held from the
 * directory's making until the outcome is written, so a record that is neither
 * held nor has an outcome has nobody any more; the VM's keeps others away. The
 * command has neither: what it leaves behind (xl's monitor of a VM) would hold
 * them for as long as the VM runs.
 *
 * The command's output goes to a pipe, not to a file that could fill /run. tee
 * keeps the first OUT_BLOCKS of it, tail the end, dd counts. SIGPIPE is ignored
 * so that not even the loss of those three can end a migration. */
#include "backends/runscript.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/request.h"

const struct runscript_places runscript_places = {
	.root_dir = "/run/xendeck",
	/* Not $XDG_RUNTIME_DIR, nor /dev/shm: those are emptied when the last
	 * login of the user ends, with commands still running. */
	.user_dir = "/tmp/xendeck",
	.boot_file = "/proc/sys/kernel/random/boot_id",
};

#define ENVIRONMENT \
	"PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin" \
	":/sbin:/bin\n" \
	"LC_ALL=C\n" \
	"export PATH LC_ALL\n"

/* $1 whether to use sudo, $2 main, then main's arguments, of which the first
 * two are made here: who we are, and what to put in front of Xen's tools. */
static const char boot[] = ENVIRONMENT
	"w=$1 m=$2 u=$(id -u) s=\n"
	"shift 2\n"
	"if [ \"$w\" = yes ] && [ \"$u\" != 0 ]; then\n"
	"	s='sudo -n'\n"
	"	if sudo -n -l sh >/dev/null 2>&1 </dev/null &&\n"
	"	    sudo -n sh -c : >/dev/null 2>&1 </dev/null; then\n"
	"		exec sudo -n sh -c \"$m\" xendeck-run 0 '' \"$@\"\n"
	"	fi\n"
	"fi\n"
	"set -- \"$u\" \"$s\" \"$@\"\n"
	"eval \"$m\"\n";

static const char main_text[] = ENVIRONMENT
	"U=$1 S=$2 V=$3 R=$4 T=$5 P=$6 Q=$7 W=$8\n"
	"late='it was given up before it came here'\n"
	"shift 8\n"
	"umask 077\n"
	"IFS= read -r K || exit 1\n"
	"case $K in ''|*[!0-9a-f]*) exit 1 ;; esac\n"
	"say() { printf '\\n%s %s\\n' \"$K\" \"$*\" || exit 1; }\n"
	"no() { say no \"$*\"; exit 0; }\n"
	"B=$T-$U\n"
	"[ \"$U\" != 0 ] || B=$R\n"
	"say ready\n"
	"b=\n"
	"read -r b <\"$P\" || no \"$P cannot be read\"\n"
	"for i in flock setsid timeout tee mkfifo; do\n"
	"	command -v $i >/dev/null || no \"there is no $i: install"
	" util-linux and coreutils\"\n"
	"done\n"

	/* And what the host's clock says. */
	"over() {\n"
	"	u=\n"
	"	read -r u o </proc/uptime\n"
	"	say $1 $u\n"
	"	exit 0\n"
	"}\n"

	/* A record's own directory; nobody else can have made it. */
	"base() {\n"
	"	[ -d \"$B\" ] || mkdir -m 711 \"$B\" 2>/dev/null\n"
	"	[ -d \"$B\" ] && [ ! -h \"$B\" ] && [ -O \"$B\" ] ||\n"
	"	    no \"$B cannot be made, or is not ours\"\n"
	"}\n"
	"name() {\n"
	"	case $1 in ''|*[!0-9a-z-]*) no \"'$1' is no run\" ;; esac\n"
	"	D=$B/$1\n"
	"}\n"
	"undo() { rm -rf \"$D\"; no \"$@\"; }\n"
	"free() { flock -n -s \"$D/alive\" true 2>/dev/null; }\n"

	"lost() {\n"
	"	say lost \"what became of it cannot be told: is $B full?\"\n"
	"	exit 0\n"
	"}\n"
	/* What nobody works on and has not begun never will: its start may
	 * still be on its way, and comes too late then. Not when somebody
	 * works on it. Under the lock, `begun` is there or will never be. */
	"bury() {\n"
	"	flock -n \"$D/alive\" sh -c '[ ! -e \"$1/begun\" ] &&"
	" printf \"\" >\"$1/never\"' xendeck-run \"$D\" 2>/dev/null\n"
	"}\n"

	/* Until it is over, or nobody listens. */
	"follow() {\n"
	"	n=0\n"
	"	until [ -e \"$D/begun\" ]; do\n"
	"		[ -d \"$D\" ] || mkdir \"$D\" 2>/dev/null ||\n"
	"		    [ -d \"$D\" ] || lost\n"
	"		! bury || over absent\n"
	"		[ $n -lt 250 ] || ! free || lost\n"
	"		sleep 0.02\n"
	"		n=$((n + 1))\n"
	"		[ $((n % 100)) != 0 ] || say beat\n"
	"	done\n"
	"	[ -z \"$1\" ] || say began\n"
	/* Who waits for the lock hears of the end at once. busybox's flock
	 * cannot wait for a time. */
	"	exec 4<\"$D/out\" 7<\"$D/alive\"\n"
	"	n=0 f= k=\n"
	"	case $(flock --help 2>&1) in *-w*) k=1 ;; esac\n"
	"	while :; do\n"
	"		n=$((n + 1)) e=$f\n"
	"		[ ! -e \"$D/status\" ] || e=1\n"
	"		cat <&4 || exit 1\n"
	"		case $e in\n"
	"		1)	read -r s <\"$D/status\"\n"
	"			say end \"$s\"\n"
	"			exit 0 ;;\n"
	"		2)	say lost \"who waited for it there was killed\"\n"
	"			exit 0 ;;\n"
	"		esac\n"
	"		[ $((n % 8)) != 0 ] || say beat\n"
	"		if [ $n -lt 30 ]; then w=0.1; else w=0.25; fi\n"
	"		if [ -n \"$k\" ]; then ! flock -w $w -s 7 || f=2\n"
	"		else sleep $w; ! free || f=2\n"
	"		fi\n"
	"	done\n"
	"}\n"

	"taken() {\n"
	"	l=\n"
	"	read -r l <\"$1\"\n"
	"	undo \"the VM is being acted upon by ${l:-somebody else}\"\n"
	"}\n"
	/* Ours first, then whether any other user has it: of two at once
	 * both may be refused, but never none. */
	"lock() {\n"
	"	[ -d \"$B/.vm\" ] || mkdir -m 711 \"$B/.vm\"\n"
	"	f=$B/.vm/$1\n"
	"	(umask 022; printf '' >>\"$f\") || undo \"$f cannot be made\"\n"
	"	exec 9<>\"$f\"\n"
	"	flock -n 9 || taken \"$f\"\n"
	"	for o in \"$R/.vm/$1\" \"$T\"-*/.vm/\"$1\"; do\n"
	"		[ \"$o\" != \"$f\" ] && [ -f \"$o\" ] || continue\n"
	"		flock -n \"$o\" true || taken \"$o\"\n"
	"	done\n"
	"	printf '%s\\n' \"$2\" >\"$f\" || undo \"$B is full\"\n"
	"}\n"
	"guard() {\n"
	"	v=$(timeout -k 2 10 $S xenstore-read"
	" \"/local/domain/$1/vm\" 2>&1 </dev/null)\n"
	"	case $? in\n"
	"	0) ;;\n"
	"	124|137) undo \"xenstored did not answer within 10 s\" ;;\n"
	"	*) undo \"domain $1 is not there any more, or xenstore cannot"
	" be read: $v\" ;;\n"
	"	esac\n"
	"	[ \"$2\" = - ] || [ \"$v\" = \"/vm/$2\" ] ||\n"
	"	    undo \"domain $1 is another VM by now\"\n"
	"}\n"

	"eval \"$W\"\n"
	"$V \"$@\"\n"
	"exit 0\n";

static const char verbs[] =
	/* ID BOOT WHO DOMID UUID BYTES COMMAND... */
	"start() {\n"
	"	base\n"
	"	name \"$1\"\n"
	"	if ! mkdir \"$D\" 2>/dev/null; then\n"
	"		[ -d \"$D\" ] || no \"$D cannot be made: is $B full?\"\n"
	"		[ ! -e \"$D/never\" ] || no \"$late\"\n"
	"		follow began\n"
	"	fi\n"
	"	{ :; } 2>/dev/null >>\"$D/alive\" || undo \"$B is full\"\n"
	"	exec 8>>\"$D/alive\"\n"
	"	flock 8 || no \"$D cannot be locked\"\n"
	"	[ ! -e \"$D/never\" ] || no \"$late\"\n"
	"	printf '%s\\n' \"$b\" >\"$D/boot\" || undo \"$B is full\"\n"
	"	[ \"$2\" = - ] || [ \"$2\" = \"$b\" ] ||\n"
	"	    undo \"the host was rebooted meanwhile\"\n"
	"	if [ \"$6\" != 0 ]; then\n"
	"		head -c \"$6\" >\"$D/input\" 2>/dev/null\n"
	"		[ \"$(wc -c <\"$D/input\")\" -eq \"$6\" ] ||\n"
	"		    undo \"its input did not arrive whole: is $B full?\"\n"
	"	fi\n"
	"	[ \"$5\" = - ] || lock \"$5\" \"$3\"\n"
	"	[ \"$4\" = - ] || guard \"$4\" \"$5\"\n"
	"	mkfifo \"$D/pipe\" && printf '' >\"$D/out\" ||\n"
	"	    undo \"$B is full\"\n"
	"	shift 6\n"
	"	say began\n"
	"	setsid sh -c \"$Q\" xendeck-run \"$D\" \"$B\" \"$@\""
	" </dev/null >/dev/null 2>&1 &\n"
	"	exec 8>&- 9>&-\n"
	"	follow ''\n"
	"}\n"

	/* ID BOOT */
	"attach() {\n"
	"	name \"$1\"\n"
	"	if [ ! -d \"$D\" ]; then\n"
	"		for o in \"$R/$1\" \"$T\"-*/\"$1\"; do\n"
	"			[ ! -d \"$o\" ] || { say lost \"the record is"
	" another user's: $o\"; exit 0; }\n"
	"		done\n"
	"		[ \"$2\" = \"$b\" ] || over gone\n"
	"		base\n"
	"	fi\n"
	"	o=\n"
	"	[ ! -e \"$D/boot\" ] || read -r o <\"$D/boot\"\n"
	"	[ \"${o:-$b}\" = \"$b\" ] || { rm -rf \"$D\"; over gone; }\n"
	"	follow began\n"
	"}\n"
	"cancel() {\n"
	"	name \"$1\"\n"
	"	n=0\n"
	"	while [ -d \"$D\" ] && [ ! -e \"$D/status\" ] &&\n"
	"	    [ ! -e \"$D/never\" ] && [ $n -lt 100 ]; do\n"
	"		if [ -e \"$D/pid\" ] && read -r p <\"$D/pid\"; then\n"
	"			if free ||\n"
	"			    kill -s TERM -- \"-$p\" 2>/dev/null ||\n"
	"			    $S kill -s TERM -- \"-$p\" 2>/dev/null; then\n"
	"				break\n"
	"			fi\n"
	"		fi\n"
	"		sleep 0.05\n"
	"		n=$((n + 1))\n"
	"	done\n"
	"	say ok\n"
	"}\n"
	"forget() {\n"
	"	for i; do\n"
	"		name \"$i\"\n"
	"		[ ! -d \"$D\" ] || [ ! -e \"$D/status\" ] ||\n"
	"		    rm -rf \"$D\"\n"
	"	done\n"
	"	say ok\n"
	"}\n";

/* What of the output is kept, besides its end: OUT_BLOCKS of 512 bytes. */
#define OUT_BLOCKS "96"
#define OUT_BYTES "49152"
#define TAIL_BYTES "16000"

/* DIRECTORY BASE COMMAND... The records that nobody asked for in a week are
 * swept here, after the work. */
static const char keeper[] =
	"D=$1 B=$2\n"
	"shift 2\n"
	"trap '' HUP PIPE\n"
	"cd /\n"
	"i=/dev/null\n"
	"[ ! -e \"$D/input\" ] || i=$D/input\n"
	"exec 5<\"$i\"\n"
	"rm -f \"$D/input\"\n"
	"{ :; } >\"$D/begun\" || exit 1\n"
	"{\n"
	"	(\n"
	"		trap '' XFSZ\n"
	"		ulimit -f " OUT_BLOCKS "\n"
	"		exec tee -a \"$D/out\" 2>/dev/null\n"
	"	) | dd bs=65536 2>\"$D/count\" | tail -c " TAIL_BYTES
	" >\"$D/tail\"\n"
	"} <\"$D/pipe\" 5<&- 8>&- 9>&- &\n"
	"k=$!\n"
	"(umask 022; exec setsid \"$@\") <&5 >\"$D/pipe\" 2>&1"
	" 5<&- 8>&- 9>&- &\n"
	"c=$!\n"
	"exec 5<&-\n"
	"printf '%s\\n' $c >\"$D/pid.new\" && mv \"$D/pid.new\" \"$D/pid\"\n"
	"wait $c\n"
	"s=$?\n"
	"read -r u o </proc/uptime\n"
	"s=\"$s $u\"\n"
	/* What it left behind may hold the pipe for ever. */
	"n=0\n"
	"while kill -0 $k 2>/dev/null && [ $n -lt 25 ]; do\n"
	"	sleep 0.01\n"
	"	n=$((n + 1))\n"
	"done\n"
	"kill -0 $k 2>/dev/null || {\n"
	"	t=0\n"
	"	while read -r n w o; do\n"
	"		[ \"$w\" != bytes ] || t=$n\n"
	"	done <\"$D/count\"\n"
	"	if [ \"$t\" -gt " OUT_BYTES " ]; then\n"
	"		m=$((t - " OUT_BYTES "))\n"
	"		[ $m -le " TAIL_BYTES " ] || {\n"
	"			printf '\\n[%s bytes left out]\\n'"
	" $((m - " TAIL_BYTES ")) >>\"$D/out\"\n"
	"			m=" TAIL_BYTES "\n"
	"		}\n"
	"		tail -c $m \"$D/tail\" >>\"$D/out\"\n"
	"	fi\n"
	"}\n"
	"rm -f \"$D/tail\" \"$D/count\" \"$D/pipe\"\n"
	"exec 9>&-\n"
	/* tmpfs may be full: this little fits into an inode that is there. */
	"until printf '%s\\n' \"$s\" >\"$D/s\" && mv \"$D/s\" \"$D/status\"; do\n"
	"	sleep 1\n"
	"	[ -d \"$D\" ] || exit 0\n"
	"done\n"
	"exec 8>&-\n"
	"find \"$B\" -mindepth 1 -maxdepth 1 -type d -name '[0-9a-z]*'"
	" -mtime +7 -exec sh -c 'for d; do flock -n \"$d/alive\""
	" rm -rf \"$d\"; done' xendeck-run {} +\n";

static size_t
common(const char *argv[RUNSCRIPT_ARGS], const struct runscript_places *at,
    enum tristate sudo, const char *verb)
{
	const char *const args[] = { "sh", "-c", boot, "xendeck-run",
		sudo == TRI_NO ? "no" : "yes", main_text, verb, at->root_dir,
		at->user_dir, at->boot_file, keeper, verbs };

	memcpy(argv, args, sizeof args);
	return sizeof args / sizeof args[0];
}

size_t
runscript_start(const char *argv[RUNSCRIPT_ARGS],
    char numbers[RUNSCRIPT_NUMBERS], const struct runscript_places *at,
    enum tristate sudo, const struct run *run, const char *who)
{
	size_t n = common(argv, at, sudo, "start");
	char uuid[UUID_STR] = "-", domid[12] = "-";
	int first, second;

	if (!uuid_is_nil(&run->uuid))
		uuid_format(uuid, &run->uuid);
	if (run->domid != REQUEST_NO_DOMID)
		snprintf(domid, sizeof domid, "%" PRIu32, run->domid);
	first = snprintf(numbers, RUNSCRIPT_NUMBERS, "%s", domid) + 1;
	second = snprintf(numbers + first, UUID_STR, "%s", uuid) + 1;
	snprintf(numbers + first + second, 16, "%zu", run->input_len);
	argv[n++] = run->id;
	argv[n++] = run->boot_id != NULL ? run->boot_id : "-";
	argv[n++] = who;
	argv[n++] = numbers;
	argv[n++] = numbers + first;
	argv[n++] = numbers + first + second;
	return n;
}

size_t
runscript_attach(const char *argv[RUNSCRIPT_ARGS],
    const struct runscript_places *at, enum tristate sudo, const char *id,
    const char *boot_id)
{
	size_t n = common(argv, at, sudo, "attach");

	argv[n++] = id;
	argv[n++] = boot_id != NULL ? boot_id : "-";
	return n;
}

size_t
runscript_cancel(const char *argv[RUNSCRIPT_ARGS],
    const struct runscript_places *at, enum tristate sudo, const char *id)
{
	size_t n = common(argv, at, sudo, "cancel");

	argv[n++] = id;
	return n;
}

size_t
runscript_forget(const char *argv[RUNSCRIPT_ARGS],
    const struct runscript_places *at, enum tristate sudo)
{
	return common(argv, at, sudo, "forget");
}
