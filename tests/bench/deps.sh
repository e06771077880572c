#!/bin/sh
# Installs what `make bench` compares with: clush, top. The part `agent` needs
# the lab (tests/lab/deps.sh).
set -eu
sh "$(dirname "$0")/../../share/deps.sh"
apt-get install -q -y --no-install-recommends clustershell procps
