// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ClusterLock.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace understudy {

namespace {

// "undstudy" in ASCII. Advisory locks are per database, so it is always taken in `postgres`.
const QString tryLock = QStringLiteral("SELECT pg_try_advisory_lock(8461811196913607801)");
const QString whoHolds = QStringLiteral(
    "SELECT a.application_name, a.usename, coalesce(host(a.client_addr), 'a local socket'), l.pid "
    "FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND l.classid::bigint << 32 | l.objid::bigint = 8461811196913607801 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())");

// A killed app's session is gone within moments; this long is it waited for.
constexpr auto patience = std::chrono::seconds(2);

QString holder(SqlSession &session)
{
    const auto rows = session.query(whoHolds);
    if (!rows || rows->rows.isEmpty() || rows->rows.first().size() < 4)
        return QStringLiteral("somebody else");
    const QVariantList row = rows->rows.first();
    return QStringLiteral("\u201c%1\u201d (role %2, from %3, pid %4)")
        .arg(row[0].toString().left(80), row[1].toString().left(80), row[2].toString(), row[3].toString());
}

} // namespace

Result<ClusterLock> ClusterLock::take(Endpoint primary, const SecretSource &secrets, const QString &what,
                                      std::stop_token stop)
{
    primary.database = QStringLiteral("postgres");
    SqlSession::Options options;
    options.applicationName = (QStringLiteral("understudy: ") + what).left(63);
    auto session = SqlSession::open(primary, secrets, options, stop);
    if (!session)
        return tl::unexpected(session.error());
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto rows = (*session)->query(tryLock, {}, 5000, stop);
        if (!rows)
            return tl::unexpected(rows.error());
        if (rows->first().toBool())
            return ClusterLock(std::move(*session));
        if (stop.stop_requested() || std::chrono::steady_clock::now() >= until)
            break;
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        never.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
    }
    return fail(
        QStringLiteral("Another plan is changing this cluster: %1 holds its lock.").arg(holder(**session)),
        QStringLiteral("Nothing was changed. Wait until it has finished, then run this one again."));
}

Result<void> ClusterLock::stillHeld(std::stop_token stop)
{
    const auto rows = m_session->query(QStringLiteral("SELECT 1"), {}, 5000, stop);
    if (!rows)
        return fail(
            QStringLiteral("The session that keeps other plans out was lost: %1").arg(rows.error().what),
            QStringLiteral("Check the primary, then run the plan again."));
    return {};
}

} // namespace understudy
