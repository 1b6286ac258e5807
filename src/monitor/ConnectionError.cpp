// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/Connection.h"

#include "model/Quote.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <initializer_list>

namespace understudy {

namespace {

bool hasOneOf(const QString &text, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(), [&](const char *word) {
        return text.contains(QLatin1String(word), Qt::CaseInsensitive);
    });
}

// libpq says errors of the system in the person's language; so does this.
bool hasSystemError(const QString &text, std::initializer_list<int> codes)
{
    return std::any_of(codes.begin(), codes.end(), [&](int code) {
        std::array<char, 256> buffer{};
        const char *words = ::strerror_r(code, buffer.data(), buffer.size());
        return text.contains(QString::fromLocal8Bit(words));
    });
}

// Words that only PgBouncer and its like say.
bool isPooler(const QString &text)
{
    return hasOneOf(text, {"unsupported startup parameter",
                           "no such database: ", "no such user: ", "pgbouncer", "server_login_retry",
                           "query_wait_timeout", "invalid command 'SELECT", "bouncer config error"});
}

// One line, without libpq's hint and QPSQL's own frame.
QString plainWords(const QString &text)
{
    QString out = text.simplified();
    if (const qsizetype hint = out.indexOf(QLatin1String(" Is the server running on that host")); hint > 0)
        out.truncate(hint);
    if (const qsizetype hint = out.indexOf(QLatin1String(" Is the server running locally")); hint > 0)
        out.truncate(hint);
    out.remove(QStringLiteral(" QPSQL: Unable to connect"));
    out.remove(QStringLiteral(" QPSQL: Unable to create query"));
    static const QRegularExpression sqlState(QStringLiteral(" \\([0-9A-Z]{5}\\)$"));
    out.remove(sqlState);
    return quote::visible(out.left(600));
}

Answer answerOf(const QString &state, const QString &text)
{
    if (state == QLatin1String("57P03"))
        return Answer::StartingUp;
    if (state == QLatin1String("57014")) // our own statement_timeout
        return Answer::NotResponding;
    if (state.startsWith(QLatin1String("28")) || state == QLatin1String("3D000"))
        return Answer::LoginFailed;
    if (hasOneOf(text, {"the database system is", "Hot standby mode is disabled"}))
        return Answer::StartingUp;
    if (isPooler(text))
        return Answer::NotPostgres;
    if (hasOneOf(text, {"password authentication failed", "no pg_hba.conf entry", "no password supplied",
                        "authentication failed for user", "pg_hba.conf rejects", "is not permitted to log in",
                        "permission denied for database", "peer authentication failed",
                        "password retrieved from file"}) ||
        (text.contains(QLatin1String("FATAL")) && hasOneOf(text, {"\" does not exist"})))
        return Answer::LoginFailed;
    if (hasOneOf(text, {"invalid response to SSL negotiation", "expected authentication request from server",
                        "unexpected response from server", "received invalid response",
                        "invalid response to GSSAPI negotiation", "unsupported frontend protocol",
                        "lost synchronization with server"}))
        return Answer::NotPostgres;
    if (hasOneOf(text, {"Connection refused"}) || hasSystemError(text, {ECONNREFUSED}) ||
        (hasOneOf(text, {"connection to server on socket"}) && hasSystemError(text, {ENOENT})))
        return Answer::Refused;
    if (hasOneOf(text, {"timeout expired", "timed out", "no route to host", "network is unreachable"}) ||
        hasSystemError(text, {ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN}))
        return Answer::NotResponding;
    return Answer::Failed;
}

} // namespace

ConnectionError classify(const QString &sqlState, const QString &text)
{
    return {answerOf(sqlState, text), plainWords(text)};
}

ConnectionError classify(const QSqlError &error)
{
    const QString text = error.databaseText().isEmpty() ? error.text() : error.databaseText();
    return classify(error.nativeErrorCode(), text);
}

} // namespace understudy
