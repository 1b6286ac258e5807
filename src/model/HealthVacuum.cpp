// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/HealthRules.h"
#include "model/Quote.h"

#include <algorithm>

// What keeps vacuum from removing old rows: a slot, a standby's feedback, a transaction that nobody ended.
namespace understudy::health {

namespace {

constexpr qint64 serverStopsAt =
    Q_INT64_C(2146483647); // 2^31 less three million, where no xid is given any more.

QString transactions(qint64 n)
{
    return format::plural(n, QStringLiteral("transaction"));
}

// Who holds it, and how to let go.
struct Holder
{
    NodeId node; ///< Where vacuum is held back.
    QString slot;
    NodeId downstream;
    QString title;    ///< "Slot s" or "standby1"
    QString evidence; ///< What the age was read from.
    QString action;
    QString sql;
    qint64 age = 0;
};

void held(const Cluster &cluster, const Holder &holder, const Thresholds &thresholds, QList<Finding> &out)
{
    if (holder.age < std::min(thresholds.xminAge, thresholds.wraparoundAge))
        return;
    const bool isNear = holder.age >= thresholds.wraparoundAge;
    const QString where = nameOf(cluster, holder.node);
    Finding f;
    f.name = isNear ? QStringLiteral("wraparound_held_back") : QStringLiteral("vacuum_held_back");
    f.severity = isNear ? Severity::Critical : Severity::Warning;
    f.node = holder.node;
    f.slot = holder.slot;
    f.downstream = holder.downstream;
    f.title = isNear ? QStringLiteral("%1 brings %2 close to wraparound").arg(holder.title, where)
                     : QStringLiteral("%1 holds vacuum back on %2").arg(holder.title, where);
    f.evidence = holder.evidence;
    f.meaning =
        isNear
            ? QStringLiteral("Rows cannot be frozen past it. After about %1 more the server takes no writes.")
                  .arg(transactions(std::max<qint64>(0, serverStopsAt - holder.age)))
            : QStringLiteral("Rows deleted or updated since then stay, so tables and indexes grow.");
    f.action = holder.action;
    f.sql = holder.sql;
    out << f;
}

void slotXmin(const Cluster &cluster, const Slot &slot, const Thresholds &thresholds, QList<Finding> &out)
{
    if (!slot.xminAge)
        return;
    Holder holder;
    holder.node = slot.node;
    holder.slot = slot.name;
    holder.title = QStringLiteral("Slot %1").arg(slot.name);
    holder.age = *slot.xminAge;
    holder.evidence = QStringLiteral("pg_replication_slots: the xmin of %1 is %2 old; it is %3.")
                          .arg(slot.name, transactions(holder.age),
                               slot.active ? QStringLiteral("active") : QStringLiteral("inactive"));
    holder.action =
        slot.active
            ? QStringLiteral("End the long query on its standby, or turn its hot_standby_feedback off.")
            : QStringLiteral("Bring its reader back, or drop the slot if there is none.");
    holder.sql =
        slot.active ? QStringLiteral("SELECT slot_name, xmin, catalog_xmin FROM pg_replication_slots")
                    : QStringLiteral("SELECT pg_drop_replication_slot(%1)").arg(quote::sqlLiteral(slot.name));
    held(cluster, holder, thresholds, out);
}

void feedback(const Cluster &cluster, const Link &link, const Thresholds &thresholds, QList<Finding> &out)
{
    if (!link.xminAge)
        return;
    Holder holder;
    holder.node = link.upstream;
    holder.downstream = link.downstream;
    holder.title = QStringLiteral("hot_standby_feedback of %1").arg(nameOf(cluster, link.downstream));
    holder.age = *link.xminAge;
    holder.evidence =
        QStringLiteral("pg_stat_replication: its backend_xmin is %1 old.").arg(transactions(holder.age));
    holder.action = QStringLiteral("End the long query on %1, or turn its hot_standby_feedback off.")
                        .arg(nameOf(cluster, link.downstream));
    holder.sql = QStringLiteral("SELECT pid, now() - xact_start AS age, state FROM pg_stat_activity "
                                "WHERE xact_start IS NOT NULL ORDER BY xact_start");
    held(cluster, holder, thresholds, out);
}

void oldTransaction(const Node &node, const Thresholds &thresholds, QList<Finding> &out)
{
    if (!node.vitals || !node.vitals->oldestTransaction)
        return;
    const TransactionRow &t = *node.vitals->oldestTransaction;
    if (double(t.ageUs) <= thresholds.transactionSeconds * 1e6)
        return;
    Finding f;
    f.name = QStringLiteral("long_transaction");
    f.severity = Severity::Warning;
    f.node = node.id;
    f.title = QStringLiteral("A transaction on %1 has been open for %2").arg(node.name, format::age(t.ageUs));
    f.evidence =
        QStringLiteral("pg_stat_activity: pid %1 (%2, database %3), %4, its snapshot is %5 old.")
            .arg(QString::number(t.pid),
                 t.applicationName.isEmpty() ? QStringLiteral("no application_name") : t.applicationName,
                 t.database, t.state.isEmpty() ? QStringLiteral("state unknown") : t.state,
                 t.xminAge ? transactions(*t.xminAge) : QStringLiteral("an unknown number of transactions"));
    if (node.role != Role::Standby)
        f.meaning = QStringLiteral(
            "Vacuum cannot remove what was deleted since it began, here and on every standby.");
    else if (node.settings.value(QStringLiteral("hot_standby_feedback")) == QLatin1String("on"))
        f.meaning = QStringLiteral("With hot_standby_feedback on, it holds vacuum back on the primary.");
    else
        f.meaning = QStringLiteral(
            "It can hold replay for up to max_standby_streaming_delay, and then be cancelled.");
    f.action = QStringLiteral("Ask its owner to end it.");
    f.sql =
        QStringLiteral("SELECT pid, usename, state, xact_start, query FROM pg_stat_activity WHERE pid = %1")
            .arg(t.pid);
    out << f;
}

} // namespace

void vacuumFindings(const Cluster &cluster, const Thresholds &thresholds, QList<Finding> &out)
{
    for (const Node &node : cluster.nodes) {
        if (isReadable(node))
            oldTransaction(node, thresholds, out);
    }
    const auto isHere = [&](const NodeId &id) {
        const Node *node = cluster.node(id);
        return node && isReadable(*node);
    };
    for (const Slot &slot : cluster.slots_) {
        if (isHere(slot.node))
            slotXmin(cluster, slot, thresholds, out);
    }
    for (const Link &link : cluster.links) {
        if (link.pid && isHere(link.upstream))
            feedback(cluster, link, thresholds, out);
    }
}

} // namespace understudy::health
