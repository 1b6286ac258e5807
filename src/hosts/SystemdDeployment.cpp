// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/DeploymentParts.h"

#include "model/Quote.h"

namespace understudy {

namespace {

// $1: unit, $2: data directory. systemd calls a server started once its process runs; what it says in its
// own file is more: https://www.postgresql.org/docs/current/app-pg-ctl.html
const QString startServer = QStringLiteral(
    "systemctl start \"$1\" || exit 1\n"
    "n=0; while [ $n -lt 600 ]; do\n"
    "    case \"$(sed -n 8p \"$2/postmaster.pid\" 2>/dev/null)\" in ready*|standby*) exit 0 ;; esac\n"
    "    if ! systemctl is-active -q \"$1\"; then echo \"$1 ended at once\" >&2; exit 1; fi\n"
    "    n=$((n+1)); sleep 0.1\n"
    "done\n"
    "echo \"$1 does not answer within 60 s\" >&2; exit 1");

const QString stopServer =
    QStringLiteral("[ -e \"/etc/systemd/system/$1\" ] || exit 0; systemctl stop \"$1\"");

const QString nothingThere =
    QStringLiteral("if [ -e \"/etc/systemd/system/$1\" ] || systemctl cat \"$1\" >/dev/null 2>&1; then "
                   "echo \"a unit $1 exists already\" >&2; exit 1; fi");

const QString removeUnit = QStringLiteral(
    "unit=/etc/systemd/system/$1; [ -e \"$unit\" ] || exit 0\n"
    "if ! grep -qxF -e \"$2\" \"$unit\"; then echo \"$unit is another server's\" >&2; exit 1; fi\n"
    "systemctl disable \"$1\"; rm -f -- \"$unit\" && systemctl daemon-reload; "
    "systemctl reset-failed \"$1\" 2>/dev/null; [ ! -e \"$unit\" ]");

class Systemd final : public Deployment
{
public:
    explicit Systemd(KeptServer server) : m_server(std::move(server)) {}
    QString keeper() const override { return QStringLiteral("systemd"); }
    bool startsOnBoot() const override { return true; }
    KeeperCommand log() const override
    {
        return deployment::slow({QStringLiteral("journalctl"), QStringLiteral("-u"), unit(),
                                 QStringLiteral("-n"), QStringLiteral("20"), QStringLiteral("-o"),
                                 QStringLiteral("cat"), QStringLiteral("--no-pager")},
                                m_server.admin);
    }
    KeeperCommand start() const override
    {
        KeeperCommand start =
            deployment::script(startServer, {unit(), m_server.dataDirectory}, m_server.admin);
        start.shown = systemctl("start").join(u' ');
        return start;
    }
    KeeperCommand stop() const override
    {
        KeeperCommand stop = deployment::script(stopServer, {unit()}, m_server.admin);
        stop.shown = systemctl("stop").join(u' ');
        return stop;
    }
    std::optional<Registration> registration() const override
    {
        Registration r;
        r.what = QStringLiteral("the unit %1").arg(unit());
        r.absent = deployment::script(nothingThere, {unit()}, m_server.admin);
        r.absent.shown = QStringLiteral("test ! -e ") + quote::shellWord(path());
        r.files << Registration::File{path(), content(), m_server.admin, 0644};
        r.commands << deployment::slow({QStringLiteral("systemctl"), QStringLiteral("daemon-reload")},
                                       m_server.admin)
                   << deployment::slow(systemctl("enable"), m_server.admin);
        KeeperCommand undo = deployment::script(removeUnit, {unit(), startLine()}, m_server.admin);
        undo.shown =
            systemctl("disable").join(u' ') + QStringLiteral(" && rm -- ") + quote::shellWord(path());
        r.undo << undo;
        return r;
    }

private:
    QString unit() const { return QStringLiteral("postgresql-%1.service").arg(m_server.name); }
    QString path() const { return QStringLiteral("/etc/systemd/system/") + unit(); }
    QStringList systemctl(const char *action) const
    {
        return {QStringLiteral("systemctl"), QLatin1String(action), unit()};
    }
    QString startLine() const
    {
        // A folder that is a value of the run is one that needs no quotes: its script checks it.
        const QString program = m_server.bin + QStringLiteral("/postgres");
        return QStringLiteral("ExecStart=%1 -D %2")
            .arg(m_server.bin.startsWith(QLatin1String("${")) ? program : quote::unitWord(program),
                 quote::unitWord(m_server.dataDirectory));
    }
    // As the manual advises, but for Type=notify, which not every build of PostgreSQL knows:
    // https://www.postgresql.org/docs/current/server-start.html
    QString content() const
    {
        return QStringLiteral("# Made by Understudy.\n"
                              "[Unit]\n"
                              "Description=PostgreSQL standby %1\n"
                              "Documentation=man:postgres(1)\n"
                              "After=network-online.target\n"
                              "Wants=network-online.target\n"
                              "\n"
                              "[Service]\n"
                              "Type=exec\n"
                              "User=%2\n"
                              "%3\n"
                              "ExecReload=/bin/kill -HUP $MAINPID\n"
                              "KillMode=mixed\n"
                              "KillSignal=SIGINT\n"
                              "TimeoutSec=infinity\n"
                              "\n"
                              "[Install]\n"
                              "WantedBy=multi-user.target\n")
            .arg(m_server.name, m_server.owner, startLine());
    }
    KeptServer m_server;
};

} // namespace

std::shared_ptr<const Deployment> systemdDeployment(const KeptServer &server)
{
    return std::make_shared<Systemd>(server);
}

} // namespace understudy
