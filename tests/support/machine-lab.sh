#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A machine of its own to add standbys on: a small Debian of this machine's release with systemd as its first process,
# sshd and PostgreSQL (no cluster), in a network of its own. It can be rebooted and cut off.
#
#   machine-lab.sh up FOLDER     makes and boots it and prints how to reach it
#   machine-lab.sh down FOLDER   takes everything back: processes, network, mounts, folder. Harmless twice.
#   machine-lab.sh hold FOLDER   up, then down as soon as stdin ends: for tests, which may be killed at any time
#
# root, ops (sudo without a password) and dba (sudo with the password that is printed) log in with one key. FOLDER must
# not exist or be empty. Needs root, debootstrap, systemd-container, iproute2 and ssh-keygen. What debootstrap made is
# kept in $UNDERSTUDY_CACHE (/var/cache/understudy) for the next time; it may be deleted whenever no lab is up.
set -euo pipefail

# shellcheck source=tests/support/lab.sh
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

# Our folder's name is in everything that outlives a process, so that two labs never meet.
number=$(printf %s "$lab" | cksum | cut -d' ' -f1)
machine=usm$number
network=10.214.$((number % 256)).$((number / 256 % 64 * 4)) # A /30 of its own: .1 is this machine, .2 the lab's.
network=${network%.*}.$((${network##*.} + 1))
here=$network
there=${network%.*}.$((${network##*.} + 1))
link=us$((number % 100000000))

# ----------------------------------------------------------------------------------------------- what it is made from

base() { # prints the folder of a Debian with all that is needed, made if it is not there
    local cache suite mirror made
    # shellcheck source=/dev/null
    suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
    cache=${UNDERSTUDY_CACHE:-/var/cache/understudy}/machine-$suite-1
    mkdir -p "${cache%/*}"
    exec 7>"$cache.lock"
    flock 7
    if [ ! -d "$cache" ]; then
        say "making a small $suite; the next time it is there"
        # shellcheck disable=SC2016 # apt expands it, not the shell
        mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m 1 -E '/debian/?$') ||
            stop "apt has no Debian mirror set up here"
        made=$cache.new
        rm -rf --one-file-system "$made"
        debootstrap --variant=minbase "$suite" "$made" "$mirror" >"$cache.log" 2>&1 ||
            stop "debootstrap failed, see $cache.log"
        # This machine's way to its mirror (proxies and the like) holds in there as well.
        find /etc/apt/apt.conf.d -maxdepth 1 -type f -name '9*' -exec cp -t "$made/etc/apt/apt.conf.d" {} +
        cp /etc/resolv.conf "$made/etc/resolv.conf"
        mkdir -p "$made/etc/postgresql-common/createcluster.d"
        echo 'create_main_cluster = false' >"$made/etc/postgresql-common/createcluster.d/understudy.conf"
        printf '#!/bin/sh\nexit 101\n' >"$made/usr/sbin/policy-rc.d"
        chmod 755 "$made/usr/sbin/policy-rc.d"
        chroot "$made" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
            sh -c 'apt-get update && apt-get install -y --no-install-recommends systemd systemd-sysv dbus \
                openssh-server sudo postgresql procps iproute2 && apt-get clean && rm -rf /var/lib/apt/lists/*' \
            </dev/null >>"$cache.log" 2>&1 || stop "the packages could not be installed, see $cache.log"
        rm -f "$made/usr/sbin/policy-rc.d" "$made"/etc/ssh/ssh_host_*
        : >"$made/etc/machine-id"
        mv "$made" "$cache"
    fi
    flock -u 7
    echo "$cache"
}

# -------------------------------------------------------------------------------------------------------- the machine

furnish() { # what is this machine's alone
    local root=$lab/root user password
    password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s' "$password" >"$lab/password"
    chmod 600 "$lab/password"
    ssh-keygen -q -t ed25519 -N '' -C lab -f "$lab/key"
    ssh-keygen -q -t ed25519 -N '' -C "$machine" -f "$root/etc/ssh/ssh_host_ed25519_key"
    echo "$there $(cut -d' ' -f1,2 "$root/etc/ssh/ssh_host_ed25519_key.pub")" >"$lab/known_hosts"
    echo "$machine" >"$root/etc/hostname"
    printf '127.0.0.1 localhost\n%s %s\n' "$there" "$machine" >"$root/etc/hosts"
    for user in dba ops; do
        chroot "$root" useradd -m -s /bin/bash "$user"
        install -d -m 700 "$root/home/$user/.ssh"
        install -m 600 "$lab/key.pub" "$root/home/$user/.ssh/authorized_keys"
        chroot "$root" chown -R "$user:" "/home/$user/.ssh"
    done
    install -d -m 700 "$root/root/.ssh"
    install -m 600 "$lab/key.pub" "$root/root/.ssh/authorized_keys"
    printf 'dba:%s\n' "$password" | chroot "$root" chpasswd
    printf 'dba ALL=(ALL:ALL) ALL\nops ALL=(ALL:ALL) NOPASSWD: ALL\n' >"$root/etc/sudoers.d/lab"
    chmod 440 "$root/etc/sudoers.d/lab"
}

network_up() {
    ip netns add "$machine"
    ip link add "$link" type veth peer name host0 netns "$machine"
    ip address add "$here/30" dev "$link"
    ip link set "$link" up
    ip -n "$machine" address add "$there/30" dev host0
    ip -n "$machine" link set lo up
    ip -n "$machine" link set host0 up
}

# Again and again, as often as it reboots. What nspawn notes down of its machines stays out of our /run.
# shellcheck disable=SC2016 # for the inner shell
run_it='mount -t tmpfs none /run/systemd/nspawn
for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ ! -e "$tree/cgroup.procs" ] || { mkdir -p "$tree/$2" && echo $$ >"$tree/$2/cgroup.procs"; }
done
while :; do
    systemd-nspawn --quiet --directory="$1/root" --machine="$2" --boot --register=no --keep-unit \
        --network-namespace-path="/run/netns/$2" --link-journal=no --resolv-conf=off --timezone=off --console=pipe
    [ $? = 133 ] || exit
done'

boot() {
    mkdir -p /run/systemd/nspawn
    setsid unshare --mount sh -c "$run_it" machine "$lab" "$machine" \
        </dev/null >"$lab/console" 2>&1 7>&- 8>&- 9>&- &
    echo $! >"$lab/pid"
    disown
    local until=$((SECONDS + 60))
    while [ "$SECONDS" -lt "$until" ]; do
        if ssh -F none -i "$lab/key" -o BatchMode=yes -o ConnectTimeout=2 -o UserKnownHostsFile="$lab/known_hosts" \
            "root@$there" true 2>"$lab/ssh.log"; then return 0; fi
        kill -0 "$(cat "$lab/pid")" 2>/dev/null || break
        sleep 0.2
    done
    tail -n 30 "$lab/console" "$lab/ssh.log" >&2
    stop "the machine did not come up"
}

up() {
    local tool from
    [ "$(id -u)" = 0 ] || stop "only root can make a machine"
    for tool in debootstrap systemd-nspawn ip ssh ssh-keygen; do
        command -v "$tool" >/dev/null || stop "$tool is not installed"
    done
    mkdir -p "$lab"
    from=$(base)
    mkdir -p "$lab"/{root,upper,work}
    mount -t overlay "$machine" -o "lowerdir=$from,upperdir=$lab/upper,workdir=$lab/work" "$lab/root"
    furnish
    network_up
    boot
    printf '%s=%s\n' ADDRESS "$there" HERE "$here" NETWORK "$machine" KEY "$lab/key" KNOWN_HOSTS "$lab/known_hosts" \
        PASSWORD_FILE "$lab/password" ROOT "$lab/root"
}

down() {
    set +e # Whatever cannot be taken back, the rest still is.
    [ -d "$lab" ] || return 0
    local pid
    pid=$(cat "$lab/pid" 2>/dev/null)
    if [ -n "$pid" ] && grep -qsF "$machine" "/proc/$pid/cmdline"; then kill -9 -- "-$pid"; fi
    # With the machine's first process go all others.
    for _ in $(seq 50); do
        [ -n "$(ip netns pids "$machine" 2>/dev/null)" ] || break
        ip netns pids "$machine" | xargs -r kill -9 2>/dev/null
        sleep 0.1
    done
    ip link delete "$link" 2>/dev/null
    ip netns delete "$machine" 2>/dev/null
    for _ in $(seq 50); do
        find /sys/fs/cgroup -depth -type d -path "*/$machine*" -exec rmdir {} + 2>/dev/null
        [ -n "$(find /sys/fs/cgroup -maxdepth 2 -name "$machine")" ] || break
        sleep 0.1
    done
    while mountpoint -q "$lab/root"; do umount -l "$lab/root" || break; done
    rm -rf --one-file-system "$lab"
}

run_lab
