// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/StoreVerb.h"

#include "cli/Output.h"
#include "history/StoreReader.h"
#include "model/Format.h"

#include <QFileInfo>

namespace understudy::cli {

namespace {

constexpr qint64 second = 1000000, hour = 3600 * second;
constexpr int finishMs = 15000;

tl::unexpected<Error> failed(const StoreProblem &problem)
{
    return fail(problem.what, problem.action);
}

StoreWriter::Options optionsFor(const QString &path)
{
    StoreWriter::Options options;
    options.path = QFileInfo(path).absoluteFilePath();
    return options;
}

} // namespace

Result<Look> lookFromStore(const QString &path, const QString &at)
{
    const auto reader = StoreReader::open(path);
    if (!reader)
        return failed(reader.error());
    const auto extent = (*reader)->extent();
    if (!extent)
        return failed(extent.error());
    if (extent->newestUs == 0)
        return fail(QStringLiteral("%1 holds no look yet.").arg(path));
    const auto moment = at.isEmpty() ? std::optional(extent->newestUs) : readMoment(at, extent->newestUs);
    const auto topology = moment && *moment - extent->newestUs < second
                              ? (*reader)->topologyAt(*moment)
                              : Stored<std::optional<Topology>>(std::optional<Topology>());
    if (!topology)
        return failed(topology.error());
    if (!*topology)
        return fail(QStringLiteral("--at takes a time of this history, from %1 to %2, not \"%3\".")
                        .arg(format::isoUtc(extent->oldestUs), format::isoUtc(extent->newestUs), at));
    Look look;
    look.recorded = true;
    look.spec.title = QFileInfo(path).completeBaseName();
    look.topology = **topology;
    const qint64 until = look.topology.takenAtUs;
    const auto before = (*reader)->rawMoments(until - hour, until + 1);
    if (!before)
        return failed(before.error());
    for (const qint64 one : *before) {
        const auto then = (*reader)->topologyAt(one);
        if (then && *then)
            look.history.add(**then);
    }
    return look;
}

StoreRecorder::StoreRecorder(const QString &path) : m_writer(optionsFor(path)) {}

bool StoreRecorder::look()
{
    const StoreState state = m_writer.state();
    if (state.problem != m_said) {
        m_said = state.problem;
        if (m_said)
            progress(m_said->text());
        else
            progress(QStringLiteral("The history is written again."));
    }
    using Kind = StoreProblem::Kind;
    const bool forGood =
        state.problem && (state.problem->kind == Kind::Foreign || state.problem->kind == Kind::Newer ||
                          state.problem->kind == Kind::AnotherWriter);
    return !forGood || state.written > 0;
}

Result<void> StoreRecorder::finish()
{
    const bool all = look() && m_writer.waitUntilWritten(finishMs);
    const StoreState state = m_writer.state();
    if (all && state.dropped == 0)
        return {};
    QString what = QStringLiteral("Not every look could be written.");
    if (state.written == 0)
        what = QStringLiteral("Nothing could be written.");
    return fail(state.problem ? what + u' ' + state.problem->what : what,
                state.problem ? state.problem->action : QString());
}

} // namespace understudy::cli
