#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Puts Compose v2 into build/compose-v2, for the tests that add a standby with it where the distribution has v1 only:
# Debian 13's own package, taken apart and not installed. As `docker-compose` below bin/, and as the plugin of
# `docker compose` below config/.
#
#   tests/support/compose-v2.sh [FOLDER]
#
# What is already there is kept. Where apt-get, Debian's key or the network is missing, it says so and ends well: the
# tests skip what is not there, loudly.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${1:-$top/build/compose-v2}
key=/usr/share/keyrings/debian-archive-keyring.gpg

skip() {
    printf 'SKIPPED: %s Nothing will be added with Compose v2.\n' "$1" >&2
    exit 0
}

if [ -x "$folder/bin/docker-compose" ]; then exit 0; fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then skip 'apt-get is not here.'; fi
[ -r "$key" ] || skip "Debian's key, $key, is not here."
mkdir -p "$folder"
work=$(mktemp -d "$folder/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{state/lists/partial,cache/archives/partial}
touch "$work/state/status"
echo "deb [signed-by=$key] http://deb.debian.org/debian trixie main" >"$work/sources.list"
# A world of its own: nothing of this machine's lists or packages is touched.
apt=(timeout 120 apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State=$work/state" -o "Dir::State::status=$work/state/status" -o "Dir::Cache=$work/cache"
    -o APT::Sandbox::User=root)
cd "$work"
{ "${apt[@]}" update && "${apt[@]}" download docker-compose; } >apt.log 2>&1 || skip 'Debian 13 cannot be reached.'
dpkg-deb -x docker-compose_*.deb root
mkdir -p "$folder/bin" "$folder/config/cli-plugins"
install -m 755 root/usr/libexec/docker/cli-plugins/docker-compose "$folder/config/cli-plugins/docker-compose"
ln -sfn ../config/cli-plugins/docker-compose "$folder/bin/docker-compose"
