// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/FoldMemory.h"

namespace understudy {

namespace {

struct Judgement
{
    NodeState state = NodeState::Unknown;
    QString reason;
};

QString sentence(const QString &begin, const QString &detail)
{
    return detail.isEmpty() ? begin : QStringLiteral("%1: %2").arg(begin, detail);
}

Judgement judge(const NodeSnapshot &now)
{
    switch (now.answer) {
    case Answer::Answered:
        if (now.canMonitor)
            return {NodeState::Up, {}};
        return {NodeState::NoPermission,
                QStringLiteral("The role may not see replication: it lacks pg_monitor.")};
    case Answer::Refused:
        return {NodeState::Down, QStringLiteral("Nothing listens at %1.").arg(now.endpoint.address())};
    case Answer::StartingUp:
        return {NodeState::Unknown, sentence(QStringLiteral("Starting up or shutting down"), now.error)};
    case Answer::NotResponding:
        return {NodeState::NotResponding,
                now.error.isEmpty() ? QStringLiteral("No answer in time.") : now.error};
    case Answer::LoginFailed:
        return {NodeState::NoPermission, sentence(QStringLiteral("The login failed"), now.error)};
    case Answer::NotPostgres:
        return {NodeState::Unknown,
                sentence(QStringLiteral("Not a PostgreSQL server that can be watched"), now.error)};
    case Answer::Failed:
        break;
    }
    return {NodeState::Unknown, sentence(QStringLiteral("The look failed"), now.error)};
}

} // namespace

QString shownName(const NodeSnapshot &facts)
{
    if (!facts.name.isEmpty())
        return facts.name;
    return facts.clusterName.isEmpty() ? facts.endpoint.address() : facts.clusterName;
}

const NodeSnapshot *ClusterLook::answered(const NodeId &id) const
{
    for (const NodeSnapshot &s : now) {
        if (s.id == id)
            return s.answered() ? &s : nullptr;
    }
    return nullptr;
}

const NodeSnapshot *ClusterLook::fact(const NodeId &id) const
{
    const auto it = facts.constFind(id);
    return it == facts.constEnd() ? nullptr : &*it;
}

QString ClusterLook::nameOf(const NodeId &id) const
{
    if (const NodeSnapshot *known = fact(id))
        return shownName(*known);
    for (const NodeSnapshot &s : now) {
        if (s.id == id)
            return shownName(s);
    }
    return id;
}

Node foldNode(const NodeSnapshot &now, const NodeSnapshot *facts)
{
    Node node;
    node.id = now.id;
    node.host = now.endpoint.host;
    node.port = now.endpoint.port;
    const Judgement judgement = judge(now);
    node.state = judgement.state;
    node.answer = now.answer;
    node.reason = judgement.reason;
    node.name = shownName(now);
    if (!facts)
        return node;
    if (now.name.isEmpty())
        node.name = shownName(*facts);
    node.role = facts->role;
    node.factsAtUs = facts->finishedUs;
    node.versionNum = facts->versionNum;
    node.systemIdentifier = facts->systemIdentifier;
    node.timeline = facts->timeline;
    node.lsn = facts->role == Role::Primary ? facts->currentLsn : facts->replayedLsn;
    node.receivedLsn = facts->receivedLsn;
    node.startTimeUs = facts->startTimeUs;
    node.replayPaused = facts->replayPaused;
    node.databaseBytes = facts->databaseBytes;
    node.dataDirectory = facts->dataDirectory;
    node.settings = facts->settings;
    node.vitals = facts->vitals;
    node.probeMs = facts->tookMs;
    return node;
}

Node ghostNode(const ClusterLook &look, const Match &match, const NodeId &id)
{
    Node node;
    node.id = id;
    node.role = Role::Standby;
    node.state = NodeState::Ghost;
    node.host = match.sender.clientAddress;
    const QString called = match.sender.applicationName;
    const bool telling = !called.isEmpty() && called != QLatin1String("walreceiver");
    node.name = telling ? called : match.slot.isEmpty() ? QStringLiteral("walreceiver") : match.slot;
    const QString from = match.sender.clientAddress.isEmpty()
                             ? QStringLiteral("over a local socket")
                             : QStringLiteral("from ") + match.sender.clientAddress;
    node.reason = QStringLiteral("Seen by %1 as %2 %3, no address to reach it.")
                      .arg(look.nameOf(match.upstream),
                           called.isEmpty() ? QStringLiteral("a walsender") : called, from);
    node.factsAtUs = look.nowUs;
    if (match.sender.replayed)
        node.lsn = match.sender.replayed;
    return node;
}

} // namespace understudy
