// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/NodeFacts.h"

#include "model/Format.h"
#include "model/NodeQueries.h"

#include <QCoreApplication>
#include <QSet>

namespace understudy {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("NodePanel", text);
}

/// How many of a server's places are taken: "10, 2 in use".
QString places(const QString &value, qsizetype used)
{
    return used > 0 ? tr("%1, %2 in use").arg(value, QString::number(used)) : value;
}

QString shown(const QString &name, const QString &value, const Cluster &cluster, const Node &node)
{
    static const QSet<QString> sizes{QStringLiteral("wal_keep_size"),
                                     QStringLiteral("max_slot_wal_keep_size"),
                                     QStringLiteral("max_wal_size")};
    static const QSet<QString> times{
        QStringLiteral("wal_sender_timeout"), QStringLiteral("wal_receiver_timeout"),
        QStringLiteral("recovery_min_apply_delay"), QStringLiteral("max_standby_streaming_delay")};
    if (value.isEmpty())
        return tr("none");
    if (name == QLatin1String("max_replication_slots")) {
        const auto kept = std::count_if(cluster.slots_.begin(), cluster.slots_.end(),
                                        [&node](const Slot &slot) { return slot.node == node.id; });
        return places(value, kept);
    }
    if (name == QLatin1String("max_wal_senders")) {
        qsizetype used = std::count_if(cluster.senders.begin(), cluster.senders.end(),
                                       [&node](const Sender &sender) { return sender.node == node.id; });
        for (const Link *link : cluster.linksFrom(node.id))
            used += link->pid ? 1 : 0;
        return places(value, used);
    }
    bool number = false;
    const qint64 amount = value.toLongLong(&number);
    if (!number || (!sizes.contains(name) && !times.contains(name)))
        return value;
    if (amount < 0)
        return name == QLatin1String("max_slot_wal_keep_size") ? tr("-1, without limit")
                                                               : tr("-1, waits for ever");
    if (amount == 0 && times.contains(name))
        return name == QLatin1String("max_standby_streaming_delay") ? tr("0, cancels at once") : tr("0, off");
    return sizes.contains(name) ? format::bytes(amount) : format::seconds(double(amount) / 1000);
}

} // namespace

QList<FactsGrid::Fact> settingFacts(const Topology &topology, const Node &node)
{
    QList<FactsGrid::Fact> facts;
    const Cluster *cluster = topology.clusterOf(node.id);
    if (!cluster || node.settings.isEmpty())
        return facts;
    for (const QString &name : settingsThatMatter(node.role)) {
        // A name that a version does not know is not there.
        if (const auto value = node.settings.constFind(name); value != node.settings.cend())
            facts.append({name, shown(name, *value, *cluster, node)});
    }
    return facts;
}

} // namespace understudy
