// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ComposeSteps.h"

#include "model/Format.h"
#include "model/Quote.h"
#include "operations/ChoiceSteps.h"
#include "operations/FileEdit.h"
#include "operations/PlanHosts.h"

#include <QFileInfo>

namespace understudy {

namespace {

// Nothing of the new service's names may be there yet: what is made after this is ours.
const QString nothingThere =
    QStringLiteral("volumes=$(docker volume ls -q) || exit 1\n"
                   "if printf '%s\\n' \"$volumes\" | grep -qxF -e \"$3\"; then\n"
                   "    echo \"volume $3 exists already\" >&2; exit 1\n"
                   "fi\n"
                   "found=$(docker ps -aq --filter \"label=com.docker.compose.project=$1\" "
                   "--filter \"label=com.docker.compose.service=$2\") || exit 1\n"
                   "if [ -n \"$found\" ]; then\n"
                   "    echo \"a container of service $2 exists already\" >&2; exit 1\n"
                   "fi");

// Ends a Compose that outlived its app (which was killed) and would still make what is being removed. It is
// known by all of its words, $1, one a line; $2, one of them, finds the candidates. A stopped one is woken to
// hear it, and one that does not listen is killed.
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

// The service's containers, also one that was only being made, then its volume.
const QString removeService = QStringLiteral(
    "found=$(docker ps -aq --filter \"label=com.docker.compose.project=$3\" "
    "--filter \"label=com.docker.compose.service=$4\") || exit 1\n"
    "for c in $found; do docker rm -f \"$c\" >/dev/null || exit 1; done\n"
    "volumes=$(docker volume ls -q) || exit 1\n"
    "if printf '%s\\n' \"$volumes\" | grep -qxF -e \"$5\"; then docker volume rm \"$5\" >/dev/null; fi");

// Asks the engine and not Compose: when an undo is tried again the service may stand in no file any more.
const QString stopService =
    QStringLiteral("found=$(docker ps -q --filter \"label=com.docker.compose.project=$1\" "
                   "--filter \"label=com.docker.compose.service=$2\") || exit 1\n"
                   "for c in $found; do docker stop -t 30 \"$c\" >/dev/null || exit 1; done");

// Ends the container of a copy, whatever became of it.
const QString removeOneOff =
    QStringLiteral("found=$(docker ps -aq --filter \"name=^/?$2\\$\") || exit 1\n"
                   "for c in $found; do docker rm -f \"$c\" >/dev/null || exit 1; done");

// Runs in the new service's container, as root: its volume is handed to the image's postgres, then everything
// is done as that user. $1: data directory, $2: a line of settings; the rest is the copying command.
const QString copyInside = QStringLiteral(
    "set -e; data=$1; line=$2; shift 2\n"
    "mkdir -p \"$data\"\n"
    "if [ -n \"$(ls -A \"$data\")\" ]; then echo \"$data exists but is not empty\" >&2; exit 1; fi\n"
    "chown postgres: \"$data\"; chmod 0700 \"$data\"\n"
    "as_postgres \"$@\"\n"
    "as_postgres sh -c 'printf \"%s\\n\" \"$1\" >>\"$2\"' sh \"$line\" \"$data/postgresql.auto.conf\"");

QString shownAdded(const ComposeEdit &edit, qsizetype from, qsizetype count)
{
    QStringList lines;
    for (qsizetype i = from; i < from + count; ++i)
        lines << edit.diff[i].text;
    return lines.join(u'\n');
}

// Each insertion's lines in the diff: a run of added ones.
Result<QList<TextInsertion>> insertionsOf(const ComposeEdit &edit)
{
    QList<TextInsertion> out;
    qsizetype at = 0;
    for (const InsertedText &inserted : edit.inserted) {
        while (at < edit.diff.size() && edit.diff[at].kind != DiffLine::Kind::Added)
            ++at;
        const qsizetype from = at;
        while (at < edit.diff.size() && edit.diff[at].kind == DiffLine::Kind::Added)
            ++at;
        if (from == at)
            return fail(QStringLiteral("The edit of the Compose file adds what its diff does not show."));
        out << TextInsertion{inserted.offset, inserted.bytes, edit.diff[from].number,
                             shownAdded(edit, from, at - from)};
    }
    return out;
}

QString labelOf(const AddStandbyDraft &d)
{
    return QStringLiteral("understudy ") + d.request.name;
}

// A container that is removed takes its network with it: the upstream's walsender would send into the void
// until TCP gives up, a quarter of an hour later.
SqlAction endOfBackup(const AddStandbyDraft &d)
{
    // Without a slot of our own the second walsender, of the WAL, is known by the address alone: nobody but
    // the copy's container has it.
    if (!d.request.choices.slot)
        return {
            d.upstream,
            QStringLiteral(
                "SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a WHERE a.backend_type = "
                "'walsender' AND a.application_name = 'pg_basebackup' AND EXISTS (SELECT FROM "
                "pg_stat_activity b WHERE b.backend_type = 'walsender' AND b.query LIKE 'BASE_BACKUP%' AND "
                "strpos(b.query, %1) > 0 AND b.client_addr = a.client_addr)")
                .arg(quote::sqlLiteral(u'\'' + labelOf(d) + u'\'')),
            {}};
    return {
        d.upstream,
        QStringLiteral("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = "
                       "'walsender' AND query LIKE 'BASE_BACKUP%' AND strpos(query, %1) > 0")
            .arg(quote::sqlLiteral(u'\'' + labelOf(d) + u'\'')),
        {}};
}

} // namespace

const QString asPostgresInContainer =
    QStringLiteral("as_postgres() {\n"
                   "    if command -v gosu >/dev/null; then gosu postgres \"$@\"\n"
                   "    elif command -v su-exec >/dev/null; then su-exec postgres \"$@\"\n"
                   "    else setpriv --reuid=postgres --regid=postgres --init-groups -- \"$@\"; fi\n"
                   "}\n");

Endpoint composeUpstream(const ComposeTarget &target, const NodeId &upstream, const QString &upstreamName,
                         const QString &role)
{
    Endpoint out = target.upstream;
    if (upstream != target.modelUpstream) {
        out.host = upstreamName;
        out.port = 5432;
    }
    out.user = role;
    return out;
}

QStringList composeConninfo(const Endpoint &upstream)
{
    QStringList words{QStringLiteral("host=") + quote::conninfoValue(upstream.host),
                      QStringLiteral("port=%1").arg(upstream.port),
                      QStringLiteral("user=") + quote::conninfoValue(upstream.user)};
    for (auto it = upstream.options.begin(); it != upstream.options.end(); ++it) {
        // What was resolved when the model connected, and what belongs to its own session.
        const bool own = it.key().startsWith(QLatin1String("ssl")) || it.key() == QLatin1String("passfile") ||
                         it.key() == QLatin1String("channel_binding") ||
                         it.key().startsWith(QLatin1String("gss"));
        if (own)
            words << it.key() + u'=' + quote::conninfoValue(it.value());
    }
    return words;
}

CommandAction ComposeDraft::compose(const QStringList &words) const
{
    CommandAction action;
    action.host = engineHostKey;
    action.command.argv = target.base + words;
    action.command.workingDirectory = QFileInfo(target.file).path();
    action.command.timeoutMs = 120000; // an image may have to be pulled
    return action;
}

CommandAction ComposeDraft::script(const QString &line, const QStringList &arguments) const
{
    CommandAction action;
    action.host = engineHostKey;
    action.command.argv =
        QStringList{QStringLiteral("sh"), QStringLiteral("-c"), line, QStringLiteral("sh")} + arguments;
    return action;
}

QString ComposeDraft::wordsOf(const CommandAction &action)
{
    // The program may be run by an interpreter, or by another one: its own name is not looked at.
    return action.command.argv.mid(1).join(u'\n');
}

Result<ComposeDraft> composeDraft(const AddStandbyDraft &d, const ComposeTarget &target,
                                  const QString &planId)
{
    ComposeDraft c;
    c.target = target;
    c.service = d.request.service;
    c.oneOff = QStringLiteral("understudy-%1-copy").arg(planId);
    NewComposeService wanted;
    wanted.model = target.model;
    wanted.name = c.service;
    wanted.publishedPort = d.request.port;
    wanted.volume = d.request.volume;
    if (!target.project.service(target.model)->containerName.isEmpty())
        wanted.containerName = c.service;
    wanted.modelSlot = target.modelSlot;
    wanted.slot = d.request.slot;
    wanted.secrets = target.secrets();
    auto edit = addService(target.content, target.file, target.project, wanted);
    if (!edit)
        return tl::unexpected(edit.error());
    c.edit = *std::move(edit);
    c.volume = target.volumeName(c.edit.volume);
    const auto insertions = insertionsOf(c.edit);
    if (!insertions)
        return tl::unexpected(insertions.error());
    auto action = editOf(target.content, *insertions, wanted.secrets);
    if (!action)
        return tl::unexpected(action.error());
    c.fileEdit = *std::move(action);
    c.fileEdit.host = engineHostKey;
    c.fileEdit.path = target.file;
    c.upstream = composeUpstream(target, d.upstreamId, d.upstream, d.role);
    return c;
}

Step composeFileStep(const ComposeDraft &c)
{
    Step s;
    s.id = QStringLiteral("file");
    s.title = QStringLiteral("Edit %1").arg(QFileInfo(c.target.file).fileName());
    s.why = QStringLiteral(
                "Modelled on %1. Every line that is there stays as it is; Compose reads the result before "
                "anything is made from it.")
                .arg(c.target.model);
    s.changes = QStringLiteral("1 file");
    s.undoWords = QStringLiteral("take the lines out");
    s.leftover = QStringLiteral("the service %1 in %2").arg(c.service, c.target.file);
    s.fact = QStringLiteral("%1, from line %2").arg(c.service).arg(c.edit.firstLine);
    s.aboutSeconds = 0.7;
    CommandAction check = c.compose({QStringLiteral("config"), QStringLiteral("-q")});
    s.actions << c.fileEdit << check;
    EditAction out = c.fileEdit;
    out.takeOut = true;
    s.undo << out;
    return s;
}

Step composeServiceStep(const ComposeDraft &c)
{
    const QStringList names{c.target.projectName, c.service, c.volume};
    Step s;
    s.id = QStringLiteral("service");
    s.title = QStringLiteral("Create its container and volume");
    s.why = QStringLiteral(
        "They are made and not started: a volume without a base backup would become a primary of "
        "its own.");
    s.changes = QStringLiteral("1 container, 1 volume");
    s.undoWords = QStringLiteral("remove container and volume");
    s.leftover = QStringLiteral("the container of %1 and the volume %2").arg(c.service, c.volume);
    s.fact = c.volume;
    s.aboutSeconds = 1;
    CommandAction check = c.script(nothingThere, names);
    check.atomic = true;
    const CommandAction create = c.compose(
        {QStringLiteral("up"), QStringLiteral("--no-start"), QStringLiteral("--no-deps"), c.service});
    s.actions << check << create;
    s.undo << c.script(endCompose + removeService, QStringList{c.wordsOf(create), c.target.file} + names);
    return s;
}

Step composeCopyStep(const AddStandbyDraft &d, const ComposeDraft &c)
{
    const QStringList conninfo = composeConninfo(c.upstream);
    Step s;
    s.id = QStringLiteral("copy");
    s.title = QStringLiteral("Copy ") + (d.upstreamIsStandby ? d.upstream : QStringLiteral("the primary"));
    s.why = QStringLiteral(
                "A base backup into the new volume, in a container of the new service, with the credential "
                "that %1 has. Readers and writers are not interrupted.")
                .arg(c.target.model) +
            copyWords(d);
    s.aboutSeconds = 3 + d.databaseMb / 100;
    s.undoWords = QStringLiteral("remove the copying container and what it copied");
    s.leftover = QStringLiteral("the container %1").arg(c.oneOff);
    s.fact = QStringLiteral("copied ${copied_size}");
    CommandAction copy = c.compose(
        {QStringLiteral("run"), QStringLiteral("--rm"), QStringLiteral("--no-deps"), QStringLiteral("-T"),
         QStringLiteral("--name"), c.oneOff, QStringLiteral("--user"), QStringLiteral("root"),
         QStringLiteral("--entrypoint"), QStringLiteral("sh"), c.service, QStringLiteral("-c"),
         asPostgresInContainer + copyInside, QStringLiteral("sh"), c.target.dataPath,
         QStringLiteral("cluster_name = ") + quote::confValue(d.request.name) + u'\n' + choiceLines(d),
         QStringLiteral("pg_basebackup")});
    copy.command.argv << baseBackupWords(d.request, c.target.dataPath);
    copy.command.argv << QStringLiteral("--label") << labelOf(d) << QStringLiteral("--no-password")
                      << QStringLiteral("-d") << conninfo.join(u' ');
    copy.command.timeoutMs = 0;
    copy.progress = ProgressKind::BaseBackup;
    copy.silenceMs = copySilenceMs;
    copy.storeAs = QStringLiteral("copied_size");
    s.actions << copy;
    // Without its container the Compose that waits for it ends by itself. What was copied goes with the
    // volume; a copy that is made again makes a new one.
    s.undo << endOfBackup(d)
           << c.script(removeOneOff + u'\n' + endCompose + removeOneOff, {c.wordsOf(copy), c.oneOff})
           << c.script(removeService, {c.wordsOf(copy), c.oneOff, c.target.projectName, c.service, c.volume});
    return s;
}

Step composeVerifyBackupStep(const AddStandbyDraft &d, const ComposeDraft &c)
{
    Step s = verifyBackupStep(d);
    const QString oneOff = c.oneOff + QStringLiteral("-verify");
    CommandAction verify = c.compose(
        {QStringLiteral("run"), QStringLiteral("--rm"), QStringLiteral("--no-deps"), QStringLiteral("-T"),
         QStringLiteral("--name"), oneOff, QStringLiteral("--user"), QStringLiteral("root"),
         QStringLiteral("--entrypoint"), QStringLiteral("sh"), c.service, QStringLiteral("-c"),
         asPostgresInContainer + QStringLiteral("as_postgres pg_verifybackup -- \"$1\""),
         QStringLiteral("sh"), c.target.dataPath});
    verify.command.timeoutMs = 0;
    s.readsOnly = false;
    s.aboutSeconds += 1;
    s.actions = {verify};
    s.undoWords = QStringLiteral("remove the reading container");
    s.leftover = QStringLiteral("the container %1").arg(oneOff);
    s.undo << c.script(removeOneOff + u'\n' + endCompose + removeOneOff, {c.wordsOf(verify), oneOff});
    return s;
}

CommandAction composeLog(const ComposeDraft &c)
{
    CommandAction log = c.script(
        QStringLiteral("project=$1; service=$2; shift 2\n"
                       "[ -n \"$(docker ps -q --filter \"label=com.docker.compose.project=$project\" "
                       "--filter \"label=com.docker.compose.service=$service\")\" ] || "
                       "echo \"no container of $service runs\"\n"
                       "exec \"$@\""),
        QStringList{c.target.projectName, c.service} +
            c.compose({QStringLiteral("logs"), QStringLiteral("--no-color"), QStringLiteral("--tail=20"),
                       c.service})
                .command.argv);
    log.command.workingDirectory = QFileInfo(c.target.file).path();
    return log;
}

Step composeStartStep(const AddStandbyDraft &d, const ComposeDraft &c)
{
    Step s;
    s.id = QStringLiteral("start");
    s.title = QStringLiteral("Start ") + c.service;
    s.why = QStringLiteral("It replays what the copy brought, then follows %1.").arg(d.upstream);
    s.changes = QStringLiteral("1 server");
    s.undoWords = QStringLiteral("stop the container");
    s.leftover = QStringLiteral("the running service %1 on port %2").arg(c.service).arg(d.request.port);
    s.fact = QStringLiteral("port %1").arg(d.request.port);
    s.aboutSeconds = 1.5;
    const CommandAction up =
        c.compose({QStringLiteral("up"), QStringLiteral("-d"), QStringLiteral("--no-deps"), c.service});
    s.actions << up;
    s.evidence = composeLog(c);
    s.alreadyDone = attached(d);
    s.undo << c.script(endCompose, {c.wordsOf(up), c.target.file})
           << c.script(stopService, {c.target.projectName, c.service});
    return s;
}

} // namespace understudy
