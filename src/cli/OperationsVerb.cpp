// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Interrupt.h"
#include "cli/Output.h"
#include "cli/RunProgress.h"
#include "cli/Verbs.h"
#include "cli/Words.h"
#include "clusters/Keyring.h"
#include "clusters/SessionSecrets.h"
#include "hosts/SshAsk.h"
#include "model/Format.h"
#include "operations/PickUp.h"

#include <QJsonArray>

namespace understudy::cli {

namespace {

QString stateOf(const JournalEntry &entry)
{
    return entry.runningNow ? QStringLiteral("running")
                            : (entry.open ? QStringLiteral("interrupted") : stableName(entry.record.outcome));
}

int list(const QList<JournalEntry> &entries, bool json)
{
    QJsonArray array;
    QList<QStringList> rows;
    for (const JournalEntry &entry : entries) {
        if (!isUnfinished(entry) && !entry.runningNow)
            continue;
        const RunRecord &record = entry.record;
        array << QJsonObject{{QStringLiteral("id"), record.plan.id},
                             {QStringLiteral("title"), record.plan.title},
                             {QStringLiteral("state"), stateOf(entry)},
                             {QStringLiteral("changed"), QJsonArray::fromStringList(record.changed())},
                             {QStringLiteral("left_behind"), QJsonArray::fromStringList(record.leftBehind)}};
        rows << QStringList{record.plan.id, stateOf(entry), record.plan.title,
                            record.changed().join(QStringLiteral(", "))};
    }
    if (json)
        printJson({{QStringLiteral("operations"), array}});
    else if (rows.isEmpty())
        print(QStringLiteral("Nothing was interrupted."));
    else
        print(table({QStringLiteral("ID"), QStringLiteral("State"), QStringLiteral("What"),
                     QStringLiteral("Changed so far")},
                    rows) +
              QStringLiteral("\n\nPick one up with 'understudy operations continue ID' or 'understudy "
                             "operations undo ID'."));
    return ExitDone;
}

// What was typed when the plan was begun is in no journal: it is asked for again, before anything is done.
Result<void> askForPassword(const JournalEntry &entry, SessionSecrets &secrets)
{
    const Plan &plan = entry.record.plan;
    if (!takesReplicationPassword(entry) || storedReplicationPassword(plan, secrets))
        return {};
    const Endpoint login = replicationLogin(plan);
    SshQuestion question;
    question.kind = SshQuestion::Kind::Password;
    question.host = question.destination = login.host;
    question.user = login.user;
    question.text =
        QStringLiteral("Password of the role %1 at %2, for replication:").arg(login.user, login.address());
    const auto ask = sshAsk();
    const auto answer = ask ? ask->ask(question, {}) : std::nullopt;
    if (!answer || answer->isEmpty())
        return fail(QStringLiteral("To go on takes the password of the role %1, which is kept in no journal. "
                                   "Nothing was done.")
                        .arg(login.user),
                    ask ? QStringLiteral("Give it, or take back what was made: understudy operations undo %1")
                              .arg(plan.id)
                        : QStringLiteral("Nobody can be asked here: run it on a terminal, or take back what "
                                         "was made: understudy operations undo %1")
                              .arg(plan.id));
    secrets.set(login, *answer);
    return {};
}

int pickUp(const JournalEntry &entry, bool undo, bool json)
{
    const auto secrets = std::make_shared<SessionSecrets>(systemSecrets());
    if (!undo) {
        if (const auto asked = askForPassword(entry, *secrets); !asked)
            return complain(asked.error(), ExitLeftBehind);
    }
    auto context = pickUpContext(entry, secrets);
    if (!context)
        return complain(context.error(), ExitFailed);
    RunProgress observer(entry.record.plan);
    context->observer = &observer;
    const Interrupt interrupt("Stopping; what was made is undone.");
    const RunRecord run = undo ? undoInterrupted(entry, *context, interrupt.token())
                               : continueInterrupted(entry, *context, interrupt.token());
    if (json)
        printJson(runJson(run));
    else
        print(outcomeWords(run));
    // To undo is what was asked for: an undone plan is then the good end.
    const bool undone = run.outcome == RunRecord::Outcome::CancelledAndUndone ||
                        run.outcome == RunRecord::Outcome::FailedAndUndone;
    return undo && undone ? int(ExitDone) : exitCode(run);
}

} // namespace

int operationsVerb(const QStringList &arguments)
{
    Words words(
        QStringLiteral("operations"), QStringLiteral("operations [continue|undo ID] [--json]"),
        QStringLiteral("Lists what was interrupted, and picks it up: 'continue' goes on with the first step "
                       "that is not\ndone, 'undo' takes away what the journal proves was made."));
    words.flag(QStringLiteral("json"), QStringLiteral("Prints JSON."));
    if (const auto ended = words.read(arguments, 0, 2))
        return *ended;
    const QList<JournalEntry> entries = Journal::entries();
    const QString what = words.positional(0);
    if (what.isEmpty())
        return list(entries, words.isSet(QStringLiteral("json")));
    if (what != QLatin1String("continue") && what != QLatin1String("undo"))
        return words.usage(
            QStringLiteral("\"operations %1\" is unknown; it takes continue or undo and an ID.").arg(what));
    const QString id = words.positional(1);
    if (id.isEmpty())
        return words.usage(
            QStringLiteral("\"operations %1\" needs an ID from 'understudy operations'.").arg(what));
    for (const JournalEntry &entry : entries) {
        if (entry.record.plan.id != id)
            continue;
        if (entry.runningNow)
            return complain(QStringLiteral("%1 is running in another process. Stop that one first.").arg(id),
                            ExitFailed);
        if (!isUnfinished(entry))
            return complain(QStringLiteral("%1 came to its end; there is nothing to pick up.").arg(id),
                            ExitUsage);
        return pickUp(entry, what == QLatin1String("undo"), words.isSet(QStringLiteral("json")));
    }
    return complain(
        QStringLiteral("There is no operation \"%1\". 'understudy operations' lists them.").arg(id),
        ExitUsage);
}

} // namespace understudy::cli
