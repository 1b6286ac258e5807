// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/Connection.h"

#include "model/Quote.h"
#include "model/Reach.h"
#include "monitor/LibpqDefaults.h"
#include "monitor/SqlThread.h"

#include <QSqlDriver>
#include <QSqlQuery>
#include <QStringList>
#include <QVariant>
#include <atomic>
#include <libpq-fe.h>

namespace understudy {

namespace {

QString uniqueName()
{
    static std::atomic<quint64> counter{0};
    return QStringLiteral("understudy-%1").arg(++counter);
}

// Qt makes its list of drivers at the first use and takes no lock: two threads that came first at once had it
// cleared up twice at the end of the process, which then never ended.
void makeDriverList()
{
    static const QStringList drivers = QSqlDatabase::drivers();
    Q_UNUSED(drivers)
}

// The socket and the first words of the server are libpq's business; QtSql only lends us the handle.
PGconn *handleOf(const QSqlDatabase &db)
{
    const QVariant handle = db.driver()->handle();
    // PGconn is libpq's alias; which of the two names stands here is the build of Qt's choice.
    const QByteArrayView type(handle.typeName());
    if (type != "PGconn*" && type != "pg_conn*")
        return nullptr;
    return *static_cast<PGconn *const *>(handle.constData());
}

/// libpq would look for the tunnel's port in the passfile: what stands there is the server's own.
std::optional<QString> passwordBehindTunnel(const Endpoint &endpoint)
{
    if (!qEnvironmentVariableIsEmpty("PGPASSWORD"))
        return std::nullopt;
    return passfilePasswordOf(endpoint);
}

/// What broke on the way tells more than a closed socket.
ConnectionError withWordsOnTheWay(ConnectionError error, const Endpoint &endpoint)
{
    const QString words = wordsOnTheWay(endpoint);
    if (words.contains(QLatin1String("Connection refused")))
        return {Answer::Refused, QStringLiteral("ssh host %1: %2").arg(endpoint.ssh, words)};
    if (!words.isEmpty() && error.answer == Answer::Failed)
        error.text =
            QStringLiteral("through ssh %1: %2. %3").arg(endpoint.ssh, quote::visible(words), error.text);
    return error;
}

QString quotedOption(const QString &value)
{
    QString out = value;
    out.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return u'\'' + out + u'\'';
}

QMap<QString, QString> libpqOptions(const Endpoint &endpoint, const Connection::Options &options)
{
    QMap<QString, QString> values = endpoint.options;
    const auto preset = [&values](const char *key, const QString &value) {
        if (!values.contains(QLatin1String(key)))
            values.insert(QLatin1String(key), value);
    };
    values.insert(QStringLiteral("application_name"), options.applicationName);
    values.insert(QStringLiteral("connect_timeout"), QString::number(options.connectTimeoutS));
    preset("keepalives_idle", QStringLiteral("5"));
    preset("keepalives_interval", QStringLiteral("2"));
    preset("keepalives_count", QStringLiteral("3"));
    preset("tcp_user_timeout", QStringLiteral("10000"));
    QStringList settings;
    if (const QString own = values.value(QStringLiteral("options")); !own.isEmpty())
        settings << own;
    if (options.readOnly)
        settings << QStringLiteral("-c default_transaction_read_only=on");
    if (options.statementTimeoutMs > 0)
        settings << QStringLiteral("-c statement_timeout=%1").arg(options.statementTimeoutMs);
    if (options.lockTimeoutMs > 0)
        settings << QStringLiteral("-c lock_timeout=%1").arg(options.lockTimeoutMs);
    if (!settings.isEmpty())
        values.insert(QStringLiteral("options"), settings.join(u' '));
    return values;
}

} // namespace

Connection::~Connection()
{
    close();
}

std::optional<ConnectionError> Connection::open(const Endpoint &given, const SecretSource &secrets,
                                                const Options &options, const std::shared_ptr<SocketCut> &cut)
{
    close();
    const auto way = reached(given, options.connectTimeoutS * 1000);
    if (!way)
        return ConnectionError{way.error().field == stillOpening ? Answer::NotResponding : Answer::Failed,
                               way.error().text()};
    const Endpoint &endpoint = *way;
    const auto values = libpqOptions(endpoint, options);
    QStringList words;
    for (auto it = values.begin(); it != values.end(); ++it) {
        // QPSQL takes every ';' for a separator, quoted or not.
        if (it.value().contains(u';'))
            return ConnectionError{
                Answer::Failed,
                QStringLiteral("The connection option %1 contains a semicolon, which cannot be "
                               "passed on.")
                    .arg(it.key())};
        words << it.key() + u'=' + quotedOption(it.value());
    }
    m_cut = cut;
    makeDriverList();
    m_db = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), uniqueName());
    if (!m_db.isValid()) {
        close();
        return ConnectionError{Answer::Failed,
                               QStringLiteral("Qt's PostgreSQL driver (QPSQL) is not installed.")};
    }
    m_db.setHostName(endpoint.host);
    m_db.setPort(endpoint.port);
    m_db.setDatabaseName(endpoint.database);
    m_db.setUserName(endpoint.user);
    auto password = secrets.password(given);
    if (!password && !given.ssh.isEmpty())
        password = passwordBehindTunnel(given);
    if (password)
        m_db.setPassword(*password);
    m_db.setConnectOptions(words.join(u';'));
    m_open = m_db.open();
    parkIfExiting();
    if (!m_open) {
        const ConnectionError error = withWordsOnTheWay(classify(m_db.lastError()), given);
        close();
        return error;
    }
    PGconn *handle = handleOf(m_db);
    m_cut->adopt(handle ? PQsocket(handle) : -1);
    m_serverVersion = handle ? PQserverVersion(handle) : 0;
    m_backendPid = handle ? PQbackendPID(handle) : 0;
    // PgBouncer's own console: "1.18.0/bouncer".
    const char *version = handle ? PQparameterStatus(handle, "server_version") : nullptr;
    if (const QString said = QString::fromUtf8(version); said.contains(QLatin1String("bouncer"))) {
        close();
        return ConnectionError{Answer::NotPostgres, quote::visible(said.left(80))};
    }
    return std::nullopt;
}

std::optional<ConnectionError> Connection::prepare(const QString &name, const QString &sql)
{
    QSqlQuery query(m_db);
    if (!query.exec(QStringLiteral("PREPARE %1 AS ").arg(name) + sql))
        return classify(query.lastError());
    m_prepared.insert(name);
    return std::nullopt;
}

void Connection::close()
{
    m_open = false;
    m_prepared.clear();
    if (m_cut)
        m_cut->release();
    if (!m_db.isValid() && m_db.connectionName().isEmpty())
        return;
    const QString name = m_db.connectionName();
    m_db.close();
    m_db = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
}

} // namespace understudy
