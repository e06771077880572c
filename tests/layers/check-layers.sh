#!/bin/sh
# The direction of dependencies, by looking at what each file includes:
# tui -> core <- backends; core pure; each foreign library in its own files.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0

# complain RULE FILES...: every line of standard input is a breach.
complain() {
	if hits=$(cat) && [ -n "$hits" ]; then
		printf '%s:\n%s\n' "$1" "$hits"
		bad=1
	fi
}

inc() { # inc REGEX PATHS...: includes that match, in these places
	re=$1
	shift
	find "$@" -name '*.[ch]' -exec grep -HnE "^#[ \t]*include[ \t]*[<\"]($re)" {} +
}

inc 'backends/|tui/' core | complain "core includes another layer"
inc 'tui/' backends | complain "backends includes tui"
inc 'backends/' tui | grep -vE '^tui/(wiring|wiring_observe|work)\.c:' |
    complain "only tui/wiring*.c and tui/work.c may include backends"
inc 'curses|ncurses|term\.h|libxl|xen|libssh2|libconfig|json|sqlite|sys/socket|netinet|netdb|sys/wait|sys/time|signal\.h|unistd\.h|fcntl\.h' core |
    complain "core is not pure"
grep -HnE '\b(time|gettimeofday|clock_gettime|rand|random|srand|getenv|fopen|printf)\(' core/*.c |
    complain "core reads a clock, randomness, the environment or a file"
inc 'curses|ncurses|term\.h' core backends tui | grep -v '^tui/term\.c:' |
    complain "curses outside tui/term.c"
inc 'libxl|xen' core backends tui | grep -v '^backends/agent/' |
    complain "Xen's headers outside the agent"
inc 'libssh2' core backends tui | grep -v '^backends/ssh[a-z]*\.[ch]:' |
    complain "libssh2 outside backends/ssh*"
inc 'openssl' core backends tui | grep -v '^backends/sshkey\.c:' |
    complain "libcrypto outside backends/sshkey.c"
inc 'libconfig' core backends tui | grep -v '^backends/confread\.c:' |
    complain "libconfig outside backends/confread.c"
inc 'sqlite' core backends tui | grep -vE '^backends/journal[a-z_]*\.[ch]:' |
    complain "SQLite outside backends/journal*"
inc 'vterm' core backends tui | grep -v '^tui/emulator\.c:' |
    complain "libvterm outside tui/emulator.c"
inc 'json' core backends tui | grep -vE '^backends/(wire|xljson|journal)[a-z_]*\.[ch]:' |
    complain "json-c outside backends/wire*, xljson and journal*"
exit $bad
