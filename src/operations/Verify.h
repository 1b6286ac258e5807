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

/// Whether the content of a table is the same everywhere.
struct TableChecksum
{
    enum class State { Equal, Different, Written, TooLarge, CannotTell };
    QString table; ///< schema.table
    State state = State::CannotTell;
    QString words; ///< What is claimed, in one sentence.
};

/// What a person chose of the proof.
struct VerifyOptions
{
    /// schema.table, or the table alone where only one schema has it; empty: twenty small ones and the
    /// largest.
    QStringList tables;
    bool checksums = false; ///< Compares the content of those up to 64 MB as well.
};

struct VerifyResult
{
    QList<VerifyRow> rows;
    QList<RowCount> counts;
    QList<TableChecksum> checksums; ///< Empty: not asked for.
    qint64 startedUs = 0, finishedUs = 0;
    bool pass() const;
};

/// Proves that the new standby does what was promised: streaming through its slot from its upstream on the
/// right timeline, both slots active, lag gone, and row counts equal on all nodes, counted at a known LSN
/// once each standby has replayed past it; never a false alarm under write load, never a false all-clear.
/// Reads only.
VerifyResult verifyStandby(const Plan &plan, const ClusterSpec &spec,
                           const std::shared_ptr<const SecretSource> &secrets, std::stop_token stop = {},
                           const std::function<void(const QString &)> &say = {},
                           const VerifyOptions &options = {});

/// The tables whose rows can be counted in @p database, schema.table by size: they are replicated, and the
/// role may read them. Blocking.
Result<QStringList> countableTables(const Endpoint &primary, const QString &database,
                                    const SecretSource &secrets, std::stop_token stop = {});
/// The first of @p wanted that is none of @p countable, in words with the fix; the field is "tables".
Result<void> checkTables(const QStringList &wanted, const QStringList &countable);

QJsonObject toJson(const VerifyResult &);

} // namespace understudy

Q_DECLARE_METATYPE(understudy::VerifyResult)
