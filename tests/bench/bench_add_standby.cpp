// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchResult.h"

#include "AddStandbyLab.h"
#include "model/Clock.h"
#include "model/Quote.h"
#include "monitor/ClusterMonitor.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QProcess>
#include <QSysInfo>
#include <QTextStream>
#include <QThread>
#include <QTimer>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>
#include <unistd.h>

using namespace understudy;
using namespace understudy::bench;
using test::AddStandbyLab;
using test::TestServer;

namespace {

using Times = QList<double>;

/// One way of doing it, and how long each of its repetitions took.
struct Way
{
    const char *name;
    Times seconds;
};

QString table(const QString &head, const QList<Way> &ways)
{
    QString out =
        QStringLiteral("| %1 | n | median s | p95 s | min s | max s |\n|---|---:|---:|---:|---:|---:|\n")
            .arg(head);
    for (const Way &way : ways) {
        if (way.seconds.isEmpty())
            continue;
        const auto [low, high] = std::minmax_element(way.seconds.begin(), way.seconds.end());
        out += QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 |\n")
                   .arg(QLatin1String(way.name))
                   .arg(way.seconds.size())
                   .arg(median(way.seconds), 0, 'f', 2)
                   .arg(percentile(way.seconds, 0.95), 0, 'f', 2)
                   .arg(*low, 0, 'f', 2)
                   .arg(*high, 0, 'f', 2);
    }
    return out + u'\n';
}

/// The new standby as the window sees it, from the moment its start has ended: seconds until its link is
/// shown as streaming.
class Shown final : public RunObserver
{
public:
    std::atomic<qint64> startedUs = 0;
    std::atomic<bool> done = false;
    void finished(const RunRecord &) override { done = true; }
    void stepChanged(int, const StepRecord &step) override
    {
        if (step.stepId == QLatin1String("start") && step.state == StepState::Done)
            startedUs = SystemClock::instance().monotonicUs();
    }
};

class Bench
{
public:
    Bench(int megabytes, QString repmgr) : m_megabytes(megabytes), m_repmgr(std::move(repmgr)) {}

    bool prepare();
    bool round(int number);
    QList<bench::Result> results() const;
    QString tables() const
    {
        return table(QStringLiteral("copy of %1 MB").arg(m_megabytes), {m_copy, m_bare, m_clone}) +
               table(QStringLiteral("whole plan"), {m_plan, m_script}) +
               table(QStringLiteral("started to shown as streaming"), {m_shown});
    }

private:
    std::optional<Plan> plan() const;
    bool understudy();
    bool bare();
    bool script();
    bool clone();
    bool clean(const QString &directory, const QString &slot);
    static double timed(const QStringList &argv, const QString &user = {}, const QByteArray &input = {});

    int m_megabytes;
    QString m_repmgr;
    AddStandbyLab m_lab;
    Way m_copy{"Understudy's step", {}}, m_bare{"pg_basebackup alone, same options", {}},
        m_clone{"repmgr standby clone", {}}, m_plan{"Understudy", {}},
        m_script{"its commands as a script", {}}, m_shown{"Understudy", {}};
};

/// Wall seconds of a command, below 0 if it failed.
double Bench::timed(const QStringList &argv, const QString &user, const QByteArray &input)
{
    QStringList words = argv;
    if (!user.isEmpty() && ::geteuid() == 0)
        words = QStringList{QStringLiteral("setpriv"), QStringLiteral("--reuid=") + user,
                            QStringLiteral("--regid=") + user, QStringLiteral("--init-groups"),
                            QStringLiteral("--")} +
                words;
    QProcess process;
    process.setWorkingDirectory(QStringLiteral("/"));
    process.setProcessChannelMode(QProcess::MergedChannels);
    QElapsedTimer clock;
    clock.start();
    process.start(words.first(), words.mid(1));
    process.write(input);
    process.closeWriteChannel();
    const bool ended = process.waitForFinished(600000) && process.exitCode() == 0;
    const double seconds = double(clock.nsecsElapsed()) / 1e9;
    if (!ended)
        qWarning("%s: %s", qPrintable(argv.join(u' ')), process.readAll().right(2000).constData());
    return ended ? seconds : -1;
}

bool Bench::prepare()
{
    if (!m_lab.start({QStringLiteral("max_wal_size = 4GB")}))
        return false;
    m_lab.primary->psql(QStringLiteral("CREATE TABLE big (g int, t text)"));
    // 8 kB of heap hold 18 such rows; by and by, since the fixture's psql has a deadline.
    bool made = true;
    for (int done = 0; made && done < m_megabytes; done += 20)
        made = !m_lab.primary
                    ->psql(QStringLiteral("INSERT INTO big SELECT g, repeat(md5(g::text), 12) FROM "
                                          "generate_series(1, %1) g")
                               .arg(20 * 128 * 18))
                    .isNull();
    return made && m_lab.primary->waitFor(
                       QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = "
                                      "pg_current_wal_lsn()"),
                       QStringLiteral("1"), 120000);
}

