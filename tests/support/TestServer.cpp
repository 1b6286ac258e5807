// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QThread>
#include <csignal>
#include <unistd.h>

namespace understudy::test {

namespace {

constexpr int startTimeoutMs = 30000;

// The command in front that drops root, since PostgreSQL refuses it.
QStringList asServerUser(const QStringList &setprivOptions = {})
{
    QStringList words{QStringLiteral("setpriv")};
    words += setprivOptions;
    if (geteuid() == 0)
        words += {QStringLiteral("--reuid=postgres"), QStringLiteral("--regid=postgres"),
                  QStringLiteral("--clear-groups")};
    else if (setprivOptions.isEmpty())
        return {};
    return words;
}

QProcessEnvironment plainEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &key : environment.keys()) {
        if (key.startsWith(QLatin1String("PG")) || key.startsWith(QLatin1String("LC_")))
            environment.remove(key);
    }
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    return environment;
}

int run(const QStringList &argv, QString *output, int timeoutMs)
{
    QProcess process;
    process.setProcessEnvironment(plainEnvironment());
    process.setWorkingDirectory(QStringLiteral("/"));
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(argv.first(), argv.mid(1));
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished(1000);
        return -1;
    }
    if (output)
        *output = QString::fromUtf8(process.readAll());
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

// Between two looks at something that another process changes.
void shortPause()
{
    QThread::msleep(20);
}

} // namespace

TestServer::TestServer(ServerFolder &folder, const QString &name, const QString &programs)
    : m_folder(folder), m_name(name), m_programs(programs.isEmpty() ? binDir() : programs)
{
}

TestServer::~TestServer()
{
    if (isRunning()) {
        thaw();
        ::kill(pid_t(pid()), SIGQUIT);
        if (!m_process.waitForFinished(10000)) {
            m_process.kill();
            m_process.waitForFinished(2000);
        }
    }
}

QString TestServer::binDir()
{
    static const QString found = [] {
        if (const QString given = qEnvironmentVariable("UNDERSTUDY_TEST_PG_BIN"); !given.isEmpty())
            return given;
        const QDir versions(QStringLiteral("/usr/lib/postgresql"));
        QString best;
        int newest = 0;
        for (const QString &version : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QString path = versions.filePath(version) + QStringLiteral("/bin");
            if (version.toInt() > newest && QFile::exists(path + QStringLiteral("/initdb"))) {
                newest = version.toInt();
                best = path;
            }
        }
        return best;
    }();
    return found;
}

int TestServer::runAsServerUser(const QStringList &argv, QString *output, int timeoutMs)
{
    return run(asServerUser() + argv, output, timeoutMs);
}

std::unique_ptr<TestServer> TestServer::primary(ServerFolder &folder, const QString &name,
                                                const QStringList &settings, const QString &programs)
{
    std::unique_ptr<TestServer> server(new TestServer(folder, name, programs));
    QString said;
    if (runAsServerUser({server->program("initdb"), QStringLiteral("--no-sync"), QStringLiteral("-U"),
                         QStringLiteral("postgres"), QStringLiteral("-E"), QStringLiteral("UTF8"),
                         QStringLiteral("--locale=C.UTF-8"), QStringLiteral("--auth-local=trust"),
                         QStringLiteral("--auth-host=scram-sha-256"), QStringLiteral("-D"),
                         server->dataDir()},
                        &said) != 0) {
        qWarning("initdb: %s", qPrintable(said));
        return nullptr;
    }
    if (!server->writeConfiguration(settings) || !server->start())
        return nullptr;
    QString roles;
    const auto add = [&roles](const char *verb, const char *role, const char *options) {
        roles += QStringLiteral("%1 ROLE %2 LOGIN %3 PASSWORD '%4';")
                     .arg(QLatin1String(verb), QLatin1String(role), QLatin1String(options),
                          ServerFolder::password(QLatin1String(role)));
    };
    add("ALTER", "postgres", "SUPERUSER");
    add("CREATE", "understudy", "");
    add("CREATE", "plain", "");
    add("CREATE", "replicator", "REPLICATION");
    if (server->psql(roles + QStringLiteral("GRANT pg_monitor TO understudy")).isNull())
        return nullptr;
    return server;
}

std::unique_ptr<TestServer> TestServer::standby(const QString &name, const QString &slot,
                                                const QStringList &settings, const QString &applicationName)
{
    std::unique_ptr<TestServer> server(new TestServer(m_folder, name, m_programs));
    QStringList argv{program("pg_basebackup"), QStringLiteral("-D"),       server->dataDir(),
                     QStringLiteral("-d"),     conninfo(applicationName),  QStringLiteral("-c"),
                     QStringLiteral("fast"),   QStringLiteral("-R"),       QStringLiteral("-X"),
                     QStringLiteral("stream"), QStringLiteral("--no-sync")};
    if (!slot.isEmpty())
        argv += {QStringLiteral("-C"), QStringLiteral("-S"), slot};
    QString said;
    if (runAsServerUser(argv, &said) != 0) {
        qWarning("pg_basebackup: %s", qPrintable(said));
        return nullptr;
    }
    if (!server->writeConfiguration(settings) || !server->start())
        return nullptr;
    return server;
}

QString TestServer::conninfo(const QString &applicationName) const
{
    QString text =
        QStringLiteral("host=127.0.0.1 port=%1 user=replicator passfile=%2").arg(m_port).arg(passfile());
    if (!applicationName.isEmpty())
        text += QStringLiteral(" application_name=") + applicationName;
    return text;
}

