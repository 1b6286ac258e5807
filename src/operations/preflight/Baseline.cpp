// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/Baseline.h"

#include "model/Clock.h"
#include "model/Format.h"

#include <QSet>
#include <algorithm>

namespace understudy::preflight {

namespace {

struct Standbys
{
    QString words = QStringLiteral("unknown");
    QString lag = QStringLiteral("unknown");
};

Standbys standbys(SqlSession &sql, std::stop_token stop)
{
    Standbys out;
    const auto rows = sql.query(
        QStringLiteral("SELECT r.state, r.sync_state, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN "
                       "pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, r.replay_lsn)::bigint "
                       "FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid "
                       "WHERE coalesce(s.slot_type, 'physical') = 'physical' "
                       "AND coalesce(r.state, '') IN ('streaming', 'catchup', '')"),
        {}, 5000, stop);
    if (!rows)
        return out;
    if (rows->rows.isEmpty())
        return {QStringLiteral("none"), QStringLiteral("none to measure")};
    QStringList states;
    qint64 worst = 0;
    bool known = true;
    for (const QVariantList &row : rows->rows) {
        for (const int column : {0, 1}) {
            const QString word = row.at(column).toString();
            if (!word.isEmpty() && !states.contains(word))
                states.append(word);
        }
        known = known && !row.at(2).isNull();
        worst = std::max(worst, row.at(2).toLongLong());
    }
    states.prepend(format::count(rows->rows.size()));
    out.words = states.join(QStringLiteral(", "));
    if (known)
        out.lag = format::bytes(worst);
    return out;
}

} // namespace

QList<std::pair<QString, QString>> baseline(CheckContext &cx)
{
    const QString unknown = QStringLiteral("unknown");
    QString lsn = unknown, rate = unknown;
    Standbys now;
    if (cx.server.answers && !cx.stop.stop_requested()) {
        SqlSession::Options options;
        options.applicationName = QStringLiteral("understudy_preflight");
        options.readOnly = true;
        if (auto sql = SqlSession::open(cx.upstream.endpoint, *cx.secrets, options, cx.stop)) {
            lsn = cx.server.first.lsn.toString();
            now = standbys(**sql, cx.stop);
            rate = format::rate(cx.walRate(**sql));
        }
    }
    return {{QStringLiteral("Taken"), format::utcTime(SystemClock::instance().nowUs())},
            {QStringLiteral("LSN"), lsn},
            {QStringLiteral("Standbys"), now.words},
            {QStringLiteral("Lag"), now.lag},
            {QStringLiteral("WAL rate"), rate}};
}

} // namespace understudy::preflight
