// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/NodeSnapshot.h"
#include "model/SecretSource.h"
#include "monitor/SocketCut.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <memory>
#include <optional>
#include <set>

namespace understudy {

/// Why a connection or a statement failed: for the monitor a class, for the person the server's own words.
struct ConnectionError
{
    Answer answer = Answer::Failed;
    QString text;
};

/// One QPSQL connection. Made, used and destroyed on one thread, which it blocks.
class Connection
{
public:
    struct Options
    {
        QString applicationName = QStringLiteral("understudy");
        int connectTimeoutS = 2; ///< libpq takes no less than 2.
        bool readOnly = false;
        int statementTimeoutMs = 0; ///< 0: the server's default.
        int lockTimeoutMs = 0;
    };

    Connection() = default;
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// Nothing on success. @p cut can end what hangs from another thread as soon as this returned.
    std::optional<ConnectionError> open(const Endpoint &, const SecretSource &, const Options &,
                                        const std::shared_ptr<SocketCut> &cut);
    void close();
    bool isOpen() const { return m_open; }
    QSqlDatabase &database() { return m_db; }
    /// Prepares @p sql on this connection, for "EXECUTE name". Not through QSqlQuery::prepare(): that one
    /// warns when a statement outlives its server.
    bool isPrepared(const QString &name) const { return m_prepared.contains(name); }
    std::optional<ConnectionError> prepare(const QString &name, const QString &sql);

private:
    QSqlDatabase m_db;
    std::shared_ptr<SocketCut> m_cut;
    std::set<QString> m_prepared;
    bool m_open = false;
};

/// What libpq or a server meant, by SQLSTATE where there is one, else by its words. Pure.
ConnectionError classify(const QString &sqlState, const QString &text);
ConnectionError classify(const QSqlError &error);

} // namespace understudy
