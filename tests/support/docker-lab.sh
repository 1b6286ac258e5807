#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The Compose lab: a Docker engine of its own where none answers, a PostgreSQL image made from this machine's own
# PostgreSQL (no registry is asked), and a Compose project of a primary and a standby with 50,004 rows.
#
#   docker-lab.sh up FOLDER     brings it up and prints the environment to use it with
#   docker-lab.sh down FOLDER   takes everything back: containers, volumes, engine, mounts, bridges, rules, folder
#   docker-lab.sh hold FOLDER   up, then down as soon as stdin ends: for tests, which may be killed at any time
#
# FOLDER must not exist or be empty. Needs root, docker.io, docker-compose (or `docker compose`) and PostgreSQL.
# LAB_PRIMARY_PORT and LAB_STANDBY_PORT choose the published ports.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/lab.sh
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

# Our folder's name is in everything that outlives a process, so that two labs never meet.
project=lab$(printf %s "$lab" | cksum | cut -d' ' -f1)
image=understudy-lab:$project

compose() {
    if docker compose version >/dev/null 2>&1; then
        docker compose "$@"
    else
        docker-compose "$@"
    fi
}

in_project() { (cd "$lab/project" && COMPOSE_PROJECT_NAME=$project compose "$@"); }

# ---------------------------------------------------------------------------------------------------- the engine

# Rules and settings of the kernel are shared by all engines: the first lab writes down what was there, the last one
# takes back what came since.
kernel=/run/understudy-docker-lab

remember_kernel() {
    (
        flock 8
        mkdir -p "$kernel"
        echo $$ >"$kernel/$project" # The engine's own number follows.
        [ ! -f "$kernel/before" ] || exit 0
        {
            if iptables -S DOCKER >/dev/null 2>&1; then echo had_rules=1; fi
            echo "policy=$(iptables -S FORWARD 2>/dev/null | sed -n 's/^-P FORWARD //p')"
            echo "ip_forward=$(cat /proc/sys/net/ipv4/ip_forward)"
        } >"$kernel/before"
    ) 8</run
}

others_run() { # labs with a living script or engine, and engines that are nobody's lab
    local file pid
    for file in "$kernel"/lab*; do
        [ -f "$file" ] || continue
        while read -r pid; do
            if kill -0 "$pid" 2>/dev/null; then return 0; fi
        done <"$file"
        rm -f "$file"
    done
    grep -lsx dockerd /proc/[0-9]*/comm | grep -q .
}

restore_kernel() {
    (
        flock 8
        rm -f "$kernel/$project"
        if [ ! -f "$kernel/before" ] || others_run; then exit 0; fi
        had_rules='' policy='' ip_forward=''
        # shellcheck source=/dev/null
        . "$kernel/before"
        if [ -z "$had_rules" ]; then
            take_back_rules filter
            take_back_rules nat
            [ -z "$policy" ] || iptables -w -P FORWARD "$policy" 2>/dev/null
            [ -z "$ip_forward" ] || echo "$ip_forward" >/proc/sys/net/ipv4/ip_forward
        fi
        rm -rf "$kernel"
    ) 8</run
}

start_engine() {
    if docker version >/dev/null 2>&1; then
        say "an engine is running; it is used"
        return
    fi
    command -v dockerd >/dev/null || stop "no engine answers and dockerd is not installed"
    [ "$(id -u)" = 0 ] || stop "no engine answers, and only root can start one"
    mkdir -p "$lab/engine"
    remember_kernel
    export DOCKER_HOST=unix://$lab/engine/docker.sock
    # Subnets that nobody else uses: Docker's own default pools may be taken by another engine's networks.
    setsid dockerd --data-root "$lab/engine/data" --exec-root "$lab/engine/exec" -p "$lab/engine/docker.pid" \
        -H "$DOCKER_HOST" --bridge none --default-address-pool base=10.213.192.0/18,size=26 \
        --userland-proxy=true --log-level warn </dev/null >"$lab/engine/log" 2>&1 &
    echo $! | tee "$lab/engine/pid" >>"$kernel/$project"
    for _ in $(seq 300); do
        if docker version >/dev/null 2>&1; then
            echo "$DOCKER_HOST" >"$lab/engine/host"
            return
        fi
        kill -0 "$(cat "$lab/engine/pid")" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$lab/engine/log" >&2
    stop "the engine did not start"
}

