#!/bin/bash
# The wall screen has no way to act: what is linked into xendeck-watch is on
# this list, file by file as the linker tells it, and nothing has a name that
# the parts which act, take keys or store anything have. A new file here wants a
# good reason.
set -u
cd "$(dirname "$0")/../.." || exit 1
prog=${XENDECK_BUILD:?}/xendeck-watch
bad=0

allowed="
alarm alarm_judge alarm_text alarm_use answer arena buf conf conf_check
conf_errors conf_print conf_schema cpuset defread defs deftext err event history mem model model_defs
model_log model_rate model_state model_vm moments obs pollset prng query
query_field query_parse query_regex query_term suggest textfind themes units utf8 uuid
vmindex xlcfg

agentexit agentobs confread confscan conftext confvalue link local openssh
opensshfault proc quote remote resolve resolvechild scan shellbuild shelldefs shellfacts
shellfollow shellobs shellrun shellscript shellslow shelltools spawn ssh
sshagent sshargs sshask sshauth sshchan sshhost sshkey sshlink sshoptions
sysparse wire wire_apply wire_dec wire_defget wire_fields wire_json xentop xljson xlparse
xltopo xsparse

sim simdemo simfault simgen simlink simload simmake simmig simobs simop simtext simtimer
simvm simworld simxen

big canvas clip ground input line loop pace signals style term text tty wall wall_head wall_look
wall_tile wall_vms
watch_main wiring_observe
"

[ -s "$prog.map" ] || { echo "the linker left no map: $prog.map"; exit 1; }
linked=$(sed -n 's/^LOAD .*\/watch_main\.o$/watch_main/p
    s/^[^ ]*\/\(core\|backends\|tui\)\.a(\([a-z0-9_]*\)\.o).*/\2/p' \
    "$prog.map" | sort -u)
for want in model remote term wall watch_main; do
	grep -qx "$want" <<< "$linked" ||
	    { echo "the map is not understood: no $want in it"; exit 1; }
done
for o in $linked; do
	grep -qw -- "$o" <<< "$allowed" ||
	    { echo "xendeck-watch links $o.o, which is not on the list"; bad=1; }
done

symbols=$(nm -g --defined-only "$prog" | awk '{ print $3 }')
grep -qx main <<< "$symbols" || { echo "nm tells no symbols"; exit 1; }
# The console and its keys, verbs, storing of keys and recordings, questions to
# hosts; and whatever will build, plan, carry out or note down actions.
if hits=$(grep -E '^(console_|app_|cmd_|keymap|lineedit_|menu_|verb|session_|key_(fetch|store)|trust_|recorder_|wiring_(control|ask)|request_|command_(build|text)|safety_|jobs?_|journal_|action_|run_|runner_|plan_|step_|fence_|guard_|work_)' <<< "$symbols")
then
	printf 'xendeck-watch has what it must not have:\n%s\n' "$hits"
	bad=1
fi
# And the check is one that can fail.
nm -g --defined-only "$XENDECK_BUILD/xendeck" | grep -q ' console_run$' ||
    { echo "console_run is not even in xendeck: has it another name?"; bad=1; }
exit $bad
