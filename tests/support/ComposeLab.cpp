// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeLab.h"

#include "TestServer.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QStandardPaths>
#include <sys/stat.h>
#include <unistd.h>

namespace understudy::test {

namespace {

constexpr int upTimeoutMs = 150000; // On a machine that does other things too
constexpr int downTimeoutMs = 60000;

bool isThere(const char *program)
{
    return !QStandardPaths::findExecutable(QString::fromLatin1(program),
                                           {QStringLiteral("/usr/local/bin"), QStringLiteral("/usr/bin"),
                                            QStringLiteral("/usr/local/sbin"), QStringLiteral("/usr/sbin"),
                                            QStringLiteral("/bin"), QStringLiteral("/sbin")})
                .isEmpty();
}

/// In a changed root the kernel refuses a container its own; the engine needs control groups besides.
QString whyNoContainers()
{
    struct stat own, first;
    if (::stat("/", &own) == 0 && ::stat("/proc/1/root/", &first) == 0 &&
        (own.st_dev != first.st_dev || own.st_ino != first.st_ino))
        return QStringLiteral("no Docker engine answers, and none can run in a changed root (chroot)");
    if (QDir(QStringLiteral("/sys/fs/cgroup")).isEmpty())
        return QStringLiteral("no Docker engine answers, and control groups are not mounted for one");
    return {};
}

int exitCode(const QStringList &argv)
{
    QProcess process;
    process.start(argv.first(), argv.mid(1));
    return process.waitForFinished(20000) && process.exitStatus() == QProcess::NormalExit ? process.exitCode()
                                                                                          : -1;
}

} // namespace

QString ComposeLab::missing()
{
    if (!isThere("docker"))
        return QStringLiteral("docker is not installed");
    const bool v2 =
        exitCode({QStringLiteral("docker"), QStringLiteral("compose"), QStringLiteral("version")}) == 0;
    if (!v2 && !isThere("docker-compose"))
        return QStringLiteral("neither docker compose nor docker-compose is installed");
    if (TestServer::binDir().isEmpty())
        return QStringLiteral("PostgreSQL's server programs are not installed");
    if (exitCode({QStringLiteral("docker"), QStringLiteral("version")}) == 0)
        return {};
    if (!isThere("dockerd"))
        return QStringLiteral("no Docker engine answers, and dockerd is not installed");
    if (geteuid() != 0)
        return QStringLiteral("no Docker engine answers, and only root can start one");
    return whyNoContainers();
}

bool ComposeLab::up()
{
    m_primaryPort = TestServer::freePort();
    do
        m_standbyPort = TestServer::freePort();
    while (m_standbyPort == m_primaryPort);
    QTemporaryDir folder(QStringLiteral("/tmp/understudy-lab-XXXXXX"));
    folder.setAutoRemove(false); // The script's business.
    m_folder = folder.path();

    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LAB_PRIMARY_PORT"), QString::number(m_primaryPort));
    environment.insert(QStringLiteral("LAB_STANDBY_PORT"), QString::number(m_standbyPort));
    m_script.setProcessEnvironment(environment);
    m_script.setWorkingDirectory(QStringLiteral("/"));
    m_script.start(QStringLiteral(DOCKER_LAB_SCRIPT), {QStringLiteral("hold"), m_folder});
    QByteArray said;
    const QDeadlineTimer deadline(upTimeoutMs);
    while (!said.contains("READY\n") && !deadline.hasExpired() && m_script.state() != QProcess::NotRunning) {
        m_script.waitForReadyRead(200);
        said += m_script.readAllStandardOutput();
    }
    if (!said.contains("READY\n")) {
        qWarning("the lab did not come up: %s", m_script.readAllStandardError().right(4000).constData());
        return false;
    }
    const auto value = [&said](const char *key) {
        static const QString shape = QStringLiteral("^%1=(.*)$");
        return QRegularExpression(shape.arg(QString::fromLatin1(key)), QRegularExpression::MultilineOption)
            .match(QString::fromUtf8(said))
            .captured(1);
    };
    m_project = value("COMPOSE_PROJECT_NAME");
    m_hostBefore = qgetenv("DOCKER_HOST");
    if (const QString host = value("DOCKER_HOST"); !host.isEmpty())
        qputenv("DOCKER_HOST", host.toUtf8());
    return true;
}

ComposeLab::~ComposeLab()
{
    if (m_script.state() == QProcess::NotRunning)
        return;
    m_script.closeWriteChannel();
    if (!m_script.waitForFinished(downTimeoutMs))
        qWarning("the lab in %s was not taken back in time", qPrintable(m_folder));
    if (m_hostBefore.isEmpty())
        qunsetenv("DOCKER_HOST");
    else
        qputenv("DOCKER_HOST", m_hostBefore);
}

QString ComposeLab::file() const
{
    return m_folder + QStringLiteral("/project/docker-compose.yml");
}

QString ComposeLab::password()
{
    return QStringLiteral("primary-$ecret");
}

QString ComposeLab::run(const QStringList &argv, int timeoutMs) const
{
    QProcess process;
    process.setWorkingDirectory(m_folder + QStringLiteral("/project"));
    process.start(argv.first(), argv.mid(1));
    if (!process.waitForFinished(timeoutMs) || process.exitStatus() != QProcess::NormalExit ||
        process.exitCode() != 0) {
        qWarning("%s: %s", qPrintable(argv.join(u' ')), process.readAllStandardError().constData());
        process.kill();
        process.waitForFinished(1000);
        return {};
    }
    const QString output = QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    return output.isNull() ? QStringLiteral("") : output;
}

QString ComposeLab::docker(const QStringList &words) const
{
    return run(QStringList{QStringLiteral("docker")} + words);
}

QString ComposeLab::compose(const QStringList &words) const
{
    static const bool v2 =
        exitCode({QStringLiteral("docker"), QStringLiteral("compose"), QStringLiteral("version")}) == 0;
    return run((v2 ? QStringList{QStringLiteral("docker"), QStringLiteral("compose")}
                   : QStringList{QStringLiteral("docker-compose")}) +
               words);
}

QString ComposeLab::container(const QString &service) const
{
    return docker({QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--filter"),
                   QStringLiteral("label=com.docker.compose.project=") + m_project,
                   QStringLiteral("--filter"),
                   QStringLiteral("label=com.docker.compose.service=") + service});
}

QString ComposeLab::network() const
{
    return m_project + QStringLiteral("_replication");
}

QString ComposeLab::address(const QString &service) const
{
    const QString format =
        QStringLiteral("{{(index .NetworkSettings.Networks \"%1\").IPAddress}}").arg(network());
    return docker({QStringLiteral("inspect"), QStringLiteral("-f"), format, container(service)});
}

QString ComposeLab::psql(const QString &service, const QString &sql) const
{
    return docker({QStringLiteral("exec"), container(service), QStringLiteral("psql"), QStringLiteral("-U"),
                   QStringLiteral("postgres"), QStringLiteral("-XAtc"), sql, QStringLiteral("appdb")});
}

bool ComposeLab::publishStandby(bool published)
{
    QFile file(this->file());
    if (!file.open(QIODevice::ReadOnly))
        return false;
    QByteArray text = file.readAll();
    file.close();
    const QByteArray on = "      - \"127.0.0.1:${STANDBY_PORT:-5433}:5432\"\n";
    const QByteArray with = "    ports:\n" + on, without = "    # no ports\n";
    if (!text.contains(published ? without : with))
        return false;
    text.replace(published ? without : with, published ? with : without);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return false;
    file.close();
    return !compose({QStringLiteral("up"), QStringLiteral("-d"), QStringLiteral("--no-deps"),
                     QStringLiteral("postgres-standby")})
                .isNull();
}

} // namespace understudy::test
