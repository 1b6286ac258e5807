// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/Runbook.h"

/// A planned and a finished addition of standby2, for tests of the text alone. @p name and @p text stand
/// wherever a server or a person could have written something.
namespace understudy {

inline Topology twoNodes(const QString &standbyName, bool withNew)
{
    Cluster cluster;
    cluster.systemIdentifier = QStringLiteral("7573920148826316834");
    Node primary;
    primary.id = QStringLiteral("127.0.0.1:5432");
    primary.name = QStringLiteral("primary");
    primary.host = QStringLiteral("127.0.0.1");
    primary.port = 5432;
    primary.role = Role::Primary;
    primary.state = NodeState::Up;
    primary.versionNum = 150018;
    primary.timeline = 1;
    primary.lsn = Lsn::parse(u"0/F0BA410");
    primary.walRate = 18 * 1024;
    primary.databaseBytes = qint64(40) << 20;
    primary.settings.insert(QStringLiteral("max_slot_wal_keep_size"), QString::number(qint64(16) << 30));
    primary.settings.insert(QStringLiteral("max_wal_senders"), QStringLiteral("10"));
    cluster.nodes << primary;
    const auto add = [&](const QString &name, int port, const QString &slotName, NodeState state) {
        Node node;
        node.id = QStringLiteral("127.0.0.1:%1").arg(port);
        node.name = name;
        node.host = QStringLiteral("127.0.0.1");
        node.port = port;
        node.role = Role::Standby;
        node.state = state;
        cluster.nodes << node;
        Link link;
        link.upstream = primary.id;
        link.downstream = node.id;
        link.slot = slotName;
        link.state = LinkState::Streaming;
        link.lag = LagState::CaughtUp;
        link.sync = SyncState::Async;
        link.lagBytes = 0;
        cluster.links << link;
        Slot slot;
        slot.node = primary.id;
        slot.name = slotName;
        slot.active = true;
        slot.retainedBytes = 0;
        cluster.slots_ << slot;
    };
    add(standbyName, 5433, QStringLiteral("standby_slot"), NodeState::Up);
    if (withNew)
        add(QStringLiteral("standby2"), 5434, QStringLiteral("standby2_slot"), NodeState::Planned);
    Topology topology;
    topology.takenAtUs = 1763386807000000;
    topology.clusters << cluster;
    return topology;
}

inline Plan plan(const QString &title)
{
    Plan plan;
    plan.title = title;
    plan.kind = QStringLiteral("add-standby");
    plan.subject = QStringLiteral("standby2");
    Step slot;
    slot.id = QStringLiteral("slot");
    slot.title = QStringLiteral("Create the slot");
    slot.why = QStringLiteral("The upstream keeps WAL for standby2 from here on.");
    slot.actions << SqlAction{
        QStringLiteral("primary"),
        QStringLiteral("SELECT pg_create_physical_replication_slot('standby2_slot', true)"),
        QStringLiteral("slot_lsn")};
    slot.undo << SqlAction{
        QStringLiteral("primary"), QStringLiteral("SELECT pg_drop_replication_slot('standby2_slot')"), {}};
    slot.undoWords = QStringLiteral("drop the slot");
    Step passfile;
    passfile.id = QStringLiteral("passfile");
    passfile.title = QStringLiteral("Write the passfile");
    FileAction file;
    file.path = QStringLiteral("/srv/standby2.pgpass");
    file.content = QStringLiteral("*:*:*:replicator:${secret:replication}");
    passfile.actions << file;
    Step backup;
    backup.id = QStringLiteral("backup");
    backup.title = QStringLiteral("Take the base backup");
    CommandAction command;
    command.host = QStringLiteral("local");
    command.command.argv =
        QStringList{QStringLiteral("pg_basebackup"), QStringLiteral("-D"), QStringLiteral("/srv/standby2")};
    backup.actions << command;
    plan.steps << slot << passfile << backup;
    return plan;
}

inline RunbookInput plannedInput(const QString &name)
{
    RunbookInput in;
    in.by = QStringLiteral("dba");
    in.spec.title = QStringLiteral("demo");
    in.spec.source = QStringLiteral("demo");
    in.spec.replicationUser = QStringLiteral("replicator");
    WatchedNode primary;
    primary.id = QStringLiteral("127.0.0.1:5432");
    primary.name = QStringLiteral("primary");
    in.spec.nodes << primary;
    in.request.upstream = primary.id;
    in.request.name = QStringLiteral("standby2");
    in.request.slot = QStringLiteral("standby2_slot");
    in.request.port = 5434;
    in.request.dataDirectory = QStringLiteral("/srv/standby2");
    in.plan = plan(QStringLiteral("Add standby2 to demo"));
    in.before = twoNodes(name, false);
    in.after = twoNodes(name, true);
    in.takenUs = 1763386807000000;
    return in;
}

inline RunbookInput doneInput(const QString &text)
{
    RunbookInput in = plannedInput(text);
    PreflightResult checks;
    CheckResult check;
    check.title = text;
    check.status = CheckStatus::Warning;
    check.evidence = text;
    check.why = text;
    CheckFix fix;
    fix.command = text;
    check.fix = fix;
    CheckResult waived = check;
    waived.status = CheckStatus::Waived;
    waived.waivedReason = text;
    CheckResult passed;
    passed.title = QStringLiteral("Port 5434");
    passed.status = CheckStatus::Pass;
    passed.evidence = QStringLiteral("nothing listens on 127.0.0.1:5434");
    checks.checks << check << waived << passed;
    in.preflight = checks;

    RunRecord run;
    run.plan = in.plan;
    run.outcome = RunRecord::Outcome::Done;
    run.startedUs = 1763386807000000;
    run.finishedUs = 1763386811000000;
    for (const Step &step : in.plan.steps) {
        StepRecord record;
        record.stepId = step.id;
        record.state = StepState::Done;
        record.startedUs = 1000000;
        record.finishedUs = 2500000;
        record.fact = text;
        for (int i = 0; i < 40; ++i)
            record.log << LogLine{LogLine::Kind::Output, 0, QStringLiteral("line %1 %2").arg(i).arg(text)};
        run.steps << record;
    }
    in.run = run;
    VerifyResult verify;
    VerifyRow row;
    row.what = text;
    row.expected = QStringLiteral("streaming");
    row.actual = text;
    row.pass = true;
    verify.rows << row;
    RowCount count;
    count.table = text;
    count.pass = true;
    count.nodes << RowCount::OnNode{QStringLiteral("127.0.0.1:5433"), text, text, 50004, text};
    count.words = text;
    verify.counts << count;
    in.verify = verify;
    return in;
}

} // namespace understudy
