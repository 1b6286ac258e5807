// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/Quote.h"
#include "model/SlotName.h"
#include "operations/preflight/Checks.h"

#include <QSet>

namespace understudy::checks {

namespace {

QString numbered(const QString &name, const QSet<QString> &taken, QChar joint)
{
    for (int n = 2; n < 1000; ++n) {
        const QString candidate = QStringLiteral("%1%2%3").arg(name.left(58)).arg(joint).arg(n);
        if (!taken.contains(candidate.toLower()))
            return candidate;
    }
    return {};
}

/// Every name by which a standby of this cluster is known.
QSet<QString> knownNames(CheckRun &run)
{
    QSet<QString> names;
    for (const WatchedNode &node : run.cx.facts.spec.nodes)
        names.insert(node.name.toLower());
    if (const Cluster *cluster = run.cx.cluster()) {
        for (const Node &node : cluster->nodes)
            names.insert(node.name.toLower());
    }
    for (const NodeSnapshot &snapshot : run.cx.facts.snapshots)
        names.insert(snapshot.clusterName.toLower());
    const auto rows = run.ask(QStringLiteral("SELECT lower(application_name) FROM pg_stat_replication "
                                             "WHERE application_name IS NOT NULL"));
    if (rows) {
        for (const QVariantList &row : rows->rows)
            names.insert(row.at(0).toString());
    }
    names.remove(QString());
    return names;
}

QString slotState(const QVariantList &row)
{
    if (row.at(1).toBool())
        return QStringLiteral("active, pid %1").arg(row.at(2).toInt());
    return row.at(3).isNull()
               ? QStringLiteral("inactive, never used")
               : QStringLiteral("inactive, keeps %1 of WAL").arg(format::bytes(row.at(3).toLongLong()));
}

} // namespace

void newNames(CheckRun &run)
{
    const QString slot = run.cx.request.slot, name = run.cx.request.name;
    const auto slots_ = run.ask(QStringLiteral(
        "SELECT slot_name, active, active_pid, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN "
        "pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn)::bigint FROM "
        "pg_replication_slots"));
    if (!slots_)
        return run.unknown(slots_.error());
    QSet<QString> taken;
    for (const QVariantList &row : slots_->rows)
        taken.insert(row.at(0).toString().toLower());
    const QString slotField = QStringLiteral("slot"), nameField = QStringLiteral("name");

    const bool wanted = run.cx.request.choices.slot;
    if (const auto valid = checkSlotName(slot); wanted && !valid)
        return run.failed(
            valid.error().what,
            valid.error().action.isEmpty()
                ? QStringLiteral("A slot name has 1 to 63 characters of a-z, 0-9 and underscore.")
                : valid.error().action,
            slotField);
    for (const QVariantList &row : slots_->rows) {
        if (!wanted || row.at(0).toString() != slot)
            continue;
        const QString other = numbered(slot, taken, u'_');
        if (!other.isEmpty())
            run.fixField(slotField, other);
        if (run.result.fix && !row.at(1).toBool())
            run.result.fix->command =
                QStringLiteral("SELECT pg_drop_replication_slot(%1);").arg(quote::sqlLiteral(slot));
        return run.failed(
            QStringLiteral("slot %1 exists already on %2: %3")
                .arg(slot, run.cx.upstreamWord(), slotState(row)),
            QStringLiteral("A slot serves one standby. Take another name, or drop it first if nothing needs "
                           "it any more."),
            slotField);
    }
    if (const auto valid = checkNodeName(name); !valid)
        return run.failed(
            valid.error().what,
            valid.error().action.isEmpty()
                ? QStringLiteral("A name has 1 to 63 characters of letters, digits, '-', '_' and '.'.")
                : valid.error().action,
            nameField);
    const QSet<QString> names = knownNames(run);
    if (names.contains(name.toLower())) {
        const QString other = numbered(name, names, u'-');
        if (!other.isEmpty())
            run.fixField(nameField, other);
        return run.failed(
            QStringLiteral("%1 is the name of a node or a walreceiver already").arg(name),
            QStringLiteral("The name becomes cluster_name and application_name; with two alike nobody can "
                           "tell which is which."),
            nameField);
    }
    if (!wanted)
        return run.pass(QStringLiteral("%1 is valid, and nobody replicates by that name").arg(name));
    run.pass(QStringLiteral("%1 and %2 are valid and unused").arg(name, slot));
}

} // namespace understudy::checks
