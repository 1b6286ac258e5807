// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ChoiceSteps.h"

#include "model/Format.h"
#include "model/Quote.h"
#include "operations/DirectoryScripts.h"

#include <QRegularExpression>

namespace understudy {

namespace {

CommandAction atomic(CommandAction action)
{
    action.atomic = true;
    return action;
}

// @p key tells the directories of one plan apart.
void addDirectory(Step &step, const AddStandbyDraft &d, const QString &path, const QString &key)
{
    if (d.unseen)
        return addUnseenDirectory(step, d, path, key);
    const auto run = [&](const QStringList &words) { return d.command(words, true); };
    const QString dashes = QStringLiteral("--");
    if (d.request.choices.emptyDirectories.contains(path)) {
        // It gets back what it had.
        for (const auto &[name, format] : {std::pair{"mode", "%a"}, std::pair{"owner", "%u:%g"}}) {
            CommandAction had = atomic(
                run({QStringLiteral("stat"), QStringLiteral("-c"), QLatin1String(format), dashes, path}));
            had.storeAs = QStringLiteral("old_%1_%2").arg(QLatin1String(name), key);
            step.actions << had;
        }
        step.actions << atomic(d.script(directory_scripts::stillEmpty, {path}, true));
        step.undoWords = QStringLiteral("give the directory back as it was");
        step.leftover = QStringLiteral("the owner and mode of the directory %1").arg(path);
        step.changes.clear();
        step.undo << run({QStringLiteral("chmod"), QStringLiteral("${old_mode_%1}").arg(key), dashes, path})
                  << run({QStringLiteral("chown"), QStringLiteral("${old_owner_%1}").arg(key), dashes, path});
        if (d.asRoot)
            step.actions << run({QStringLiteral("chown"), dashes, d.runAs + u':', path});
        step.actions << run({QStringLiteral("chmod"), QStringLiteral("0700"), dashes, path});
        return;
    }
    step.actions << atomic(
        run({QStringLiteral("mkdir"), QStringLiteral("-m"), QStringLiteral("0700"), dashes, path}));
    if (d.asRoot)
        step.actions << run({QStringLiteral("chown"), dashes, d.runAs + u':', path});
    CommandAction remove = d.script(directory_scripts::removeEmpty, {path}, true);
    remove.shown = QStringLiteral("rmdir -- ") + quote::shellWord(path);
    step.undo << remove;
}

// "absent", or the mode and owner of an empty directory.
const QString askDirectory = QStringLiteral(
    "if [ ! -e \"$1\" ] && [ ! -L \"$1\" ]; then echo absent; "
    "elif [ -n \"$(ls -A -- \"$1\")\" ]; then echo \"$1 exists but is not empty\" >&2; exit 1; "
    "else stat -L -c '%a %u:%g' -- \"$1\"; fi");

// $2: what askDirectory said.
const QString takeDirectory = QStringLiteral("if [ \"$2\" = absent ]; then mkdir -m 0700 -- \"$1\"; fi");
const QString giveBack = QStringLiteral("if [ \"$2\" = absent ]; then [ ! -e \"$1\" ] || rmdir -- \"$1\"; "
                                        "else chmod \"${2% *}\" \"$1\" && chown \"${2#* }\" \"$1\"; fi");

} // namespace

void addUnseenDirectory(Step &step, const AddStandbyDraft &d, const QString &path, const QString &key)
{
    const QString was = QStringLiteral("was_%1_directory").arg(key), value = QStringLiteral("${%1}").arg(was);
    CommandAction ask = atomic(d.script(askDirectory, {path}, true));
    ask.storeAs = was;
    ask.shown = QStringLiteral("stat -L -c '%a %u:%g' -- ") + quote::shellWord(path);
    CommandAction make = atomic(d.script(takeDirectory, {path, value}, true));
    make.shown = QStringLiteral("mkdir -m 0700 -- ") + quote::shellWord(path);
    step.actions << ask << make
                 << d.command({QStringLiteral("chown"), QStringLiteral("--"), d.runAs + u':', path}, true)
                 << d.command({QStringLiteral("chmod"), QStringLiteral("0700"), QStringLiteral("--"), path},
                              true);
    step.changes = QStringLiteral("1 directory");
    step.undoWords = QStringLiteral("remove the directory, or give it back as it was");
    step.leftover = QStringLiteral("the directory %1").arg(path);
    step.undo << d.script(giveBack, {path, value}, true);
}

Step walDirectoryStep(const AddStandbyDraft &d)
{
    const QString &path = d.request.choices.walDirectory;
    Step s;
    s.id = QStringLiteral("wal_directory");
    s.title = QStringLiteral("Make the WAL directory");
    s.why = QStringLiteral("pg_wal becomes a link to it, so that WAL is written elsewhere than the data.");
    s.changes = QStringLiteral("1 WAL directory");
    s.undoWords = QStringLiteral("remove the directory");
    s.leftover = QStringLiteral("the directory %1").arg(path);
    s.fact = path;
    s.aboutSeconds = 0.1;
    addDirectory(s, d, path, QStringLiteral("wal"));
    return s;
}

QList<Step> tablespaceSteps(const AddStandbyDraft &d)
{
    const QMap<QString, QString> &mapped = d.request.choices.tablespaces;
    QList<Step> steps;
    // A step each: a directory that somebody else has made is then never taken for ours.
    for (auto it = mapped.begin(); it != mapped.end(); ++it) {
        const QString key = QStringLiteral("tablespace%1").arg(steps.size() + 1);
        Step s;
        s.id = mapped.size() == 1 ? QStringLiteral("tablespace") : key;
        s.title = QStringLiteral("Make a tablespace's directory");
        s.why = QStringLiteral("What %1 has in %2 comes here.").arg(d.upstream, it.key());
        s.changes = QStringLiteral("1 tablespace directory");
        s.undoWords = QStringLiteral("remove the directory");
        s.leftover = QStringLiteral("the directory %1").arg(it.value());
        s.fact = it.value();
        s.aboutSeconds = 0.1;
        addDirectory(s, d, it.value(), key);
        steps << s;
    }
    return steps;
}

Step verifyBackupStep(const AddStandbyDraft &d)
{
    Step s;
    s.id = QStringLiteral("verify_backup");
    s.title = QStringLiteral("Verify the copy");
    s.why =
        QStringLiteral(
            "Every file is read once more and compared with the checksum that %1 sent along, and "
            "the WAL is read through, before anything in the copy is changed. On a measured machine it took "
            "0.2 s for 450 MB that were still in memory; from a disk it takes as long as reading them.")
            .arg(d.upstream);
    s.readsOnly = true;
    s.fact = QStringLiteral("every file as its manifest says");
    s.aboutSeconds = 0.3 + d.databaseMb / 1000;
    QStringList words{d.program("pg_verifybackup")};
    // It hands the path to a shell within double quotes, to have pg_waldump read the WAL: these act there.
    static const QRegularExpression acting(QStringLiteral("[\"$`\\\\]"));
    if (d.request.dataDirectory.contains(acting))
        words << QStringLiteral("--no-parse-wal");
    CommandAction verify = d.command(words + QStringList{QStringLiteral("--"), d.request.dataDirectory});
    verify.command.timeoutMs = 0;
    s.actions << verify;
    return s;
}

QStringList placesOf(const AddStandbyDraft &d)
{
    QStringList places = d.request.choices.tablespaces.values();
    if (!d.request.choices.walDirectory.isEmpty())
        places << d.request.choices.walDirectory;
    return places;
}

QString copyWords(const AddStandbyDraft &d)
{
    const StandbyChoices &choices = d.request.choices;
    QString words;
    if (!d.request.fastCheckpoint)
        words +=
            QStringLiteral(" It waits for a checkpoint that is spread out: up to checkpoint_timeout times "
                           "checkpoint_completion_target, minutes without a sign.");
    if (!choices.compress.isEmpty())
        words +=
            QStringLiteral(" The files travel compressed (%1): that costs CPU on %2 and here, and helps "
                           "where the network is slower than that. The WAL beside them travels as it is.")
                .arg(choices.compress, d.upstream);
    if (d.settings.value(QStringLiteral("data_checksums")).value == QLatin1String("on"))
        words += QStringLiteral(" %1 checks the checksum of every page that it reads.").arg(d.upstream);
    return words;
}

QString choiceLines(const AddStandbyDraft &d)
{
    QString text;
    const auto own = [&d](const char *name) { return d.settings.value(QLatin1String(name)).value; };
    for (const auto &[name, value] :
         choiceSettings(d.request.choices, own("recovery_min_apply_delay"), own("restore_command")))
        text += name + QStringLiteral(" = ") + quote::confValue(value) + u'\n';
    return text;
}

WaitAction attached(const AddStandbyDraft &d)
{
    if (!d.request.choices.slot)
        return {d.upstream,
                QStringLiteral("SELECT count(*) = 1 ") + d.sender(),
                QStringLiteral("%1 replicates").arg(d.request.name),
                3000,
                {}};
    return {
        d.upstream,
        QStringLiteral("SELECT active FROM pg_replication_slots WHERE slot_name = %1").arg(d.slotLiteral()),
        QStringLiteral("%1 reads its slot").arg(d.request.name),
        3000,
        {}};
}

} // namespace understudy
