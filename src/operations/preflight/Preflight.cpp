// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/Preflight.h"

#include "model/Clock.h"
#include "operations/PlanHosts.h"
#include "operations/preflight/Baseline.h"
#include "operations/preflight/CheckTable.h"
#include "operations/preflight/Checks.h"

#include <algorithm>
#include <condition_variable>
#include <thread>
#include <vector>

namespace understudy {

namespace {

CheckResult waiting(const CheckDefinition &definition, const CheckContext &cx)
{
    CheckResult result;
    result.id = definition.id;
    result.group = definition.group;
    result.title = definition.title;
    result.manual = definition.manual;
    if (cx.cascade && definition.group == CheckGroup::Upstream)
        result.groupHead = QStringLiteral("Upstream and its settings");
    if (cx.isCompose() && definition.group == CheckGroup::Target)
        result.groupHead = cx.facts.compose
                               ? QStringLiteral("Target: Compose project ") + cx.facts.compose->projectName
                               : QStringLiteral("Target: Compose project");
    else if (!cx.facts.target.isLocal() && definition.group == CheckGroup::Target)
        result.groupHead = QStringLiteral("Target: ") + cx.targetWord();
    return result;
}

/// The checks as they run on a few threads. Checks that need the server wait until the first has said
/// whether it answers.
class Table
{
public:
    Table(CheckContext &cx, std::vector<CheckDefinition> definitions, const QStringList &only, CheckSink sink)
        : m_cx(cx), m_definitions(std::move(definitions)), m_only(only), m_sink(std::move(sink))
    {
        for (const CheckDefinition &definition : m_definitions)
            m_results.append(waiting(definition, cx));
        // Checks without the server first, so that no thread waits while there is something to do.
        for (std::size_t i = 1; i < m_definitions.size(); ++i) {
            if (!m_definitions[i].needsServer && wanted(i))
                m_queue.push_back(i);
        }
        for (std::size_t i = 1; i < m_definitions.size(); ++i) {
            if (m_definitions[i].needsServer && wanted(i))
                m_queue.push_back(i);
        }
    }

    void run()
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([this, i] { work(i == 0); });
    }

    QList<CheckResult> results() const
    {
        QList<CheckResult> out;
        for (std::size_t i = 0; i < m_definitions.size(); ++i) {
            if (wanted(i))
                out.append(m_results.at(qsizetype(i)));
        }
        return out;
    }

private:
    CheckContext &m_cx;
    std::vector<CheckDefinition> m_definitions;
    QStringList m_only;
    CheckSink m_sink;
    QList<CheckResult> m_results;
    std::vector<std::size_t> m_queue;
    std::size_t m_next = 0;
    bool m_serverAsked = false;
    mutable std::mutex m_mutex;
    std::condition_variable m_gate;

    bool wanted(std::size_t i) const { return m_only.isEmpty() || m_only.contains(m_definitions[i].id); }

    void work(bool first)
    {
        std::unique_ptr<SqlSession> sql;
        if (first) {
            runOne(0, sql);
            {
                const std::lock_guard lock(m_mutex);
                m_serverAsked = true;
            }
            m_gate.notify_all();
        }
        for (;;) {
            std::size_t index = 0;
            {
                std::unique_lock lock(m_mutex);
                if (m_next >= m_queue.size())
                    return;
                index = m_queue[m_next++];
                // Bounded: the first check has deadlines of its own.
                if (m_definitions[index].needsServer)
                    m_gate.wait(lock, [this] { return m_serverAsked; });
            }
            runOne(index, sql);
        }
    }

    void runOne(std::size_t index, std::unique_ptr<SqlSession> &sql)
    {
        const CheckDefinition &definition = m_definitions[index];
        CheckResult result = waiting(definition, m_cx);
        const bool shown = wanted(index);
        if (m_sink && shown) {
            result.status = CheckStatus::Running;
            m_sink(result);
        }
        const qint64 began = SystemClock::instance().monotonicUs();
        judge(definition, result, sql);
        result.tookMs = double(SystemClock::instance().monotonicUs() - began) / 1000.0;
        waive(result);
        {
            const std::lock_guard lock(m_mutex);
            m_results[qsizetype(index)] = result;
        }
        if (m_sink && shown)
            m_sink(result);
    }

