// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/script/UnseenChecks.h"

#include "model/Quote.h"
#include "operations/script/ScriptText.h"

namespace understudy::script {

namespace {

const char programs[] = R"sh(refuse() {
    printf '%s\n' "$@" >&2
    exit 1
}

# One line a check; what is bad is counted, so that all of it is told at once.
problems=0
good() { printf '  ok    %s\n' "$1"; }
warn() { printf '  warn  %s\n' "$1"; }
bad() {
    printf '  FAIL  %s\n' "$1" >&2
    problems=$((problems + 1))
}

# Who runs this, and as whom the server will run.
check_user() {
    id -u "$server_user" >/dev/null 2>&1 || refuse \
        "This machine has no user $server_user. Install PostgreSQL $major, or set server_user at the top of this script."
    [ "$(id -u "$server_user")" -ne 0 ] ||
        refuse 'PostgreSQL refuses to run as root. Set server_user at the top of this script.'
    if [ "$(id -u)" -eq 0 ]; then return 0; fi
    [ "$keeper" = pg_ctl ] || refuse "Only root may hand a server to $keeper. Run this as root: sudo bash $0"
    [ "$(id -un)" = "$server_user" ] || refuse \
        "This is $(id -un). Run it as root (sudo bash $0) or as $server_user, whom the server will belong to."
}

# Whether a folder has all the programs, of the one major version that can read the copy.
complete() {
    local name
    for name in postgres pg_ctl pg_basebackup psql; do
        [ -x "$1/$name" ] || return 1
    done
    [ "$verifies" = no ] || [ -x "$1/pg_verifybackup" ] || return 1
    [[ $("$1/postgres" --version 2>/dev/null) =~ \(PostgreSQL\)\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" = "$major" ]
}

find_programs() {
    local folder
    local -a folders more
    if [ -n "$bin" ]; then
        complete "$bin" || refuse "$bin does not have all programs of PostgreSQL $major (postgres, pg_ctl," \
            'pg_basebackup, psql, pg_verifybackup). Set bin at the top of this script.'
    else
        folders=("/usr/lib/postgresql/$major/bin" "/usr/pgsql-$major/bin" /usr/local/pgsql/bin /usr/lib64/pgsql/bin)
        if folder=$(pg_config --bindir 2>/dev/null); then folders+=("$folder"); fi
        IFS=: read -ra more <<<"$PATH"
        for folder in "${folders[@]}" "${more[@]}"; do
            if complete "$folder"; then
                bin=$folder
                break
            fi
        done
        [ -n "$bin" ] || refuse "This machine has no PostgreSQL $major with all its programs. Install its server" \
            "package (postgresql-$major), or set bin at the top of this script."
    fi
    PATH=$bin:$PATH
    as_user "$server_user" "$bin/postgres" --version >/dev/null ||
        refuse "$server_user cannot run $bin/postgres."
    good "$("$bin/postgres" --version) in $bin"
}

)sh";

const char machine[] =
    R"sh(# A directory that is absent or empty, where the server's user can get at it. 2: the folder above may be absent.
check_directory() {
    local path=$1 makes_parent=${2:-no} parent up
    up=$path
    while up=${up%/*} && [ -n "$up" ]; do
        if [ -e "$up/PG_VERSION" ]; then
            bad "$path is inside of $up, the data of a server, whose copies would hold it too"
            return
        fi
    done
    parent=${path%/*}
    parent=${parent:-/}
    if [ -e "$path" ] || [ -L "$path" ]; then
        if [ ! -d "$path" ]; then
            bad "$path is there and is no directory"
        elif grep -qsxF -e "$own_name" "$path/postgresql.auto.conf"; then
            bad "$path holds $name already, but it does not stream: look into its log, and start it if it is down"
        elif [ -n "$(ls -A -- "$path")" ]; then
            bad "$path is not empty; it may be somebody's data and is not touched"
        elif [ "$(id -u)" -ne 0 ] && [ ! -O "$path" ]; then
            bad "$path is empty, but belongs to $(stat -L -c %U -- "$path"): chown it to $server_user"
        else
            good "$path is empty"
        fi
        return
    fi
    if [ "$makes_parent" = yes ]; then
        while [ ! -d "$parent" ]; do
            parent=${parent%/*}
            parent=${parent:-/}
        done
        if [ "$parent" != "${path%/*}" ] && ! as_user "$server_user" test -w "$parent"; then
            bad "$server_user may not make ${path%/*}; make it: install -d -o $server_user '${path%/*}'"
            return
        fi
    fi
    if [ ! -d "$parent" ]; then
        bad "$parent is absent: make it (mkdir -p '$parent'), or ask for a script with another directory"
    elif ! as_user "$server_user" test -x "$parent"; then
        bad "$server_user cannot get into $parent"
    elif [ "$(id -u)" -ne 0 ] && [ ! -w "$parent" ]; then
        bad "$(id -un) may not make a directory in $parent"
    else
        good "$path is absent and can be made"
    fi
}

check_port() {
    local hex
    hex=$(printf '%04X' "$port")
    if [ ! -r /proc/net/tcp ]; then
        warn "whether port $port is free cannot be told without /proc/net/tcp"
    elif grep -qs ":$hex 0*:0000 0A " /proc/net/tcp /proc/net/tcp6; then
        bad "port $port is taken: something listens there (ss -ltnp 'sport = :$port' shows what)"
    else
        good "nothing listens on port $port"
    fi
}

check_keeper() {
    case $keeper in
        pg_ctlcluster)
            if command -v pg_createcluster >/dev/null && command -v pg_ctlcluster >/dev/null; then
                good 'postgresql-common will keep the server, and starts it with the machine'
            else
                bad 'pg_ctlcluster is not here: install postgresql-common'
            fi
            [ "${bin#/usr/lib/postgresql/}" != "$bin" ] || bad "pg_ctlcluster does not find the programs in $bin"
            ;;
        systemd)
            if [ -d /run/systemd/system ]; then
                good 'systemd will keep the server, and starts it with the machine'
            else
                bad 'systemd does not run here: ask for a script with another keeper'
            fi
            [[ $bin =~ ^[A-Za-z0-9/._+-]+$ ]] || bad "$bin has signs that a unit would have to quote"
            ;;
        *) good 'pg_ctl starts and stops the server; after a boot it is started by hand' ;;
    esac
}

# A file that the server reads and no copy brings.
check_file() {
    if as_user "$server_user" test -r "$1"; then
        good "$server_user can read $1"
    else
        bad "$1 is absent, or $server_user cannot read it; the upstream's settings name it"
    fi
}

# A library that the server loads when it starts.
check_library() {
    local folder
    folder=$("$bin/pg_config" --pkglibdir 2>/dev/null) || folder=${bin%/bin}/lib
    case $1 in /*) folder= ;; *) folder+=/ ;; esac
    if [ -e "$folder$1.so" ] || [ -e "$folder$1" ]; then
        good "the library $1 is here"
    else
        bad "the library $1 is not here; the upstream's settings load it (shared_preload_libraries)"
    fi
}

# What does not stop the standby, and what a DBA should know.
check_likeness() {
    local locale version server here
    IFS='|' read -r server locale version < <(sql "$upstream_login" <<<"$likeness_sql") || return 0
    here=$(date +%s)
    if [ $((server > here ? server - here : here - server)) -gt 2 ]; then
        warn "the clocks are $((server > here ? server - here : here - server)) s apart: delays in seconds would be wrong"
    fi
    case $locale in C | POSIX | C.*) return 0 ;; esac
    here=$(getconf GNU_LIBC_VERSION 2>/dev/null) || here=
    if [ -n "$version" ] && [ "${here#glibc }" != "$version" ]; then
        warn "the C library is ${here:-unknown} here and $version there: if it sorts $locale differently, text indexes give wrong answers"
    fi
    if command -v locale >/dev/null && ! locale -a 2>/dev/null | tr -d '-' | grep -qix -e "$(tr -d '-' <<<"$locale")"; then
        warn "this machine does not have the locale $locale; without it nobody can log in to the standby's databases"
    fi
}

)sh";

} // namespace

QString programFunctions()
{
    return QString::fromLatin1(programs);
}

QString machineFunctions()
{
    return QString::fromLatin1(machine);
}

QString checkMachine(const UnseenTarget &t)
{
    const auto call = [](const char *function, const QString &argument) {
        return QStringLiteral("    %1 %2\n").arg(QLatin1String(function), quote::shellWord(argument));
    };
    // PostgreSQL 15 notes the C library's version, see pg_collation_actual_version().
    QString text =
        QStringLiteral("likeness_sql=%1\n")
            .arg(quote::shellWord(
                QStringLiteral("SELECT extract(epoch FROM clock_timestamp())::bigint, datcollate, %1 "
                               "FROM pg_database WHERE datname = current_database()")
                    .arg(t.major >= 15 ? QStringLiteral("coalesce(datcollversion, '')")
                                       : QStringLiteral("''")))) +
        QStringLiteral("own_name=%1\n\n")
            .arg(quote::shellWord(QStringLiteral("cluster_name = ") + quote::confValue(t.name))) +
        QStringLiteral("# All at once, and before anything is made.\ncheck_machine() {\n") +
        QStringLiteral(
            "    if [ -e \"$data_directory/standby.signal\" ] && [ \"$(sql \"$upstream_login\" "
            "<<<\"$streaming_sql\")\" = t ]; then\n"
            "        echo \"$name is in $data_directory already and streams from $upstream. Nothing "
            "to do.\"\n        exit 0\n    fi\n") +
        QStringLiteral("    check_directory \"$data_directory\" %1\n")
            .arg(t.makesParent ? QStringLiteral("yes") : QStringLiteral("no")) +
        QStringLiteral(
            "    [ ! -e \"$passfile\" ] || bad \"$passfile is there already and is not touched\"\n");
    if (!t.walDirectory.isEmpty())
        text += call("check_directory", t.walDirectory);
    for (const QString &to : t.tablespaces)
        text += call("check_directory", to);
    text += QStringLiteral("    check_port\n    check_keeper\n");
    for (const QString &file : t.files)
        text += call("check_file", file);
    for (const QString &library : t.libraries)
        text += call("check_library", library);
    if (!t.restoreProgram.isEmpty())
        text +=
            QStringLiteral("    as_user \"$server_user\" sh -c 'command -v \"$1\" >/dev/null' sh %1 ||\n"
                           "        warn %2\n")
                .arg(quote::shellWord(t.restoreProgram),
                     quote::shellWord(QStringLiteral("restore_command runs %1, which is not here: WAL that "
                                                     "the upstream threw away is then not fetched")
                                          .arg(t.restoreProgram)));
    return text + QStringLiteral("    check_space\n    check_likeness\n"
                                 "    [ \"$problems\" -eq 0 ] || refuse 'Nothing was made.'\n}\n\n");
}

} // namespace understudy::script
