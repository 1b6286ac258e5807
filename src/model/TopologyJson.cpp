// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/Topology.h"

#include <QJsonArray>
#include <cmath>

namespace understudy {

namespace {

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonValue number(std::optional<qint64> value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QJsonValue number(std::optional<int> value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QJsonValue number(std::optional<double> value)
{
    return value && std::isfinite(*value) ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QJsonObject nodeJson(const Node &n)
{
    return {{QStringLiteral("id"), n.id},
            {QStringLiteral("name"), textOrNull(n.name)},
            {QStringLiteral("host"), textOrNull(n.host)},
            {QStringLiteral("port"), n.port > 0 ? QJsonValue(n.port) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("role"), stableName(n.role)},
            {QStringLiteral("state"), stableName(n.state)},
            {QStringLiteral("reason"), textOrNull(n.reason)},
            {QStringLiteral("version_num"),
             n.versionNum > 0 ? QJsonValue(n.versionNum) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("timeline"), number(n.timeline)},
            {QStringLiteral("lsn"), n.lsn ? QJsonValue(n.lsn->toString()) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("replay_paused"), n.replayPaused}};
}

QJsonObject linkJson(const Link &l)
{
    const QJsonObject stages{{QStringLiteral("sent"), number(l.stages.sent)},
                             {QStringLiteral("written"), number(l.stages.written)},
                             {QStringLiteral("flushed"), number(l.stages.flushed)},
                             {QStringLiteral("replayed"), number(l.stages.replayed)}};
    return {{QStringLiteral("upstream"), textOrNull(l.upstream)},
            {QStringLiteral("downstream"), l.downstream},
            {QStringLiteral("slot"), textOrNull(l.slot)},
            {QStringLiteral("pid"), number(l.pid)},
            {QStringLiteral("application_name"), textOrNull(l.applicationName)},
            {QStringLiteral("state"), stableName(l.state)},
            {QStringLiteral("sync_state"),
             l.sync == SyncState::Unknown ? QJsonValue(QJsonValue::Null) : QJsonValue(stableName(l.sync))},
            {QStringLiteral("lag_state"), stableName(l.lag)},
            {QStringLiteral("lag_bytes"), number(l.lagBytes)},
            {QStringLiteral("lag_seconds"), number(l.lagSeconds)},
            {QStringLiteral("stages"), stages},
            {QStringLiteral("matched_by"), stableName(l.matchedBy)},
            {QStringLiteral("confidence"), stableName(l.confidence)}};
}

QJsonObject findingJson(const Finding &f)
{
    return {{QStringLiteral("name"), f.name},
            {QStringLiteral("severity"), stableName(f.severity)},
            {QStringLiteral("node"), textOrNull(f.node)},
            {QStringLiteral("slot"), textOrNull(f.slot)},
            {QStringLiteral("downstream"), textOrNull(f.downstream)},
            {QStringLiteral("title"), f.title},
            {QStringLiteral("evidence"), f.evidence},
            {QStringLiteral("meaning"), f.meaning},
            {QStringLiteral("action"), f.action},
            {QStringLiteral("sql"), textOrNull(f.sql)}};
}

QJsonObject senderJson(const Sender &s)
{
    return {{QStringLiteral("node"), s.node},
            {QStringLiteral("pid"), s.pid > 0 ? QJsonValue(s.pid) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("application_name"), textOrNull(s.applicationName)},
            {QStringLiteral("kind"), stableName(s.kind)}};
}

QJsonObject slotJson(const Slot &s)
{
    return {{QStringLiteral("node"), s.node},
            {QStringLiteral("name"), s.name},
            {QStringLiteral("active"), s.active},
            {QStringLiteral("wal_status"), textOrNull(s.walStatus)},
            {QStringLiteral("retained_bytes"), number(s.retainedBytes)},
            {QStringLiteral("runway_seconds"), number(s.runwaySeconds)},
            {QStringLiteral("invalidation_reason"), textOrNull(s.invalidationReason)},
            {QStringLiteral("xmin_age"), number(s.xminAge)}};
}

template <typename T>
QJsonArray array(const QList<T> &values, QJsonObject (*one)(const T &))
{
    QJsonArray out;
    for (const T &value : values)
        out.append(one(value));
    return out;
}

QJsonObject clusterJson(const Cluster &c)
{
    return {{QStringLiteral("system_identifier"), textOrNull(c.systemIdentifier)},
            {QStringLiteral("nodes"), array(c.nodes, nodeJson)},
            {QStringLiteral("links"), array(c.links, linkJson)},
            {QStringLiteral("senders"), array(c.senders, senderJson)},
            {QStringLiteral("slots"), array(c.slots_, slotJson)},
            {QStringLiteral("findings"), array(c.findings, findingJson)}};
}

} // namespace

QJsonObject toJson(const Topology &topology)
{
    return {{QStringLiteral("format"), 1},
            {QStringLiteral("taken_at"), format::isoUtc(topology.takenAtUs)},
            {QStringLiteral("clusters"), array(topology.clusters, clusterJson)}};
}

} // namespace understudy
