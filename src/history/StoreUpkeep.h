// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/StoreDialect.h"
#include "history/StoreSettings.h"

#include <QElapsedTimer>
#include <functional>
#include <optional>

namespace understudy {

/// Rolls looks up and drops what is old, a little at a time: each slice is a transaction of its own, and no
/// slice takes more than some tens of milliseconds. On the thread of the connection.
class StoreUpkeep
{
public:
    StoreUpkeep(StoreConnection &connection, const StoreSettings &settings);

    struct Done
    {
        bool more = false;               ///< There was more to do than the time allowed.
        std::optional<qint64> shortened; ///< The file was too large: what is older than this went early.
    };
    /// @p nowUs: wall clock. @p dropByAge: false while the clock cannot be trusted that far.
    Stored<Done> run(qint64 nowUs, bool dropByAge, int budgetMs);

private:
    Stored<bool> rollMinute(qint64 nowUs); ///< Whether there was one to roll up; likewise below.
    Stored<bool> rollHour();
    Stored<bool> dropRaw(qint64 cutUs);
    Stored<bool> dropRolled(const QString &table, qint64 cutUs, qint64 stepUs);
    Stored<bool> dropByTime(const QString &table, qint64 cutUs);
    Stored<bool> shorten(qint64 nowUs, Done &done);
    Stored<qint64> progress(const QString &name);
    Stored<void> setProgress(const QString &name, qint64 atUs);
    Stored<void> inTransaction(const std::function<Stored<void>()> &work);

    StoreConnection &m_connection;
    StoreSettings m_settings;
    QElapsedTimer m_sized; ///< The size is looked at now and then.
};

} // namespace understudy
