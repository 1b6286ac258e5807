// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreFile.h"

#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QVariant>

#include <sys/stat.h>

namespace understudy {

namespace {

constexpr qint64 checkedWholeBytes = Q_INT64_C(64)
                                     << 20; ///< Larger ones are found damaged when they are read.
constexpr qint64 hour = Q_INT64_C(3600000000);

template <typename T>
QVariant orNull(const std::optional<T> &value)
{
    return value ? QVariant(*value) : QVariant();
}

QVariant orNull(const std::optional<Lsn> &lsn)
{
    return lsn ? QVariant(qint64(lsn->bytes())) : QVariant();
}

bool statOf(const QString &path, struct ::stat &found)
{
    return ::stat(QFile::encodeName(path).constData(), &found) == 0;
}

/// A null string would be NULL.
QString text(const QString &words)
{
    return words.isNull() ? QStringLiteral("") : words;
}

QString kindName(SeriesKey::Kind kind)
{
    return kind == SeriesKey::Kind::Slot ? QStringLiteral("slot") : QStringLiteral("node");
}

} // namespace

StoreFile::StoreFile(std::unique_ptr<StoreConnection> connection) : m_connection(std::move(connection)) {}

StoreFile::~StoreFile()
{
    for (QSqlQuery *query :
         {&m_addMoment, &m_addRow, &m_addLook, &m_addEvent, &m_addSeries, &m_addCluster, &m_turnBack})
        *query = QSqlQuery();
}

Stored<std::unique_ptr<StoreFile>> StoreFile::open(const QString &path, const StoreDialect &dialect)
{
    auto connection = StoreConnection::open(path, StoreConnection::For::Writing, dialect);
    if (!connection)
        return storeFail(connection.error());
    std::unique_ptr<StoreFile> file(new StoreFile(std::move(*connection)));
    StoreConnection &store = *file->m_connection;
    if (QFileInfo(path).size() <= checkedWholeBytes) {
        if (const auto sound = dialect.check(store.db(), path); !sound)
            return storeFail(sound.error());
    }
    if (const auto migrated = migrateStore(store); !migrated)
        return storeFail(migrated.error());
    // Whether it can be written is known now and not with the first look.
    auto writable = store.run(QStringLiteral("BEGIN IMMEDIATE"));
    if (writable)
        writable = store.commit();
    if (!writable)
        return storeFail(writable.error());
    if (const auto prepared = file->prepare(); !prepared)
        return storeFail(prepared.error());
    struct ::stat found
    {
    };
    if (statOf(path, found)) {
        file->m_device = found.st_dev;
        file->m_inode = found.st_ino;
    }
    return file;
}

Stored<void> StoreFile::prepare()
{
    const auto make = [this](QSqlQuery &query, const QString &sql) {
        query = m_connection->query();
        return query.prepare(sql);
    };
    const bool prepared =
        make(m_addRow, storeSql(QStringLiteral("add_row"), m_connection->dialect()).constFirst()) &&
        make(m_addMoment, QStringLiteral("INSERT INTO moment (at, first, rows) VALUES (?, ?, ?) "
                                         "ON CONFLICT (at) DO NOTHING")) &&
        make(m_addLook, QStringLiteral("INSERT INTO look (at, turn, bytes) VALUES (?, ?, ?) "
                                       "ON CONFLICT (at) DO UPDATE SET turn = excluded.turn, "
                                       "bytes = excluded.bytes")) &&
        make(m_addEvent,
             QStringLiteral("INSERT INTO event (at, number, kind, severity, system_identifier, node, text, "
                            "neutral) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) &&
        make(m_addSeries,
             QStringLiteral("INSERT INTO series (id, cluster, kind, node, slot) VALUES (?, ?, ?, ?, ?)")) &&
        make(m_addCluster, QStringLiteral("INSERT INTO cluster (id, system_identifier) VALUES (?, ?)")) &&
        make(m_turnBack, QStringLiteral("UPDATE progress SET at = ? WHERE name = ? AND at > ?"));
    if (!prepared)
        return m_connection->problem(m_connection->db().lastError());
    const auto newest = m_connection->number(QStringLiteral("SELECT max(at) FROM moment"));
    if (!newest)
        return storeFail(newest.error());
    if (*newest != StoreConnection::none)
        m_newestUs = *newest;
    const auto event = m_connection->number(QStringLiteral("SELECT max(number) FROM event"));
    if (!event)
        return storeFail(event.error());
    m_nextEvent = std::max<qint64>(*event, 0) + 1;
    const auto row = m_connection->number(QStringLiteral("SELECT max(id) FROM raw"));
    if (!row)
        return storeFail(row.error());
    m_nextRow = std::max<qint64>(*row, 0) + 1;
    return loadSeries();
}

Stored<void> StoreFile::loadSeries()
{
    m_clusters.clear();
    m_series.clear();
    QSqlQuery query = m_connection->query();
    if (!query.exec(QStringLiteral("SELECT id, system_identifier FROM cluster")))
        return m_connection->problem(query.lastError());
    while (query.next())
        m_clusters.insert(query.value(1).toString(), query.value(0).toLongLong());
    if (!query.exec(
            QStringLiteral("SELECT s.id, c.system_identifier, s.kind, s.node, s.slot FROM series AS s "
                           "JOIN cluster AS c ON c.id = s.cluster")))
        return m_connection->problem(query.lastError());
    while (query.next()) {
        const SeriesKey key{query.value(1).toString(),
                            query.value(2).toString() == kindName(SeriesKey::Kind::Slot)
                                ? SeriesKey::Kind::Slot
                                : SeriesKey::Kind::Node,
                            query.value(3).toString(), query.value(4).toString()};
        m_series.insert(key, query.value(0).toLongLong());
    }
    if (query.lastError().isValid())
        return m_connection->problem(query.lastError());
    return {};
}

Stored<void> StoreFile::exec(QSqlQuery &query)
{
    if (!query.exec())
        return m_connection->problem(query.lastError());
    return {};
}

Stored<qint64> StoreFile::seriesId(const SeriesKey &key)
{
    const auto known = m_series.constFind(key);
    if (known != m_series.constEnd())
        return *known;
    const auto nextOf = [](const auto &ids) {
        qint64 next = 1;
        for (const qint64 id : ids)
            next = std::max(next, id + 1);
        return next;
    };
    if (!m_clusters.contains(key.cluster)) {
        const qint64 id = nextOf(m_clusters);
        m_addCluster.addBindValue(id);
        m_addCluster.addBindValue(text(key.cluster));
        if (const auto added = exec(m_addCluster); !added)
            return storeFail(added.error());
        m_clusters.insert(key.cluster, id);
    }
    const qint64 id = nextOf(m_series);
    m_addSeries.addBindValue(id);
    m_addSeries.addBindValue(m_clusters.value(key.cluster));
    m_addSeries.addBindValue(kindName(key.kind));
    m_addSeries.addBindValue(text(key.node));
    m_addSeries.addBindValue(text(key.slot));
    if (const auto added = exec(m_addSeries); !added)
        return storeFail(added.error());
    m_series.insert(key, id);
    return id;
}

Stored<void> StoreFile::write(const StoreBatch &batch)
{
    if (batch.isEmpty())
        return {};
    if (auto begun = m_connection->run(QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return begun;
    const qint64 event = m_nextEvent, row = m_nextRow;
    auto done = writeAll(batch);
    if (done)
        done = m_connection->commit();
    else
        m_connection->rollback();
    if (!done) {
        // What was made within the transaction is not there.
        m_nextEvent = event;
        m_nextRow = row;
        m_clusters.clear();
        m_series.clear();
        (void)loadSeries();
    }
    return done;
}

Stored<void> StoreFile::writeRows(const QList<StoreRow> &rows)
{
    // The same microsecond may come again when a clock was set back; then the next one that is free.
    for (qint64 atUs = rows.constFirst().atUs;; ++atUs) {
        m_addMoment.addBindValue(atUs);
        m_addMoment.addBindValue(m_nextRow);
        m_addMoment.addBindValue(rows.size());
        if (auto added = exec(m_addMoment); !added)
            return added;
        if (m_addMoment.numRowsAffected() > 0)
            break;
    }
    for (const StoreRow &row : rows) {
        const auto id = seriesId(row.key);
        if (!id)
            return storeFail(id.error());
        m_addRow.addBindValue(m_nextRow++);
        m_addRow.addBindValue(*id);
        m_addRow.addBindValue(orNull(row.link));
        m_addRow.addBindValue(orNull(row.lag));
        m_addRow.addBindValue(row.lagging ? QVariant(1) : QVariant());
        m_addRow.addBindValue(orNull(row.lsn));
        m_addRow.addBindValue(orNull(row.receivedLsn));
        for (const auto &value : row.values)
            m_addRow.addBindValue(orNull(value));
        if (auto added = exec(m_addRow); !added)
            return added;
    }
    return {};
}

Stored<void> StoreFile::writeAll(const StoreBatch &batch)
{
    QList<StoreRow> ofOneLook;
    for (const StoreRow &row : batch.rows) {
        if (!ofOneLook.isEmpty() && ofOneLook.constFirst().atUs != row.atUs) {
            if (auto written = writeRows(ofOneLook); !written)
                return written;
            ofOneLook.clear();
        }
        ofOneLook << row;
    }
    if (!ofOneLook.isEmpty()) {
        if (auto written = writeRows(ofOneLook); !written)
            return written;
    }
    for (const StoreLook &look : batch.looks) {
        m_addLook.addBindValue(look.atUs);
        m_addLook.addBindValue(int(look.turn));
        m_addLook.addBindValue(look.bytes);
        if (auto added = exec(m_addLook); !added)
            return added;
    }
    for (const StoreEvent &event : batch.events) {
        m_addEvent.addBindValue(event.atUs);
        m_addEvent.addBindValue(m_nextEvent++);
        m_addEvent.addBindValue(event.kind);
        m_addEvent.addBindValue(stableName(event.severity));
        m_addEvent.addBindValue(text(event.cluster));
        m_addEvent.addBindValue(text(event.node));
        m_addEvent.addBindValue(text(event.text));
        m_addEvent.addBindValue(int(event.neutral));
        if (auto added = exec(m_addEvent); !added)
            return added;
    }
    // What was rolled up already is so again when a clock that was set back comes by a second time.
    if (batch.oldestUs == std::numeric_limits<qint64>::max())
        return {};
    for (const auto &[name, span] : {std::pair("minute_until", hour / 60), std::pair("hour_until", hour)}) {
        const qint64 begins = batch.oldestUs - batch.oldestUs % span;
        m_turnBack.addBindValue(begins);
        m_turnBack.addBindValue(QString::fromLatin1(name));
        m_turnBack.addBindValue(begins);
        if (auto turned = exec(m_turnBack); !turned)
            return turned;
    }
    return {};
}

bool StoreFile::wasReplaced() const
{
    struct ::stat found
    {
    };
    return !statOf(m_connection->path(), found) || found.st_dev != m_device || found.st_ino != m_inode;
}

} // namespace understudy
