// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ComposeSteps.h"

#include "model/Quote.h"
#include "operations/ChoiceSteps.h"
#include "operations/ComposeScripts.h"
#include "operations/Passfile.h"

namespace understudy {

namespace {

using namespace composeScripts;

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

// A container of the new service, as root, that runs a script.
CommandAction inside(const ComposeDraft &c, const QString &name, const QString &script,
                     const QStringList &arguments)
{
    return c.compose(QStringList{QStringLiteral("run"), QStringLiteral("--rm"), QStringLiteral("--no-deps"),
                                 QStringLiteral("-T"), QStringLiteral("--name"), name,
                                 QStringLiteral("--user"), QStringLiteral("root"),
                                 QStringLiteral("--entrypoint"), QStringLiteral("sh"), c.service,
                                 QStringLiteral("-c"), script, QStringLiteral("sh")} +
                     arguments);
}

// What runs in it, as people would type it there.
QString shownInside(const CommandAction &action, const QStringList &lines)
{
    const QStringList &argv = action.command.argv;
    QString text = quote::shellCommand(argv.mid(0, argv.indexOf(QStringLiteral("-c"))));
    for (const QString &line : lines)
        text += QStringLiteral("\n  ") + line;
    return text;
}

QStringList backupWords(const AddStandbyDraft &d, const ComposeDraft &c)
{
    Endpoint from = c.upstream;
    from.options.remove(QStringLiteral("passfile")); // It is not there yet; libpq is told of another.
    const QStringList words =
        QStringList{QStringLiteral("pg_basebackup")} + baseBackupWords(d.request, c.target.dataPath);
    return words + QStringList{QStringLiteral("--label"), labelOf(d), QStringLiteral("--no-password"),
                               QStringLiteral("-d"),
                               composeConninfo(c.writesPassfile ? from : c.upstream).join(u' ')};
}

QStringList settingsLines(const AddStandbyDraft &d, const ComposeDraft &c)
{
    QStringList lines{QStringLiteral("cluster_name = ") + quote::confValue(d.request.name)};
    // The last one counts: pg_basebackup has written one with the passfile that is gone by then.
    if (c.writesPassfile)
        lines << QStringLiteral("primary_conninfo = ") +
                     quote::confValue(composeConninfo(c.upstream).join(u' '));
    lines << choiceLines(d).split(u'\n', Qt::SkipEmptyParts);
    return lines;
}

QList<Action> undoOfCopy(const AddStandbyDraft &d, const ComposeDraft &c, const CommandAction &copy)
{
    CommandAction stop =
        c.script(removeOneOff + u'\n' + endCompose + removeOneOff, {ComposeDraft::wordsOf(copy), c.oneOff});
    stop.shown = QStringLiteral("docker rm -f ") + quote::shellWord(c.oneOff);
    QList<Action> undo{endOfBackup(d), stop};
    if (c.directory.isEmpty()) {
        CommandAction remove = c.script(removeService, {ComposeDraft::wordsOf(copy), c.oneOff,
                                                        c.target.projectName, c.service, c.volume});
        remove.shown = QStringLiteral("docker volume rm ") + quote::shellWord(c.volume);
        return undo << remove;
    }
    // What is in it belongs to the image's postgres. The directory itself is another step's.
    const QString name = c.oneOff + QStringLiteral("-undo");
    CommandAction before = c.script(removeOneOff, {QString(), name});
    before.shown = QStringLiteral("docker rm -f ") + quote::shellWord(name);
    QStringList arguments{c.target.mountPath};
    if (c.directoryIsThere)
        arguments << QStringLiteral("${directory_owner}") << QStringLiteral("${directory_mode}");
    else
        arguments << QString() << QString();
    CommandAction empty = inside(c, name, emptyInside, arguments);
    empty.shown = shownInside(
        empty,
        {QStringLiteral("rm -rf -- %1/* # in %2").arg(quote::shellWord(c.target.mountPath), c.directory)});
    return undo << before << empty;
}

} // namespace

Step composeCopyStep(const AddStandbyDraft &d, const ComposeDraft &c)
{
    const QString place =
        c.directory.isEmpty() ? QStringLiteral("the new volume") : QStringLiteral("the new directory");
    Step s;
    s.id = QStringLiteral("copy");
    s.title = QStringLiteral("Copy ") + (d.upstreamIsStandby ? d.upstream : QStringLiteral("the primary"));
    s.why =
        QStringLiteral("A base backup into %1, in a container of the new service, %2. Readers and writers "
                       "are not interrupted.")
            .arg(place, c.writesPassfile ? QStringLiteral("with a passfile that stays beside the data")
                        : c.target.givesPassfile()
                            ? QStringLiteral("without a password")
                            : QStringLiteral("with the credential that %1 has").arg(c.target.model)) +
        copyWords(d);
    s.aboutSeconds = 3 + d.databaseMb / 100;
    s.undoWords = QStringLiteral("remove the copying container and what it copied");
    s.leftover = c.directory.isEmpty() ? QStringLiteral("the container ") + c.oneOff
                                       : QStringLiteral("files in ") + c.directory;
    s.fact = QStringLiteral("copied ${copied_size}");
    const QString passfile = c.writesPassfile ? composePassfile(c.target) : QString();
    const QStringList settings = settingsLines(d, c), backup = backupWords(d, c);
    CommandAction copy = inside(c, c.oneOff, asPostgres + copyInside,
                                QStringList{c.target.dataPath, settings.join(u'\n'), passfile} + backup);
    const QString data = quote::shellWord(c.target.dataPath);
    QStringList shown{QStringLiteral("chown postgres: %1; chmod 0700 %1").arg(data)};
    CommandAction wrapping;
    wrapping.command.argv = backup;
    shown << shownCommand(wrapping).replace(u'\n', QStringLiteral("\n  "));
    if (c.writesPassfile) {
        copy.input = passfileLine(c.upstream, d.role);
        shown << QStringLiteral("cat >%1 # mode 0600: %2")
                     .arg(quote::shellWord(passfile), copy.input.trimmed());
    }
    for (const QString &line : settings)
        shown << QStringLiteral("echo %1 >>%2/postgresql.auto.conf").arg(quote::shellWord(line), data);
    copy.shown = shownInside(copy, shown);
    copy.command.timeoutMs = 0;
    copy.progress = ProgressKind::BaseBackup;
    copy.silenceMs = copySilenceMs;
    copy.storeAs = QStringLiteral("copied_size");
    s.actions << copy;
    // Without its container the Compose that waits for it ends by itself. What was copied goes with the
    // volume; a copy that is made again makes a new one.
    s.undo = undoOfCopy(d, c, copy);
    return s;
}

Step composeVerifyBackupStep(const AddStandbyDraft &d, const ComposeDraft &c)
{
    Step s = verifyBackupStep(d);
    const QString oneOff = c.oneOff + QStringLiteral("-verify");
    CommandAction verify = inside(
        c, oneOff, asPostgres + QStringLiteral("as_postgres pg_verifybackup -- \"$1\""), {c.target.dataPath});
    verify.shown =
        shownInside(verify, {QStringLiteral("pg_verifybackup -- ") + quote::shellWord(c.target.dataPath)});
    verify.command.timeoutMs = 0;
    s.readsOnly = false;
    s.aboutSeconds += 1;
    s.actions = {verify};
    s.undoWords = QStringLiteral("remove the reading container");
    s.leftover = QStringLiteral("the container %1").arg(oneOff);
    CommandAction stop =
        c.script(removeOneOff + u'\n' + endCompose + removeOneOff, {ComposeDraft::wordsOf(verify), oneOff});
    stop.shown = QStringLiteral("docker rm -f ") + quote::shellWord(oneOff);
    s.undo << stop;
    return s;
}

} // namespace understudy
