// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "report/Markdown.h"
#include "report/RunbookParts.h"

namespace understudy::runbook {

using markdown::code;
using markdown::Table;
using markdown::text;

namespace {

QString lsn(const std::optional<Lsn> &position)
{
    return position ? code(position->toString()) : QStringLiteral("unknown");
}

QString replicationTable(const Cluster &cluster)
{
    Table table({QStringLiteral("Standby"), QStringLiteral("Upstream"), QStringLiteral("Slot"),
                 QStringLiteral("State"), QStringLiteral("Sync"), QStringLiteral("Behind"),
                 QStringLiteral("Delay")},
                QStringLiteral("lllllrr"));
    const auto nameOf = [&](const NodeId &id) {
        const Node *node = cluster.node(id);
        return text(node && !node->name.isEmpty() ? node->name : id);
    };
    for (const Link &link : cluster.links) {
        table.row({nameOf(link.downstream), nameOf(link.upstream),
                   link.slot.isEmpty() ? QStringLiteral("no slot") : code(link.slot), stableName(link.state),
                   stableName(link.sync), format::bytes(link.lagBytes), format::seconds(link.lagSeconds)});
    }
    return table.isEmpty() ? QStringLiteral("No standby was connected.\n") : table.toString();
}

QString slotTable(const Cluster &cluster, const NodeId &upstream)
{
    Table table({QStringLiteral("Slot"), QStringLiteral("Kind"), QStringLiteral("Active"),
                 QStringLiteral("restart_lsn"), QStringLiteral("WAL status"), QStringLiteral("Keeps")},
                QStringLiteral("lllllr"));
    for (const Slot &slot : cluster.slots_) {
        if (slot.node != upstream)
            continue;
        table.row({code(slot.name), slot.logical ? QStringLiteral("logical") : QStringLiteral("physical"),
                   slot.active ? QStringLiteral("yes") : QStringLiteral("no"), lsn(slot.restartLsn),
                   slot.walStatus.isEmpty() ? QStringLiteral("unknown") : text(slot.walStatus),
                   format::bytes(slot.retainedBytes)});
    }
    return table.isEmpty() ? QStringLiteral("There was no replication slot.\n") : table.toString();
}

QString keptWords(const Node *upstream)
{
    const QString setting =
        upstream ? upstream->settings.value(QStringLiteral("max_slot_wal_keep_size")) : QString();
    bool ok = false;
    const qint64 limit = setting.toLongLong(&ok);
    if (!ok)
        return QStringLiteral("the upstream keeps WAL for the slowest");
    if (limit < 0)
        return QStringLiteral("the upstream keeps WAL for the slowest, without a limit "
                              "(`max_slot_wal_keep_size` is -1)");
    return QStringLiteral("the upstream keeps WAL for the slowest, up to %1").arg(format::bytes(limit));
}

} // namespace

QString stateBefore(const View &view)
{
    QString out = QStringLiteral("## 2. State before\n\n");
    if (!view.before)
        return out + QStringLiteral("The cluster was not looked at.\n");
    out += QStringLiteral("### Replication\n\n") + replicationTable(*view.before);
    out += QStringLiteral("\n### Slots on %1\n\n").arg(text(view.upstreamName()));
    out += slotTable(*view.before, view.upstream ? view.upstream->id : view.in.request.upstream);

    Table baseline({QStringLiteral("Baseline"), QStringLiteral("Value")});
    if (view.in.preflight && !view.in.preflight->baseline.isEmpty()) {
        for (const auto &[what, value] : view.in.preflight->baseline)
            baseline.row({text(what), text(value)});
    } else if (view.upstream) {
        baseline.row({QStringLiteral("LSN"), lsn(view.upstream->lsn)});
        baseline.row({QStringLiteral("WAL rate"), format::rate(view.upstream->walRate)});
        baseline.row({QStringLiteral("Taken"), format::utcTime(view.in.before.takenAtUs)});
    }
    if (view.upstream) {
        baseline.row({QStringLiteral("Timeline"), view.upstream->timeline
                                                      ? QString::number(*view.upstream->timeline)
                                                      : QStringLiteral("unknown")});
        baseline.row({QStringLiteral("Size of all databases"), format::bytes(view.upstream->databaseBytes)});
    }
    out += QStringLiteral("\n### Baseline\n\n") +
           (baseline.isEmpty() ? QStringLiteral("Unknown.\n") : baseline.toString());
    return out;
}

QString architecture(const View &view, const QMap<QString, QString> &pictures)
{
    const qsizetype links =
        view.before && view.upstream ? view.before->linksFrom(view.upstream->id).size() : 0;
    const auto described = [&](const Cluster *cluster) {
        QStringList words;
        for (const Link &link : cluster ? cluster->links : QList<Link>())
            words << QStringLiteral("%1 sends to %2")
                         .arg(view.nodeName(link.upstream), view.nodeName(link.downstream));
        return words.isEmpty() ? QStringLiteral("no links") : words.join(QStringLiteral(", "));
    };
    const QString now = picture(pictures, QStringLiteral("before"),
                                QStringLiteral("Replication now: ") + described(view.before));
    const QString after =
        picture(pictures, QStringLiteral("after"),
                QStringLiteral("Replication with %1: ").arg(view.name) + described(view.after));
    QString out = QStringLiteral("## 3. Architecture\n\n");
    if (!now.isEmpty() || !after.isEmpty()) {
        Table table({view.done ? QStringLiteral("Before") : QStringLiteral("Now"), QStringLiteral("After")});
        table.row({now, after});
        out += table.toString() + u'\n';
    } else {
        out += QStringLiteral("Now: %1.\n\nAfter: %2.\n\n")
                   .arg(text(described(view.before)), text(described(view.after)));
    }
    const QString sender = view.upstream && view.upstream->role == Role::Primary
                               ? QStringLiteral("The primary")
                               : text(view.upstreamName());
    if (view.upstream && view.upstream->walRate) {
        const double rate = *view.upstream->walRate;
        out += QStringLiteral("%1 sends its WAL once to each standby: about %2 now, about %3 after. ")
                   .arg(sender, format::rate(rate * double(links)),
                        format::rate(rate * double(links + view.standbys.size())));
    } else {
        out += QStringLiteral("%1 sends its WAL once to each standby: %2 now, %3 after. ")
                   .arg(text(view.upstreamName()),
                        format::plural(links, QStringLiteral("copy"), QStringLiteral("copies")),
                        format::plural(links + view.standbys.size(), QStringLiteral("copy"),
                                       QStringLiteral("copies")));
    }
    out += QStringLiteral("Each standby has its own slot and may lag on its own; %1.\n")
               .arg(keptWords(view.upstream));
    return out;
}

} // namespace understudy::runbook