bool TestServer::writeConfiguration(const QStringList &settings)
{
    m_port = freePort();
    return configure(
        QStringList{QStringLiteral("port = %1").arg(m_port), QStringLiteral("listen_addresses = '127.0.0.1'"),
                    QStringLiteral("unix_socket_directories = '%1'").arg(socketDir()),
                    QStringLiteral("fsync = off"), QStringLiteral("shared_buffers = 16MB"),
                    QStringLiteral("max_connections = 40"), QStringLiteral("max_wal_size = 256MB"),
                    QStringLiteral("wal_receiver_status_interval = 1s"),
                    QStringLiteral("wal_retrieve_retry_interval = 200ms"),
                    QStringLiteral("log_min_messages = warning")} +
        settings);
}

bool TestServer::configure(const QStringList &settings)
{
    QFile file(dataDir() + QStringLiteral("/postgresql.auto.conf"));
    if (!file.open(QIODevice::Append))
        return false;
    file.write(settings.join(u'\n').toUtf8() + '\n');
    return file.flush();
}

bool TestServer::reload()
{
    return psql(QStringLiteral("SELECT pg_reload_conf()")) == QLatin1String("t");
}

bool TestServer::followPort(int port)
{
    const QString text = QStringLiteral("host=127.0.0.1 port=%1 user=replicator passfile=%2");
    return configure({QStringLiteral("primary_conninfo = '%1'").arg(text.arg(port).arg(passfile()))}) &&
           reload();
}

bool TestServer::start()
{
    QStringList argv;
    if (!m_namespace.isEmpty())
        argv = {QStringLiteral("ip"), QStringLiteral("netns"), QStringLiteral("exec"), m_namespace};
    argv += asServerUser({QStringLiteral("--pdeathsig=QUIT")}) +
            QStringList{program("postgres"), QStringLiteral("-D"), dataDir()};
    m_process.setProcessEnvironment(plainEnvironment());
    m_process.setWorkingDirectory(QStringLiteral("/"));
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(m_folder.filePath(m_name + QStringLiteral(".log")), QIODevice::Append);
    const QDeadlineTimer deadline(startTimeoutMs);
    while (!deadline.hasExpired()) {
        // After a SIGKILL the orphans keep the shared memory for a moment and the start is refused: again.
        if (m_process.state() == QProcess::NotRunning)
            m_process.start(argv.first(), argv.mid(1));
        m_process.waitForFinished(20);
        if (isRunning() && !psql(QStringLiteral("SELECT 1")).isNull())
            return true;
    }
    qWarning("%s did not start: %s", qPrintable(m_name), qPrintable(log()));
    return false;
}

bool TestServer::stop()
{
    if (!isRunning())
        return true;
    ::kill(pid_t(pid()), SIGINT);
    return m_process.waitForFinished(20000);
}

void TestServer::kill9()
{
    ::kill(pid_t(pid()), SIGKILL);
    m_process.waitForFinished(5000);
}

QList<qint64> TestServer::processes() const
{
    QList<qint64> out{pid()};
    for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(entry));
        if (!entry.at(0).isDigit() || !stat.open(QIODevice::ReadOnly))
            continue;
        // "pid (name) state ppid": the name may hold blanks and brackets.
        const QByteArray text = stat.readAll();
        const QList<QByteArray> words = text.mid(text.lastIndexOf(')') + 2).split(' ');
        if (words.size() > 1 && words[1].toLongLong() == pid())
            out << entry.toLongLong();
    }
    return out;
}

void TestServer::freeze()
{
    for (const qint64 process : processes())
        ::kill(pid_t(process), SIGSTOP);
}

void TestServer::thaw()
{
    for (const qint64 process : processes())
        ::kill(pid_t(process), SIGCONT);
}

void TestServer::freezeProcess(const QString &title)
{
    for (const qint64 process : processes()) {
        QFile file(QStringLiteral("/proc/%1/cmdline").arg(process));
        if (file.open(QIODevice::ReadOnly) && QString::fromUtf8(file.readAll()).contains(title))
            ::kill(pid_t(process), SIGSTOP);
    }
}

QString TestServer::log() const
{
    QFile file(m_folder.filePath(m_name + QStringLiteral(".log")));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString TestServer::psql(const QString &sql, const QString &database) const
{
    QString said;
    const int code =
        run({binDir() + QStringLiteral("/psql"), QStringLiteral("-XAtq"), QStringLiteral("-v"),
             QStringLiteral("ON_ERROR_STOP=1"), QStringLiteral("-h"), socketDir(), QStringLiteral("-p"),
             QString::number(m_port), QStringLiteral("-U"), QStringLiteral("postgres"), QStringLiteral("-d"),
             database, QStringLiteral("-c"), sql},
            &said, 20000);
    if (code != 0)
        return {};
    said = said.trimmed();
    return said.isNull() ? QStringLiteral("") : said;
}

bool TestServer::waitFor(const QString &sql, const QString &expected, int timeoutMs) const
{
    const QDeadlineTimer deadline(timeoutMs);
    while (!deadline.hasExpired()) {
        const QString answer = psql(sql);
        if (!answer.isNull() && answer == expected)
            return true;
        shortPause();
    }
    return false;
}

} // namespace understudy::test
