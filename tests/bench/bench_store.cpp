// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchResult.h"
#include "StoreScene.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QTextStream>

#include <ctime>
#include <fcntl.h>
#include <unistd.h>

using namespace understudy;
using namespace understudy::bench;
using namespace understudy::storescene;

namespace {

/// A look as a busy cluster gives it: no two numbers are the same twice, LSNs are large, nodes have settings.
class Busy
{
public:
    explicit Busy(int standbys) : m_standbys(standbys)
    {
        for (int i = 0; i < 25; ++i)
            m_settings.insert(QStringLiteral("some_setting_of_postgresql_%1").arg(i),
                              QString::number(4096 * i));
    }

    Topology at(qint64 atUs)
    {
        Topology topology =
            look(atUs, m_standbys,
                 m_random.bounded(40) == 0 ? m_random.bounded(1 << 28) : m_random.bounded(90000));
        Cluster &cluster = topology.clusters[0];
        const quint64 head = Q_UINT64_C(0x16B374D00000) + quint64(atUs - start) / 50;
        for (Node &node : cluster.nodes) {
            node.lsn = Lsn(head - 5000);
            node.receivedLsn = Lsn(head);
            node.walRate = 20000 + m_random.bounded(40000);
            node.settings = m_settings;
            node.dataDirectory = QStringLiteral("/var/lib/postgresql/15/main");
        }
        for (Link &link : cluster.links) {
            link.lagBytes = m_random.bounded(90000);
            link.lagSeconds = m_random.bounded(2000) / 1000.0;
            link.stages = {m_random.bounded(1000), m_random.bounded(40000), m_random.bounded(60000),
                           link.lagBytes};
            link.walRate = 20000 + m_random.bounded(40000);
            link.lag = *link.lagBytes < 20000 ? LagState::CaughtUp : LagState::Replaying;
        }
        for (Slot &slot : cluster.slots_)
            slot.retainedBytes = m_random.bounded(16 << 20);
        return topology;
    }

private:
    int m_standbys;
    QMap<QString, QString> m_settings;
    QRandomGenerator m_random{30};
};

double cpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// As a writer does it at one look a second: a transaction each, and the upkeep that is due. The first hour
/// fills it; what is measured is the second one, in which as much is dropped as comes.
QList<bench::Result> measureAppend(int standbys, int seconds)
{
    Scene scene;
    scene.settings.rawHours = 1;
    if (!scene.open())
        return {};
    Busy busy(standbys);
    double spent = 0;
    QList<double> each;
    for (int i = 0; i < seconds; ++i) {
        const Topology topology = busy.at(start + i * second);
        const double before = cpuMs();
        scene.take(topology);
        if (!scene.write() || !scene.upkeep->run(start + i * second, true, 50))
            return {};
        const double took = cpuMs() - before;
        if (i < seconds / 2)
            continue;
        spent += took;
        each << took;
    }
    const double perSecond = spent / double(each.size());
    return {{QStringLiteral("store.append"),
             QStringLiteral("Keeping %1 standbys at 1 Hz, roll-ups and dropping with it, of a core")
                 .arg(standbys),
             perSecond / 10,
             QStringLiteral("%"),
             1.0,
             {}},
            {QStringLiteral("store.append_worst"),
             QStringLiteral("The second that took longest, CPU"),
             percentile(each, 1.0),
             QStringLiteral("ms"),
             {},
             {}}};
}

/// The file's pages out of memory, as far as the system does that when it is asked.
void makeCold(const QString &path)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    ::fdatasync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

struct Pictures
{
    QList<double> month, day, hour, redraw;
};

bool draw(const QString &path, qint64 untilUs, Pictures &pictures)
{
    QElapsedTimer timer;
    timer.start();
    const auto reader = StoreReader::open(path);
    if (!reader)
        return false;
    QList<qint64> standbys;
    for (const StoreSeries &one : (*reader)->series().value_or(QList<StoreSeries>()))
        if (one.key.kind == SeriesKey::Kind::Node)
            standbys << one.id;
    const auto chart = [&](qint64 span) {
        const auto read = (*reader)->read(standbys, Metric::LagBytes, untilUs - span, untilUs, 1600);
        return read && !read->isEmpty();
    };
    if (!chart(30 * storescene::day) || !(*reader)->events(untilUs - 30 * storescene::day, untilUs, 500) ||
        !(*reader)->topologyAt(untilUs))
        return false;
    pictures.month << double(timer.nsecsElapsed()) / 1e6;
    timer.restart();
    if (!chart(storescene::day))
        return false;
    pictures.day << double(timer.nsecsElapsed()) / 1e6;
    timer.restart();
    if (!chart(storescene::hour))
        return false;
    pictures.hour << double(timer.nsecsElapsed()) / 1e6;
    timer.restart();
    if (!(*reader)->topologyAt(untilUs - 5 * storescene::hour))
        return false;
    pictures.redraw << double(timer.nsecsElapsed()) / 1e6;
    return true;
}

/// A month: all but its last day with a look every 20 seconds, which gives the same roll-ups as one a second
/// would.
QList<bench::Result> measureMonth(int standbys, int days, int lastSeconds)
{
    Scene scene;
    if (!scene.open())
        return {};
    Busy busy(standbys);
    const auto used = [&scene] {
        return double(StoreDialect::sqlite().usedBytes(scene.file->connection().db()));
    };
    qint64 at = start;
    const auto feed = [&](qint64 untilUs, qint64 step) {
        for (int i = 0; at < untilUs; at += step, ++i) {
            scene.take(busy.at(at), step);
            if (i % 60 == 59 && (!scene.write() || !scene.upkeep->run(at, true, 200)))
                return false;
        }
        return scene.write() && scene.keepUp(at);
    };
    if (!feed(start + qint64(days - 1) * day, 20 * second))
        return {};
    scene.settings.rawHours = 0;
    scene.upkeep = std::make_unique<StoreUpkeep>(scene.file->connection(), scene.settings);
    if (!scene.keepUp(at))
        return {};
    const double rolled = used();
    scene.settings.rawHours = 24;
    scene.upkeep = std::make_unique<StoreUpkeep>(scene.file->connection(), scene.settings);
    if (!feed(at + qint64(lastSeconds) * second, second))
        return {};
    const double lastDay = (used() - rolled) * 86400 / lastSeconds;
    scene.close();
    Pictures cold, warm;
    for (int i = 0; i < 7; ++i) {
        makeCold(scene.path());
        if (!draw(scene.path(), at, cold) || !draw(scene.path(), at, warm))
            return {};
    }
    const double nodes = standbys + 1, mb = 1024 * 1024;
    const QString ms = QStringLiteral("ms"), unit = QStringLiteral("MB");
    return {
        {QStringLiteral("store.month"),
         QStringLiteral("Opening it, 30 days of %1 standbys as a chart, events, the graph").arg(standbys),
         median(cold.month),
         ms,
         300.0,
         {}},
        {QStringLiteral("store.month_warm"),
         QStringLiteral("The same, the file in memory"),
         median(warm.month),
         ms,
         300.0,
         {}},
        {QStringLiteral("store.day"),
         QStringLiteral("Then a day as a chart"),
         median(cold.day),
         ms,
         300.0,
         {}},
        {QStringLiteral("store.hour"), QStringLiteral("Then an hour"), median(cold.hour), ms, 300.0, {}},
        {QStringLiteral("store.moment"),
         QStringLiteral("The graph of another moment"),
         median(cold.redraw),
         ms,
         {},
         {}},
        {QStringLiteral("store.size_day"),
         QStringLiteral("A node and day at 1 Hz, every look, with its slot"),
         lastDay / nodes / mb,
         unit,
         {},
         {}},
        {QStringLiteral("store.size_rolled"),
         QStringLiteral("A node and day later: minutes, hours, whole looks"),
         rolled / nodes / std::max(1, days - 1) / mb,
         unit,
         {},
         {}},
        {QStringLiteral("store.size_file"),
         QStringLiteral("The whole file"),
         (rolled + lastDay) / mb,
         unit,
         {},
         {}},
    };
}

} // namespace

/// What keeping history costs. Run by tests/bench/run.sh on a release build; `--quick` only shows that it
/// runs.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({QStringLiteral("quick"), QStringLiteral("Few of everything; no limit is checked.")});
    parser.addOption(
        {QStringLiteral("json"), QStringLiteral("Writes the numbers there."), QStringLiteral("file")});
    parser.process(app);
    const bool quick = parser.isSet(QStringLiteral("quick"));
    const QList<bench::Result> append = quick ? measureAppend(5, 200) : measureAppend(100, 7200);
    const QList<bench::Result> month = quick ? measureMonth(2, 2, 600) : measureMonth(10, 30, 86400);
    const QList<bench::Result> results = append + month;
    QTextStream(stdout) << markdown(results);
    if (const QString path = parser.value(QStringLiteral("json")); !path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(json(results)) < 0)
            qFatal("cannot write %s", qPrintable(path));
    }
    if (append.isEmpty() || month.isEmpty())
        return 1;
    const bool met =
        std::all_of(results.begin(), results.end(), [](const bench::Result &r) { return r.met(); });
    return quick || met ? 0 : 2;
}
