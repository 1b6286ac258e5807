#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tries README's two commands the way a stranger would: on a minimal Debian 12 and a minimal Debian 13, made from
# this machine's own mirror, with nothing installed by hand. Needs root and debootstrap.
#
#   tests/fresh.sh [bookworm | trixie]...
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=installer/packages.sh
. "$top/installer/packages.sh"

[ "$(id -u)" -eq 0 ] || stop "making a fresh machine needs root: run tests/fresh.sh as root."
install_packages <(echo debootstrap) <(echo git)

suites=("$@")
[ "${#suites[@]}" -gt 0 ] || suites=(bookworm trixie)
# The mirror that this machine is set up with, wherever that is.
# shellcheck disable=SC2016 # apt expands it, not the shell
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m 1 -E '/debian/?$')
[ -n "$mirror" ] || stop "apt has no Debian mirror set up here."

work=$(mktemp -d /var/tmp/understudy-fresh.XXXXXX)
root=
leave() {
    local point
    for point in dev/pts dev proc sys; do
        if [ -n "$root" ] && mountpoint -q "$root/$point"; then umount -l "$root/$point"; fi
    done
}
trap 'leave; rm -rf --one-file-system "$work"' EXIT

in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb "$@"; }

# Processes that live in the new machine: what a finished command must not leave.
running_in_root() {
    local process
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/root" 2>/dev/null)" = "$root" ]; then
            tr '\0' ' ' <"$process/cmdline" && echo
        fi
    done
}

for suite in "${suites[@]}"; do
    root=$work/$suite
    say "$suite: making a minimal machine."
    debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$work/$suite.log" 2>&1 ||
        { tail -n 20 "$work/$suite.log" >&2; stop "debootstrap could not make $suite."; }
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    # This machine's way to its mirror (proxies and the like) holds in there as well.
    find /etc/apt/apt.conf.d -maxdepth 1 -type f -name '9*' -exec cp -t "$root/etc/apt/apt.conf.d" {} +
    # Debian's Docker package starts its engine where there is no systemd; in a changed root it can run no container.
    printf '#!/bin/sh\ncase " $* " in *" docker "*) exit 101 ;; esac\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    for point in proc sys dev; do mount --bind "/$point" "$root/$point"; done
    git clone -q --no-hardlinks "$top" "$root/root/understudy"

    say "$suite: installer/run.sh --tour"
    started=$SECONDS
    in_root bash -c 'cd /root/understudy && installer/run.sh --tour /root/tour'
    ls -l "$root/root/tour" >&2
    [ -n "$(find "$root/root/tour" -name '*.md' -size +2k)" ] || stop "$suite: the tour left no runbook."
    say "$suite: the tour took $((SECONDS - started)) s from nothing."
    started=$SECONDS
    in_root bash -c 'cd /root/understudy && installer/run.sh --build-only' | tail -n 1
    say "$suite: a second installer/run.sh --build-only took $((SECONDS - started)) s."

    say "$suite: tests/run.sh"
    started=$SECONDS
    in_root bash -c 'cd /root/understudy && tests/run.sh'
    say "$suite: the tests took $((SECONDS - started)) s."
    left=$(find "$root/tmp" -mindepth 1 -maxdepth 1 -name 'understudy*'; running_in_root)
    [ -z "$left" ] || stop "$suite: something was left behind: $left"
    leave
    rm -rf --one-file-system "$root"
    say "$suite: both commands succeed on a fresh machine."
done
