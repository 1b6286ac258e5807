// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreRows.h"

#include <QCryptographicHash>
#include <QHash>

#include <cmath>

namespace understudy {

namespace {

// The numbers stand in files: they are never given another meaning.
constexpr std::array<std::pair<LinkState, int>, 4> linkCodes{
    {{LinkState::Streaming, 1}, {LinkState::Catchup, 2}, {LinkState::Stalled, 3}, {LinkState::Broken, 4}}};
constexpr std::array<std::pair<LagState, int>, 8> lagCodes{{{LagState::CaughtUp, 1},
                                                            {LagState::Replaying, 2},
                                                            {LagState::Idle, 3},
                                                            {LagState::ReplayPaused, 4},
                                                            {LagState::LinkStalled, 5},
                                                            {LagState::NoReceiver, 6},
                                                            {LagState::Disconnected, 7},
                                                            {LagState::Unknown, 8}}};

template <typename Codes, typename State>
std::optional<int> codeOf(const Codes &codes, State state)
{
    for (const auto &[known, code] : codes)
        if (known == state)
            return code;
    return {};
}

template <typename Codes, typename State>
void setState(const Codes &codes, std::optional<int> code, State &state)
{
    for (const auto &[known, number] : codes)
        if (number == code)
            state = known;
}

std::optional<qint64> whole(const std::optional<double> &value)
{
    if (!value || !std::isfinite(*value))
        return {};
    constexpr double most = 9.2e18; // A double just below the largest qint64.
    return qint64(std::llround(std::clamp(*value, -most, most)));
}

std::optional<double> real(const std::optional<qint64> &value, double unit = 1)
{
    return value ? std::optional(double(*value) / unit) : std::nullopt;
}

constexpr double microsecond = 1e6;

} // namespace

size_t qHash(const SeriesKey &key, size_t seed)
{
    return qHashMulti(seed, key.cluster, int(key.kind), key.node, key.slot);
}

std::optional<qint64> microsOf(const std::optional<double> &seconds)
{
    return seconds ? whole(*seconds * microsecond) : std::nullopt;
}

QList<StoreRow> rowsOf(const Topology &topology)
{
    QList<StoreRow> rows;
    for (const Cluster &cluster : topology.clusters) {
        QHash<NodeId, const Link *> links;
        for (const Link &link : cluster.links)
            links.insert(link.downstream, &link);
        for (const Node &node : cluster.nodes) {
            if (node.state == NodeState::Planned)
                continue;
            StoreRow row;
            row.atUs = topology.takenAtUs;
            row.key = {cluster.systemIdentifier, SeriesKey::Kind::Node, node.id, {}};
            row.lsn = node.lsn;
            row.receivedLsn = node.receivedLsn;
            auto &values = row.values;
            values[indexOf(Metric::WalRate)] = whole(node.walRate);
            if (const Link *link = links.value(node.id)) {
                row.link = codeOf(linkCodes, link->state);
                row.lag = codeOf(lagCodes, link->lag);
                row.lagging = link->lagging;
                values[indexOf(Metric::LagBytes)] = link->lagBytes;
                values[indexOf(Metric::LagMicros)] = microsOf(link->lagSeconds);
                values[indexOf(Metric::Sent)] = link->stages.sent;
                values[indexOf(Metric::Written)] = link->stages.written;
                values[indexOf(Metric::Flushed)] = link->stages.flushed;
                values[indexOf(Metric::Replayed)] = link->stages.replayed;
                values[indexOf(Metric::LinkRate)] = whole(link->walRate);
            }
            rows << row;
        }
        for (const Slot &slot : cluster.slots_) {
            StoreRow row;
            row.atUs = topology.takenAtUs;
            row.key = {cluster.systemIdentifier, SeriesKey::Kind::Slot, slot.node, slot.name};
            row.values[indexOf(Metric::Retained)] = slot.retainedBytes;
            rows << row;
        }
    }
    return rows;
}

void applyRow(Topology &topology, const StoreRow &row)
{
    const auto value = [&row](Metric metric) { return row.values[indexOf(metric)]; };
    for (Cluster &cluster : topology.clusters) {
        if (cluster.systemIdentifier != row.key.cluster)
            continue;
        if (row.key.kind == SeriesKey::Kind::Slot) {
            for (Slot &slot : cluster.slots_)
                if (slot.node == row.key.node && slot.name == row.key.slot)
                    slot.retainedBytes = value(Metric::Retained);
            continue;
        }
        for (Node &node : cluster.nodes) {
            if (node.id != row.key.node)
                continue;
            node.lsn = row.lsn;
            node.receivedLsn = row.receivedLsn;
            node.walRate = real(value(Metric::WalRate));
        }
        for (Link &link : cluster.links) {
            if (link.downstream != row.key.node)
                continue;
            setState(linkCodes, row.link, link.state);
            setState(lagCodes, row.lag, link.lag);
            link.lagging = row.lagging;
            link.lagBytes = value(Metric::LagBytes);
            link.lagSeconds = real(value(Metric::LagMicros), microsecond);
            link.stages = {value(Metric::Sent), value(Metric::Written), value(Metric::Flushed),
                           value(Metric::Replayed)};
            link.walRate = real(value(Metric::LinkRate));
        }
    }
}

QByteArray structureOf(const Topology &topology)
{
    QCryptographicHash hash(QCryptographicHash::Md5);
    const auto put = [&hash](const QString &word) {
        hash.addData(word.toUtf8());
        hash.addData(QByteArray(1, '\0'));
    };
    const auto number = [&hash](int value) { hash.addData(QByteArray::number(value) + '\n'); };
    for (const Cluster &cluster : topology.clusters) {
        put(cluster.systemIdentifier);
        for (const Node &node : cluster.nodes) {
            put(node.id);
            put(node.name);
            number(int(node.role));
            number(int(node.state));
            number(node.replayPaused);
            number(node.timeline.value_or(0));
        }
        for (const Link &link : cluster.links) {
            put(link.upstream);
            put(link.downstream);
            put(link.slot);
            number(int(link.sync));
        }
        for (const Sender &sender : cluster.senders) {
            put(sender.node);
            number(sender.pid);
        }
        for (const Slot &slot : cluster.slots_) {
            put(slot.node);
            put(slot.name);
            put(slot.walStatus);
            number(slot.active);
        }
        for (const Finding &finding : cluster.findings)
            put(finding.key());
    }
    return hash.result();
}

} // namespace understudy
