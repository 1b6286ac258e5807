// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/HealthRules.h"

#include <QRegularExpression>
#include <QSet>

namespace understudy::health {

namespace {

void splitBrain(const Cluster &cluster, QList<Finding> &out)
{
    QStringList words;
    NodeId first;
    for (const Node &node : cluster.nodes) {
        if (node.role != Role::Primary || node.factsAtUs == 0 ||
            (node.state != NodeState::Up && node.state != NodeState::NoPermission))
            continue;
        if (first.isEmpty())
            first = node.id;
        words << QStringLiteral("%1 (timeline %2)")
                     .arg(node.name,
                          node.timeline ? QString::number(*node.timeline) : QStringLiteral("unknown"));
    }
    if (words.size() < 2)
        return;
    Finding f;
    f.name = QStringLiteral("split_brain");
    f.severity = Severity::Critical;
    f.node = first;
    f.title = QStringLiteral("%1 primaries of one cluster accept writes").arg(words.size());
    f.evidence = QStringLiteral("Out of recovery with the same system identifier: %1.")
                     .arg(words.join(QStringLiteral(", ")));
    f.meaning = QStringLiteral("Their data drifts apart with every write, and one side will be thrown away.");
    f.action = QStringLiteral("Stop writes to the wrong one now, then rebuild it as a standby.");
    f.sql = QStringLiteral("SELECT pg_is_in_recovery(), pg_current_wal_lsn()");
    out << f;
}

// How many synchronous standbys a commit waits for, by synchronous_standby_names.
int wantedSync(const QString &names)
{
    const QString text = names.trimmed();
    if (text.isEmpty())
        return 0;
    static const QRegularExpression counted(QStringLiteral("^(?:(?:FIRST|ANY)\\s+)?(\\d+)\\s*\\("),
                                            QRegularExpression::CaseInsensitiveOption);
    const auto match = counted.match(text);
    return match.hasMatch() ? match.captured(1).toInt() : 1;
}

void syncMissing(const Cluster &cluster, const Node &primary, QList<Finding> &out)
{
    const QString names = primary.settings.value(QStringLiteral("synchronous_standby_names"));
    const int wanted = wantedSync(names);
    int there = 0;
    for (const Link *link : cluster.linksFrom(primary.id))
        there += link->pid && (link->sync == SyncState::Sync || link->sync == SyncState::Quorum) ? 1 : 0;
    for (const Sender &sender : cluster.senders) {
        // pg_receivewal may be a synchronous standby; what it is here cannot be told.
        if (sender.node == primary.id && sender.kind == Sender::Kind::ReceiveWal)
            return;
    }
    if (there >= wanted)
        return;
    Finding f;
    f.name = QStringLiteral("sync_standby_missing");
    f.severity = Severity::Critical;
    f.node = primary.id;
    f.title = QStringLiteral("Commits wait: %1 of %2 synchronous standbys are there").arg(there).arg(wanted);
    f.evidence = QStringLiteral("synchronous_standby_names = '%1'").arg(names);
    f.meaning = QStringLiteral("Every commit on %1 waits until enough synchronous standbys confirm it.")
                    .arg(primary.name);
    f.action = QStringLiteral("Bring a standby of that list back, or take it off the list and reload.");
    f.sql = QStringLiteral("ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf()");
    out << f;
}

void settingsBelow(const Node &primary, const Node &standby, QList<Finding> &out)
{
    QStringList words;
    QStringList sql;
    for (const char *name : {"max_connections", "max_worker_processes", "max_wal_senders",
                             "max_prepared_transactions", "max_locks_per_transaction"}) {
        const qint64 here = setting(standby, name, -1);
        const qint64 there = setting(primary, name, -1);
        if (here < 0 || there < 0 || here >= there)
            continue;
        words << QStringLiteral("%1 = %2 (primary: %3)").arg(QLatin1String(name)).arg(here).arg(there);
        sql << QStringLiteral("ALTER SYSTEM SET %1 = %2").arg(QLatin1String(name)).arg(there);
    }
    if (words.isEmpty())
        return;
    Finding f;
    f.name = QStringLiteral("settings_below_primary");
    f.severity = Severity::Warning;
    f.node = standby.id;
    f.title = QStringLiteral("%1 has lower limits than the primary").arg(standby.name);
    f.evidence = words.join(QStringLiteral(", "));
    f.meaning = QStringLiteral(
        "It pauses replay, or does not start again, with \u201cinsufficient parameter settings\u201d.");
    f.action = QStringLiteral("Raise them on %1 and restart it.").arg(standby.name);
    f.sql = sql.join(QStringLiteral("; "));
    out << f;
}

void versions(const Cluster &cluster, QList<Finding> &out)
{
    QSet<int> seen;
    QStringList words;
    NodeId first;
    for (const Node &node : cluster.nodes) {
        if (node.versionNum == 0)
            continue;
        if (first.isEmpty())
            first = node.id;
        seen.insert(node.versionNum);
        words << QStringLiteral("%1: %2").arg(node.name, format::version(node.versionNum));
    }
    if (seen.size() < 2)
        return;
    Finding f;
    f.name = QStringLiteral("versions_differ");
    f.severity = Severity::Notice;
    f.node = first;
    f.title = QStringLiteral("The servers run different versions");
    f.evidence = words.join(QStringLiteral(", "));
    f.meaning =
        QStringLiteral("Minor versions may differ for a while; update standbys first, the primary last.");
    f.action = QStringLiteral("Bring all servers to the same minor version.");
    out << f;
}

} // namespace

void clusterFindings(const Cluster &cluster, QList<Finding> &out)
{
    splitBrain(cluster, out);
    versions(cluster, out);
    const Node *primary = cluster.primary();
    if (!primary || !isReadable(*primary))
        return;
    syncMissing(cluster, *primary, out);
    for (const Node *standby : cluster.standbys()) {
        if (isReadable(*standby))
            settingsBelow(*primary, *standby, out);
    }
}

} // namespace understudy::health
