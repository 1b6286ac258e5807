// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "report/Markdown.h"
#include "report/RunbookParts.h"

namespace understudy::runbook {

using markdown::code;
using markdown::Table;
using markdown::text;

namespace {

/// The part of the plan that failed, in words.
QString failure(const View &view)
{
    for (const StepRecord &record : view.in.run->steps) {
        if (record.error.isEmpty())
            continue;
        for (const Step &step : view.in.plan.steps) {
            if (step.id == record.stepId)
                return QStringLiteral("%1: %2").arg(text(step.title), text(record.error));
        }
    }
    return text(view.in.run->error);
}

QString throughSlots(const View &view)
{
    QStringList names;
    for (const QString &slot : view.slotNames())
        names << code(slot);
    return names.isEmpty() ? QStringLiteral("without a slot")
                           : QStringLiteral("through ") + names.join(QStringLiteral(" and "));
}

/// What belongs to each of several, a row each.
QString standbysTable(const View &view)
{
    const bool compose = view.inCompose();
    Table table({QStringLiteral("New standby"), QStringLiteral("Port"), QStringLiteral("Slot"),
                 compose ? QStringLiteral("Service") : QStringLiteral("Data directory"),
                 compose ? QStringLiteral("Volume") : QStringLiteral("Kept by")},
                QStringLiteral("lrlll"));
    for (const AddStandbyRequest &standby : view.standbys)
        table.row({text(standby.name), QString::number(standby.port),
                   standby.slot.isEmpty() ? QStringLiteral("no slot") : code(standby.slot),
                   code(compose ? standby.service : standby.dataDirectory),
                   code(compose ? standby.volume : view.keeper)});
    return u'\n' + table.toString();
}

QString verdictOfRun(const View &view)
{
    const RunRecord &run = *view.in.run;
    const QString name = text(view.name);
    switch (run.outcome) {
    case RunRecord::Outcome::Done:
        if (!view.in.verify)
            return QStringLiteral("**Added %1.** Nothing was verified afterwards.").arg(name);
        if (!view.in.verify->pass())
            return QStringLiteral(
                       "**Added %1, but not everything is as expected.** Section 5 says what differs.")
                .arg(name);
        return QStringLiteral("**Added %1.** %2 from %3 %4. Everything in section 5 is as expected. "
                              "It took %5.")
            .arg(name, view.isSeveral() ? QStringLiteral("They stream") : QStringLiteral("It streams"),
                 text(view.upstreamName()), throughSlots(view),
                 format::seconds(double(run.finishedUs - run.startedUs) / 1e6));
    case RunRecord::Outcome::FailedAndUndone:
        return QStringLiteral("**Not added: %1.** %2 Everything made so far was undone; nothing stays.")
            .arg(name, failure(view));
    case RunRecord::Outcome::CancelledAndUndone:
        return QStringLiteral(
                   "**Cancelled: %1 was not added.** Everything made so far was undone; nothing stays.")
            .arg(name);
    case RunRecord::Outcome::LeftBehind:
        return QStringLiteral("**Not added: %1, and something was left behind.** %2 Left behind: %3.")
            .arg(name, failure(view), text(run.leftBehind.join(QStringLiteral(", "))));
    case RunRecord::Outcome::Running:
    case RunRecord::Outcome::Interrupted:
        break;
    }
    return QStringLiteral("**Interrupted: adding %1 did not come to an end.** "
                          "`understudy operations` lists it and picks it up.")
        .arg(name);
}

} // namespace

QString verdict(const View &view)
{
    QString words;
    const QString about = QStringLiteral("About %1.").arg(format::seconds(view.aboutSeconds()));
    if (view.in.run)
        words = verdictOfRun(view);
    else if (!view.in.preflight)
        words = QStringLiteral("**Planned: add %1.** The checks have not been run. %2")
                    .arg(text(view.name), about);
    else if (view.in.preflight->blocked())
        words = QStringLiteral("**Not ready to add %1.** %2")
                    .arg(text(view.name), text(view.in.preflight->sentence()));
    else
        words = QStringLiteral("**Ready to add %1.** %2 %3")
                    .arg(text(view.name), text(view.in.preflight->sentence()), about);
    return QStringLiteral("> ") + words + u'\n';
}

QString facts(const View &view)
{
    const QString system = view.before && !view.before->systemIdentifier.isEmpty()
                               ? text(view.before->systemIdentifier)
                               : QStringLiteral("unknown");
    const qint64 at = view.in.takenUs ? view.in.takenUs : view.in.before.takenAtUs;
    QString out =
        QStringLiteral("%1. %2 by %3. System %4.\n")
            .arg(at ? format::utcDateTime(at) : QStringLiteral("Date unknown"),
                 view.in.run ? QStringLiteral("Done") : QStringLiteral("Planned"),
                 view.in.by.isEmpty() ? QStringLiteral("an unknown user") : text(view.in.by), system);
    out += u'\n' + verdict(view) + u'\n';

    Table table({QStringLiteral("What"), QStringLiteral("Value")});
    table.row({QStringLiteral("Cluster"),
               text(view.in.spec.title) + (view.in.spec.source == view.in.spec.title
                                               ? QString()
                                               : QStringLiteral(" (") + text(view.in.spec.source) + u')')});
    table.row({QStringLiteral("Upstream"),
               text(view.upstreamName()) + QStringLiteral(" at ") + code(view.in.request.upstream)});
    if (view.upstream && view.upstream->versionNum)
        table.row({QStringLiteral("PostgreSQL"), format::version(view.upstream->versionNum)});
    const bool one = !view.isSeveral();
    if (one) {
        table.row({QStringLiteral("New standby"),
                   text(view.name) + QStringLiteral(" on port ") + QString::number(view.port)});
        table.row(
            {QStringLiteral("Slot"), view.slot.isEmpty() ? QStringLiteral("no slot") : code(view.slot)});
    } else {
        table.row({QStringLiteral("New standbys"), text(view.name)});
    }
    if (view.inCompose())
        table.row({QStringLiteral("Compose file"), code(view.composeFile)});
    if (view.inCompose() && one) {
        table.row({QStringLiteral("Service"), code(view.service)});
        table.row({QStringLiteral("Volume"), code(view.volume)});
    }
    if (!view.machine.isEmpty())
        table.row({QStringLiteral("Machine"), code(view.machine) + QStringLiteral(", over ssh")});
    if (one)
        table.row({QStringLiteral("Data directory"), code(view.dataDirectory)});
    if (one && !view.inCompose() && !view.keeper.isEmpty())
        table.row({QStringLiteral("Kept by"), code(view.keeper)});
    table.row({QStringLiteral("Mode"),
               view.in.request.synchronous ? QStringLiteral("synchronous") : QStringLiteral("asynchronous")});
    table.row({QStringLiteral("Replication role"),
               view.replicationUser.isEmpty() ? QStringLiteral("unknown") : code(view.replicationUser)});
    return out + table.toString() + (one ? QString() : standbysTable(view));
}

QString checks(const View &view)
{
    QString out = QStringLiteral("## 1. Checks\n\n");
    if (!view.in.preflight)
        return out + QStringLiteral("The checks have not been run.\n");
    Table table({QStringLiteral("No."), QStringLiteral("Check"), QStringLiteral("Result"),
                 QStringLiteral("Evidence")},
                QStringLiteral("rlll"));
    QString notes;
    int number = 0;
    for (const CheckResult &check : view.in.preflight->checks) {
        ++number;
        table.row({QString::number(number), text(check.title), words(check.status), text(check.evidence)});
        const QString title = QStringLiteral("- **%1.** ").arg(text(check.title));
        if (check.status == CheckStatus::Waived) {
            notes +=
                title + QStringLiteral("Waived by %1: %2\n").arg(text(view.in.by), text(check.waivedReason));
        } else if (check.status == CheckStatus::Warning || check.status == CheckStatus::Fail) {
            notes += title + text(check.why);
            if (check.fix && !check.fix->command.isEmpty())
                notes += QStringLiteral(" Fix: ") + code(check.fix->command);
            notes += u'\n';
        }
    }
    out += table.toString();
    return notes.isEmpty() ? out : out + u'\n' + notes;
}

QString totalTime(const View &view)
{
    if (!view.in.run)
        return QStringLiteral("Estimated time: about %1, at the measured size of the databases.\n")
            .arg(format::seconds(view.aboutSeconds()));
    const RunRecord &run = *view.in.run;
    QString out =
        QStringLiteral("Total time: %1").arg(format::seconds(double(run.finishedUs - run.startedUs) / 1e6));
    if (view.in.verify)
        out +=
            QStringLiteral(", then %1 to verify")
                .arg(format::seconds(double(view.in.verify->finishedUs - view.in.verify->startedUs) / 1e6));
    return out + QStringLiteral(".\n");
}

} // namespace understudy::runbook
