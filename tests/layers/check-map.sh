#!/bin/sh
# README's map has a line for every source file, and no line for another.
set -u
cd "$(dirname "$0")/../.." || exit 1
have=$(find core backends tui -name '*.c' | sort)
told=$(sed -n '/^Map of the source$/,$p' README |
    grep -oE '^(core|backends|tui)/[a-z0-9_/]+\.c' | sort)
[ -n "$told" ] || { echo "README has no map"; exit 1; }
diff=$(printf '%s\n' "$have" "$told" "$told" | sort | uniq -u)
extra=$(printf '%s\n' "$have" "$have" "$told" | sort | uniq -u)
[ -z "$diff" ] || printf 'not in the map of README:\n%s\n' "$diff"
[ -z "$extra" ] || printf 'in the map, but not there:\n%s\n' "$extra"
[ -z "$diff$extra" ]
