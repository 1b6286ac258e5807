// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ReattachRules.h"

#include "model/Format.h"

#include <algorithm>

namespace understudy {

using reattach::Case;

namespace {

/// Why a node cannot take part as it is now; empty if it can.
struct Obstacle
{
    const char *id = nullptr;
    QString brief, text;
};

Obstacle obstacleOf(const Node &node)
{
    const QString name = reattachName(node);
    const QString on = node.settings.value(QStringLiteral("hot_standby"));
    switch (node.state) {
    case NodeState::Ghost:
        return {"ghost", QStringLiteral("not watched"),
                QStringLiteral("%1 is known through its walsender alone, so nothing can be asked or changed "
                               "there. Adopt it first.")
                    .arg(name)};
    case NodeState::Planned:
        return {"planned", QStringLiteral("does not exist yet"),
                QStringLiteral("%1 is a plan so far. Add it first.").arg(name)};
    case NodeState::Down:
        return {"down", QStringLiteral("is down"), QStringLiteral("%1 is down. Start it first.").arg(name)};
    case NodeState::NotResponding:
        return {"not_responding", QStringLiteral("does not answer"),
                QStringLiteral("%1 gives no answer: nobody knows whether it could do its part. Wait until it "
                               "answers, or find out why it does not.")
                    .arg(name)};
    case NodeState::Up:
        break;
    case NodeState::NoPermission:
        if (node.answer != Answer::Answered)
            return {"no_login", QStringLiteral("we may not log in"),
                    QStringLiteral("The login at %1 fails, so nothing is known of it now. Mend the login "
                                   "first.")
                        .arg(name)};
        break;
    case NodeState::Unknown:
        if (node.role == Role::Standby && on == QLatin1String("off"))
            return {"hot_standby_off", QStringLiteral("hot_standby is off"),
                    QStringLiteral("hot_standby is off on %1: it takes no connections while it recovers, not "
                                   "even a standby's. Turn it on there and restart it.")
                        .arg(name)};
        if (node.answer == Answer::StartingUp)
            return {"starting", QStringLiteral("is starting up"),
                    QStringLiteral("%1 takes no connections yet. Wait until it is up.").arg(name)};
        return {"unknown", QStringLiteral("state unknown"),
                QStringLiteral("Nothing is known of %1 now%2. Without its facts nobody can say what would "
                               "happen.")
                    .arg(name, node.reason.isEmpty() ? QString()
                                                     : QStringLiteral(" (%1)").arg(node.reason.chopped(
                                                           node.reason.endsWith(u'.') ? 1 : 0)))};
    }
    return {};
}

/// What makes the whole thing pointless; true if nothing else needs to be said.
bool isOutOfTheQuestion(const Case &c)
{
    if (c.standby.id == c.target.id) {
        c.impossible("itself", QStringLiteral("itself"),
                     QStringLiteral("%1 cannot receive from itself.").arg(c.standbyName()));
        return true;
    }
    if (c.standby.role == Role::Primary) {
        c.impossible("primary", QStringLiteral("%1 is the primary").arg(c.standbyName()),
                     QStringLiteral("%1 is a primary and receives from nobody. A switchover makes it a "
                                    "standby first.")
                         .arg(c.standbyName()));
        return true;
    }
    if (const Obstacle own = obstacleOf(c.standby); own.id) {
        c.impossible(QByteArray(QByteArray("standby_") + own.id).constData(),
                     QStringLiteral("%1 %2").arg(c.standbyName(), own.brief),
                     own.text + QStringLiteral(" Until then its settings cannot be changed by SQL."));
        return true;
    }
    if (c.standby.role != Role::Standby) {
        c.impossible("role_unknown", QStringLiteral("role unknown"),
                     QStringLiteral("Nobody knows whether %1 is a standby.").arg(c.standbyName()));
        return true;
    }
    if (c.link && c.link->upstream == c.target.id) {
        c.impossible(
            "upstream_already", QStringLiteral("its upstream already"),
            c.link->state == LinkState::Broken
                ? QStringLiteral("%1 is its upstream already. Why nothing arrives is said by the findings.")
                      .arg(c.targetName())
                : QStringLiteral("%1 streams from %2 already; there is nothing to do.")
                      .arg(c.standbyName(), c.targetName()));
        return true;
    }
    if (const QList<NodeId> above = c.above(c.target.id); above.contains(c.standby.id)) {
        c.impossible("loop", QStringLiteral("is below it: a loop"),
                     QStringLiteral("%1 receives from %2 itself, so both would feed each other and neither "
                                    "would hear of the primary again. PostgreSQL does not refuse it.")
                         .arg(c.targetName(), c.standbyName()));
        return true;
    }
    if (const Obstacle there = obstacleOf(c.target); there.id) {
        c.impossible(there.id, there.brief, there.text);
        return true;
    }
    return false;
}

/// Whether their WAL is of the same kind at all.
bool isOfAnotherKind(const Case &c)
{
    const QString &ours = c.standby.systemIdentifier, &theirs = c.target.systemIdentifier;
    if (!ours.isEmpty() && !theirs.isEmpty() && ours != theirs) {
        c.impossible("other_system", QStringLiteral("another cluster"),
                     QStringLiteral("%1 belongs to another cluster: its system identifier is %2, that of %3 "
                                    "is %4. PostgreSQL refuses the connection.")
                         .arg(c.targetName(), theirs, c.standbyName(), ours));
        return true;
    }
    if (ours.isEmpty() || theirs.isEmpty())
        c.risky("system_unknown", QStringLiteral("cluster unknown"),
                QStringLiteral("The system identifier of %1 is not known, so nobody can say whether both are "
                               "of one cluster. PostgreSQL refuses the connection if they are not.")
                    .arg(ours.isEmpty() ? c.standbyName() : c.targetName()));
    const int own = c.standby.versionNum / 10000, other = c.target.versionNum / 10000;
    if (own > 0 && other > 0 && own != other) {
        c.impossible("other_version", QStringLiteral("PostgreSQL %1, not %2").arg(other).arg(own),
                     QStringLiteral("%1 runs PostgreSQL %2 and %3 runs %4. Physical replication needs the "
                                    "same major version on both ends.")
                         .arg(c.targetName(), QString::number(other), c.standbyName(), QString::number(own)));
        return true;
    }
    return false;
}

int rank(DropVerdict verdict)
{
    return verdict == DropVerdict::Impossible ? 0 : verdict == DropVerdict::Risky ? 1 : 2;
}

} // namespace

bool ReattachScene::isProven(const NodeId &node) const
{
    return std::any_of(bindings.begin(), bindings.end(),
                       [&node](const HostBinding &binding) { return binding.id == node; });
}

ReattachScene ReattachScene::of(const Topology &topology, const QList<NodeSnapshot> &snapshots,
                                const QList<HostBinding> &bindings)
{
    ReattachScene scene{topology, {}, bindings};
    scene.facts.reserve(snapshots.size());
    for (const NodeSnapshot &snapshot : snapshots)
        scene.facts.insert(snapshot.id, snapshot);
    return scene;
}

QString reattachName(const Node &node)
{
    return node.name.isEmpty() ? node.id : node.name;
}

QList<ReattachReason> reattachReasons(const ReattachScene &scene, const NodeId &standby, const NodeId &target)
{
    QList<ReattachReason> out;
    const Cluster *cluster = scene.topology.clusterOf(standby);
    const Node *below = cluster ? cluster->node(standby) : nullptr;
    const Node *above = scene.topology.node(target);
    if (!below || !above) {
        out << ReattachReason{
            QStringLiteral("gone"), DropVerdict::Impossible, QStringLiteral("not there"),
            QStringLiteral("%1 is not part of the picture any more.").arg(below ? target : standby)};
        return out;
    }
    const auto facts = [&scene](const NodeId &id) {
        const auto it = scene.facts.constFind(id);
        return it == scene.facts.cend() ? nullptr : &*it;
    };
    const Case c{scene, *cluster, *below, *above, facts(standby), facts(target), cluster->linkTo(standby),
                 out};
    if (isOutOfTheQuestion(c) || isOfAnotherKind(c))
        return out;
    reattach::timelineRule(c);
    reattach::positionRule(c);
    reattach::walKeptRule(c);
    reattach::roomRules(c);
    reattach::synchronousRules(c);
    reattach::cascadeRules(c);
    reattach::settingRules(c);
    reattach::worthKnowing(c);
    std::stable_sort(out.begin(), out.end(), [](const ReattachReason &a, const ReattachReason &b) {
        return rank(a.verdict) < rank(b.verdict);
    });
    return out;
}

DropVerdict worstOf(const QList<ReattachReason> &reasons)
{
    DropVerdict worst = DropVerdict::Safe;
    for (const ReattachReason &reason : reasons) {
        if (rank(reason.verdict) < rank(worst))
            worst = reason.verdict;
    }
    return worst;
}

DropAdvice reattachAdvice(const ReattachScene &scene, const NodeId &standby, const NodeId &target)
{
    const QList<ReattachReason> reasons = reattachReasons(scene, standby, target);
    if (reasons.isEmpty() || reasons.constFirst().verdict == DropVerdict::Safe)
        return {DropVerdict::Safe, {}};
    return {reasons.constFirst().verdict, reasons.constFirst().brief};
}

Topology topologyAfterReattach(Topology topology, const NodeId &standby, const NodeId &target,
                               const QString &slot)
{
    for (Cluster &cluster : topology.clusters) {
        const Node *upstream = cluster.node(target);
        if (!upstream || !cluster.node(standby))
            continue;
        Link moved;
        moved.downstream = standby;
        if (const Link *old = cluster.linkTo(standby)) {
            moved.applicationName = old->applicationName;
            cluster.slots_.removeIf([old](const Slot &s) {
                return !old->slot.isEmpty() && s.node == old->upstream && s.name == old->slot;
            });
        }
        cluster.links.removeIf([&standby](const Link &link) { return link.downstream == standby; });
        moved.upstream = target;
        moved.slot = slot;
        moved.state = LinkState::Streaming;
        // Nobody waits for what a cascade confirms.
        moved.sync = upstream->role == Role::Standby ? SyncState::Async : SyncState::Unknown;
        moved.matchedBy = slot.isEmpty() ? MatchedBy::Address : MatchedBy::Slot;
        moved.confidence = Confidence::Certain;
        cluster.links << moved;
        if (!slot.isEmpty()) {
            Slot made;
            made.node = target;
            made.name = slot;
            made.active = true;
            cluster.slots_ << made;
        }
    }
    return topology;
}

namespace reattach {

QList<NodeId> Case::above(const NodeId &node) const
{
    QList<NodeId> path;
    const Cluster *own = scene.topology.clusterOf(node);
    for (const Link *up = own ? own->linkTo(node) : nullptr; up; up = own->linkTo(up->upstream)) {
        if (path.contains(up->upstream))
            break;
        path << up->upstream;
    }
    return path;
}

std::optional<qint64> Case::targetSetting(const char *name) const
{
    bool ok = false;
    const qint64 value = target.settings.value(QLatin1String(name)).toLongLong(&ok);
    return ok ? std::optional<qint64>(value) : std::nullopt;
}

void Case::impossible(const char *id, const QString &brief, const QString &text) const
{
    out << ReattachReason{QLatin1String(id), DropVerdict::Impossible, brief, text};
}

void Case::risky(const char *id, const QString &brief, const QString &text) const
{
    out << ReattachReason{QLatin1String(id), DropVerdict::Risky, brief, text};
}

void Case::note(const char *id, const QString &text) const
{
    out << ReattachReason{QLatin1String(id), DropVerdict::Safe, {}, text};
}

} // namespace reattach

} // namespace understudy
