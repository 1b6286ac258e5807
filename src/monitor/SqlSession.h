// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"
#include "model/SecretSource.h"

#include <QStringList>
#include <QVariantList>
#include <memory>
#include <stop_token>

namespace understudy {

/// The answer to one statement, whole.
struct SqlRows
{
    QStringList columns;
    QList<QVariantList> rows;
    QVariant first() const
    {
        return rows.isEmpty() || rows.first().isEmpty() ? QVariant() : rows.first().first();
    }
};

/// One QPSQL connection for work that a person asked for (pre-flight, plans, verification). Opened, used and
/// closed on one thread, which it may block: never the GUI thread. A watchdog shuts the socket down when the
/// deadline passes or @p stop is requested, so that a frozen server cannot hold the thread.
/// Every error carries the server's own words.
class SqlSession
{
public:
    struct Options
    {
        int connectTimeoutMs = 5000;
        QString applicationName = QStringLiteral("understudy");
        bool readOnly = false;
    };

    static Result<std::unique_ptr<SqlSession>> open(const Endpoint &, const SecretSource &, const Options &,
                                                    std::stop_token stop = {});
    ~SqlSession();
    SqlSession(const SqlSession &) = delete;
    SqlSession &operator=(const SqlSession &) = delete;

    /// Runs one statement; @p binds are bound by position to '?'. Without binds the simple protocol is used.
    Result<SqlRows> query(const QString &sql, const QVariantList &binds = {}, int timeoutMs = 10000,
                          std::stop_token stop = {});
    const Endpoint &endpoint() const;

private:
    struct Private;
    explicit SqlSession(std::unique_ptr<Private>);
    std::unique_ptr<Private> d;
};

} // namespace understudy
