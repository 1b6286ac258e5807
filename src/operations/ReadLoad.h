// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"

#include <QJsonObject>
#include <functional>
#include <stop_token>

namespace understudy {

struct ReadLoadOptions
{
    double secondsEach = 3;
    int connections = 4;
    QString sql; ///< The person's own statements that read, apart by semicolons, asked in turn at random;
                 ///< empty: look-ups by primary key on the largest small table
};

struct ReadLoadRun
{
    QString label; ///< "standby1 alone", "both, spread"
    QList<NodeId> nodes;
    qint64 queries = 0, errors = 0;
    double seconds = 0;
    double perSecond = 0, medianMs = 0, p95Ms = 0;
    std::optional<qint64> highestLagBytes; ///< While under load
    std::optional<qint64> conflicts;       ///< Recovery conflicts during the run
    QString error;                         ///< The first error's words
    bool stopped = false;                  ///< Ended early on request.
};

struct ReadLoadResult
{
    QString workload; ///< In words: "look-ups by primary key on public.orders"
    QString sql;
    ReadLoadOptions options;
    QList<ReadLoadRun> runs; ///< Each standby alone, then all together.
    qint64 startedUs = 0;
    bool oneMachine = false;  ///< All standbys are reached on this machine: they share its processors.
    QString error;            ///< Why nothing was run; empty else.
    QString sentence() const; ///< "Both standbys serve reads. Together they answer 1.86 times the queries of
                              ///< standby1 alone."
    bool pass() const;
};

/// The same read-only workload on each standby, then across them. Every session is read only, with a
/// statement timeout; bounded in connections and time. Blocking.
ReadLoadResult runReadLoad(const ClusterSpec &spec, const QList<WatchedNode> &standbys,
                           const QString &database, const std::shared_ptr<const SecretSource> &secrets,
                           const ReadLoadOptions &options, std::stop_token stop = {},
                           const std::function<void(const ReadLoadRun &)> &sink = {});

/// Strings that spread readers over standbys.
struct ReaderString
{
    QString label;
    QString text;
}; ///< "libpq 16 and later", "Older libpq", "JDBC"
QList<ReaderString> readerStrings(const QList<Endpoint> &standbys, const QString &database,
                                  const QString &user);

QJsonObject toJson(const ReadLoadResult &);

} // namespace understudy

Q_DECLARE_METATYPE(understudy::ReadLoadRun)
Q_DECLARE_METATYPE(understudy::ReadLoadResult)
