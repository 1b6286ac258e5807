// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Look.h"

#include "cli/Output.h"
#include "cli/StoreVerb.h"
#include "clusters/ClusterSecrets.h"
#include "clusters/ContainerPaths.h"
#include "history/Recording.h"
#include "history/StoreReader.h"
#include "model/Format.h"

#include <QDateTime>

#include <cstdlib>

namespace understudy::cli {

namespace {

ClusterMonitor::Options monitorOptions(int deadlineMs, const Thresholds &thresholds = {})
{
    ClusterMonitor::Options options;
    options.thresholds = thresholds;
    options.deadlineMs = deadlineMs;
    return options;
}

} // namespace

bool Look::answered() const
{
    return recorded || std::any_of(snapshots.begin(), snapshots.end(),
                                   [](const NodeSnapshot &s) { return s.answered(); });
}

bool Look::stuck() const
{
    if (recorded)
        return false;
    for (const NodeSnapshot &snapshot : snapshots) {
        if (snapshot.answer == Answer::NotResponding)
            return true;
    }
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes) {
            if (node.state == NodeState::NotResponding)
                return true;
        }
    }
    return false;
}

QString Look::whyNot() const
{
    QStringList reasons;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes) {
            if (!node.reason.isEmpty())
                reasons << QStringLiteral("%1: %2").arg(node.name.isEmpty() ? node.id : node.name,
                                                        node.reason);
        }
    }
    return QStringLiteral("No node of %1 answered. %2").arg(spec.title, reasons.join(QStringLiteral(" ")));
}

ClusterSpec withDiscoveredNodes(const ClusterSpec &spec, const std::shared_ptr<const SecretSource> &secrets,
                                int deadlineMs)
{
    QList<NodeSnapshot> snapshots;
    lookOnce(spec.nodes, secrets, monitorOptions(deadlineMs), 1, 0, &snapshots);
    ClusterSpec complete = spec;
    for (const WatchedNode &found : discoverNodes(spec, snapshots, secrets, &complete.unreachable)) {
        const bool known = std::any_of(complete.nodes.begin(), complete.nodes.end(),
                                       [&](const WatchedNode &node) { return node.id == found.id; });
        if (!known)
            complete.nodes << found;
    }
    return complete;
}

Result<Look> takeLook(const QString &cluster, const std::shared_ptr<const SecretSource> &secrets,
                      double timeoutSeconds, int polls)
{
    auto spec = resolveCluster(cluster);
    if (!spec)
        return tl::unexpected(spec.error());
    // One look to discover, then the polls, and some more of half a deadline each where a link seems to stand
    // still: all of it within the time, with something in reserve.
    const int totalMs = int(timeoutSeconds * 1000);
    const int deadlineMs = qBound(100, totalMs / (polls + 5), 3000);
    const int gapMs = qMin(1000, deadlineMs / 2);
    Look look;
    look.secrets = secretsOf(*spec, secrets);
    look.spec = withDiscoveredNodes(*spec, look.secrets, deadlineMs);
    look.topology =
        withGhostReasons(lookOnce(look.spec.nodes, look.secrets, monitorOptions(deadlineMs, spec->thresholds),
                                  polls, gapMs, &look.snapshots),
                         look.spec.unreachable);
    return look;
}

std::optional<qint64> readMoment(const QString &text, qint64 newestUs)
{
    // People read times to the millisecond, looks are taken within one: its end.
    const auto micros = [](const QDateTime &time) {
        return time.isValid() ? std::optional(time.toMSecsSinceEpoch() * 1000 + 999) : std::nullopt;
    };
    if (text.contains(u'T')) {
        QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
        if (time.timeSpec() == Qt::LocalTime)
            time.setTimeSpec(Qt::UTC);
        return micros(time);
    }
    QTime time = QTime::fromString(text, QStringLiteral("HH:mm:ss"));
    if (!time.isValid())
        time = QTime::fromString(text, QStringLiteral("HH:mm"));
    if (!time.isValid())
        return std::nullopt;
    QDateTime newest = QDateTime::fromMSecsSinceEpoch(newestUs / 1000, Qt::UTC), moment = newest;
    moment.setTime(time);
    // Recorded over midnight: a later time of day is the day before.
    return micros(moment > newest ? moment.addDays(-1) : moment);
}

Result<Look> takeLookOrRecorded(const QString &cluster, const std::shared_ptr<const SecretSource> &secrets,
                                double timeoutSeconds, int polls, const QString &at)
{
    if (!isRecordingName(cluster)) {
        if (looksLikeStore(cluster))
            return lookFromStore(cluster, at);
        if (!at.isEmpty())
            return fail(QStringLiteral("--at needs a recording or a history: %1 is looked at as it is now.")
                            .arg(cluster));
        return takeLook(cluster, secrets, timeoutSeconds, polls);
    }
    const auto recording = readRecording(cluster);
    if (!recording)
        return tl::unexpected(recording.error());
    const auto replay = replayOf(*recording);
    if (!replay)
        return tl::unexpected(replay.error());
    const auto moment =
        at.isEmpty() ? std::optional(replay->last.takenAtUs) : readMoment(at, replay->last.takenAtUs);
    if (!moment || *moment < replay->past->oldestUs() || *moment - replay->past->newestUs() >= 1000000)
        return fail(
            QStringLiteral("--at takes a time of this recording, from %1 to %2, not \"%3\".")
                .arg(format::isoUtc(replay->past->oldestUs()), format::isoUtc(replay->past->newestUs()), at));
    Look look;
    look.recorded = true;
    look.spec.title = replay->title;
    look.history = replay->history;
    look.topology = replay->past->at(*moment).value_or(replay->last);
    return look;
}

Deadline::Deadline(double seconds, const QString &sentence)
    : m_thread([this, seconds, sentence](const std::stop_token &stop) {
          std::unique_lock lock(m_mutex);
          const auto limit = std::chrono::duration<double>(seconds);
          m_over.wait_for(lock, stop, limit, [] { return false; });
          if (stop.stop_requested())
              return;
          complain(sentence, ExitFailed);
          leaveNow(ExitFailed);
      })
{
}

Deadline::~Deadline() = default; // The thread is asked to stop and joined.

void leaveNow(int code)
{
    flush();
    std::_Exit(code);
}

} // namespace understudy::cli
