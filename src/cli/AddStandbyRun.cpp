// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AddStandbyRun.h"

#include "cli/Interrupt.h"
#include "cli/LagSampler.h"
#include "cli/Output.h"
#include "cli/RunProgress.h"
#include "model/Clock.h"
#include "model/Format.h"
#include "operations/PlanHosts.h"
#include "operations/preflight/SeveralPreflight.h"

#include <QJsonArray>

namespace understudy::cli {

namespace {

constexpr int looksBefore = 1;
constexpr int looksAfter = 3;

QString verifyTable(const VerifyResult &verify)
{
    QList<QStringList> rows;
    for (const VerifyRow &row : verify.rows)
        rows << QStringList{row.unknown
                                ? QStringLiteral("Unknown")
                                : (row.pass ? QStringLiteral("As expected") : QStringLiteral("Differs")),
                            row.what, row.expected, row.actual};
    QString out = table({QStringLiteral("Result"), QStringLiteral("What"), QStringLiteral("Expected"),
                         QStringLiteral("Actual")},
                        rows);
    for (const RowCount &count : verify.counts) {
        QStringList numbers;
        for (const RowCount::OnNode &on : count.nodes)
            numbers << QStringLiteral("%1 %2").arg(on.name, on.rows ? format::count(*on.rows)
                                                                    : QStringLiteral("unknown"));
        out += QStringLiteral("\nRows in %1: %2. %3")
                   .arg(count.table, numbers.join(QStringLiteral(", ")), count.words);
    }
    return out;
}

} // namespace

AddStandbyRun::AddStandbyRun(const Prepared &prepared, const Plan &plan,
                             std::shared_ptr<const SecretSource> secrets, PictureFactory pictures)
    : m_prepared(prepared), m_secrets(std::move(secrets)), m_pictures(std::move(pictures))
{
    m_book.by = prepared.facts.currentUser;
    m_book.spec = prepared.facts.spec;
    m_book.request = prepared.request;
    m_book.plan = plan;
    m_book.before = prepared.facts.topology;
    m_book.after = topologyAfter(prepared.request, prepared.facts);
    m_book.takenUs = SystemClock::instance().nowUs();
}

QList<WatchedNode> AddStandbyRun::nodes(bool withNew) const
{
    QList<WatchedNode> all = m_book.spec.nodes;
    if (withNew && m_several)
        return all + m_several->nodes();
    const auto it = m_book.plan.endpoints.constFind(m_book.plan.subject);
    if (withNew && it != m_book.plan.endpoints.constEnd())
        all << WatchedNode{it->address(), m_book.plan.subject, *it};
    return all;
}

void AddStandbyRun::setSeveral(const SeveralStandbys &several)
{
    m_several = several;
    m_book.several = several.requests;
    m_book.request = several.requests.constFirst();
    m_book.after = several.after;
}

bool AddStandbyRun::check()
{
    const QList<AddStandbyRequest> requests =
        m_several ? m_several->requests : QList<AddStandbyRequest>{m_prepared.request};
    m_book.preflight = runPreflight(requests, m_prepared.facts, m_secrets, m_prepared.secretValues);
    return !m_book.preflight->blocked();
}

Result<void> AddStandbyRun::report()
{
    if (m_folder.isEmpty())
        return {};
    // Rates need two looks; the facts of the plan came from one.
    if (!m_book.run)
        m_book.before = lookOnce(nodes(false), m_secrets, {});
    const std::unique_ptr<PictureSource> charts = m_pictures && m_book.run ? m_pictures() : nullptr;
    auto files = writeRunbook(m_book, m_folder, reportName(), charts.get());
    if (!files)
        return tl::unexpected(files.error());
    m_files = *files;
    return {};
}

QString AddStandbyRun::reportName() const
{
    if (!m_several)
        return QStringLiteral("add-") + m_book.plan.subject;
    QStringList names;
    for (const AddStandbyRequest &request : m_several->requests)
        names << request.name;
    return QStringLiteral("add-") + names.join(u'-').left(120);
}

int AddStandbyRun::writePlan(bool json)
{
    const auto written = report();
    if (json)
        say(true, ExitDone);
    else if (m_files)
        print(QStringLiteral("Report: %1, %2").arg(m_files->markdown, m_files->html));
    return written ? int(ExitDone) : complain(written.error(), ExitFailed);
}

void AddStandbyRun::readLoad(std::stop_token stop)
{
    QList<WatchedNode> standbys;
    for (const WatchedNode &node : nodes(true)) {
        const Node *seen = m_book.after.node(node.id);
        if (seen && seen->role == Role::Standby && seen->state == NodeState::Up)
            standbys << node;
    }
    if (!m_readLoad || standbys.isEmpty())
        return;
    progress(QStringLiteral("Measuring reads ..."));
    m_book.readLoad = runReadLoad(m_book.spec, standbys, standbys.constFirst().endpoint.database, m_secrets,
                                  *m_readLoad, stop);
}

VerifyResult AddStandbyRun::verify(std::stop_token stop) const
{
    return m_several ? verifySeveral(*m_several, m_book.spec, m_secrets, stop, {}, m_verify)
                     : verifyStandby(m_book.plan, m_book.spec, m_secrets, stop, {}, m_verify);
}

int AddStandbyRun::run()
{
    auto journal = Journal::create(m_book.plan);
    if (!journal)
        return complain(journal.error(), ExitFailed);
    RunProgress observer(m_book.plan);
    RunContext context;
    context.hosts = hostsOf(m_book.plan);
    context.secrets = m_secrets;
    context.secretValues = m_prepared.secretValues;
    context.journal = *journal;
    context.observer = &observer;

    if (!m_folder.isEmpty())
        m_book.before = lookOnce(nodes(false), m_secrets, {});
    const Interrupt interrupt("Cancelling; what was made so far is undone.");
    LagSampler sampler(m_secrets);
    sampler.setNodes(nodes(false));
    sampler.waitForLooks(looksBefore, interrupt.token());
    m_book.run = runPlan(m_book.plan, context, interrupt.token());
    if (m_book.run->outcome == RunRecord::Outcome::Done) {
        progress(QStringLiteral("Verifying ..."));
        sampler.setNodes(nodes(true));
        m_book.verify = verify(interrupt.token());
        m_book.after = lookOnce(nodes(true), m_secrets, {});
        readLoad(interrupt.token());
        if (!m_folder.isEmpty())
            sampler.waitForLooks(looksAfter, interrupt.token());
    }
    m_book.history = sampler.stop();
    if (m_book.run->outcome != RunRecord::Outcome::Done)
        return exitCode(*m_book.run);
    return m_book.verify->pass() ? ExitDone : ExitFailed;
}

int AddStandbyRun::execute(bool json)
{
    if (!check()) {
        if (json)
            say(true, ExitFailed);
        else
            print(checkTable(*m_book.preflight));
        return complain(QStringLiteral("Nothing was changed: a check failed."), ExitFailed);
    }
    int code = run();
    if (!m_book.run)
        return code;
    if (const auto written = report(); !written) {
        m_reportError = written.error().text();
        complain(written.error(), ExitFailed);
        code = code == ExitDone ? int(ExitFailed) : code;
    }
    say(json, code);
    return code;
}

void AddStandbyRun::say(bool json, int code) const
{
    if (json) {
        QJsonObject out{{QStringLiteral("format"), 1}, {QStringLiteral("plan"), toJson(m_book.plan)}};
        if (m_book.preflight)
            out.insert(QStringLiteral("preflight"), toJson(*m_book.preflight));
        if (m_book.run)
            out.insert(QStringLiteral("run"), runJson(*m_book.run));
        if (m_book.verify)
            out.insert(QStringLiteral("verify"), toJson(*m_book.verify));
        if (m_book.readLoad)
            out.insert(QStringLiteral("read_load"), toJson(*m_book.readLoad));
        if (m_files)
            out.insert(
                QStringLiteral("report"),
                QJsonObject{{QStringLiteral("markdown"), m_files->markdown},
                            {QStringLiteral("html"), m_files->html},
                            {QStringLiteral("pictures"), QJsonArray::fromStringList(m_files->pictures)}});
        printJson(out);
        return;
    }
    if (m_book.run->outcome != RunRecord::Outcome::Done) {
        complain(outcomeWords(*m_book.run), code);
        return;
    }
    print(outcomeWords(*m_book.run));
    print(u'\n' + verifyTable(*m_book.verify));
    if (!m_book.verify->pass())
        complain(QStringLiteral("Added %1, but not everything is as expected. The table says what differs.")
                     .arg(m_book.plan.subject),
                 code);
    if (m_book.readLoad)
        print(u'\n' + m_book.readLoad->sentence());
    if (m_files)
        print(QStringLiteral("\nReport: %1, %2").arg(m_files->markdown, m_files->html));
}

} // namespace understudy::cli
