// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/DeploymentParts.h"

#include "model/Quote.h"

namespace understudy {

namespace {

// A server that was just told to start may not have written its pid file yet. One whose directory somebody
// moved runs on, and pg_ctl does not find it: it is known by the directory among its words. A server that was
// killed leaves its socket, which is known as its own by the directory in the lock file beside.
const QString stopServer = QStringLiteral(R"sh(
n=0
while [ ! -e "$2/postmaster.pid" ] && [ $n -lt 10 ]; do sleep 0.1; n=$((n+1)); done
sockets=$(sed -n 5p "$2/postmaster.pid" 2>/dev/null)
port=$(sed -n 4p "$2/postmaster.pid" 2>/dev/null)
if "$1" -D "$2" status >/dev/null 2>&1; then
    "$1" -D "$2" -m fast -w -t 30 stop || "$1" -D "$2" -m immediate -w -t 30 stop || exit 1
fi
n=0
while [ $n -lt 300 ]; do
    found=
    for p in /proc/[0-9]*; do
        case "$(readlink "$p/exe" 2>/dev/null)" in */postgres) ;; *) continue ;; esac
        tr "\\0" "\\n" <"$p/cmdline" | grep -qxF -e "$2" || continue
        found=${p#/proc/}
        if [ $n -eq 0 ]; then kill -INT "$found"; elif [ $n -eq 200 ]; then kill -QUIT "$found"; fi
    done 2>/dev/null
    [ -n "$found" ] || break
    n=$((n+1)); sleep 0.1
done
if [ -n "$found" ]; then echo "the server runs on as process $found: it cannot be stopped" >&2; exit 1; fi
lock=$sockets/.s.PGSQL.$port.lock
[ "$(sed -n 2p "$lock" 2>/dev/null)" != "$2" ] || rm -f -- "${lock%.lock}" "$lock"
)sh");

// Whether it runs at all, and its own last words.
const QString serverWords = QStringLiteral("\"$1\" -D \"$2\" status | head -n 1; tail -n 20 -- \"$3\"");

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
    KeeperCommand log() const override
    {
        return deployment::script(serverWords, {program(), m_server.dataDirectory, logFile()},
                                  m_server.runAs);
    }
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

} // namespace deployment

} // namespace understudy
