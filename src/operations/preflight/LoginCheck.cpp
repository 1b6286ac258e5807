// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/LoginCheck.h"
#include "model/Quote.h"
#include "operations/preflight/AuthMethod.h"
#include "operations/preflight/Checks.h"

#include <QDir>
#include <QUuid>

namespace understudy::checks {

namespace {

const QString secretKey = QStringLiteral("replication");

/// A passfile that lives as long as the attempt: 0600, owned by the operating-system user who reads it.
class ShortPassfile
{
public:
    ShortPassfile(Host &host, QString owner) : m_host(host), m_owner(std::move(owner)) {}
    ~ShortPassfile()
    {
        if (m_path.isEmpty())
            return;
        Command remove;
        remove.argv = {QStringLiteral("rm"), QStringLiteral("-f"), m_path};
        remove.runAs = m_owner;
        remove.timeoutMs = 5000;
        // Without the stop token: it goes, whatever ended the attempt.
        const auto removed = m_host.run(remove);
        if (removed && removed->ok())
            return;
        // The folder may be one that only we may write: it held a password, so we must not leave it there.
        remove.runAs.clear();
        (void)m_host.run(remove);
    }
    ShortPassfile(const ShortPassfile &) = delete;
    ShortPassfile &operator=(const ShortPassfile &) = delete;