std::optional<Plan> Bench::plan() const
{
    const auto facts = m_lab.facts();
    if (!facts)
        return {};
    AddStandbyRequest request;
    const auto made = planAddStandby(suggest(request, *facts), *facts);
    if (!made)
        qWarning("%s", qPrintable(made.error().text()));
    return made ? std::optional(*made) : std::nullopt;
}

/// As if nothing had been; what is dirty is on the disk before the next one begins.
bool Bench::clean(const QString &directory, const QString &slot)
{
    m_lab.stopAdded();
    const bool removed = TestServer::runAsServerUser({QStringLiteral("rm"), QStringLiteral("-rf"),
                                                      QStringLiteral("--"), directory}) == 0;
    const bool dropped = m_lab.primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '%1'")
            .arg(slot),
        QStringLiteral("0"));
    m_lab.primary->psql(
        QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE "
                       "slot_name = '%1'")
            .arg(slot));
    ::sync();
    return removed && dropped;
}

bool Bench::understudy()
{
    const auto p = plan();
    if (!p)
        return false;
    ClusterMonitor monitor(m_lab.secrets, {});
    monitor.setNodes(m_lab.spec.nodes);
    Shown observer;
    RunRecord record;
    QElapsedTimer clock;
    std::atomic<bool> ended = false;
    double whole = 0, shown = -1;
    clock.start();
    std::thread run([&] {
        record = runPlan(*p, m_lab.context(*p, &observer), {});
        whole = double(clock.nsecsElapsed()) / 1e9;
        ended = true;
    });
    // The window watches the new node from the moment the plan is done.
    const Endpoint own = p->endpoints.value(p->subject);
    QList<WatchedNode> nodes = m_lab.spec.nodes;
    nodes << WatchedNode{own.address(), p->subject, own};
    QEventLoop loop;
    QTimer look;
    bool watched = false;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (!watched && observer.done && observer.startedUs > 0) {
            watched = true;
            monitor.setNodes(nodes);
        }
        const bool late = watched && SystemClock::instance().monotonicUs() - observer.startedUs > 30'000'000;
        if (ended && (shown >= 0 || !watched || late))
            loop.quit();
    });
    QObject::connect(&monitor, &ClusterMonitor::topologyChanged, &loop, [&](const Topology &topology) {
        const Cluster *cluster = topology.clusterOf(own.address());
        const Link *link = cluster ? cluster->linkTo(own.address()) : nullptr;
        if (shown < 0 && link && link->state == LinkState::Streaming)
            shown = double(SystemClock::instance().monotonicUs() - observer.startedUs) / 1e6;
    });
    look.start(10);
    loop.exec();
    run.join();
    const bool done = record.outcome == RunRecord::Outcome::Done && shown >= 0;
    if (done) {
        m_plan.seconds << whole;
        m_copy.seconds << record.step(QStringLiteral("copy"))->seconds();
        m_shown.seconds << shown;
    } else {
        qWarning("%s", qPrintable(record.error));
    }
    return clean(p->facts.value(QStringLiteral("data_directory")), p->facts.value(QStringLiteral("slot"))) &&
           done;
}

/// The very command of the plan's copy step, by itself.
bool Bench::bare()
{
    const auto p = plan();
    if (!p)
        return false;
    const QString directory = p->facts.value(QStringLiteral("data_directory")),
                  slot = p->facts.value(QStringLiteral("slot"));
    m_lab.primary->psql(QStringLiteral("SELECT pg_create_physical_replication_slot('%1', true)").arg(slot));
    double seconds = -1;
    for (const Step &step : p->steps)
        if (const auto *copy = step.id == QLatin1String("copy")
                                   ? std::get_if<CommandAction>(&step.actions.constFirst())
                                   : nullptr)
            seconds = timed(copy->command.argv, copy->command.runAs);
    if (seconds >= 0)
        m_bare.seconds << seconds;
    return clean(directory, slot) && seconds >= 0;
}

bool Bench::script()
{
    const auto p = plan();
    if (!p)
        return false;
    const double seconds = timed({QStringLiteral("bash")}, {}, p->toScript().toUtf8());
    if (seconds >= 0)
        m_script.seconds << seconds;
    return clean(p->facts.value(QStringLiteral("data_directory")), p->facts.value(QStringLiteral("slot"))) &&
           seconds >= 0;
}

