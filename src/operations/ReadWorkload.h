// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/SqlSession.h"

namespace understudy {

/// What the readers ask.
struct ReadWorkload
{
    QString words;       ///< "look-ups by primary key on public.orders"
    QString shown;       ///< The statements as people read them
    QStringList prepare; ///< Run once a session
    QStringList execute; ///< One of them is run for each query; "%1" is replaced by a key
    QList<qint64> keys;  ///< Keys that exist; empty: the statements take none
    QString statement(quint32 random) const;
};

/// The statements of @p sql, apart by semicolons, each as the person gave it; or a sentence about the first
/// that does not read. What they really may do is up to the server: sessions are read only.
Result<QStringList> readStatements(const QString &sql);

/// The person's own statements, each tried once in a read-only transaction, so that the server itself says
/// what does not read; or look-ups by primary key on the table of moderate size with the most rows, or reads
/// of the catalog where no table fits. Asks @p standby.
Result<ReadWorkload> chooseWorkload(SqlSession &standby, const QString &ownSql, std::stop_token stop);

} // namespace understudy
