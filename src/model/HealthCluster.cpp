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

// The names in synchronous_standby_names, quoted or not, without what counts them.
bool isSynchronousName(const QString &names, const QString &name)
{
    static const QRegularExpression word(QStringLiteral("\"((?:[^\"]|\"\")+)\"|([^\\s,()\"]+)"));
    for (auto it = word.globalMatch(names); it.hasNext();) {
        const auto match = it.next();
        QString listed = match.captured(1).isEmpty() ? match.captured(2) : match.captured(1);
        listed.replace(QStringLiteral("\"\""), QStringLiteral("\""));
        if (listed.compare(name, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

void sameName(const Cluster &cluster, const Node &upstream, QList<Finding> &out)
{
    QMap<QString, QStringList> byName;
    for (const Link *link : cluster.linksFrom(upstream.id)) {
        if (link->pid && !link->applicationName.isEmpty())
            byName[link->applicationName] << nameOf(cluster, link->downstream);
    }
    for (auto it = byName.begin(); it != byName.end(); ++it) {
        if (it->size() < 2)
            continue;
        const bool counts =
            isSynchronousName(upstream.settings.value(QStringLiteral("synchronous_standby_names")), it.key());
        Finding f;
        f.name = QStringLiteral("same_application_name");
        f.severity = counts ? Severity::Warning : Severity::Notice;
        f.node = upstream.id;
        f.title =
            QStringLiteral("%1 standbys of %2 are called %3").arg(it->size()).arg(upstream.name, it.key());
        f.evidence =
            QStringLiteral("pg_stat_replication.application_name of %1").arg(it->join(QStringLiteral(", ")));
        f.meaning =
            counts ? QStringLiteral("synchronous_standby_names lists that name: whichever of them answers "
                                    "first counts, and nobody can say which.")
                   : QStringLiteral("Nobody who reads pg_stat_replication can tell them apart, and none of "
                                    "them can be named in synchronous_standby_names.");
        f.action = QStringLiteral(
            "Give each its own cluster_name (restart) or application_name in primary_conninfo.");
        f.sql = QStringLiteral(
            "-- on each of them, with a name of its own\nALTER SYSTEM SET cluster_name = 'standby1'");
        out << f;
    }
}

void noRewind(const Cluster &cluster, const Node &primary, QList<Finding> &out)
{
    const QString checksums = primary.settings.value(QStringLiteral("data_checksums"));
    const QString hints = primary.settings.value(QStringLiteral("wal_log_hints"));
    if (checksums != QLatin1String("off") || hints != QLatin1String("off") || cluster.standbys().isEmpty())
        return;
    Finding f;
    f.name = QStringLiteral("no_rewind");
    f.severity = Severity::Notice;
    f.node = primary.id;
    f.title = QStringLiteral("pg_rewind will not work on this cluster");
    f.evidence = QStringLiteral("data_checksums = off, wal_log_hints = off");
    f.meaning =
        QStringLiteral("After a failover the old primary can come back only through a full base backup.");
    f.action =
        QStringLiteral("Turn wal_log_hints on; it takes effect after a restart of %1.").arg(primary.name);
    f.sql = QStringLiteral("ALTER SYSTEM SET wal_log_hints = on");
    out << f;
}

} // namespace

void clusterFindings(const Cluster &cluster, QList<Finding> &out)
{
    splitBrain(cluster, out);
    versions(cluster, out);
    for (const Node &node : cluster.nodes) {
        if (isReadable(node))
            sameName(cluster, node, out);
    }
    const Node *primary = cluster.primary();
    if (!primary || !isReadable(*primary))
        return;
    syncMissing(cluster, *primary, out);
    noRewind(cluster, *primary, out);
    for (const Node *standby : cluster.standbys()) {
        if (isReadable(*standby))
            settingsBelow(*primary, *standby, out);
    }
}

} // namespace understudy::health
