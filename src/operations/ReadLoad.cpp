// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ReadLoad.h"

#include "model/Clock.h"
#include "operations/ReadRun.h"

#include <algorithm>

namespace understudy {

namespace {

bool isHere(const Endpoint &endpoint)
{
    return endpoint.ssh.isEmpty() && (endpoint.host.startsWith(u'/') || endpoint.host == u"localhost" ||
                                      endpoint.host.startsWith(u"127.") || endpoint.host == u"::1");
}

} // namespace

ReadLoadResult runReadLoad(const ClusterSpec &spec, const QList<WatchedNode> &standbys,
                           const QString &database, const std::shared_ptr<const SecretSource> &secrets_,
                           const ReadLoadOptions &options_, std::stop_token stop,
                           const std::function<void(const ReadLoadRun &)> &sink)
{
    const auto secrets = secrets_ ? secrets_ : std::make_shared<const LibpqSecrets>();
    ReadLoadResult result;
    result.options = options_;
    result.options.connections = std::clamp(options_.connections, 1, 64);
    result.options.secondsEach = std::clamp(options_.secondsEach, 0.2, 300.0);
    result.startedUs = SystemClock::instance().nowUs();
    result.oneMachine =
        !standbys.isEmpty() &&
        std::all_of(standbys.begin(), standbys.end(), [](const auto &node) { return isHere(node.endpoint); });
    if (standbys.isEmpty()) {
        result.error = QStringLiteral("There is no standby to read from.");
        return result;
    }
    Result<ReadWorkload> work = fail(QString());
    for (const WatchedNode &node : standbys) {
        auto sql = reading::openOn(node, database, *secrets, stop);
        work = sql ? chooseWorkload(**sql, options_.sql, stop)
                   : Result<ReadWorkload>(tl::unexpected(sql.error()));
        if (work)
            break;
    }
    if (!work) {
        result.error = work.error().text();
        return result;
    }
    result.workload = work->words;
    result.sql = work->shown;
    const auto primary = reading::findPrimary(spec, standbys, *secrets, stop);
    const reading::RunScene scene{
        primary, database, secrets, *work, result.options.secondsEach, result.options.connections};
    QStringList allSlots;
    for (const WatchedNode &node : standbys)
        allSlots.append(reading::slotOf(node, *secrets, stop));
    const auto add = [&](const QString &label, const QList<WatchedNode> &nodes, QStringList slots_) {
        if (stop.stop_requested())
            return;
        slots_.removeAll(QString());
        result.runs.append(reading::runOn(label, nodes, scene, slots_, stop));
        if (sink)
            sink(result.runs.last());
    };
    for (qsizetype i = 0; i < standbys.size(); ++i) {
        const WatchedNode &node = standbys.at(i);
        add(QStringLiteral("%1 alone").arg(node.name.isEmpty() ? node.id : node.name), {node},
            {allSlots.at(i)});
    }
    if (standbys.size() == 2)
        add(QStringLiteral("both, spread"), standbys, allSlots);
    else if (standbys.size() > 2)
        add(QStringLiteral("all %1, spread").arg(standbys.size()), standbys, allSlots);
    return result;
}

} // namespace understudy