    void judge(const CheckDefinition &definition, CheckResult &result, std::unique_ptr<SqlSession> &sql)
    {
        const auto skip = [&](const QString &why) {
            result.status = CheckStatus::Skipped;
            result.evidence = why;
        };
        if (m_cx.stop.stop_requested())
            return skip(QStringLiteral("stopped before it ran"));
        CheckRun run{m_cx, result, nullptr};
        if (definition.needsServer) {
            if (!m_cx.server.answers)
                return skip(QStringLiteral("not asked: %1 does not answer").arg(m_cx.upstreamWord()));
            if (!sql) {
                SqlSession::Options options;
                options.applicationName = QStringLiteral("understudy_preflight");
                options.readOnly = true;
                auto opened = SqlSession::open(m_cx.upstream.endpoint, *m_cx.secrets, options, m_cx.stop);
                if (!opened)
                    return run.failed(QStringLiteral("no session for this check: ") + opened.error().what,
                                      QStringLiteral("The server answered a moment ago."),
                                      QStringLiteral("upstream"));
                sql = std::move(*opened);
            }
            run.sql = sql.get();
        }
        definition.run(run);
    }

    void waive(CheckResult &result) const
    {
        const QString reason = m_cx.request.waived.value(result.id);
        if (reason.isEmpty())
            return;
        const bool may =
            result.status == CheckStatus::Warning || (result.status == CheckStatus::Fail && result.waivable);
        if (!may)
            return;
        result.status = CheckStatus::Waived;
        result.waivedReason = QStringLiteral("%1: %2").arg(
            m_cx.facts.currentUser.isEmpty() ? QStringLiteral("this user") : m_cx.facts.currentUser, reason);
    }
};

} // namespace

QList<CheckResult> preflightChecks(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const CheckContext cx(request, facts, nullptr, {}, {}, nullptr);
    QList<CheckResult> out;
    for (const CheckDefinition &definition : checkDefinitions(cx))
        out.append(waiting(definition, cx));
    return out;
}

PreflightResult runPreflight(const AddStandbyRequest &asked, const AddStandbyFacts &facts,
                             const std::shared_ptr<const SecretSource> &secrets,
                             const QMap<QString, QString> &secretValues, std::stop_token stop,
                             const CheckSink &sink, const QStringList &only)
{
    AddStandbyRequest request = asked;
    if (request.upstream.isEmpty() || request.name.isEmpty() ||
        (request.slot.isEmpty() && request.choices.slot) || request.port == 0 ||
        request.dataDirectory.isEmpty())
        request = suggest(request, facts);
    const auto secretsOrNone = secrets ? secrets : std::make_shared<const LibpqSecrets>();
    CheckContext cx(request, facts, secretsOrNone, secretValues, stop, hostOf(hostKeyOf(request.on)));
    PreflightResult result;
    result.startedUs = SystemClock::instance().nowUs();
    if ((!cx.host && !cx.isUnseen()) || (!cx.isCompose() && request.on != facts.target.place)) {
        // Without a target nothing can be said of it, and silence must not look like consent.
        CheckResult none = waiting(checkDefinitions(cx).front(), cx);
        none.status = CheckStatus::Fail;
        none.evidence = QStringLiteral("%1 was not looked at").arg(placeWords(request.on));
        none.field = QStringLiteral("on");
        result.checks = {none};
        result.finishedUs = result.startedUs;
        return result;
    }
    Table table(cx, checkDefinitions(cx), only, sink);
    table.run();
    result.checks = table.results();
    result.baseline = preflight::baseline(cx);
    result.finishedUs = SystemClock::instance().nowUs();
    return result;
}

} // namespace understudy
