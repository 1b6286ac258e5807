// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/SqlSession.h"

namespace understudy {

/// What the readers ask.
struct ReadWorkload
{
    QString words;      ///< "look-ups by primary key on public.orders"
    QString shown;      ///< The statement as people read it
    QString prepare;    ///< Run once a session
    QString execute;    ///< Run for each query; "%1" is replaced by a key
    QList<qint64> keys; ///< Keys that exist; empty: the statement takes none
    QString statement(quint32 random) const;
};

/// A single statement that reads, as the person gave it, without its last semicolon; else a sentence. What it
/// really may do is up to the server: sessions are read only.
Result<QString> checkReadStatement(const QString &sql);

/// The person's own statement, or look-ups by primary key on the table of moderate size with the most rows,
/// or reads of the catalog where no table fits. Asks @p standby.
Result<ReadWorkload> chooseWorkload(SqlSession &standby, const QString &ownSql, std::stop_token stop);

} // namespace understudy
