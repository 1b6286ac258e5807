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
    /// server_version_num as the server said it while connecting; 0 if it said none.
    int serverVersion() const { return m_serverVersion; }
    /// The process that answers, as told while connecting.
    int backendPid() const { return m_backendPid; }
    /// Prepares @p sql on this connection, for "EXECUTE name". Not through QSqlQuery::prepare(): that one
    /// warns when a statement outlives its server.
    bool isPrepared(const QString &name) const { return m_prepared.contains(name); }
    std::optional<ConnectionError> prepare(const QString &name, const QString &sql);

private:
    QSqlDatabase m_db;
    std::shared_ptr<SocketCut> m_cut;
    std::set<QString> m_prepared;
    bool m_open = false;
    int m_serverVersion = 0;
    int m_backendPid = 0;
};

/// What libpq or a server meant, by SQLSTATE where there is one, else by its words. Pure.
ConnectionError classify(const QString &sqlState, const QString &text);
ConnectionError classify(const QSqlError &error);
/// The same for a person: without libpq's frame, and with what it means and what to do. Pure.
ConnectionError explained(const ConnectionError &error, const Endpoint &endpoint);
/// Nothing for a server that can be watched, or of an unknown version (0); else why not. Pure.
std::optional<ConnectionError> versionError(int versionNum);
/// What is said of a pooler; @p behind is the address of the server it went to, if known.
ConnectionError poolerError(const Endpoint &endpoint, const QString &behind);

} // namespace understudy
