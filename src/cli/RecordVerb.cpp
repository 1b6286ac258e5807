// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Interrupt.h"
#include "cli/Look.h"
#include "cli/Output.h"
#include "cli/StoreVerb.h"
#include "cli/Verbs.h"
#include "cli/Words.h"
#include "clusters/ClusterSecrets.h"
#include "clusters/ContainerPaths.h"
#include "clusters/Keyring.h"
#include "history/Recording.h"
#include "model/Format.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

namespace understudy::cli {

namespace {

constexpr double lookSeconds = 10;
constexpr double standardSeconds = 60;
constexpr double mostSeconds = 366.0 * 86400;
constexpr int lookForCtrlCMs = 100;

/// Watches until the time is over (none: never) or Ctrl-C, or until a store takes nothing for good. Looks are
/// gathered for a recording only if @p keep.
Replay watch(const Look &look, std::optional<double> seconds, int everyMs, bool keep, StoreRecorder *store)
{
    Replay seen;
    seen.title = look.spec.title;
    seen.past = std::make_shared<PastLooks>();
    ClusterMonitor::Options options;
    options.intervalMs = everyMs;
    options.thresholds = look.spec.thresholds;
    ClusterMonitor monitor(look.secrets, options);
    QEventLoop loop;
    QObject::connect(&monitor, &ClusterMonitor::topologyChanged, &loop, [&](const Topology &topology) {
        const Topology now = withGhostReasons(topology, look.spec.unreachable);
        if (store)
            store->add(now);
        if (!keep)
            return;
        seen.last = now;
        seen.history.add(now);
        seen.past->add(now);
    });
    const Interrupt interrupt(nullptr);
    QElapsedTimer watched; // Weeks are more milliseconds than a timer takes.
    watched.start();
    QTimer stopped;
    QObject::connect(&stopped, &QTimer::timeout, &loop, [&] {
        if (interrupt.happened() || (seconds && double(watched.elapsed()) >= *seconds * 1000) ||
            (store && !store->look()))
            loop.quit();
    });
    stopped.start(lookForCtrlCMs);
    monitor.setNodes(look.spec.nodes);
    loop.exec();
    seen.past->waitUntilPacked();
    return seen;
}

} // namespace

int recordVerb(const QStringList &arguments)
{
    Words words(
        QStringLiteral("record"), QStringLiteral("record CLUSTER -o FILE | --store FILE [OPTIONS]"),
        QStringLiteral(
            "Watches a cluster and writes every look into a file that the window, topology and "
            "snapshot\ntake in a cluster's place. Ctrl-C ends it early; what was seen is "
            "written.\nA recording holds the last hour. A history (--store) holds months: every look of "
            "the last day,\nroll-ups of what is older; it is gone on with when it is there."));
    words.value(QStringLiteral("output"), QStringLiteral("FILE"),
                QStringLiteral("The recording; ends in .understudy-recording."));
    words.value(QStringLiteral("store"), QStringLiteral("FILE"),
                QStringLiteral("The history, an SQLite database; one process at a time writes it."));
    words.value(QStringLiteral("for"), QStringLiteral("SECONDS"),
                QStringLiteral("How long; 60, and with --store alone until Ctrl-C."));
    words.value(QStringLiteral("every"), QStringLiteral("SECONDS"), QStringLiteral("A look so often; 1."),
                QStringLiteral("1"));
    if (const auto ended = words.read(arguments, 1, 1))
        return *ended;
    const QString path = words.text(QStringLiteral("output")), store = words.text(QStringLiteral("store"));
    const bool records = words.isSet(QStringLiteral("output"));
    if (records ? !isRecordingName(path) : store.isEmpty())
        return words.usage(QStringLiteral("-o FILE is where the recording goes; its name ends in "
                                          ".understudy-recording. --store FILE is where history goes."));
    std::optional<double> length;
    if (records || words.isSet(QStringLiteral("for"))) {
        const auto seconds = words.isSet(QStringLiteral("for"))
                                 ? words.number(QStringLiteral("for"), 1, records ? 3600 : mostSeconds)
                                 : Result<double>(standardSeconds);
        if (!seconds)
            return words.usage(seconds.error());
        length = *seconds;
    }
    const auto every = words.number(QStringLiteral("every"), 0.2, 60);
    if (!every)
        return words.usage(every.error());

    const auto look = takeLook(words.positional(0), systemSecrets(), lookSeconds, 1);
    if (!look)
        return complain(look.error(), ExitFailed);
    if (look->recorded)
        return words.usage(QStringLiteral("%1 is a recording already.").arg(words.positional(0)));
    if (!look->answered())
        return complain(look->whyNot(), ExitFailed);
    progress(length ? QStringLiteral("Watching %1 for %2.").arg(look->spec.title, format::seconds(*length))
                    : QStringLiteral("Watching %1 until Ctrl-C.").arg(look->spec.title));
    std::optional<StoreRecorder> history;
    if (!store.isEmpty())
        history.emplace(store);
    const Replay seen = watch(*look, length, int(*every * 1000), records, history ? &*history : nullptr);
    int code = ExitDone;
    if (records) {
        const auto written = writeRecording({seen.title, seen.past->packed(), seen.history.events()}, path);
        if (written)
            print(path);
        else
            code = complain(written.error(), ExitFailed);
    }
    if (history) {
        const auto finished = history->finish();
        if (finished)
            print(store);
        else
            code = complain(finished.error(), ExitFailed);
        history.reset();
    }
    if (look->stuck())
        leaveNow(code);
    return code;
}

} // namespace understudy::cli
