// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ComposeScripts.h"

namespace understudy::composeScripts {

const QString nothingThere =
    QStringLiteral("if [ -n \"$3\" ]; then\n"
                   "    volumes=$(docker volume ls -q) || exit 1\n"
                   "    if printf '%s\\n' \"$volumes\" | grep -qxF -e \"$3\"; then\n"
                   "        echo \"volume $3 exists already\" >&2; exit 1\n"
                   "    fi\n"
                   "fi\n"
                   "found=$(docker ps -aq --filter \"label=com.docker.compose.project=$1\" "
                   "--filter \"label=com.docker.compose.service=$2\") || exit 1\n"
                   "if [ -n \"$found\" ]; then\n"
                   "    echo \"a container of service $2 exists already\" >&2; exit 1\n"
                   "fi");

// A stopped one is woken to hear it, and one that does not listen is killed.
const QString endCompose = QStringLiteral(
    "n=0\n"
    "while [ $n -lt 100 ]; do\n"
    "    found=\n"
    "    for p in $(grep -laF -e \"$2\" /proc/[0-9]*/cmdline 2>/dev/null | tr -dc '0-9\\n'); do\n"
    "        words=$(tr '\\0' '\\n' 2>/dev/null <\"/proc/$p/cmdline\"; echo .)\n"
    "        case \"$words\" in *\"$1\"?.) ;; *) continue ;; esac\n"
    "        found=1\n"
    "        if [ $n -eq 0 ]; then kill \"$p\"; elif [ $n -ge 50 ]; then kill -KILL \"$p\"; fi\n"
    "        kill -CONT \"$p\"\n"
    "    done 2>/dev/null\n"
    "    [ -n \"$found\" ] || break\n"
    "    n=$((n + 1)); sleep 0.1\n"
    "done\n");

const QString removeService = QStringLiteral(
    "found=$(docker ps -aq --filter \"label=com.docker.compose.project=$3\" "
    "--filter \"label=com.docker.compose.service=$4\") || exit 1\n"
    "for c in $found; do docker rm -f \"$c\" >/dev/null || exit 1; done\n"
    "[ -n \"$5\" ] || exit 0\n"
    "volumes=$(docker volume ls -q) || exit 1\n"
    "if printf '%s\\n' \"$volumes\" | grep -qxF -e \"$5\"; then docker volume rm \"$5\" >/dev/null; fi");

const QString stopService =
    QStringLiteral("found=$(docker ps -q --filter \"label=com.docker.compose.project=$1\" "
                   "--filter \"label=com.docker.compose.service=$2\") || exit 1\n"
                   "for c in $found; do docker stop -t 30 \"$c\" >/dev/null || exit 1; done");

const QString removeOneOff =
    QStringLiteral("found=$(docker ps -aq --filter \"name=^/?$2\\$\") || exit 1\n"
                   "for c in $found; do docker rm -f \"$c\" >/dev/null || exit 1; done");

const QString asPostgres =
    QStringLiteral("as_postgres() {\n"
                   "    if command -v gosu >/dev/null; then gosu postgres \"$@\"\n"
                   "    elif command -v su-exec >/dev/null; then su-exec postgres \"$@\"\n"
                   "    else setpriv --reuid=postgres --regid=postgres --init-groups -- \"$@\"; fi\n"
                   "}\n");

const QString takePassfile = QStringLiteral("PGPASSFILE=$(mktemp); export PGPASSFILE\n"
                                            "cat >\"$PGPASSFILE\"; chmod 0600 \"$PGPASSFILE\"; "
                                            "chown postgres: \"$PGPASSFILE\"\n");

const QString copyInside =
    QStringLiteral(
        "set -e; data=$1; lines=$2; keep=$3; shift 3\n"
        "mkdir -p \"$data\"\n"
        "if [ -n \"$(ls -A \"$data\")\" ]; then echo \"$data exists but is not empty\" >&2; exit 1; fi\n"
        "chown postgres: \"$data\"; chmod 0700 \"$data\"\n"
        "if [ -n \"$keep\" ]; then\n") +
    takePassfile +
    QStringLiteral(
        "fi\n"
        "as_postgres \"$@\"\n"
        "if [ -n \"$keep\" ]; then\n"
        "    as_postgres sh -c 'umask 077; cat \"$1\" >\"$2\"' sh \"$PGPASSFILE\" \"$keep\"\n"
        "fi\n"
        "as_postgres sh -c 'printf \"%s\\n\" \"$1\" >>\"$2\"' sh \"$lines\" \"$data/postgresql.auto.conf\"");

const QString emptyInside = QStringLiteral("cd -- \"$1\" || exit 1\n"
                                           "for each in * .*; do\n"
                                           "    case $each in . | ..) continue ;; esac\n"
                                           "    rm -rf -- \"./$each\" || exit 1\n"
                                           "done\n"
                                           "if [ -n \"$2\" ]; then chown \"$2\" . && chmod \"$3\" .; fi");

} // namespace understudy::composeScripts
