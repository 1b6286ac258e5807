#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Our own entrypoint with the conventions of the official image: POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB, the
# same with _FILE, PGDATA, /docker-entrypoint-initdb.d, arguments to the server.
set -euo pipefail

from_file() { # NAME: the value of NAME, or what the file in NAME_FILE says
    local file=${1}_FILE
    if [ -n "${!file:-}" ]; then
        export "$1=$(cat "${!file}")"
    fi
}

case ${1:-postgres} in
postgres) ;;
-*) set -- postgres "$@" ;;
esac

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown postgres:postgres "$PGDATA"
    chmod 700 "$PGDATA"
    export HOME=/var/lib/postgresql
    exec setpriv --reuid=postgres --regid=postgres --clear-groups "${BASH_SOURCE[0]}" "$@"
fi

if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    from_file POSTGRES_PASSWORD
    from_file POSTGRES_USER
    from_file POSTGRES_DB
    user=${POSTGRES_USER:-postgres}
    database=${POSTGRES_DB:-$user}
    if [ -z "${POSTGRES_PASSWORD:-}" ]; then
        echo 'Error: the database is not initialized and POSTGRES_PASSWORD is not set.' >&2
        exit 1
    fi
    initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --encoding=UTF8 --locale=C.UTF-8 --no-sync
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    PGUSER=$user pg_ctl -D "$PGDATA" -o "-c listen_addresses='' $(printf '%q ' "${@:2}")" -w start
    sql() { psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$user" "$@"; }
    if [ "$database" != postgres ]; then
        sql --dbname postgres -v name="$database" <<<'CREATE DATABASE :"name";'
    fi
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
        *.sh)
            # shellcheck source=/dev/null
            . "$file"
            ;;
        *.sql) sql --dbname "$database" -f "$file" ;;
        esac
    done
    PGUSER=$user pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@"
