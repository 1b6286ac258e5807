// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AddStandbyRun.h"
#include "cli/Output.h"
#include "cli/StandbyOptions.h"
#include "cli/Verbs.h"
#include "clusters/Keyring.h"
#include "model/Format.h"
#include "model/Quote.h"
#include "operations/ReadWorkload.h"
#include "operations/UnseenMachine.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace understudy::cli {

namespace {

QString indented(const QString &text)
{
    QString out = QStringLiteral("     ") + text;
    return out.replace(u'\n', QStringLiteral("\n     "));
}

/// The review: every step with why, the exact commands and how it is undone.
QString review(const Plan &plan)
{
    QString out = QStringLiteral("%1, about %2\n").arg(plan.title, format::seconds(plan.aboutSeconds()));
    int number = 0;
    for (const Step &step : plan.steps) {
        out += QStringLiteral("\n%1. %2\n").arg(QString::number(++number).rightJustified(2), step.title);
        if (!step.why.isEmpty())
            out += indented(step.why) + u'\n';
        for (const QString &command : step.shownCommands())
            out += indented(command) + u'\n';
        if (step.pointOfNoReturn)
            out += indented(QStringLiteral("From here on there is no way back.")) + u'\n';
        out += indented(step.undoWords.isEmpty() ? QStringLiteral("Reads only.")
                                                 : QStringLiteral("Undo: %1.").arg(step.undoWords)) +
               u'\n';
    }
    return out;
}

int writeScript(const Plan &plan, const QString &path)
{
    const QString script = plan.toScript();
    if (path == QLatin1String("-")) {
        print(script.endsWith(u'\n') ? script.chopped(1) : script);
        return ExitDone;
    }
    QSaveFile file(path);
    const QByteArray bytes = script.toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() ||
        !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner) || !file.commit())
        return complain(
            QStringLiteral(
                "--script: %1 could not be written: %2. Name a file in a folder that you may write to.")
                .arg(path, file.errorString()),
            ExitUsage);
    print(path);
    return ExitDone;
}

void describe(Words &words)
{
    addStandbyOptions(words);
    words.flag(QStringLiteral("dry-run"),
               QStringLiteral("Shows the steps, their commands and their undo; changes nothing."));
    words.value(QStringLiteral("script"), QStringLiteral("FILE"),
                QStringLiteral("Writes the same steps as a shell script; - is stdout."));
    words.flag(QStringLiteral("yes"), QStringLiteral("Does it. Warnings pass, a failed check stops."));
    words.value(
        QStringLiteral("count"), QStringLiteral("N"),
        QStringLiteral("So many standbys in one plan, undone as one; 1 if not given. What you give the "
                       "first one alone is numbered on for the others."),
        QStringLiteral("1"));
    words.value(QStringLiteral("report"), QStringLiteral("DIR"),
                QStringLiteral("Writes the runbook there: .md, .html and pictures."));
    words.value(
        QStringLiteral("read-load"), QStringLiteral("SECONDS|FILE.sql"),
        QStringLiteral("Measures reads on each standby afterwards: so long each (3 s if not given), with "
                       "look-ups by primary key or the SELECT statements of FILE.sql. Give it twice for "
                       "both."));
    words.value(
        QStringLiteral("tables"), QStringLiteral("A,B"),
        QStringLiteral("The tables whose rows are counted afterwards, schema.table; twenty small ones "
                       "and the largest if not given."));
    words.flag(QStringLiteral("checksums"),
               QStringLiteral("Compares the content of those up to 64 MB as well."));
    words.value(QStringLiteral("confirm"), QStringLiteral("NAME"),
                QStringLiteral("Not needed: nothing is destroyed."));
    words.flag(QStringLiteral("json"), QStringLiteral("Prints JSON."));
}

/// Seconds, a file of statements, or both, one a word.
Result<std::optional<ReadLoadOptions>> readLoadOptions(const QStringList &texts)
{
    ReadLoadOptions out;
    const QString what =
        QStringLiteral("Give seconds from 0 to 600, or the name of a file of SELECT statements.");
    for (const QString &text : texts) {
        bool number = false;
        const double seconds = text.toDouble(&number);
        if (number) {
            if (!(seconds >= 0 && seconds <= 600))
                return fail(QStringLiteral("--read-load: %1 is not from 0 to 600.").arg(text), what);
            out.secondsEach = seconds;
            continue;
        }
        QFile file(text);
        if (!file.open(QIODevice::ReadOnly))
            return fail(
                QStringLiteral("--read-load: %1 could not be read: %2.").arg(text, file.errorString()), what);
        out.sql = QString::fromUtf8(file.read(qint64(2) << 20));
        if (const auto good = readStatements(out.sql); !good)
            return fail(QStringLiteral("--read-load: %1: %2").arg(text, good.error().what),
                        good.error().action);
    }
    if (texts.isEmpty() || out.secondsEach <= 0)
        return std::optional<ReadLoadOptions>();
    return std::optional<ReadLoadOptions>(out);
}

Result<QStringList> verifiedTables(const Words &words)
{
    QStringList out;
    for (const QString &text : words.texts(QStringLiteral("tables")))
        for (const QString &name : text.split(u','))
            out << name.trimmed();
    if (out.contains(QString()))
        return fail(QStringLiteral("--tables: a name is empty."),
                    QStringLiteral("Give schema.table names, apart by commas."));
    out.removeDuplicates();
    return out;
}

