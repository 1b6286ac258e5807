// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchResult.h"
#include "TestServer.h"
#include "monitor/NodeLook.h"
#include "monitor/SqlFile.h"

#include <QFile>
#include <QProcess>
#include <QSqlQuery>
#include <QVariant>
#include <sys/resource.h>
#include <unistd.h>

namespace understudy::bench {

namespace {

using test::ServerFolder;
using test::TestServer;

// Milliseconds of CPU throughout. The kernel counts nanoseconds for a process that lives, clock ticks for the
// dead.
double cpuOf(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/schedstat").arg(pid));
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(0).toDouble() / 1e6 : 0;
}

double cpuOfDeadChildren(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    const QList<QByteArray> words = text.mid(text.lastIndexOf(')') + 2).split(' ');
    return (words.value(13).toDouble() + words.value(14).toDouble()) * 1000.0 /
           double(::sysconf(_SC_CLK_TCK));
}

double cpuOfOwnDeadChildren()
{
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    const auto ms = [](const timeval &t) { return double(t.tv_sec) * 1e3 + double(t.tv_usec) / 1e3; };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

class ProbeBench
{
public:
    bool start()
    {
        m_server = TestServer::primary(m_folder, QStringLiteral("primary"));
        if (!m_server)
            return false;
        m_standby = m_server->standby(QStringLiteral("standby"), QStringLiteral("s"));
        m_sql = sqlFile(lookFileFor(m_server->psql(QStringLiteral("SHOW server_version_num")).toInt()));
        WatchedNode node;
        node.endpoint.port = m_server->port();
        node.endpoint.user = QStringLiteral("understudy");
        node.endpoint.options.insert(QStringLiteral("passfile"), m_server->passfile());
        node.id = node.endpoint.address();
        m_look = std::make_unique<NodeLook>(node, std::make_shared<LibpqSecrets>(), ProbePace{});
        if (!m_standby || !m_look->look(m_connection, m_cut).answered())
            return false;
        QSqlQuery query(m_connection.database());
        if (!query.exec(QStringLiteral("SELECT pg_backend_pid()")) || !query.next())
            return false;
        m_backend = query.value(0).toInt();
        return true;
    }

    /// CPU of one look, ours and the server's.
    double ours(int looks)
    {
        const double before = cpuOf(::getpid()) + cpuOf(m_backend);
        for (int i = 0; i < looks; ++i) {
            if (!m_look->look(m_connection, m_cut).answered())
                return 0;
        }
        return (cpuOf(::getpid()) + cpuOf(m_backend) - before) / looks;
    }

    /// The same query through a new psql each time: its CPU and that of the backend it had.
    double psqlEach(int runs) const
    {
        const double before = cpuOfOwnDeadChildren() + cpuOfDeadChildren(m_server->pid());
        for (int i = 0; i < runs; ++i) {
            QProcess process;
            process.setStandardOutputFile(QProcess::nullDevice());
            process.start(TestServer::binDir() + QStringLiteral("/psql"),
                          psqlArguments() << QStringLiteral("-c") << m_sql);
            if (!process.waitForFinished(20000) || process.exitCode() != 0)
                return 0;
        }
        return (cpuOfOwnDeadChildren() + cpuOfDeadChildren(m_server->pid()) - before) / runs;
    }

    /// The same query through one psql that asks again and again.
    double psqlWatch(int looks) const
    {
        QProcess process;
        process.start(TestServer::binDir() + QStringLiteral("/psql"), psqlArguments());
        process.write(QString(m_sql + QStringLiteral(" \\watch 0.02\n")).toUtf8());
        const auto wait = [&](int n) {
            int seen = 0;
            while (seen < n && process.waitForReadyRead(10000))
                seen += int(process.readAllStandardOutput().count("(every 0.02s)"));
            return seen;
        };
        if (wait(5) < 5)
            return 0;
        const qint64 backend = m_server
                                   ->psql(QStringLiteral("SELECT pid FROM pg_stat_activity WHERE "
                                                         "application_name = 'watching'"))
                                   .toLongLong();
        const double before = cpuOf(process.processId()) + cpuOf(backend);
        const int seen = wait(looks);
        const double spent = cpuOf(process.processId()) + cpuOf(backend) - before;
        process.kill();
        process.waitForFinished(5000);
        return seen > 0 ? spent / seen : 0;
    }

private:
    QStringList psqlArguments() const
    {
        const QString conninfo =
            QStringLiteral("host=127.0.0.1 port=%1 user=understudy dbname=postgres passfile=%2 "
                           "application_name=watching")
                .arg(m_server->port())
                .arg(m_server->passfile());
        return {QStringLiteral("-X"), QStringLiteral("-d"), conninfo};
    }

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_server, m_standby;
    QString m_sql;
    std::unique_ptr<NodeLook> m_look;
    Connection m_connection;
    const std::shared_ptr<SocketCut> m_cut = std::make_shared<SocketCut>();
    qint64 m_backend = 0;
};

} // namespace

QList<Result> measureProbe(int rounds)
{
    ProbeBench bench;
    if (!bench.start())
        return {};
    QList<double> ours, each, watch;
    for (int round = 0; round < rounds; ++round) { // Interleaved, so that a busy moment hits all three.
        ours << bench.ours(200);
        each << bench.psqlEach(20);
        watch << bench.psqlWatch(50);
    }
    const double one = median(ours);
    const QString ms = QStringLiteral("ms");
    return {{QStringLiteral("probe.against_psql"),
             QStringLiteral("CPU of one look, both sides, against `psql -c`"), one, ms, median(each) / 50,
             median(each)},
            {QStringLiteral("probe.against_watch"),
             QStringLiteral("CPU of one look, both sides, against `\\watch`"), one, ms, median(watch) / 5,
             median(watch)}};
}

} // namespace understudy::bench
