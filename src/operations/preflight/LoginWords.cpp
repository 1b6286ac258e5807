// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/LoginWords.h"

#include "model/Quote.h"

#include <QRegularExpression>

namespace understudy {

namespace {

using Kind = LoginRefusal::Kind;

QString captured(const QString &text, const QString &pattern)
{
    const QRegularExpressionMatch match = QRegularExpression(pattern).match(text);
    return match.hasMatch() ? match.captured(1) : QString();
}

/// The server's line without libpq's lead: "FATAL:  ..." to its end.
QString serverWords(const QString &message)
{
    QString words = captured(message, QStringLiteral("(?:FATAL|ERROR):\\s+([^\\n]+)"));
    if (words.isEmpty())
        words = captured(message, QStringLiteral("error:\\s+([^\\n]+)"));
    return words.isEmpty() ? message.simplified().left(200) : words.simplified();
}

/// The line that pg_hba.conf misses, for the address the server itself named.
QString hbaLine(const QString &message, const LoginAttempt &attempt)
{
    QString host = captured(message, QStringLiteral("from host \"([^\"]+)\""));
    if (host.isEmpty())
        host = attempt.from;
    const bool socket = host == u"[local]" || host.startsWith(u'/');
    const bool encrypted =
        message.contains(QLatin1String("SSL encryption")) || message.contains(QLatin1String("SSL on"));
    const QString user = quote::sqlIdentifier(attempt.user);
    if (socket)
        return QStringLiteral("local   replication  %1  scram-sha-256").arg(user);
    const QString mask = host.contains(u':') ? QStringLiteral("/128") : QStringLiteral("/32");
    return QStringLiteral("%1  replication  %2  %3%4  scram-sha-256")
        .arg(encrypted ? QStringLiteral("hostssl") : QStringLiteral("host   "), user,
             host.isEmpty() ? QStringLiteral("ADDRESS") : host, host.isEmpty() ? QString() : mask);
}

LoginRefusal hba(Kind kind, const QString &sentence, const QString &message, const LoginAttempt &attempt)
{
    const QString file = attempt.hbaFile.isEmpty() ? QStringLiteral("pg_hba.conf") : attempt.hbaFile;
    LoginRefusal out{
        kind, sentence,
        QStringLiteral("In pg_hba.conf the word all does not match replication connections. The line "
                       "goes into %1 on %2, above lines that match the same; a reload is enough.")
            .arg(file, attempt.upstream),
        hbaLine(message, attempt) + QStringLiteral("\nSELECT pg_reload_conf();"), QStringLiteral("upstream")};
    return out;
}

bool has(const QString &message, const char *words)
{
    return message.contains(QLatin1String(words));
}

} // namespace

LoginRefusal classifyLoginRefusal(const QString &message, const LoginAttempt &attempt)
{
    const QString words = serverWords(message);
    const QString user = attempt.user, role = quote::sqlIdentifier(attempt.user);
    const QString field = QStringLiteral("replicationUser");
    if (has(message, "password authentication failed"))
        return {Kind::WrongPassword, QStringLiteral("wrong password for %1: %2").arg(user, words),
                QStringLiteral(
                    "The role may also not exist or have expired; the server does not say which. Correct "
                    "the password, or set it anew with psql's \\password."),
                QStringLiteral("\\password %1").arg(role), field};
    if (has(message, "no password supplied"))
        return {Kind::NoPassword,
                QStringLiteral("no password for %1 is known here").arg(user),
                QStringLiteral(
                    "The server asks for one. Type it on the first page, or keep it in a passfile with "
                    "mode 0600."),
                {},
                field};
    if (has(message, "no pg_hba.conf entry"))
        return hba(Kind::NoHbaLine, words, message, attempt);
    if (has(message, "pg_hba.conf rejects"))
        return hba(Kind::HbaRejects, words, message, attempt);
    if (captured(message, QStringLiteral("(role \"[^\"]*\" does not exist)")).size() > 0)
        return {
            Kind::NoSuchRole, words,
            QStringLiteral("The standby logs in with a role of its own that has the REPLICATION attribute."),
            QStringLiteral("CREATE ROLE %1 LOGIN REPLICATION;\n\\password %1").arg(role), field};
    if (has(message, "is not permitted to log in"))
        return {Kind::MayNotLogIn, words,
                QStringLiteral("The standby logs in with this role at every start."),
                QStringLiteral("ALTER ROLE %1 LOGIN;").arg(role), field};
    if (has(message, "must be superuser or replication role") ||
        has(message, "permission denied to start WAL sender"))
        return {Kind::NotReplication, QStringLiteral("%1 has no REPLICATION attribute: %2").arg(user, words),
                QStringLiteral("Only roles with REPLICATION may read the WAL of the whole cluster."),
                QStringLiteral("ALTER ROLE %1 REPLICATION;").arg(role), field};
    if (has(message, "exceeds max_wal_senders")) {
        LoginRefusal out{Kind::SendersUsedUp, words,
                         QStringLiteral("All WAL senders are taken, and a copy needs 2 of them at once."),
                         QStringLiteral("ALTER SYSTEM SET max_wal_senders = %1;")
                             .arg(attempt.senderLimit >= 10 ? attempt.senderLimit + 4 : 10),
                         QStringLiteral("upstream")};
        out.restartsPrimary = true;
        return out;
    }
    if (has(message, "too many clients") || has(message, "remaining connection slots") ||
        has(message, "too many connections"))
        return {Kind::ConnectionsUsedUp,
                words,
                QStringLiteral("No connection is left, not even for the copy. End idle sessions or raise "
                               "max_connections."),
                {},
                QStringLiteral("upstream")};
    if (has(message, "server does not support SSL"))
        return {Kind::NoTls, words, QStringLiteral("Encryption is asked for, but the server has ssl = off."),
                QStringLiteral("ALTER SYSTEM SET ssl = on;\nSELECT pg_reload_conf();"),
                QStringLiteral("upstream")};
    if (has(message, "certificate"))
        return {
            Kind::Certificate,
            words,
            QStringLiteral("The server's certificate could not be verified as the connection asks for it."),
            {},
            QStringLiteral("upstream")};
    if (has(message, "eer authentication failed") || has(message, "dent authentication failed"))
        return hba(Kind::PeerOrIdent, words, message, attempt);
    if (has(message, "the database system is"))
        return {Kind::StartingUp,
                words,
                QStringLiteral("Try again when it is up."),
                {},
                QStringLiteral("upstream")};
    if (has(message, "Connection refused") || has(message, "timeout expired") ||
        has(message, "could not translate") || has(message, "No route to host") ||
        has(message, "No such file or directory") || has(message, "timed out"))
        return {Kind::Unreachable,
                QStringLiteral("%1 cannot be reached from the target: %2").arg(attempt.address, words),
                QStringLiteral("We reach it from here, but the new server has to reach it by itself."),
                {},
                QStringLiteral("upstream")};
    return {Kind::Other,
            words,
            QStringLiteral("The new standby logs in the same way and would be refused alike."),
            {},
            field};
}

} // namespace understudy
