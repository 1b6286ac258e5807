# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Servers on free ports of 127.0.0.1 in a folder of their own, and what can happen to them. Sourced by shop.sh; prepare
# comes first, and whatever happens later, servers and folder go when the script ends.

say() { echo "$(basename "$0"): $*" >&2; }
stop() {
    say "$*"
    exit 1
}

# The servers' user: PostgreSQL does not run as root.
as_server() { (
    cd "$folder" || exit # Where we are it may not be allowed to look.
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid postgres --regid postgres --init-groups env HOME="$folder" PGPASSFILE="$folder/passfile" LC_ALL=C.UTF-8 "$@"
    else
        env PGPASSFILE="$folder/passfile" LC_ALL=C.UTF-8 "$@"
    fi
); }

prepare() {
    bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$bin" ] || stop "PostgreSQL's server programs are not installed"
    bin=$(dirname "$bin")
    folder=$(mktemp -d /tmp/orders.XXXXXX)
    helpers=()
    recorder=
    declare -gA ports=() # of every server, by name
    closed=()            # names of those that let nobody in
    trap 'clean_up' EXIT
    trap 'exit 130' INT TERM HUP
    base=$(free_ports 12) || stop "no twelve free ports in a row from 5432 on"
    password=$(head -c 24 /dev/urandom | base64 | tr -d '/+=')
    echo "127.0.0.1:*:*:*:$password" >"$folder/passfile"
    chmod 600 "$folder/passfile"
    [ "$(id -u)" != 0 ] || chown -R postgres: "$folder"
    export PGPASSFILE=$folder/passfile
}

clean_up() {
    local pid name
    set +e
    [ ! -f "$folder/frozen" ] || xargs -r kill -CONT <"$folder/frozen" 2>/dev/null
    for pid in "${helpers[@]}" $recorder; do kill "$pid" 2>/dev/null; done
    for name in "${!ports[@]}"; do kill_server "$name" 2>/dev/null; done
    wait
    rm -rf --one-file-system "$folder"
}

free_ports() { # how many, in a row
    local from port
    for from in $(seq 5432 100 9932); do
        for ((port = from; port < from + $1; port++)); do
            ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue 2
        done
        echo "$from"
        return
    done
    return 1
}

write_conf() { # name, port, more settings
    ports[$1]=$2
    cat <<CONF | as_server tee -a "$folder/$1/postgresql.conf" >/dev/null
port = $2
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
cluster_name = '$1'
wal_level = replica
max_wal_senders = 20
max_replication_slots = 20
max_slot_wal_keep_size = 2GB
hot_standby = on
shared_buffers = 32MB
fsync = off
max_wal_size = 512MB
wal_log_hints = on
timezone = 'UTC'
log_timezone = 'UTC'
$3
CONF
}

make_primary() { # name, settings of its own
    say "making $1 on port $base"
    as_server tee "$folder/pwfile" <<<"$password" >/dev/null
    as_server "$bin/initdb" -D "$folder/$1" -U postgres --auth=scram-sha-256 --pwfile="$folder/pwfile" --encoding=UTF8 \
        --locale=C.UTF-8 --no-sync >/dev/null
    echo 'host replication replicator 127.0.0.1/32 scram-sha-256' | as_server tee -a "$folder/$1/pg_hba.conf" >/dev/null
    write_conf "$1" "$base" ''
    start_server "$1"
    sql "$1" "CREATE ROLE replicator LOGIN REPLICATION PASSWORD '$password'" \
        "CREATE ROLE monitor LOGIN PASSWORD '$password'" "GRANT pg_monitor TO monitor" \
        "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed timestamptz DEFAULT now(), what text)" \
        "INSERT INTO orders (what) SELECT repeat(md5(i::text), 5) FROM generate_series(1, 20000) i"
    # Only now: commits would wait for standbys that are not there yet.
    echo "$2" | as_server tee -a "$folder/$1/postgresql.conf" >/dev/null
    primary=$1
}

