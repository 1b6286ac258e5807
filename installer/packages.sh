# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by installer/run.sh and tests/run.sh: messages, and packages from the distribution. Everything said here
# goes to standard error: standard output belongs to the caller.

say() { printf '%s %s\n' "==>" "$*" >&2; }

stop() {
    printf 'understudy: %s\n' "$*" >&2
    exit 1
}

# Runs a command as root: directly, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        stop "packages are missing and installing them needs root: run this as root, or install sudo."
    fi
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

known() { apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'; }

# Names the packages of the given lists that are not installed yet, one a line.
missing_packages() {
    local line name choice
    while IFS= read -r line; do
        line=${line%%#*}
        line=${line//[[:space:]]/}
        [ -n "$line" ] || continue
        choice=
        for name in ${line//|/ }; do
            if installed "$name"; then
                continue 2
            fi
        done
        for name in ${line//|/ }; do
            if known "$name"; then
                choice=$name
                break
            fi
        done
        printf '%s\n' "${choice:-${line%%|*}}"
    done < <(cat "$@")
}

# Debian's PostgreSQL package makes and starts a server on port 5432 when it is installed. Nobody asked us for one:
# while we install, a drop-in says not to, and it goes again afterwards.
no_server_dropin=/etc/postgresql-common/createcluster.d/understudy-no-server.conf

install_packages() {
    local missing guard=
    command -v apt-get >/dev/null || stop "this script installs with apt: use Debian 12 or 13 or Ubuntu 24.04, or install the packages named in installer/packages.txt by hand."
    mapfile -t missing < <(missing_packages "$@")
    if [ "${#missing[@]}" -eq 0 ]; then
        say "Every package is there already."
        return
    fi
    # A machine that has never asked for its package lists knows no package at all.
    say "Reading the package lists (apt-get update)."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 || say "The package lists could not be renewed; going on with what is there."
    mapfile -t missing < <(missing_packages "$@")
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    if printf '%s\n' "${missing[@]}" | grep -qx postgresql && ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
        guard=1
        as_root mkdir -p "${no_server_dropin%/*}"
        printf 'create_main_cluster = false\n' | as_root tee "$no_server_dropin" >/dev/null
        trap 'as_root rm -f "$no_server_dropin"' EXIT
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o Dpkg::Use-Pty=0 "${missing[@]}" >&2 || stop "apt could not install: ${missing[*]}. Its own words are above; once that is mended, run this again."
    if [ -n "$guard" ]; then
        as_root rm -f "$no_server_dropin"
        trap - EXIT
    fi
}
