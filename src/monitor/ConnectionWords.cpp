// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "monitor/Connection.h"
#include "monitor/SqlFile.h"

#include <QRegularExpression>
#include <QStringList>

namespace understudy {

namespace {

/// libpq tells of every address and every way it tried, each with a frame: the reasons alone, each once.
QStringList reasonsIn(const QString &text)
{
    static const QRegularExpression frame(
        QStringLiteral("connection to server (?:at|on socket) \"[^\"]*\"(?: \\([^)]*\\))?(?:, port \\d+)? "
                       "failed: (?:FATAL: |ERROR: )?\\s*"));
    QStringList reasons;
    for (const QString &part : QString(text).replace(frame, QStringLiteral("\n")).split(u'\n')) {
        const QString reason = part.trimmed();
        if (!reason.isEmpty() && !reasons.contains(reason))
            reasons << reason;
    }
    // One of two addresses that nobody listens on is not what a person must know.
    if (reasons.size() > 1)
        reasons.removeIf([](const QString &reason) { return reason == QLatin1String("Connection refused"); });
    return reasons;
}

QString passfileOf(const Endpoint &endpoint)
{
    const QString own = endpoint.options.value(QStringLiteral("passfile"));
    return own.isEmpty() ? QStringLiteral("~/.pgpass") : own;
}

QString sslmodeOf(const Endpoint &endpoint)
{
    return endpoint.options.value(QStringLiteral("sslmode"), QStringLiteral("prefer"));
}

/// The line that a pg_hba.conf lacks, made from what the server said.
QString hbaAdvice(const QString &reason)
{
    static const QRegularExpression words(QStringLiteral(
        "no pg_hba\\.conf entry for host \"([^\"]*)\", user \"([^\"]*)\", database \"([^\"]*)\""));
    const auto match = words.match(reason);
    if (!match.hasMatch())
        return QStringLiteral("Its pg_hba.conf has no line for this login: add one there and reload.");
    const QString address = match.captured(1) + (match.captured(1).contains(u':') ? QStringLiteral("/128")
                                                                                  : QStringLiteral("/32"));
    const QString kind =
        reason.contains(QLatin1String("no encryption")) ? QStringLiteral("host") : QStringLiteral("hostssl");
    return QStringLiteral("Add to its pg_hba.conf and reload: %1 \"%2\" \"%3\" %4 scram-sha-256%5")
        .arg(kind, match.captured(3), match.captured(2), address,
             kind == QLatin1String("host")
                 ? QStringLiteral(
                       " (if it has such a hostssl line already, it takes only TLS: sslmode=require).")
                 : QStringLiteral("."));
}

struct Rule
{
    const char *sign;
    QString (*advice)(const Endpoint &, const QString &reason);
};

#define UNDERSTUDY_SAYS(text) [](const Endpoint &, const QString &) { return QStringLiteral(text); }

/// What it means and what to do, by a sign in the server's or libpq's own words. The first that fits.
const Rule rules[] = {
    {"password authentication failed",
     [](const Endpoint &e, const QString &) {
         return QStringLiteral("The password that was found is wrong, or the role has none: correct it in "
                               "%1 or in the keyring, or enter it in the window.")
             .arg(passfileOf(e));
     }},
    {"no password supplied",
     [](const Endpoint &e, const QString &) {
         return QStringLiteral(
                    "None was found: add a line for %1 to %2 (mode 0600), or enter it in the window.")
             .arg(e.address(), passfileOf(e));
     }},
    {"no pg_hba.conf entry", [](const Endpoint &, const QString &reason) { return hbaAdvice(reason); }},
    {"pg_hba.conf rejects", UNDERSTUDY_SAYS("A reject line of its pg_hba.conf comes before any that would "
                                            "let this login in.")},
    {"eer authentication failed",
     [](const Endpoint &e, const QString &) {
         return QStringLiteral(
                    "Over a socket this server lets in only the operating-system user of the role's "
                    "own name: run Understudy as \"%1\", or connect over TCP (host=127.0.0.1).")
             .arg(e.user);
     }},
    {"dent authentication failed",
     UNDERSTUDY_SAYS("Its pg_hba.conf uses ident: change that line to scram-sha-256 and reload.")},
    {"is not permitted to log in", UNDERSTUDY_SAYS("Give the role LOGIN, or use another one.")},
    {"permission denied for database", UNDERSTUDY_SAYS("Grant CONNECT on it to the role, or name another "
                                                       "database: dbname=postgres.")},
    {"certificate authentication failed",
     UNDERSTUDY_SAYS("The client certificate is not of this role: give its own with sslcert= and sslkey=.")},
    {"requires a valid client certificate", UNDERSTUDY_SAYS("Give one with sslcert=FILE and sslkey=FILE.")},
    {"server does not support SSL",
     [](const Endpoint &e, const QString &) {
         return QStringLiteral("sslmode=%1 asks for TLS and this server has it off: set ssl = on there. "
                               "sslmode=prefer would go on without it.")
             .arg(sslmodeOf(e));
     }},
    {"does not match host name",
     [](const Endpoint &, const QString &) {
         return QStringLiteral(
             "With sslmode=verify-full only a server that proves this very name is talked to: "
             "connect by the name in its certificate (hostaddr= can give the address), or "
             "have one issued for this name.");
     }},
    {"certificate verify failed",
     [](const Endpoint &e, const QString &) {
         const QString root = e.options.value(QStringLiteral("sslrootcert"));
         return QStringLiteral(
                    "Its certificate is not signed by an authority in %1, or has expired: give the "
                    "right file with sslrootcert=FILE.")
             .arg(root.isEmpty() ? QStringLiteral("~/.postgresql/root.crt") : root);
     }},
    {"root certificate file", UNDERSTUDY_SAYS("sslmode=verify-ca and verify-full need the certificate of the "
                                              "authority: give it with sslrootcert=FILE.")},
    {"private key file", UNDERSTUDY_SAYS("Check the file of sslkey=: it must be yours alone (mode 0600).")},
    {"could not translate host name", UNDERSTUDY_SAYS("This machine does not know the name: check how it is "
                                                      "spelled, the DNS and /etc/hosts.")},
    {"definition of service", UNDERSTUDY_SAYS("Check the name and ~/.pg_service.conf.")},
    {"too many clients already", UNDERSTUDY_SAYS("The server runs, but all its connections are taken: close "
                                                 "some, or raise max_connections.")},
    {"connection slots are reserved", UNDERSTUDY_SAYS("The server runs, but all its connections are taken: "
                                                      "close some, or raise max_connections.")},
    {"too many connections for", UNDERSTUDY_SAYS("The CONNECTION LIMIT of the role or of the database is "
                                                 "reached: raise it, or use another role.")},
    {"server closed the connection unexpectedly",
     UNDERSTUDY_SAYS(
         "It was accepted and closed without a word: so does a port forwarder (Docker, a tunnel, a "
         "balancer) whose server is down, and a program that is not PostgreSQL. Check the port and "
         "the server behind it.")},
};

#undef UNDERSTUDY_SAYS

bool isMissing(const QString &reason, const char *kind)
{
    return reason.startsWith(QLatin1String(kind)) && reason.endsWith(QLatin1String("does not exist"));
}

QString adviceFor(const QString &reason, const Endpoint &endpoint)
{
    if (isMissing(reason, "role"))
        return QStringLiteral(
            "Name one that does (user=NAME); 'understudy monitoring-role' writes the script "
            "that makes it.");
    if (isMissing(reason, "database"))
        return QStringLiteral("Name one that does: dbname=postgres.");
    for (const Rule &rule : rules) {
        if (reason.contains(QLatin1String(rule.sign)))
            return rule.advice(endpoint, reason);
    }
    return {};
}

} // namespace

std::optional<ConnectionError> versionError(int versionNum)
{
    if (versionNum <= 0 || versionNum >= oldestVersion)
        return std::nullopt;
    return ConnectionError{
        Answer::NotPostgres,
        QStringLiteral("this is PostgreSQL %1, and the oldest version that can be watched is "
                       "%2: upgrade the server, then it can be.")
            .arg(format::version(versionNum))
            .arg(oldestVersion / 10000)};
}

ConnectionError poolerError(const Endpoint &endpoint, const QString &behind)
{
    return {
        Answer::NotPostgres,
        QStringLiteral("a connection pooler such as PgBouncer answers at %1. Which server it goes to, and "
                       "with whose session, can change at any time, whatever its pool_mode: nothing that "
                       "it says is sure to be of one server. Give the server's own address%2.")
            .arg(endpoint.address(),
                 behind.isEmpty() ? QString() : QStringLiteral(" (now it goes to %1)").arg(behind))};
}

ConnectionError explained(const ConnectionError &error, const Endpoint &endpoint)
{
    const QStringList reasons = reasonsIn(error.text);
    const QString words = reasons.join(QStringLiteral("; "));
    if (error.answer == Answer::NotPostgres) {
        // What a pooler says, it says in PostgreSQL's protocol; others cannot.
        const bool speaks = !words.contains(QLatin1String("invalid response")) &&
                            !words.contains(QLatin1String("expected authentication request")) &&
                            !words.contains(QLatin1String("lost synchronization")) &&
                            !words.contains(QLatin1String("unexpected response"));
        if (speaks) {
            ConnectionError pooler = poolerError(endpoint, {});
            pooler.text += QStringLiteral(" It said: %1").arg(words);
            return pooler;
        }
        return {error.answer, QStringLiteral("%1 is open, but what answers there does not speak PostgreSQL's "
                                             "protocol (a web server?): check host and port. (%2)")
                                  .arg(endpoint.address(), words)};
    }
    QString advice;
    for (qsizetype i = reasons.size() - 1; i >= 0 && advice.isEmpty(); --i)
        advice = adviceFor(reasons[i], endpoint);
    if (advice.isEmpty())
        return {error.answer, words};
    const bool ends = words.endsWith(u'.');
    return {error.answer, words + (ends ? QStringLiteral(" ") : QStringLiteral(". ")) + advice};
}

} // namespace understudy
