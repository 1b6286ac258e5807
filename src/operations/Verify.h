// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

#include <functional>

namespace understudy {

/// One line of expected against actual.
struct VerifyRow
{
    QString what, expected, actual;
    bool pass = false;
    bool unknown = false; ///< Could not be told; said so, never passed over.
};

struct RowCount
{
    QString table; ///< schema.table
    struct OnNode
    {
        NodeId node;
        QString name, address;
        std::optional<qint64> rows;
        QString note;
    };
    QList<OnNode> nodes;
    QString countedAt;  ///< The LSN each standby had replayed past before it was counted.
    bool exact = false; ///< The table was quiet while it was counted: the numbers must be equal.
    bool pass = false;
    QString words; ///< What is claimed, in one sentence.
};

struct VerifyResult
{
    QList<VerifyRow> rows;
    QList<RowCount> counts;
    qint64 startedUs = 0, finishedUs = 0;
    bool pass() const;
};

/// Proves that the new standby does what was promised: streaming through its slot from its upstream on the
/// right timeline, both slots active, lag gone, and row counts equal on all nodes, counted at a known LSN
/// once each standby has replayed past it; never a false alarm under write load, never a false all-clear.
/// Reads only.
VerifyResult verifyStandby(const Plan &plan, const ClusterSpec &spec,
                           const std::shared_ptr<const SecretSource> &secrets, std::stop_token stop = {},
                           const std::function<void(const QString &)> &say = {});

QJsonObject toJson(const VerifyResult &);

} // namespace understudy

Q_DECLARE_METATYPE(understudy::VerifyResult)