/// Before anything is changed: a name that is none would only be told afterwards.
Result<void> tablesAreThere(const Prepared &prepared, const Plan &plan, const QStringList &tables)
{
    if (tables.isEmpty())
        return {};
    const Endpoint primary = plan.endpoints.value(plan.lockNode);
    const auto there = countableTables(primary, primary.database, *prepared.secrets);
    return there ? checkTables(tables, *there) : Result<void>(tl::unexpected(there.error()));
}

/// Of a machine that cannot be reached: what has no meaning there is refused before anything is looked at.
Result<void> onlyAScript(const Words &words, const AddStandbyRequest &request)
{
    if (!isScriptPlace(request.on))
        return {};
    const QString machine = scriptMachine(request.on);
    if (words.isSet(QStringLiteral("yes")))
        return fail(QStringLiteral("--yes: nothing can be done on %1 from here.").arg(machine),
                    QStringLiteral("Make a script with --script FILE, copy it there and run it there."));
    for (const char *option : {"report", "read-load", "tables", "checksums"})
        if (words.isSet(QLatin1String(option)))
            return fail(
                QStringLiteral("--%1: it belongs to what is done from here, and %2 cannot be reached.")
                    .arg(QLatin1String(option), machine),
                QStringLiteral("Leave it out."));
    if (words.number(QStringLiteral("count"), 1, 16).value_or(1) > 1)
        return fail(QStringLiteral("--count: a script makes one standby."),
                    QStringLiteral("Leave it out, and make a script for each."));
    if (!words.isSet(QStringLiteral("script")) && !words.isSet(QStringLiteral("dry-run")))
        return fail(
            QStringLiteral("--on %1 makes a script only, and it is not said where to.").arg(request.on),
            QStringLiteral("Add --script FILE, or --script - to see it."));
    return {};
}

int written(const AddStandbyRequest &request, const Plan &plan, const QString &path)
{
    const int code = writeScript(plan, path);
    if (code == ExitDone && plan.unseen && path != QLatin1String("-"))
        progress(
            QStringLiteral("Copy it to %1 and run it there as root: sudo bash %2. %3 is watched once it "
                           "streams.")
                .arg(scriptMachine(request.on), quote::shellWord(QFileInfo(path).fileName()), request.name));
    return code;
}

} // namespace

int addStandbyVerb(const QStringList &arguments, const PictureFactory &pictures)
{
    Words words(
        QStringLiteral("add-standby"),
        QStringLiteral("add-standby CLUSTER [--dry-run|--script FILE|--yes] [OPTIONS]"),
        QStringLiteral(
            "Adds a standby. Everything has a default that fits the cluster. Without --yes nothing is "
            "changed.\nExit code 0: done; 1: failed and undone, or the checks after it differ; 2: usage; "
            "3: interrupted,\nor something was left behind (named)."));
    describe(words);
    if (const auto ended = words.read(arguments, 1, 1))
        return *ended;
    const auto request = readStandbyOptions(words);
    if (!request)
        return words.usage(request.error());
    if (const auto good = onlyAScript(words, *request); !good)
        return words.usage(good.error());
    const auto readLoad = readLoadOptions(words.texts(QStringLiteral("read-load")));
    if (!readLoad)
        return words.usage(readLoad.error());
    const auto tables = verifiedTables(words);
    if (!tables)
        return words.usage(tables.error());
    const auto count = words.number(QStringLiteral("count"), 1, mostStandbys);
    if (!count || *count != double(int(*count)))
        return words.usage(count ? Error{QStringLiteral("--count takes a whole number."), {}, {}}
                                 : count.error());
    const bool json = words.isSet(QStringLiteral("json"));
    const bool script = words.isSet(QStringLiteral("script"));
    const bool dryRun = words.isSet(QStringLiteral("dry-run"));
    const bool yes = words.isSet(QStringLiteral("yes"));
    if (int(script) + int(dryRun) + int(yes) > 1)
        return words.usage(QStringLiteral("--dry-run, --script and --yes exclude each other; give one."));

    const auto secrets = systemSecrets();
    const auto prepared = prepare(words.positional(0), *request, secrets, true);
    if (!prepared)
        return complain(prepared.error().error, prepared.error().code);
    std::optional<SeveralStandbys> several;
    if (*count > 1) {
        AddStandbyRequest asked = *request;
        asked.upstream = prepared->request.upstream;
        asked.on = prepared->request.on;
        auto planned = planSeveral(asked, int(*count), prepared->facts);
        if (!planned)
            return complain(planned.error(), ExitUsage);
        several = *std::move(planned);
    }
    const auto plan =
        several ? Result<Plan>(several->plan) : planAddStandby(prepared->request, prepared->facts);
    if (!plan)
        return complain(plan.error(), plan.error().field.isEmpty() ? ExitFailed : ExitUsage);

    if (const auto there = tablesAreThere(*prepared, *plan, *tables); !there)
        return complain(there.error(), there.error().field.isEmpty() ? ExitFailed : ExitUsage);
    if (script)
        return written(prepared->request, *plan, words.text(QStringLiteral("script")));
    AddStandbyRun run(*prepared, *plan, prepared->secrets, pictures);
    run.setReportFolder(words.text(QStringLiteral("report")));
    run.setReadLoad(*readLoad);
    run.setVerify({*tables, words.isSet(QStringLiteral("checksums"))});
    if (several)
        run.setSeveral(*several);
    if (yes)
        return run.execute(json);

    if (!json)
        print(review(*plan));
    const int code = run.writePlan(json);
    if (dryRun || code != ExitDone)
        return code;
    return complain(
        QStringLiteral("Nothing was changed. Add --yes to do it, --dry-run to look only, or --script FILE."),
        ExitUsage);
}

} // namespace understudy::cli
