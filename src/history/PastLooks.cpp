// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/PastLooks.h"

#include "history/TopologyCodec.h"

#include <QCryptographicHash>
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace understudy {

namespace {

struct Look
{
    qint64 atUs = 0;
    bool turn = false;             ///< Something changed here.
    std::optional<Topology> fresh; ///< Not packed yet.
    QByteArray packed;
};

} // namespace

struct PastLooks::Private
{
    Limits limits;
    std::deque<Look> looks; ///< Oldest first; the unpacked ones are the newest.
    qint64 bytes = 0;
    QByteArray shape; ///< Of the newest packed one; the packing thread's own.
    mutable std::mutex mutex;
    mutable std::condition_variable_any changed;
    std::jthread packer;

    std::deque<Look>::iterator firstFresh()
    {
        auto it = looks.end();
        while (it != looks.begin() && std::prev(it)->fresh)
            --it;
        return it;
    }
    void pack(std::stop_token stop);
    void trim();
};

QByteArray shapeOf(const Topology &topology)
{
    QByteArray text;
    const auto put = [&text](const QString &word) { text += word.toUtf8() + '\n'; };
    for (const Cluster &cluster : topology.clusters) {
        put(cluster.systemIdentifier);
        for (const Node &node : cluster.nodes) {
            put(node.id);
            text += char('a' + int(node.role));
            text += char('a' + int(node.state));
            text += node.replayPaused ? 'p' : '-';
            text += QByteArray::number(node.timeline.value_or(0));
        }
        for (const Link &link : cluster.links) {
            put(link.upstream);
            put(link.downstream);
            text += char('a' + int(link.state));
            text += char('a' + int(link.lag));
            text += char('a' + int(link.sync));
            text += link.lagging ? 'l' : '-';
        }
        for (const Slot &slot : cluster.slots_) {
            put(slot.node);
            put(slot.name);
            text += slot.active ? 'a' : '-';
        }
        for (const Finding &finding : cluster.findings)
            put(finding.key());
    }
    return QCryptographicHash::hash(text, QCryptographicHash::Md5);
}

PastLooks::PastLooks() : PastLooks(Limits()) {}

PastLooks::PastLooks(const Limits &limits) : d(std::make_unique<Private>())
{
    d->limits = limits;
    d->packer = std::jthread([this](std::stop_token stop) { d->pack(std::move(stop)); });
}

PastLooks::~PastLooks()
{
    d->packer.request_stop();
    d->packer.join();
}

void PastLooks::add(const Topology &topology)
{
    if (topology.clusters.isEmpty())
        return;
    const std::lock_guard lock(d->mutex);
    const qint64 atUs = topology.takenAtUs;
    if (!d->looks.empty() && atUs <= d->looks.back().atUs) {
        const qint64 back = d->looks.back().atUs - atUs + 1;
        for (Look &look : d->looks)
            look.atUs -= back;
    }
    Look look;
    look.atUs = atUs;
    look.fresh = topology;
    d->looks.push_back(std::move(look));
    d->changed.notify_all();
}

void PastLooks::Private::pack(std::stop_token stop)
{
    std::unique_lock lock(mutex);
    while (changed.wait(lock, stop, [this] { return !looks.empty() && looks.back().fresh; })) {
        const Topology topology = *firstFresh()->fresh;
        lock.unlock();
        const QByteArray packed = packTopology(topology);
        const QByteArray now = shapeOf(topology);
        lock.lock();
        // Looks are added and shifted meanwhile, but the first fresh one stays that.
        Look &look = *firstFresh();
        // The last of the old shape stays as well: it is what things were like before.
        look.turn = now != shape;
        if (look.turn && looks.begin() != firstFresh())
            std::prev(firstFresh())->turn = true;
        shape = now;
        look.packed = packed;
        look.fresh.reset();
        bytes += packed.size();
        trim();
        changed.notify_all();
    }
}

void PastLooks::Private::trim()
{
    const auto dropOldest = [this] {
        bytes -= looks.front().packed.size();
        looks.pop_front();
    };
    const auto mayDrop = [this] { return looks.size() > 1 && !looks.front().fresh; };
    while (mayDrop() && looks.front().atUs < looks.back().atUs - limits.keepUs)
        dropOldest();
    if (bytes <= limits.bytes)
        return;
    // Every second look of the older half without a turn; at a rate of one a second that leaves the recent
    // past whole.
    std::deque<Look> kept;
    const std::size_t half = looks.size() / 2;
    bool skip = false;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        Look &look = looks[i];
        skip = i < half && !look.turn && !look.fresh && !skip;
        if (skip)
            bytes -= look.packed.size();
        else
            kept.push_back(std::move(look));
    }
    looks.swap(kept);
    // Turns alone can be too many.
    while (bytes > limits.bytes && mayDrop())
        dropOldest();
}

bool PastLooks::isEmpty() const
{
    const std::lock_guard lock(d->mutex);
    return d->looks.empty();
}

qint64 PastLooks::oldestUs() const
{
    const std::lock_guard lock(d->mutex);
    return d->looks.empty() ? 0 : d->looks.front().atUs;
}

qint64 PastLooks::newestUs() const
{
    const std::lock_guard lock(d->mutex);
    return d->looks.empty() ? 0 : d->looks.back().atUs;
}

QList<qint64> PastLooks::moments() const
{
    const std::lock_guard lock(d->mutex);
    QList<qint64> moments;
    for (const Look &look : d->looks)
        moments << look.atUs;
    return moments;
}

std::optional<Topology> PastLooks::at(qint64 atUs) const
{
    std::unique_lock lock(d->mutex);
    if (d->looks.empty())
        return {};
    auto it = std::upper_bound(d->looks.begin(), d->looks.end(), atUs,
                               [](qint64 at, const Look &look) { return at < look.atUs; });
    if (it != d->looks.begin())
        --it;
    const qint64 moment = it->atUs;
    if (it->fresh) {
        Topology topology = *it->fresh;
        topology.takenAtUs = moment;
        return topology;
    }
    const QByteArray packed = it->packed;
    lock.unlock();
    auto topology = unpackTopology(packed);
    if (!topology)
        return {};
    topology->takenAtUs = moment;
    return *topology;
}

void PastLooks::setPacked(const QList<PackedLook> &looks)
{
    const std::lock_guard lock(d->mutex);
    d->looks.clear();
    d->bytes = 0;
    for (const PackedLook &look : looks) {
        d->looks.push_back({look.atUs, false, {}, look.bytes});
        d->bytes += look.bytes.size();
    }
}

QList<PackedLook> PastLooks::packed() const
{
    const std::lock_guard lock(d->mutex);
    QList<PackedLook> packed;
    for (const Look &look : d->looks)
        if (!look.fresh)
            packed << PackedLook{look.atUs, look.packed};
    return packed;
}

qint64 PastLooks::bytes() const
{
    const std::lock_guard lock(d->mutex);
    return d->bytes;
}

void PastLooks::waitUntilPacked() const
{
    std::unique_lock lock(d->mutex);
    d->changed.wait(lock, [this] { return d->looks.empty() || !d->looks.back().fresh; });
}

} // namespace understudy