take_back_rules() { # what dockerd put into one table of iptables, by name
    local table=$1 rule chain
    iptables -t "$table" -S 2>/dev/null | grep -E '^-A .*DOCKER|^-A .*10\.213\.' | sed 's/^-A/-D/' | tac |
        while IFS= read -r rule; do
            xargs iptables -w -t "$table" <<<"$rule" 2>/dev/null || true
        done
    for chain in $(iptables -t "$table" -S 2>/dev/null | sed -n 's/^-N \(DOCKER.*\)/\1/p'); do
        iptables -w -t "$table" -F "$chain" 2>/dev/null || true
    done
    for chain in $(iptables -t "$table" -S 2>/dev/null | sed -n 's/^-N \(DOCKER.*\)/\1/p'); do
        iptables -w -t "$table" -X "$chain" 2>/dev/null || true
    done
}

stop_engine() {
    local pid=
    [ -f "$lab/engine/pid" ] || {
        [ ! -d "$lab/engine" ] || restore_kernel
        return 0
    }
    pid=$(cat "$lab/engine/pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 200); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    # A killed engine leaves its containerd.
    if [ -f "$lab/engine/exec/containerd/containerd.pid" ]; then
        kill "$(cat "$lab/engine/exec/containerd/containerd.pid")" 2>/dev/null || true
    fi
    local at
    awk -v under="$lab/engine/" 'index($2, under) == 1 { print $2 }' /proc/mounts | sort -r |
        while IFS= read -r at; do umount -l "$at" 2>/dev/null; done || true
    restore_kernel
}

# ----------------------------------------------------------------------------------------------------- the image

# Every file that the given ones need to run.
with_libraries() {
    local file
    for file in "$@"; do
        echo "$file"
        ldd "$file" 2>/dev/null | grep -oE '/[^ )]+' || true
    done | sort -u | while IFS= read -r file; do
        echo "$file"
        readlink -f "$file"
    done
}

# Where /bin, /lib and so on are links into /usr, the files go there.
merged() {
    local top edits=()
    for top in bin sbin lib lib64; do
        [ ! -L "/$top" ] || edits+=(-e "s|^/$top/|/usr/$top/|")
    done
    sed "${edits[@]:--e b}"
}

build_image() {
    local version bin root=$lab/root
    version=$(find /usr/lib/postgresql -path '*/bin/initdb' | sed -E 's|.*/postgresql/([0-9]+)/.*|\1|' | sort -n | tail -n 1)
    [ -n "$version" ] || stop "PostgreSQL's server programs are not installed"
    bin=/usr/lib/postgresql/$version/bin
    mkdir -p "$root"/{etc,proc,sys,dev,run,tmp,root,usr/local/bin,usr/bin,usr/lib,var/lib/postgresql,docker-entrypoint-initdb.d}
    local tools=() tool
    for tool in bash cat chmod chown cp date env head id locale ls mkdir mktemp mv rm sed setpriv sleep stat tail touch; do
        tools+=("$(command -v "$tool")")
    done
    local modules=()
    mapfile -t modules < <(find "/usr/lib/postgresql/$version/lib" -name '*.so' ! -name 'llvmjit*')
    local nss=()
    mapfile -t nss < <(find /lib/*-linux-gnu /usr/lib/*-linux-gnu -maxdepth 1 -name 'libnss_files.so*' -o -maxdepth 1 -name 'libnss_dns.so*' 2>/dev/null)
    {
        with_libraries "${tools[@]}" "$bin"/* "${modules[@]}" "${nss[@]}"
        find "/usr/share/postgresql/$version" \( -type f -o -type l \) ! -path '*/man/*' ! -name '*.mo'
        find /usr/share/zoneinfo \( -type f -o -type l \) ! -path '*/right/*' ! -path '*/posix/*'
        find /usr/lib/locale/C.utf8 /usr/lib/locale/C.UTF-8 -type f 2>/dev/null || true
        echo /etc/localtime
    } | merged | sort -u | while IFS= read -r tool; do [ ! -e "$tool" ] || echo "${tool#/}"; done |
        tar -C / -cf - --no-recursion -T - | tar -C "$root" -xf -
    (
        cd "$root"
        for tool in bin sbin lib lib64; do
            if [ -L "/$tool" ]; then
                mkdir -p "usr/$tool"
                ln -s "usr/$tool" "$tool"
            fi
        done
        ln -sf bash bin/sh
        for tool in "$bin"/*; do ln -sf "../lib/postgresql/$version/bin/${tool##*/}" "usr/bin/${tool##*/}"; done
        chmod 1777 tmp
        echo 'root:x:0:0:root:/root:/bin/bash
postgres:x:999:999:PostgreSQL:/var/lib/postgresql:/bin/bash' >etc/passwd
        echo 'root:x:0:
postgres:x:999:' >etc/group
        echo 'passwd: files
group: files
hosts: files dns' >etc/nsswitch.conf
        install -m 755 "$here/lab/entrypoint.sh" usr/local/bin/docker-entrypoint.sh
        mkdir -p run/postgresql
        chmod 1777 run/postgresql
        ln -s ../run var/run
    )
    tar -C "$root" --owner=0 --group=0 -cf - . | docker import \
        --change 'ENV PGDATA=/var/lib/postgresql/data LC_ALL=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin' \
        --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["postgres"]' \
        --change 'EXPOSE 5432' --change 'VOLUME /var/lib/postgresql/data' \
        - "$image" >/dev/null
    rm -rf "$root"
}

# --------------------------------------------------------------------------------------------------- the project

write_project() {
    mkdir -p "$lab/project/primary"
    cp "$here/lab/docker-compose.yml" "$lab/project/"
    install -m 755 "$here/lab/replication.sh" "$lab/project/primary/"
    # The words in the file are the person's; what differs from lab to lab comes from .env, as it often does.
    cat >"$lab/project/.env" <<ENV
COMPOSE_PROJECT_NAME=$project
LAB_IMAGE=$image
PRIMARY_PORT=${LAB_PRIMARY_PORT:-5432}
STANDBY_PORT=${LAB_STANDBY_PORT:-5433}
ENV
}

bring_up() {
    in_project up -d >"$lab/up.log" 2>&1 || {
        cat "$lab/up.log" >&2
        in_project logs --tail 30 >&2 || true
        stop "the project did not come up"
    }
    local until=$((SECONDS + 60)) healthy
    while [ "$SECONDS" -lt "$until" ]; do
        healthy=$(docker ps -q --filter "label=com.docker.compose.project=$project" --filter health=healthy | wc -l)
        [ "$healthy" -lt 2 ] || return 0
        sleep 0.2
    done
    docker ps -a >&2
    in_project logs --tail 30 >&2 || true
    stop "the project did not become healthy"
}

up() {
    mkdir -p "$lab"
    start_engine
    build_image
    write_project
    bring_up
    printf 'DOCKER_HOST=%s\nCOMPOSE_PROJECT_NAME=%s\nFILE=%s\n' "${DOCKER_HOST:-}" "$project" \
        "$lab/project/docker-compose.yml"
}

down() {
    set +e # Whatever cannot be taken back, the rest still is.
    [ -d "$lab" ] || return 0
    if [ -f "$lab/engine/host" ]; then
        DOCKER_HOST=$(cat "$lab/engine/host")
        export DOCKER_HOST
    fi
    if docker version >/dev/null 2>&1; then
        # A paused container cannot be stopped by an old engine.
        docker ps -q --filter "label=com.docker.compose.project=$project" --filter status=paused |
            xargs -r docker unpause >/dev/null 2>&1 || true
        docker ps -aq --filter "label=com.docker.compose.project=$project" | xargs -r docker rm -fv >/dev/null 2>&1 || true
        docker volume ls -q --filter "label=com.docker.compose.project=$project" | xargs -r docker volume rm -f >/dev/null 2>&1 || true
        docker network ls -q --filter "label=com.docker.compose.project=$project" | xargs -r docker network rm >/dev/null 2>&1 || true
        docker network ls -q --filter "label=understudy.lab=$project" | xargs -r docker network rm >/dev/null 2>&1 || true
        docker rmi -f "$image" >/dev/null 2>&1 || true
    fi
    stop_engine
    rm -rf --one-file-system "$lab"
}

run_lab
