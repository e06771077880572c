#!/bin/bash
# The manual pages: made by the build, nothing left to fill in, no complaint
# from groff, and what the programs say of themselves is in them.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-build}
fail() { echo "$*"; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

for template in share/man/*.in; do
	name=$(basename "$template" .in)
	page=$build/man/$name
	[ -s "$page" ] || fail "$name was not made"
	grep -n '^@.*@$' "$page" && fail "$name has parts left to fill in"
	groff -mandoc -ww -Tutf8 "$page" 2>"$tmp/said" |
	    sed 's/.\x08//g' >"$tmp/$name"
	[ -s "$tmp/said" ] && fail "groff on $name: $(head -5 "$tmp/said")"
	[ -s "$tmp/$name" ] || fail "$name is empty"
done

# in NAME PAGE: the page has a line whose tag begins with the name
in_page() { grep -qE -- "^ +(-., )?$1( |,|\$)" "$tmp/$2"; }

"$build/xendeck" --help >"$tmp/help" || fail "no --help"
grep -oE '^  (-., )?--[a-z-]+' "$tmp/help" | grep -oE -- '--[a-z-]+' >"$tmp/options"
[ "$(wc -l <"$tmp/options")" -ge 5 ] || fail "--help lists no options"
while read -r option; do
	in_page "$option" xendeck.1 || fail "$option is not in xendeck(1)"
done <"$tmp/options"
grep -oE '^  [a-z][a-z-]+ ' "$tmp/help" | tr -d ' ' >"$tmp/verbs"
[ "$(wc -l <"$tmp/verbs")" -ge 5 ] || fail "--help lists no verbs"
while read -r verb; do
	in_page "$verb" xendeck.1 || fail "the verb $verb is not in xendeck(1)"
done <"$tmp/verbs"

# Every setting that is printed back is described.
cp share/examples/*.conf "$tmp"
for example in "$tmp"/*.conf; do
	"$build/xendeck" check-config -v "$example" |
	    grep -oE '[a-z_]+ = ' | tr -d ' =' >>"$tmp/settings"
done
[ -s "$tmp/settings" ] || fail "check-config -v prints nothing"
sort -u "$tmp/settings" | while read -r setting; do
	grep -qE -- "\b$setting = " "$tmp/xendeck.conf.5" ||
	    fail "the setting $setting is not in xendeck.conf(5)"
done

# The example of keys can be copied.
grep -oE 'keys = \{.*".*\}' "$tmp/xendeck.conf.5" >"$tmp/keys"
[ -s "$tmp/keys" ] || fail "xendeck.conf(5) has no example of keys"
cat "$tmp/one-host.conf" "$tmp/keys" >"$tmp/keys.conf"
"$build/xendeck" check-config "$tmp/keys.conf" >/dev/null ||
    fail "xendeck.conf(5) has an example of keys that is refused"
