// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreReader.h"

#include "history/StoreSchema.h"
#include "history/TopologyCodec.h"

#include <QFile>
#include <QSqlError>
#include <QVariant>
#include <algorithm>

namespace understudy {

namespace {

SeriesKey::Kind kindOf(const QString &name)
{
    return name == QLatin1String("slot") ? SeriesKey::Kind::Slot : SeriesKey::Kind::Node;
}

std::optional<qint64> numberAt(const QSqlQuery &query, int column)
{
    return query.isNull(column) ? std::nullopt : std::optional(query.value(column).toLongLong());
}

std::optional<Lsn> lsnAt(const QSqlQuery &query, int column)
{
    const auto bytes = numberAt(query, column);
    return bytes ? std::optional(Lsn(quint64(*bytes))) : std::nullopt;
}

Severity severityOf(const QString &name)
{
    for (const Severity severity : {Severity::Critical, Severity::Warning})
        if (stableName(severity) == name)
            return severity;
    return Severity::Notice;
}

/// The first column of every row.
Stored<QList<qint64>> timesOf(StoreConnection &connection, const QString &sql, const QVariantList &values)
{
    QList<qint64> times;
    QSqlQuery query = connection.query();
    query.prepare(sql);
    for (const QVariant &value : values)
        query.addBindValue(value);
    if (!query.exec())
        return connection.problem(query.lastError());
    while (query.next())
        times << query.value(0).toLongLong();
    if (query.lastError().isValid())
        return connection.problem(query.lastError());
    return times;
}

} // namespace

bool looksLikeStore(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.read(16) == QByteArray("SQLite format 3\0", 16);
}

StoreReader::StoreReader(std::unique_ptr<StoreConnection> connection) : m_connection(std::move(connection)) {}
StoreReader::~StoreReader() = default;

Stored<std::unique_ptr<StoreReader>> StoreReader::open(const QString &path)
{
    auto connection = StoreConnection::open(path, StoreConnection::For::Reading, StoreDialect::sqlite());
    if (!connection)
        return storeFail(connection.error());
    if (const auto fits = checkStoreVersion(**connection); !fits)
        return storeFail(fits.error());
    return std::unique_ptr<StoreReader>(new StoreReader(std::move(*connection)));
}

Stored<QList<StoreSeries>> StoreReader::series()
{
    QList<StoreSeries> all;
    QSqlQuery query = m_connection->query();
    if (!query.exec(
            QStringLiteral("SELECT s.id, c.system_identifier, s.kind, s.node, s.slot FROM series AS s "
                           "JOIN cluster AS c ON c.id = s.cluster ORDER BY s.id")))
        return m_connection->problem(query.lastError());
    while (query.next())
        all << StoreSeries{query.value(0).toLongLong(),
                           {query.value(1).toString(), kindOf(query.value(2).toString()),
                            query.value(3).toString(), query.value(4).toString()}};
    if (query.lastError().isValid())
        return m_connection->problem(query.lastError());
    return all;
}

Stored<StoreReader::Extent> StoreReader::extent()
{
    Extent extent;
    for (const char *sql : {"SELECT min(at) FROM look", "SELECT min(at) FROM moment",
                            "SELECT at FROM hour ORDER BY series, metric, at LIMIT 1"}) {
        const auto oldest = m_connection->number(QString::fromLatin1(sql));
        if (!oldest)
            return storeFail(oldest.error());
        if (*oldest != StoreConnection::none)
            extent.oldestUs = extent.oldestUs == 0 ? *oldest : std::min(extent.oldestUs, *oldest);
    }
    for (const char *sql : {"SELECT max(at) FROM moment", "SELECT max(at) FROM look"}) {
        const auto newest = m_connection->number(QString::fromLatin1(sql));
        if (!newest)
            return storeFail(newest.error());
        extent.newestUs = std::max(extent.newestUs, *newest == StoreConnection::none ? 0 : *newest);
    }
    return extent;
}

Stored<std::optional<Topology>> StoreReader::topologyAt(qint64 atUs)
{
    QSqlQuery query = m_connection->query();
    query.prepare(QStringLiteral("SELECT at, bytes FROM look WHERE at <= ? ORDER BY at DESC LIMIT 1"));
    query.addBindValue(atUs);
    if (!query.exec())
        return m_connection->problem(query.lastError());
    if (!query.next()) {
        if (query.lastError().isValid())
            return m_connection->problem(query.lastError());
        return std::optional<Topology>();
    }
    const qint64 wholeUs = query.value(0).toLongLong();
    auto look = unpackTopology(query.value(1).toByteArray());
    query.finish();
    if (!look)
        return storeFail(storeProblem(StoreProblem::Kind::Corrupt, m_connection->path(), look.error().what));
    look->takenAtUs = wholeUs;
    const auto moment = m_connection->number(
        QStringLiteral("SELECT max(at) FROM moment WHERE at <= ? AND at >= ?"), {atUs, wholeUs});
    if (!moment)
        return storeFail(moment.error());
    if (*moment == StoreConnection::none)
        return std::optional(*look);
    query.prepare(storeSql(QStringLiteral("read_moment"), m_connection->dialect()).constFirst());
    query.addBindValue(*moment);
    if (!query.exec())
        return m_connection->problem(query.lastError());
    while (query.next()) {
        StoreRow row;
        row.key = {query.value(0).toString(), kindOf(query.value(1).toString()), query.value(2).toString(),
                   query.value(3).toString()};
        if (const auto code = numberAt(query, 4))
            row.link = int(*code);
        if (const auto code = numberAt(query, 5))
            row.lag = int(*code);
        row.lagging = query.value(6).toBool();
        row.lsn = lsnAt(query, 7);
        row.receivedLsn = lsnAt(query, 8);
        for (std::size_t i = 0; i < metrics.size(); ++i)
            row.values.at(i) = numberAt(query, 9 + int(i));
        applyRow(*look, row);
    }
    if (query.lastError().isValid())
        return m_connection->problem(query.lastError());
    look->takenAtUs = *moment;
    return std::optional(*look);
}

Stored<QList<qint64>> StoreReader::moments(qint64 fromUs, qint64 untilUs, int most)
{
    auto found =
        timesOf(*m_connection,
                QStringLiteral("SELECT at FROM look WHERE at >= ? AND at < ? ORDER BY at DESC LIMIT ?"),
                {fromUs, untilUs, most});
    if (found)
        std::reverse(found->begin(), found->end());
    return found;
}

Stored<QList<qint64>> StoreReader::rawMoments(qint64 fromUs, qint64 untilUs)
{
    return timesOf(*m_connection,
                   QStringLiteral("SELECT at FROM moment WHERE at >= ? AND at < ? ORDER BY at"),
                   {fromUs, untilUs});
}

Stored<QList<StoreEvent>> StoreReader::events(qint64 fromUs, qint64 untilUs, int most)
{
    QList<StoreEvent> events;
    QSqlQuery query = m_connection->query();
    query.prepare(
        QStringLiteral("SELECT at, kind, severity, system_identifier, node, text, neutral FROM event "
                       "WHERE at >= ? AND at < ? ORDER BY at DESC, number DESC LIMIT ?"));
    query.addBindValue(fromUs);
    query.addBindValue(untilUs);
    query.addBindValue(most);
    if (!query.exec())
        return m_connection->problem(query.lastError());
    while (query.next())
        events << StoreEvent{
            query.value(0).toLongLong(), query.value(1).toString(), severityOf(query.value(2).toString()),
            query.value(3).toString(),   query.value(4).toString(), query.value(5).toString(),
            query.value(6).toBool()};
    if (query.lastError().isValid())
        return m_connection->problem(query.lastError());
    std::reverse(events.begin(), events.end());
    return events;
}

} // namespace understudy
