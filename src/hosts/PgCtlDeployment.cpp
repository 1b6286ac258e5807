// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/DeploymentParts.h"

#include "model/Quote.h"

namespace understudy {

namespace {

// A server that was just told to start may not have written its pid file yet.
const QString stopServer = QStringLiteral(
    "n=0; while [ ! -e \"$2/postmaster.pid\" ] && [ $n -lt 10 ]; do sleep 0.1; n=$((n+1)); done; "
    "\"$1\" -D \"$2\" status >/dev/null 2>&1 || exit 0; "
    "\"$1\" -D \"$2\" -m fast -w -t 30 stop || \"$1\" -D \"$2\" -m immediate -w -t 30 stop");

class PgCtl final : public Deployment
{
public:
    explicit PgCtl(KeptServer server) : m_server(std::move(server)) {}
    QString keeper() const override { return QStringLiteral("pg_ctl"); }
    bool startsOnBoot() const override { return false; }
    QString logFile() const override
    {
        return m_server.dataDirectory + QStringLiteral("/log/") + m_server.name + QStringLiteral(".log");
    }
    KeeperCommand log() const override { return deployment::tail(logFile(), m_server.runAs); }
    KeeperCommand start() const override
    {
        return deployment::slow({program(), QStringLiteral("-D"), m_server.dataDirectory,
                                 QStringLiteral("-l"), logFile(), QStringLiteral("-w"), QStringLiteral("-t"),
                                 QStringLiteral("60"), QStringLiteral("start")},
                                m_server.runAs);
    }
    KeeperCommand stop() const override
    {
        KeeperCommand stop =
            deployment::script(stopServer, {program(), m_server.dataDirectory}, m_server.runAs);
        stop.shown = quote::shellCommand({program(), QStringLiteral("-D"), m_server.dataDirectory,
                                          QStringLiteral("-m"), QStringLiteral("fast"), QStringLiteral("-w"),
                                          QStringLiteral("stop")});
        return stop;
    }

private:
    QString program() const { return m_server.bin + QStringLiteral("/pg_ctl"); }
    KeptServer m_server;
};

} // namespace

std::shared_ptr<const Deployment> pgCtlDeployment(const KeptServer &server)
{
    return std::make_shared<PgCtl>(server);
}

std::shared_ptr<const Deployment> deploymentBy(const QString &keeper, const KeptServer &server)
{
    if (keeper == QLatin1String("pg_ctl"))
        return pgCtlDeployment(server);
    if (keeper == QLatin1String("pg_ctlcluster"))
        return pgCtlClusterDeployment(server);
    if (keeper == QLatin1String("systemd"))
        return systemdDeployment(server);
    return nullptr;
}

namespace deployment {

KeeperCommand slow(const QStringList &argv, const QString &runAs)
{
    KeeperCommand command;
    command.command.argv = argv;
    command.command.runAs = runAs;
    command.command.timeoutMs = 90000;
    return command;
}

KeeperCommand script(const QString &line, const QStringList &arguments, const QString &runAs)
{
    return slow(QStringList{QStringLiteral("sh"), QStringLiteral("-c"), line, QStringLiteral("sh")} +
                    arguments,
                runAs);
}

KeeperCommand tail(const QString &file, const QString &runAs)
{
    return slow(
        {QStringLiteral("tail"), QStringLiteral("-n"), QStringLiteral("20"), QStringLiteral("--"), file},
        runAs);
}

} // namespace deployment

} // namespace understudy
