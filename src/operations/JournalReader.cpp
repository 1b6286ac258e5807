// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Journal.h"
#include "operations/JournalWords.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace understudy {

namespace {

using namespace Qt::StringLiterals;

// A plan is some tens of kB; a run adds some kB.
constexpr qint64 largestJournal = qint64(16) << 20;

// Its commands may be run again: only what nobody else could have written is believed.
bool isOurs(const QFile &file)
{
    struct stat info = {};
    return ::fstat(file.handle(), &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == ::geteuid() &&
           (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

StepRecord *stepOf(RunRecord &record, const QString &id)
{
    for (StepRecord &step : record.steps)
        if (step.stepId == id)
            return &step;
    return nullptr;
}

bool readPlan(JournalEntry &entry, const QJsonObject &line)
{
    auto plan = planFromJson(line["plan"_L1].toObject());
    if (line["type"_L1].toString() != "plan"_L1 || !plan)
        return false;
    entry.record.plan = *plan;
    entry.record.startedUs = qint64(line["t"_L1].toDouble());
    entry.record.outcome = RunRecord::Outcome::Interrupted;
    for (const Step &step : plan->steps)
        entry.record.steps << StepRecord{step.id, StepState::Waiting, 0, 0, {}, {}, {}};
    return true;
}

void readAction(JournalEntry &entry, const QJsonObject &line, JournalAction::Ended ended)
{
    JournalAction action{line["step"_L1].toString(), line["action"_L1].toInt(-1), line["undo"_L1].toBool(),
                         ended};
    if (!stepOf(entry.record, action.stepId) || action.action < 0)
        return;
    entry.actions.removeIf([&action](const JournalAction &a) {
        return a.stepId == action.stepId && a.action == action.action && a.undo == action.undo;
    });
    entry.actions << action;
    if (ended != JournalAction::Ended::Unknown && line.contains("as"_L1))
        entry.record.values.insert(line["as"_L1].toString(), line["value"_L1].toString());
}

void readStep(JournalEntry &entry, const QJsonObject &line)
{
    StepRecord *step = stepOf(entry.record, line["step"_L1].toString());
    const auto state = journal::stateOf(line["state"_L1].toString());
    if (!step || !state)
        return;
    step->state = *state;
    step->startedUs = qint64(line["started"_L1].toDouble());
    step->finishedUs = qint64(line["finished"_L1].toDouble());
    step->fact = line["fact"_L1].toString();
    step->error = line["error"_L1].toString();
    // What an undo took away is not there to be undone again, and what is done anew begins anew.
    if (*state == StepState::Undone)
        entry.actions.removeIf([step](const JournalAction &a) { return a.stepId == step->stepId; });
}

void readClosed(JournalEntry &entry, const QJsonObject &line)
{
    const auto outcome = journal::outcomeOf(line["outcome"_L1].toString());
    if (!outcome)
        return;
    entry.record.outcome = *outcome;
    entry.record.finishedUs = qint64(line["finished"_L1].toDouble());
    entry.record.error = line["error"_L1].toString();
    entry.record.leftBehind.clear();
    for (const QJsonValue left : line["left"_L1].toArray())
        entry.record.leftBehind << left.toString();
    entry.open = false;
}

void readLine(JournalEntry &entry, const QJsonObject &line)
{
    using Ended = JournalAction::Ended;
    const QString type = line["type"_L1].toString();
    if (type != "closed"_L1)
        entry.open = true; // also when a closed one was picked up again
    if (type == "intent"_L1)
        readAction(entry, line, Ended::Unknown);
    else if (type == "result"_L1)
        readAction(entry, line, line["ok"_L1].toBool() ? Ended::Ok : Ended::Failed);
    else if (type == "step"_L1)
        readStep(entry, line);
    else if (type == "closed"_L1)
        readClosed(entry, line);
}

std::optional<JournalEntry> readJournal(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || !isOurs(file) || file.size() > largestJournal)
        return std::nullopt;
    JournalEntry entry;
    entry.path = path;
    entry.runningNow = ::flock(file.handle(), LOCK_SH | LOCK_NB) != 0;
    bool first = true;
    for (const QByteArray &text : file.readAll().split('\n')) {
        const QJsonDocument line = QJsonDocument::fromJson(text);
        if (!line.isObject())
            continue; // torn by a crash, or not ours
        if (first && !readPlan(entry, line.object()))
            return std::nullopt;
        readLine(entry, line.object());
        first = false;
    }
    if (first)
        return std::nullopt;
    if (entry.runningNow)
        entry.record.outcome = RunRecord::Outcome::Running;
    return entry;
}

} // namespace

QList<JournalEntry> Journal::entries(const QString &folder)
{
    QList<JournalEntry> all;
    const QDir directory(folder);
    for (const QString &name : directory.entryList({QStringLiteral("*.jsonl")}, QDir::Files, QDir::Name))
        if (auto entry = readJournal(directory.filePath(name)))
            all << *entry;
    return all;
}

} // namespace understudy
