// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchResult.h"
#include "FakeServer.h"
#include "TestServer.h"
#include "monitor/ClusterMonitor.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QHash>
#include <QTimer>
#include <sys/resource.h>

namespace understudy::bench {

namespace {

using test::FakeServer;
using test::ServerFolder;
using test::TestServer;

double cpuSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double residentMb()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / 1e6;
}

struct Lab
{
    ServerFolder folder;
    std::vector<std::unique_ptr<TestServer>> servers;
    FakeServer silent{FakeServer::Manner::Silent};

    bool start(const Scale &scale)
    {
        const int each = scale.nodes / (2 * scale.clusters) + 20;
        const QStringList settings{QStringLiteral("max_connections = %1").arg(each)};
        for (int i = 0; i < scale.clusters; ++i) {
            auto primary = TestServer::primary(folder, QStringLiteral("primary%1").arg(i), settings);
            if (!primary)
                return false;
            auto standby =
                primary->standby(QStringLiteral("standby%1").arg(i), QStringLiteral("s"), settings);
            if (!standby)
                return false;
            servers.push_back(std::move(primary));
            servers.push_back(std::move(standby));
        }
        return true;
    }

    QList<WatchedNode> nodes(const Scale &scale) const
    {
        QList<WatchedNode> out;
        for (int i = 0; i < scale.nodes; ++i) {
            const TestServer &server = *servers[size_t(i) % servers.size()];
            WatchedNode node;
            node.endpoint.port = i < scale.hung ? silent.port() : server.port();
            node.endpoint.user = QStringLiteral("understudy");
            node.endpoint.options.insert(QStringLiteral("passfile"), server.passfile());
            node.id = QStringLiteral("node%1").arg(i);
            node.name = node.id;
            out << node;
        }
        return out;
    }
};

} // namespace

QList<Result> measureScale(const Scale &scale)
{
    Lab lab;
    if (!lab.start(scale))
        return {};
    ClusterMonitor monitor(std::make_shared<LibpqSecrets>(), {});
    QEventLoop loop;
    // What the driver and its libraries take is there with the first node.
    const auto told = QObject::connect(&monitor, &ClusterMonitor::topologyChanged, &loop, &QEventLoop::quit);
    monitor.setNodes(lab.nodes(scale).mid(scale.hung, 1));
    loop.exec();
    QObject::disconnect(told);
    const double memoryBefore = residentMb();
    QHash<NodeId, qint64> last;
    QList<double> jitter;
    QElapsedTimer clock;
    clock.start();
    bool measuring = false;
    int answered = 0;
    QObject::connect(&monitor, &ClusterMonitor::snapshotTaken, &monitor, [&](const NodeSnapshot &s) {
        if (!s.answered())
            return;
        qint64 &before = last[s.id]; // When it was asked, on its own thread.
        if (measuring && before > 0)
            jitter << qAbs(double(s.startedUs - before) / 1e3 - 1000.0);
        if (before == 0 && ++answered == scale.nodes - scale.hung)
            loop.quit();
        before = s.startedUs;
    });
    monitor.setNodes(lab.nodes(scale));
    QTimer::singleShot(60000, &loop, &QEventLoop::quit);
    loop.exec();
    const double connected = double(clock.elapsed()) / 1000.0;
    if (answered < scale.nodes - scale.hung) {
        qWarning("only %d of %d nodes answered within a minute", answered, scale.nodes - scale.hung);
        return {};
    }
    QTimer::singleShot(5000, &loop, &QEventLoop::quit); // The first sizes and vitals are behind us.
    loop.exec();
    measuring = true;
    const double cpuBefore = cpuSeconds();
    const qint64 started = clock.nsecsElapsed();
    QTimer::singleShot(scale.seconds * 1000, &loop, &QEventLoop::quit);
    loop.exec();
    const double share = (cpuSeconds() - cpuBefore) / (double(clock.nsecsElapsed() - started) / 1e9) * 100;
    const double memory = residentMb() - memoryBefore;

    const QString title = QStringLiteral("%1 nodes at 1 Hz, %2 hung").arg(scale.nodes).arg(scale.hung);
    const auto mb = QStringLiteral("MB"), ms = QStringLiteral("ms");
    return {{QStringLiteral("monitor.cpu"),
             title + QStringLiteral(": of one core"),
             share,
             QStringLiteral("%"),
             15,
             {}},
            {QStringLiteral("monitor.memory"),
             title + QStringLiteral(": memory more than with one"),
             memory,
             mb,
             60,
             {}},
            {QStringLiteral("monitor.jitter_p50"),
             title + QStringLiteral(": period off by, median"),
             percentile(jitter, 0.5),
             ms,
             {},
             {}},
            {QStringLiteral("monitor.jitter_p99"),
             title + QStringLiteral(": period off by, p99"),
             percentile(jitter, 0.99),
             ms,
             10,
             {}},
            {QStringLiteral("monitor.connect_all"),
             title + QStringLiteral(": all connected after"),
             connected,
             QStringLiteral("s"),
             {},
             {}}};
}

} // namespace understudy::bench