make_standby() { # name, port above the primary's, upstream, slot ('' is none), settings of its own
    local name=$1 upstream=$3 slot=$4
    say "making $name below $upstream"
    as_server "$bin/pg_basebackup" -d "host=127.0.0.1 port=$base user=replicator" -D "$folder/$name" -X stream -c fast --no-sync
    as_server touch "$folder/$name/standby.signal"
    [ -z "$slot" ] || sql "$upstream" "SELECT pg_create_physical_replication_slot('$slot', true)"
    write_conf "$name" "$((base + $2))" "primary_conninfo = 'host=127.0.0.1 port=${ports[$upstream]} user=replicator'
primary_slot_name = '$slot'
synchronous_standby_names = ''
${5:-}"
    start_server "$name"
}

refuse_everybody() { # name
    closed+=("$1")
    echo 'host all all all reject' | as_server tee "$folder/$1/pg_hba.conf" >/dev/null
    as_server "$bin/pg_ctl" reload -D "$folder/$1" -s
}

start_server() {
    as_server "$bin/pg_ctl" start -D "$folder/$1" -l "$folder/$1.log" -w -t 60 -s >/dev/null && return
    as_server tail -n 5 "$folder/$1.log" >&2
    stop "$1 did not start"
}
kill_server() { as_server "$bin/pg_ctl" stop -D "$folder/$1" -m immediate -s; }

sql() { ask "$@" >/dev/null; } # name, statements, each a transaction of its own

ask() { # the same; prints the last answer
    local name=$1
    shift
    # Through stdin: one of them holds a password, and arguments are seen by everybody.
    printf '%s;\n' "$@" | psql -XqAt -v ON_ERROR_STOP=1 -d "host=127.0.0.1 port=${ports[$name]} user=postgres dbname=postgres" \
        >"$folder/answer"
    tail -n 1 "$folder/answer"
}

wait_until_all_stream() { # every server but the primary
    local until=$((SECONDS + 60)) name seen
    as_server "$bin/pg_ctl" reload -D "$folder/$primary" -s
    while :; do
        seen=1
        for name in "${!ports[@]}"; do
            [[ " ${closed[*]} " = *" $name "* ]] ||
                seen=$((seen + $(ask "$name" "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")))
        done
        [ "$seen" -lt "${#ports[@]}" ] || return 0
        [ "$SECONDS" -lt "$until" ] || stop "only $seen of ${#ports[@]} servers take part"
        sleep 0.2
    done
}

cluster_file() { # title, names
    local title=$1 name comma=
    shift
    {
        echo "{\"format\": 1, \"name\": \"$title\", \"nodes\": ["
        for name in "$@"; do
            echo "$comma{\"name\": \"$name\", \"conninfo\": \"host=127.0.0.1 port=${ports[$name]} user=monitor dbname=postgres\"}"
            comma=,
        done
        echo ']}'
    } >"$folder/$title.json"
}

load() { # transactions a second, seconds, script
    "$bin/pgbench" -n -c 2 -R "$1" -T "$2" -f "$3" -h 127.0.0.1 -p "$base" -U postgres postgres >"$folder/load" 2>&1 &
    helpers+=($!)
}

background() { # seconds, name, statement
    timeout "$1" psql -Xq -d "host=127.0.0.1 port=${ports[$2]} user=postgres dbname=postgres" >/dev/null 2>&1 <<<"$3" &
    helpers+=($!)
}

freeze_receiver() { # name: what a dead network looks like from both ends
    local pid
    pid=$(ask "$1" 'SELECT pid FROM pg_stat_wal_receiver')
    echo "$pid" >>"$folder/frozen"
    as_server kill -STOP "$pid"
}

own_places() { export XDG_CONFIG_HOME=$folder/home XDG_STATE_HOME=$folder/home XDG_CACHE_HOME=$folder/home XDG_DATA_HOME=$folder/home; }

record() { # program, cluster, seconds, file, seconds between looks
    own_places
    "$1" record "$2" -o "$4" --for "$3" --every "$5" >/dev/null &
    recorder=$!
    began=$SECONDS
}

at() { # second of the recording, what happens
    while [ $((SECONDS - began)) -lt "$1" ]; do
        kill -0 "$recorder" 2>/dev/null || stop "the recorder ended early"
        sleep 0.2
    done
    say "$(printf '%3d s' "$1"): $2"
}

finish_recording() {
    local pid=$recorder
    wait "$pid"
    recorder=
}
