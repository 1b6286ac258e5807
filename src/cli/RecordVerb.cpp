// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Interrupt.h"
#include "cli/Look.h"
#include "cli/Output.h"
#include "cli/Verbs.h"
#include "cli/Words.h"
#include "clusters/ClusterSecrets.h"
#include "clusters/ContainerPaths.h"
#include "clusters/Keyring.h"
#include "history/Recording.h"
#include "model/Format.h"

#include <QEventLoop>
#include <QTimer>

namespace understudy::cli {

namespace {

constexpr double lookSeconds = 10;
constexpr int lookForCtrlCMs = 100;

/// Watches until the time is over or Ctrl-C.
Replay watch(const Look &look, double seconds, int everyMs)
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
        seen.last = withGhostReasons(topology, look.spec.unreachable);
        seen.history.add(seen.last);
        seen.past->add(seen.last);
    });
    const Interrupt interrupt(nullptr);
    QTimer::singleShot(int(seconds * 1000), &loop, &QEventLoop::quit);
    QTimer stopped;
    QObject::connect(&stopped, &QTimer::timeout, &loop, [&] {
        if (interrupt.happened())
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
        QStringLiteral("record"), QStringLiteral("record CLUSTER -o FILE [OPTIONS]"),
        QStringLiteral("Watches a cluster and writes every look into a file that the window, topology and "
                       "snapshot\ntake in a cluster's place. Ctrl-C ends it early; what was seen is "
                       "written. The last hour is kept."));
    words.value(QStringLiteral("output"), QStringLiteral("FILE"),
                QStringLiteral("The recording; ends in .understudy-recording."));
    words.value(QStringLiteral("for"), QStringLiteral("SECONDS"), QStringLiteral("How long; 60."),
                QStringLiteral("60"));
    words.value(QStringLiteral("every"), QStringLiteral("SECONDS"), QStringLiteral("A look so often; 1."),
                QStringLiteral("1"));
    if (const auto ended = words.read(arguments, 1, 1))
        return *ended;
    const QString path = words.text(QStringLiteral("output"));
    if (!isRecordingName(path))
        return words.usage(QStringLiteral("-o FILE is where the recording goes; its name ends in "
                                          ".understudy-recording."));
    const auto seconds = words.number(QStringLiteral("for"), 1, 3600);
    if (!seconds)
        return words.usage(seconds.error());
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
    progress(QStringLiteral("Watching %1 for %2.").arg(look->spec.title, format::seconds(*seconds)));
    const Replay seen = watch(*look, *seconds, int(*every * 1000));
    const auto written = writeRecording({seen.title, seen.past->packed(), seen.history.events()}, path);
    const int code = written ? int(ExitDone) : complain(written.error(), ExitFailed);
    if (written)
        print(path);
    if (look->stuck())
        leaveNow(code);
    return code;
}

} // namespace understudy::cli
