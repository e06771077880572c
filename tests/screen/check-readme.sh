#!/bin/bash
# README's screenshots are screens that the tests draw: under a caption that
# ends in "(DIRECTORY/NAME):" stands the golden file of that name. GENERATE=1 puts in what
# is there now.
set -eu
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

awk '
	function screen(name,   file, line, blank, n) {
		file = "tests/screen/" name ".txt"
		print ""
		while ((getline line < file) > 0 && line != "---- styles") {
			n++
			sub(/ +$/, "", line)
			# blank lines only if something follows
			if (line == "") { blank = blank "\n"; continue }
			printf "%s    %s\n", blank, line
			blank = ""
		}
		close(file)
		if (n == 0) { print "no golden file " name > "/dev/stderr"; exit 1 }
		print ""
	}
	# the old one, with the blank lines around it
	inside && (/^    / || /^$/) { next }
	{ inside = 0; print }
	/\((golden|wall)\/[a-z0-9-]+-[0-9]+x[0-9]+\):$/ {
		name = $0
		sub(/^.*\(/, "", name)
		sub(/\):$/, "", name)
		screen(name)
		inside = 1
		shots++
	}
	END { if (shots < 3) { print "README has no screenshots" > "/dev/stderr"; exit 1 } }
' README > "$tmp/README"
if [ -n "${GENERATE:-}" ]; then
	cp "$tmp/README" README
else
	diff README "$tmp/README"
fi
