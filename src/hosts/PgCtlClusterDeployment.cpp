// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/DeploymentParts.h"

#include "model/Quote.h"

namespace understudy {

namespace {

// $1: version, $2: name. Whatever postgresql-common keeps by that name is somebody's.
const QString nothingThere =
    QStringLiteral("for f in \"/etc/postgresql/$1/$2\" \"/var/log/postgresql/postgresql-$1-$2.log\"; do "
                   "if [ -e \"$f\" ]; then echo \"$f exists already\" >&2; exit 1; fi; done");

// Takes the cluster $1/$2 away, but not its data, if it is the one of the data directory $3. (pg_dropcluster
// would take the data as well, also a directory that was there before us, and does not read the folder that a
// pg_createcluster left when it was killed.)
const QString drop = QStringLiteral(
    "conf=/etc/postgresql/$1/$2\n"
    "if [ -e \"$conf/postgresql.conf\" ]; then\n"
    "    data=$(pg_conftool -s \"$1\" \"$2\" show data_directory) || exit 1\n"
    "    if [ \"$data\" != \"$3\" ]; then echo \"$conf belongs to $data\" >&2; exit 1; fi\n"
    "fi\n"
    "[ -e \"$conf\" ] || exit 0\n"
    "rm -f -- \"/var/log/postgresql/postgresql-$1-$2.log\"\n"
    "rm -rf -- \"$conf\"\n"
    "rmdir -- \"/etc/postgresql/$1\" 2>/dev/null\n"
    "if [ -d /run/systemd/system ] && [ \"$(id -u)\" -eq 0 ]; then systemctl daemon-reload; fi\n"
    "[ ! -e \"$conf\" ]");

// A server that was just told to start may not have written its pid file yet.
const QString stopServer = QStringLiteral(
    "[ -e \"/etc/postgresql/$1/$2\" ] || exit 0; "
    "n=0; while [ ! -e \"$3/postmaster.pid\" ] && [ $n -lt 10 ]; do sleep 0.1; n=$((n+1)); done; "
    "pg_ctlcluster \"$1\" \"$2\" status >/dev/null 2>&1 || exit 0; "
    "pg_ctlcluster -m fast \"$1\" \"$2\" stop || pg_ctlcluster -m immediate \"$1\" \"$2\" stop");

class PgCtlCluster final : public Deployment
{
public:
    explicit PgCtlCluster(KeptServer server) : m_server(std::move(server)) {}
    QString keeper() const override { return QStringLiteral("pg_ctlcluster"); }
    bool startsOnBoot() const override { return true; }
    QString settingsFolder() const override
    {
        return QStringLiteral("/etc/postgresql/%1/%2").arg(major(), m_server.name);
    }
    QString logFile() const override
    {
        return QStringLiteral("/var/log/postgresql/postgresql-%1-%2.log").arg(major(), m_server.name);
    }
    KeeperCommand log() const override
    {
        return deployment::script(
            QStringLiteral("pg_ctlcluster \"$1\" \"$2\" status | head -n 1; tail -n 20 -- \"$3\""),
            {major(), m_server.name, logFile()}, m_server.admin);
    }
    KeeperCommand start() const override { return deployment::slow(words("start"), m_server.admin); }
    KeeperCommand stop() const override
    {
        KeeperCommand stop =
            deployment::script(stopServer, {major(), m_server.name, m_server.dataDirectory}, m_server.admin);
        stop.shown = quote::shellCommand(words("stop"));
        return stop;
    }
    std::optional<Registration> registration() const override
    {
        Registration r;
        r.what = QStringLiteral("the cluster %1/%2 of postgresql-common").arg(major(), m_server.name);
        r.absent = deployment::script(nothingThere, {major(), m_server.name}, m_server.admin);
        r.absent.shown = quote::shellCommand(
            {QStringLiteral("test"), QStringLiteral("!"), QStringLiteral("-e"), settingsFolder()});
        // It finds the copy in the directory, and moves its settings to /etc.
        r.commands << deployment::slow({QStringLiteral("pg_createcluster"), QStringLiteral("-d"),
                                        m_server.dataDirectory, QStringLiteral("-p"),
                                        QString::number(m_server.port), QStringLiteral("--start-conf"),
                                        QStringLiteral("auto"), major(), m_server.name},
                                       m_server.admin);
        KeeperCommand undo =
            deployment::script(drop, {major(), m_server.name, m_server.dataDirectory}, m_server.admin);
        undo.shown = quote::shellCommand(
            {QStringLiteral("rm"), QStringLiteral("-r"), QStringLiteral("--"), settingsFolder(), logFile()});
        r.undo << undo;
        return r;
    }

private:
    QString major() const { return QString::number(m_server.major); }
    QStringList words(const char *action) const
    {
        return {QStringLiteral("pg_ctlcluster"), major(), m_server.name, QLatin1String(action)};
    }
    KeptServer m_server;
};

} // namespace

std::shared_ptr<const Deployment> pgCtlClusterDeployment(const KeptServer &server)
{
    return std::make_shared<PgCtlCluster>(server);
}

} // namespace understudy
