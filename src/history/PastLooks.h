// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QByteArray>
#include <memory>

namespace understudy {

/// A look as bytes, see packTopology(), and the moment it stands at.
struct PackedLook
{
    qint64 atUs = 0;
    QByteArray bytes;
    bool operator==(const PackedLook &) const = default;
};

/// Whole looks of the last while, so that any of their moments can be drawn again. They are packed on a
/// thread of their own; looks at which something changed (a state, a link, a finding) are the last to be let
/// go when memory gets short. To be used from one thread. Times only grow: when our clock jumps back, what
/// was seen before moves back with it, as in LagHistory.
class PastLooks
{
public:
    struct Limits
    {
        qint64 keepUs = Q_INT64_C(3600000000);
        qint64 bytes =
            Q_INT64_C(64) << 20; ///< Of packed looks; a cluster of three nodes needs some 6 MB an hour.
    };

    PastLooks();
    explicit PastLooks(const Limits &limits);
    ~PastLooks();
    PastLooks(const PastLooks &) = delete;
    PastLooks &operator=(const PastLooks &) = delete;

    void add(const Topology &topology); ///< Returns at once.
    /// All looks of a recording, oldest first; what was there before goes.
    void setPacked(const QList<PackedLook> &looks);

    bool isEmpty() const;
    qint64 oldestUs() const; ///< 0 when empty.
    qint64 newestUs() const;
    QList<qint64> moments() const; ///< Of all that are kept, oldest first.
    /// The newest look that is not after @p atUs, the oldest one when all are; nothing when there are none.
    std::optional<Topology> at(qint64 atUs) const;
    QList<PackedLook> packed() const; ///< All that are kept and packed by now, oldest first.
    qint64 bytes() const;
    void waitUntilPacked() const; ///< Until everything added so far is; milliseconds.

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// What a look says without its numbers: nodes, links, states, findings. Two looks of the same shape differ
/// only in how far things are. Pure.
QByteArray shapeOf(const Topology &topology);

} // namespace understudy
