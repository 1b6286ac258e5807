// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/StoreDialect.h"
#include "history/StoreIntake.h"
#include "history/StoreSchema.h"

#include <QHash>
#include <QSqlQuery>

namespace understudy {

/// A store that is open for writing. On one thread, as its connection is.
class StoreFile
{
public:
    static Stored<std::unique_ptr<StoreFile>> open(const QString &path, const StoreDialect &dialect);
    ~StoreFile();

    StoreConnection &connection() { return *m_connection; }
    /// All of it or nothing, in one transaction.
    Stored<void> write(const StoreBatch &batch);
    std::optional<qint64> newestUs() const { return m_newestUs; } ///< Of its rows when it was opened.
    /// Whether another file stands at its path by now, or none.
    bool wasReplaced() const;

private:
    explicit StoreFile(std::unique_ptr<StoreConnection> connection);
    Stored<void> prepare();
    Stored<void> loadSeries();
    Stored<qint64> seriesId(const SeriesKey &key);
    Stored<void> writeRows(const QList<StoreRow> &rows); ///< Of one look.
    Stored<void> writeAll(const StoreBatch &batch);
    Stored<void> exec(QSqlQuery &query);

    std::unique_ptr<StoreConnection> m_connection;
    QHash<QString, qint64> m_clusters;
    QHash<SeriesKey, qint64> m_series;
    qint64 m_nextEvent = 1, m_nextRow = 1;
    std::optional<qint64> m_newestUs;
    quint64 m_device = 0, m_inode = 0;
    QSqlQuery m_addMoment, m_addRow, m_addLook, m_addEvent, m_addSeries, m_addCluster, m_turnBack;
};

} // namespace understudy
