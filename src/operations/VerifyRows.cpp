// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/VerifyScene.h"

namespace understudy::verifying {

namespace {

bool plannedSync(const Plan &plan)
{
    return fact(plan, "synchronous") == u"yes";
}

QString stateWords(const Scene &scene, const Link &link)
{
    const Node *node = scene.node(link.downstream);
    if (node && node->state != NodeState::Up)
        return words(node->state).toLower();
    return stableName(link.state);
}

QString timelineWord(std::optional<int> timeline)
{
    return timeline ? QString::number(*timeline) : QStringLiteral("unknown");
}

} // namespace

VerifyRow streamingRow(const Scene &scene)
{
    VerifyRow row{QStringLiteral("Standbys streaming"), {}, {}};
    QStringList streaming, others;
    qsizetype expected = 0;
    for (const Link *link : scene.links()) {
        ++expected;
        if (link->state == LinkState::Streaming)
            streaming.append(scene.name(link->downstream));
        else
            others.append(
                QStringLiteral("%1 is %2").arg(scene.name(link->downstream), stateWords(scene, *link)));
    }
    const Link *own = scene.link();
    if (!own || own->upstream != scene.upstream) {
        ++expected;
        others.append(QStringLiteral("%1 does not stream from %2")
                          .arg(scene.name(scene.subject), scene.name(scene.upstream)));
    }
    row.expected = QString::number(expected);
    row.actual = QString::number(streaming.size());
    if (!streaming.isEmpty())
        row.actual += QStringLiteral(": ") + streaming.join(QStringLiteral(", "));
    if (!others.isEmpty())
        row.actual += QStringLiteral("; ") + others.join(QStringLiteral(", "));
    row.pass = streaming.size() == expected;
    return row;
}

VerifyRow slotsRow(const Plan &plan, const Scene &scene)
{
    VerifyRow row{QStringLiteral("Slots active"), {}, {}};
    QStringList wanted;
    for (const Link *link : scene.links()) {
        if (!link->slot.isEmpty() && !wanted.contains(link->slot))
            wanted.append(link->slot);
    }
    const QString own = fact(plan, "slot");
    if (!own.isEmpty() && !wanted.contains(own))
        wanted.append(own);
    QStringList active, others;
    for (const QString &name : wanted) {
        const Cluster *cluster = scene.cluster();
        const auto slot =
            cluster ? std::find_if(cluster->slots_.begin(), cluster->slots_.end(),
                                   [&](const Slot &s) { return s.node == scene.upstream && s.name == name; })
                    : QList<Slot>::const_iterator();
        const bool there = cluster && slot != cluster->slots_.end();
        if (there && slot->active)
            active.append(name);
        else
            others.append(name + (there ? QStringLiteral(" is inactive") : QStringLiteral(" is missing")));
    }
    row.expected = QString::number(wanted.size());
    row.actual = QString::number(active.size());
    if (!active.isEmpty())
        row.actual += QStringLiteral(": ") + active.join(QStringLiteral(", "));
    if (!others.isEmpty())
        row.actual += QStringLiteral("; ") + others.join(QStringLiteral(", "));
    // Without a slot there may be none at all, as was planned.
    row.pass = others.isEmpty() && (!wanted.isEmpty() || own.isEmpty());
    return row;
}

VerifyRow upstreamRow(const Scene &scene)
{
    VerifyRow row{QStringLiteral("Upstream and timeline"), {}, {}};
    const Node *upstream = scene.node(scene.upstream);
    const auto expected = upstream ? upstream->timeline : std::nullopt;
    std::optional<int> actual;
    for (const NodeSnapshot &snapshot : scene.snapshots) {
        if (snapshot.id == scene.subject && snapshot.answered())
            actual = snapshot.receiver && snapshot.receiver->timeline ? snapshot.receiver->timeline
                                                                      : snapshot.timeline;
    }
    const Link *link = scene.link();
    row.expected = QStringLiteral("%1, %2").arg(scene.name(scene.upstream), timelineWord(expected));
    row.actual = QStringLiteral("%1, %2").arg(
        link ? scene.name(link->upstream) : QStringLiteral("no upstream"), timelineWord(actual));
    row.unknown = link && link->upstream == scene.upstream && (!expected || !actual);
    row.pass = link && link->upstream == scene.upstream && expected && actual && *expected == *actual;
    return row;
}

VerifyRow syncRow(const Plan &plan, const Scene &scene)
{
    VerifyRow row{QStringLiteral("Sync state"), {}, {}};
    QString setting;
    bool known = false;
    for (const NodeSnapshot &snapshot : scene.snapshots) {
        if (snapshot.id == scene.upstream &&
            snapshot.settings.contains(QStringLiteral("synchronous_standby_names"))) {
            setting = snapshot.settings.value(QStringLiteral("synchronous_standby_names"));
            known = true;
        }
    }
    QStringList expected, actual;
    row.pass = false;
    bool own = false, right = true;
    for (const Link *link : scene.links()) {
        const QString now = stableName(link->sync);
        QString wanted = known && setting.isEmpty() ? QStringLiteral("async") : now;
        if (link->downstream == scene.subject) {
            own = true;
            wanted = !plannedSync(plan)                ? QStringLiteral("async")
                     : link->sync == SyncState::Quorum ? QStringLiteral("quorum")
                                                       : QStringLiteral("sync");
        }
        expected.append(wanted);
        actual.append(now);
        right = right && wanted == now;
        row.unknown = row.unknown || link->sync == SyncState::Unknown;
    }
    row.expected = expected.isEmpty() ? QStringLiteral("async") : expected.join(QStringLiteral(", "));
    row.actual = actual.isEmpty() ? QStringLiteral("no standby") : actual.join(QStringLiteral(", "));
    row.pass = own && right && !row.unknown;
    return row;
}

} // namespace understudy::verifying
