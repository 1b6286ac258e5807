// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AddStandbyRun.h"
#include "cli/Output.h"
#include "cli/StandbyOptions.h"
#include "cli/Verbs.h"
#include "clusters/Keyring.h"
#include "model/Format.h"

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
    words.value(QStringLiteral("report"), QStringLiteral("DIR"),
                QStringLiteral("Writes the runbook there: .md, .html and pictures."));
    words.value(
        QStringLiteral("read-load"), QStringLiteral("SECONDS"),
        QStringLiteral("Measures reads on each standby afterwards, so long each; 0 (not) if not given."),
        QStringLiteral("0"));
    words.value(QStringLiteral("confirm"), QStringLiteral("NAME"),
                QStringLiteral("Not needed: nothing is destroyed."));
    words.flag(QStringLiteral("json"), QStringLiteral("Prints JSON."));
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
    const auto readLoadSeconds = words.number(QStringLiteral("read-load"), 0, 600);
    if (!readLoadSeconds)
        return words.usage(readLoadSeconds.error());
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
    const auto plan = planAddStandby(prepared->request, prepared->facts);
    if (!plan)
        return complain(plan.error(), plan.error().field.isEmpty() ? ExitFailed : ExitUsage);

    if (script)
        return writeScript(*plan, words.text(QStringLiteral("script")));
    AddStandbyRun run(*prepared, *plan, prepared->secrets, pictures);
    run.setReportFolder(words.text(QStringLiteral("report")));
    run.setReadLoadSeconds(*readLoadSeconds);
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