bool Bench::clone()
{
    if (m_repmgr.isEmpty())
        return true;
    const TestServer &primary = *m_lab.primary;
    const QString login = QStringLiteral("host=127.0.0.1 port=%1 user=postgres dbname=postgres passfile=%2")
                              .arg(primary.port())
                              .arg(primary.passfile());
    const auto configured = [&](int id, const QString &directory) {
        const QString path = m_lab.folder.filePath(QStringLiteral("repmgr%1.conf").arg(id));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            return QString();
        file.write(QStringLiteral("node_id=%1\nnode_name='node%1'\nconninfo='%2'\ndata_directory='%3'\n"
                                  "pg_bindir='%4'\nuse_replication_slots=yes\n")
                       .arg(id)
                       .arg(login, directory, TestServer::binDir())
                       .toUtf8());
        return path;
    };
    const QString user = QStringLiteral("postgres");
    if (m_clone.seconds.isEmpty() &&
        timed({m_repmgr, QStringLiteral("-f"), configured(1, primary.dataDir()), QStringLiteral("primary"),
               QStringLiteral("register"), QStringLiteral("--force")},
              user) < 0)
        return false;
    const QString directory = m_lab.folder.filePath(QStringLiteral("clone"));
    const double seconds =
        timed({m_repmgr, QStringLiteral("-d"), login, QStringLiteral("-f"), configured(2, directory),
               QStringLiteral("standby"), QStringLiteral("clone"), QStringLiteral("--fast-checkpoint")},
              user);
    if (seconds >= 0)
        m_clone.seconds << seconds;
    return clean(directory, QStringLiteral("repmgr_slot_2")) && seconds >= 0;
}

/// Each way once, another one first each time.
bool Bench::round(int number)
{
    const QList<std::function<bool()>> ways{[this] { return understudy(); }, [this] { return bare(); },
                                            [this] { return script(); }, [this] { return clone(); }};
    for (qsizetype i = 0; i < ways.size(); ++i)
        if (!ways.at((number + i) % ways.size())())
            return false;
    return true;
}

QList<bench::Result> Bench::results() const
{
    const double bare = median(m_bare.seconds), copy = median(m_copy.seconds);
    QList<bench::Result> out;
    out << bench::Result{QStringLiteral("add.copy"), QStringLiteral("copy step"), copy,
                         QStringLiteral("s"),        1.05 * bare + 0.3,           bare};
    if (!m_clone.seconds.isEmpty())
        out << bench::Result{QStringLiteral("add.copy_repmgr"),
                             QStringLiteral("copy step against repmgr standby clone"),
                             copy,
                             QStringLiteral("s"),
                             median(m_clone.seconds),
                             median(m_clone.seconds)};
    out << bench::Result{QStringLiteral("add.shown"),
                         QStringLiteral("started to shown as streaming"),
                         median(m_shown.seconds),
                         QStringLiteral("s"),
                         2.0,
                         {}}
        << bench::Result{QStringLiteral("add.plan"),      QStringLiteral("whole plan"),
                         median(m_plan.seconds),          QStringLiteral("s"),
                         1.10 * median(m_script.seconds), median(m_script.seconds)};
    return out;
}

} // namespace

/// What adding a standby costs beyond what PostgreSQL itself needs. Run by tests/bench/run.sh.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({QStringLiteral("quick"), QStringLiteral("Little data, once; no limit is checked.")});
    parser.addOption({QStringLiteral("mb"), QStringLiteral("Size of the table, 2000 if not given."),
                      QStringLiteral("n"), QStringLiteral("2000")});
    parser.addOption({QStringLiteral("rounds"), QStringLiteral("5 if not given."), QStringLiteral("n"),
                      QStringLiteral("5")});
    parser.addOption({QStringLiteral("repmgr"), QStringLiteral("The program; left out if not given."),
                      QStringLiteral("path")});
    parser.addOption(
        {QStringLiteral("json"), QStringLiteral("Writes the numbers there."), QStringLiteral("file")});
    parser.process(app);
    const bool quick = parser.isSet(QStringLiteral("quick"));
    Bench bench(quick ? 20 : qBound(10, parser.value(QStringLiteral("mb")).toInt(), 100000),
                parser.value(QStringLiteral("repmgr")));
    const int rounds = quick ? 1 : qBound(1, parser.value(QStringLiteral("rounds")).toInt(), 100);
    QTextStream out(stdout);
    bool complete = bench.prepare();
    for (int i = 0; complete && i < rounds; ++i)
        complete = bench.round(i);
    double load = 0;
    (void)::getloadavg(&load, 1);
    out << QStringLiteral("%1, %2 cores, PostgreSQL %3, load %4\n\n")
               .arg(QSysInfo::prettyProductName())
               .arg(QThread::idealThreadCount())
               .arg(TestServer::binDir().section(u'/', -2, -2))
               .arg(load, 0, 'f', 1)
        << bench.tables() << (complete ? markdown(bench.results()) : QString());
    if (const QString path = parser.value(QStringLiteral("json")); !path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(json(bench.results())) < 0)
            qFatal("cannot write %s", qPrintable(path));
    }
    if (!complete)
        return 1;
    const QList<bench::Result> results = bench.results();
    return quick ||
                   std::all_of(results.begin(), results.end(), [](const bench::Result &r) { return r.met(); })
               ? 0
               : 2;
}
