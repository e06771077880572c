# shellcheck shell=bash
# The power switch: off is at once and proven, on boots again, disks survive.

switch_is() { says "^$2$" lab power "$1" status; }

cleanup() { lab up alpha beta; }

check "beta is on" switch_is beta on
check "a file is written and flushed" on beta 'date >/root/power-check && sync'
check "power off" lab power beta off
check "beta is off" switch_is beta off
check "off again is no error" lab power beta off
check "beta is silent" not on alpha ping -c 1 -W 1 beta
check "power on" lab power beta on
check "beta is on again" switch_is beta on
check "beta answers again" eventually 90 on beta true
check "Xen is back" eventually 30 says '^Domain-0 +0 ' on beta xl list
check "the file is still there" on beta 'test -s /root/power-check && rm /root/power-check'
