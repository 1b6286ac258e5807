// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/SqlSession.h"

#include "model/Format.h"
#include "monitor/SqlThread.h"

#include <QSqlQuery>
#include <QSqlRecord>
#include <algorithm>
#include <optional>

namespace understudy {

namespace {

constexpr int cutGraceMs = 500; // A cut connection lets go at once; a thread stuck elsewhere is left behind.

SqlRows allRows(QSqlQuery &query)
{
    SqlRows out;
    const QSqlRecord record = query.record();
    const int columns = record.count();
    out.columns.reserve(columns);
    for (int i = 0; i < columns; ++i)
        out.columns << record.fieldName(i);
    while (query.next()) {
        QVariantList row;
        row.reserve(columns);
        for (int i = 0; i < columns; ++i)
            row << query.value(i);
        out.rows << row;
    }
    return out;
}

Result<SqlRows> execute(Connection &connection, const QString &sql, const QVariantList &binds)
{
    QSqlQuery query(connection.database());
    bool ok = false;
    if (binds.isEmpty()) {
        ok = query.exec(sql);
    } else if (query.prepare(sql)) {
        for (const QVariant &bind : binds)
            query.addBindValue(bind);
        ok = query.exec();
    }
    if (!ok)
        return fail(classify(query.lastError()).text);
    return allRows(query);
}

QString silence(const Endpoint &endpoint, int timeoutMs)
{
    return QStringLiteral("%1 did not answer within %2.")
        .arg(endpoint.address(), format::seconds(timeoutMs / 1000.0));
}

} // namespace

struct SqlSession::Private
{
    Endpoint endpoint;
    SqlThread thread;
    bool dead = false; ///< Cut off: nothing can be asked any more.

    /// Nothing when the job ended by itself.
    std::optional<Error> runBounded(SqlThread::Job job, int timeoutMs, const std::stop_token &stop)
    {
        if (dead || !thread.post(std::move(job)))
            return Error{QStringLiteral("The connection to %1 was given up.").arg(endpoint.address()),
                         QStringLiteral("Connect again."),
                         {}};
        const auto ended = thread.wait(timeoutMs, stop);
        if (ended == SqlThread::Wait::Done)
            return std::nullopt;
        dead = true;
        thread.cut();
        thread.wait(cutGraceMs, {});
        if (ended == SqlThread::Wait::Stopped)
            return Error{QStringLiteral("Cancelled."), {}, {}};
        return Error{silence(endpoint, timeoutMs),
                     QStringLiteral("Check that the server is not frozen or overloaded."),
                     {}};
    }
};

SqlSession::SqlSession(std::unique_ptr<Private> p) : d(std::move(p)) {}

SqlSession::~SqlSession() = default;

const Endpoint &SqlSession::endpoint() const
{
    return d->endpoint;
}

Result<std::unique_ptr<SqlSession>> SqlSession::open(const Endpoint &endpoint, const SecretSource &secrets,
                                                     const Options &options, std::stop_token stop)
{
    auto p = std::make_unique<Private>();
    p->endpoint = endpoint;

    // The job may outlive this call, so it may not hold `secrets`: the password is asked for here.
    class Known final : public SecretSource
    {
    public:
        std::optional<QString> value;
        std::optional<QString> password(const Endpoint &) const override { return value; }
    };
    auto known = std::make_shared<Known>();
    known->value = secrets.password(endpoint);

    Connection::Options connect;
    connect.applicationName = options.applicationName;
    connect.readOnly = options.readOnly;
    connect.connectTimeoutS = std::max(2, (options.connectTimeoutMs + 999) / 1000);
    auto error = std::make_shared<std::optional<ConnectionError>>();
    const auto job = [=](Connection &connection, const std::shared_ptr<SocketCut> &cut) {
        *error = connection.open(endpoint, *known, connect, cut);
    };
    if (auto failure = p->runBounded(job, options.connectTimeoutMs, stop))
        return tl::unexpected(*failure);
    if (*error)
        return fail((*error)->text);
    return std::unique_ptr<SqlSession>(new SqlSession(std::move(p)));
}

Result<SqlRows> SqlSession::query(const QString &sql, const QVariantList &binds, int timeoutMs,
                                  std::stop_token stop)
{
    auto answer = std::make_shared<std::optional<Result<SqlRows>>>();
    const auto job = [=](Connection &connection, const std::shared_ptr<SocketCut> &) {
        *answer = execute(connection, sql, binds);
    };
    if (auto failure = d->runBounded(job, timeoutMs, stop))
        return tl::unexpected(*failure);
    return std::move(**answer);
}

} // namespace understudy