    Result<QString> write(const QString &user, const QString &password)
    {
        const QString folder = m_host.isLocal() ? QDir::tempPath() : QStringLiteral("/tmp");
        const QString path = folder + QStringLiteral("/understudy-login-") +
                             QUuid::createUuid().toString(QUuid::WithoutBraces);
        const QString line =
            QStringLiteral("*:*:*:%1:%2\n").arg(quote::passfileField(user), quote::passfileField(password));
        m_path = path;
        const auto written = m_host.writeFile(path, line.toUtf8(), 0600, m_owner);
        if (!written)
            return tl::unexpected(written.error());
        return path;
    }

private:
    Host &m_host;
    QString m_owner;
    QString m_path;
};

bool readableAs(Host &host, const QString &path, const QString &user)
{
    Command command;
    command.argv = {QStringLiteral("test"), QStringLiteral("-r"), path};
    command.runAs = user;
    command.timeoutMs = 5000;
    const auto result = host.run(command);
    return result && result->ok();
}

/// Where the target finds the password: the passfile the standby will use anyway, else one that we write.
Result<QString> passfileFor(CheckRun &run, const QString &user, ShortPassfile &ours)
{
    const CheckContext &cx = run.cx;
    const QString typed = cx.secretValues.value(secretKey);
    QString known =
        cx.request.upstreamAddress.isEmpty() ? cx.facts.sharedPassfiles.value(cx.upstream.id) : QString();
    if (known.isEmpty() && cx.host->isLocal())
        known = cx.facts.spec.replicationPassfile;
    if (typed.isEmpty() && !known.isEmpty() && readableAs(*cx.host, known, cx.facts.runAs))
        return known;
    const auto password = typed.isEmpty() ? replicationPassword(cx.facts.spec, cx.request) : typed;
    if (!password || password->isEmpty())
        return QString(); // libpq then looks into the passfile of the server's own user.
    return ours.write(user, *password);
}

QString programIn(const QString &directory, const QString &name)
{
    return directory.isEmpty() ? name : directory + u'/' + name;
}

Command attemptCommand(const CheckContext &cx, const QString &user, const QString &passfile)
{
    QMap<QString, QString> extra{
        {QStringLiteral("user"), user},
        {QStringLiteral("dbname"), QStringLiteral("replication")},
        {QStringLiteral("replication"), QStringLiteral("true")},
        {QStringLiteral("connect_timeout"), QStringLiteral("5")},
        {QStringLiteral("application_name"), QStringLiteral("understudy_preflight")}};
    Endpoint endpoint = cx.upstreamSeen();
    // The passfile of our own login is not the standby's.
    endpoint.options.remove(QStringLiteral("passfile"));
    endpoint.options.remove(QStringLiteral("service"));
    if (!passfile.isEmpty())
        extra.insert(QStringLiteral("passfile"), passfile);
    Command command;
    command.argv = {programIn(cx.facts.binDirectory, QStringLiteral("psql")),
                    QStringLiteral("-X"),
                    QStringLiteral("-A"),
                    QStringLiteral("-t"),
                    QStringLiteral("-w"),
                    QStringLiteral("-d"),
                    endpoint.conninfo(extra),
                    QStringLiteral("-c"),
                    QStringLiteral("IDENTIFY_SYSTEM")};
    command.runAs = cx.facts.runAs;
    command.workingDirectory = QStringLiteral("/");
    command.timeoutMs = 10000;
    return command;
}

} // namespace

LoginAttempt loginAttempt(CheckRun &run, const QString &user)
{
    LoginAttempt attempt;
    attempt.user = user;
    attempt.address = run.cx.upstreamSeen().address();
    attempt.from =
        run.cx.facts.target.isLocal() ? run.cx.upstream.endpoint.host : run.cx.facts.target.address;
    attempt.upstream = run.cx.upstreamWord();
    const auto rows = run.ask(
        QStringLiteral("SELECT current_setting('hba_file', true), current_setting('max_wal_senders')::int"));
    if (rows && !rows->rows.isEmpty()) {
        attempt.hbaFile = rows->rows.first().at(0).toString();
        attempt.senderLimit = rows->rows.first().at(1).toInt();
    }
    return attempt;
}

QString roleFault(CheckRun &run, const QString &user)
{
    const auto rows =
        run.ask(QStringLiteral("SELECT rolcanlogin, rolreplication OR rolsuper, "
                               "coalesce(rolvaliduntil < now(), false) FROM pg_roles WHERE rolname = ?"),
                {user});
    if (!rows)
        return {};
    if (rows->rows.isEmpty())
        return QStringLiteral("FATAL:  role \"%1\" does not exist").arg(user);
    const QVariantList &row = rows->rows.first();
    if (!row.at(0).toBool())
        return QStringLiteral("FATAL:  role \"%1\" is not permitted to log in").arg(user);
    if (!row.at(1).toBool())
        return QStringLiteral("FATAL:  must be superuser or replication role to start walsender");
    return {};
}

void noReplicationUser(CheckRun &run)
{
    run.failed(QStringLiteral("no replication user is known"),
               QStringLiteral("The standby logs in to %1 with a role that has REPLICATION. Name it on the "
                              "first page.")
                   .arg(run.cx.upstreamWord()),
               QStringLiteral("replicationUser"));
}

bool reachesOurCluster(CheckRun &run, const QString &identifySystem)
{
    const QString identifier = identifySystem.section(u'|', 0, 0).trimmed();
    if (identifier == run.cx.server.systemIdentifier)
        return true;
    run.failed(QStringLiteral("the target reaches another cluster: system identifier %1, not %2")
                   .arg(identifier.left(40), run.cx.server.systemIdentifier),
               QStringLiteral("From the target %1 leads somewhere else; the standby would copy that.")
                   .arg(run.cx.upstreamSeen().address()),
               QStringLiteral("upstream"));
    return false;
}

void replicationLogin(CheckRun &run)
{
    CheckContext &cx = run.cx;
    const QString user = cx.replicationUser();
    if (user.isEmpty())
        return noReplicationUser(run);
    QString message = roleFault(run, user);
    CommandResult result;
    if (message.isEmpty()) {
        ShortPassfile ours(*cx.host, cx.serverUser());
        const auto passfile = passfileFor(run, user, ours);
        if (!passfile)
            return run.failed(
                QStringLiteral("the login could not be tried: ") + passfile.error().what,
                QStringLiteral("The login is proved from the target, as %1.").arg(cx.serverUser()),
                QStringLiteral("replicationUser"));
        const auto ran = cx.host->run(attemptCommand(cx, user, *passfile), cx.stop);
        if (!ran)
            return run.failed(
                QStringLiteral("psql could not be run as %1: %2").arg(cx.serverUser(), ran.error().what),
                QStringLiteral("The login is proved with the target's own programs."),
                QStringLiteral("replicationUser"));
        result = *ran;
        message = result.timedOut ? QStringLiteral("error: timeout expired") : result.errorOutput;
    }
    if (!result.ok()) {
        const LoginRefusal refusal = classifyLoginRefusal(message, loginAttempt(run, user));
        if (!refusal.fix.isEmpty())
            run.fix(refusal.fix, {}, refusal.restartsPrimary);
        return run.failed(refusal.sentence, refusal.meaning, refusal.field);
    }
    if (!reachesOurCluster(run, result.output))
        return;
    const QString over = cx.upstreamSeen().host;
    // Which rule holds depends on where the login comes from.
    const QString method = cx.host->isLocal() ? authMethod(cx.upstreamSeen(), user, 2000) : QString();
    run.pass(method.isEmpty() ? QStringLiteral("%1, reached over %2").arg(user, over)
                              : QStringLiteral("%1, %2, reached over %3").arg(user, method, over));
}

} // namespace understudy::checks
