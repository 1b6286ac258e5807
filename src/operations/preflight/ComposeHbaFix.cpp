// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/ComposeHbaFix.h"

#include "model/Clock.h"
#include "model/Quote.h"
#include "operations/PlanHosts.h"

#include <QDateTime>

namespace understudy::checks {

namespace {

const QString reload = QStringLiteral("SELECT pg_reload_conf()");

// $1: the line, $2: the file. An image may have no grep. Nothing is added twice: what is taken out again is
// ours.
const QString addLine =
    QStringLiteral("while IFS= read -r l || [ -n \"$l\" ]; do\n"
                   "    if [ \"$l\" = \"$1\" ]; then echo \"the line is there already\" >&2; exit 1; fi\n"
                   "done <\"$2\"\n"
                   "printf '%s\\n' \"$1\" >>\"$2\"");

// Written in place: the file keeps its owner and mode.
const QString takeLineOut = QStringLiteral("rest=$(while IFS= read -r l || [ -n \"$l\" ]; do\n"
                                           "    [ \"$l\" = \"$1\" ] || printf '%s\\n' \"$l\"\n"
                                           "done <\"$2\") || exit 1\n"
                                           "printf '%s\\n' \"$rest\" >\"$2\"");

CommandAction inUpstream(const CheckContext &cx, const QString &script, const QString &line,
                         const QString &hbaFile)
{
    const ComposeTarget &target = *cx.facts.compose;
    CommandAction action;
    action.host = engineHostKey;
    action.command.argv = target.base + QStringList{QStringLiteral("exec"),
                                                    QStringLiteral("-T"),
                                                    cx.upstream.name,
                                                    QStringLiteral("sh"),
                                                    QStringLiteral("-c"),
                                                    script,
                                                    QStringLiteral("sh"),
                                                    line,
                                                    hbaFile};
    action.command.workingDirectory = target.folder();
    action.command.timeoutMs = 30000;
    return action;
}

Plan hbaPlan(const CheckContext &cx, const QString &line, const QString &hbaFile)
{
    const QString node = cx.upstream.name;
    Step step;
    step.id = QStringLiteral("hba_line");
    step.title = QStringLiteral("Let the standby's role log in for replication");
    step.why = QStringLiteral("The word all in pg_hba.conf does not match replication connections.");
    CommandAction add = inUpstream(cx, addLine, line, hbaFile);
    add.shown = QStringLiteral("echo %1 >>%2 # in the container of %3")
                    .arg(quote::shellWord(line), quote::shellWord(hbaFile), node);
    add.atomic = true;
    CommandAction out = inUpstream(cx, takeLineOut, line, hbaFile);
    out.shown = QStringLiteral("# take that line out of %1 again").arg(hbaFile);
    step.actions = {
        add, SqlAction{node, reload, {}},
        WaitAction{node,
                   QStringLiteral("SELECT count(*) = 0 FROM pg_hba_file_rules WHERE error IS NOT NULL"),
                   QStringLiteral("pg_hba.conf has no fault"),
                   5000,
                   {}}};
    step.undo = {out, SqlAction{node, reload, {}}};
    step.undoWords = QStringLiteral("take the line out");
    step.changes = QStringLiteral("1 line of pg_hba.conf");
    step.leftover = QStringLiteral("the line \"%1\" in %2 on %3").arg(line, hbaFile, node);
    Plan plan;
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(SystemClock::instance().nowUs() / 1000).toUTC();
    plan.id = now.toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")) + QStringLiteral("-fix-hba-line");
    plan.kind = QStringLiteral("preflight-fix");
    plan.title = QStringLiteral("Let %1 replicate from %2").arg(cx.replicationUser(), node);
    plan.cluster = cx.facts.spec.title;
    plan.subject = node;
    plan.endpoints.insert(node, cx.upstream.endpoint);
    plan.lockNode = node;
    plan.hosts = {engineHostKey};
    plan.facts.insert(QStringLiteral("compose_file"), cx.facts.compose->opened);
    plan.steps = {step};
    return plan;
}

bool isSuperuser(CheckRun &run)
{
    const auto super = run.ask(QStringLiteral("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
    return super && super->first().toBool();
}

} // namespace

void composeHbaFix(CheckRun &run, const QString &line, const QString &hbaFile)
{
    const CheckContext &cx = run.cx;
    // A service outside of the project has its own file somewhere else.
    if (hbaFile.isEmpty() || line.isEmpty() || !cx.facts.compose->project.service(cx.upstream.name))
        return;
    CommandAction add = inUpstream(cx, QStringLiteral("echo \"$1\" >>\"$2\""), line, hbaFile);
    const QString command =
        quote::shellCommand(add.command.argv) + QStringLiteral("\nSELECT pg_reload_conf();");
    run.fix(command, QStringLiteral("Add the line and check again"));
    if (!isSuperuser(run))
        return;
    run.result.fix->canApply = true;
    run.result.fix->plan = hbaPlan(cx, line, hbaFile);
}

} // namespace understudy::checks
