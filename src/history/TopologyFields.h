// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

namespace understudy {

// One list of the fields of every part of a topology, for writing and for reading alike: `archive(key,
// field)` is called once a field. A new field is appended with a key of its own; a key is never given to
// another meaning. What a reader does not know it leaves out, what a writer did not write keeps its default.
// For history's own files only.

template <typename A>
void fieldsOf(A &archive, TransactionRow &row)
{
    archive("pid", row.pid);
    archive("age", row.ageUs);
    archive("xmin", row.xminAge);
    archive("state", row.state);
    archive("app", row.applicationName);
    archive("db", row.database);
}

template <typename A>
void fieldsOf(A &archive, Vitals &vitals)
{
    archive("read", vitals.readUs);
    archive("archived", vitals.archived);
    archive("failures", vitals.archiveFailures);
    archive("archived_at", vitals.lastArchivedUs);
    archive("failed_at", vitals.lastArchiveFailedUs);
    archive("failed_wal", vitals.lastFailedWal);
    archive("conflicts", vitals.conflicts);
    archive("oldest", vitals.oldestTransaction);
    archive("frozen", vitals.frozenXidAge);
    archive("frozen_db", vitals.frozenXidDatabase);
}

template <typename A>
void fieldsOf(A &archive, Node &node)
{
    archive("id", node.id);
    archive("name", node.name);
    archive("host", node.host);
    archive("port", node.port);
    archive("role", node.role);
    archive("state", node.state);
    archive("reason", node.reason);
    archive("answer", node.answer);
    archive("facts_at", node.factsAtUs);
    archive("version", node.versionNum);
    archive("system", node.systemIdentifier);
    archive("timeline", node.timeline);
    archive("lsn", node.lsn);
    archive("received", node.receivedLsn);
    archive("started", node.startTimeUs);
    archive("paused", node.replayPaused);
    archive("wal_rate", node.walRate);
    archive("disk_free", node.diskFree);
    archive("disk_total", node.diskTotal);
    archive("db_bytes", node.databaseBytes);
    archive("data_dir", node.dataDirectory);
    archive("settings", node.settings);
    archive("vitals", node.vitals);
    archive("recent_conflicts", node.recentConflicts);
    archive("probe_ms", node.probeMs);
}

template <typename A>
void fieldsOf(A &archive, Stages &stages)
{
    archive("sent", stages.sent);
    archive("written", stages.written);
    archive("flushed", stages.flushed);
    archive("replayed", stages.replayed);
}

template <typename A>
void fieldsOf(A &archive, Link &link)
{
    archive("up", link.upstream);
    archive("down", link.downstream);
    archive("slot", link.slot);
    archive("pid", link.pid);
    archive("app", link.applicationName);
    archive("state", link.state);
    archive("sync", link.sync);
    archive("lag", link.lag);
    archive("lag_bytes", link.lagBytes);
    archive("lag_seconds", link.lagSeconds);
    archive("stages", link.stages);
    archive("matched", link.matchedBy);
    archive("confidence", link.confidence);
    archive("wal_rate", link.walRate);
    archive("since", link.sinceUs);
    archive("xmin", link.xminAge);
    archive("message", link.lastMessageS);
    archive("lagging", link.lagging);
}

template <typename A>
void fieldsOf(A &archive, Sender &sender)
{
    archive("node", sender.node);
    archive("pid", sender.pid);
    archive("app", sender.applicationName);
    archive("kind", sender.kind);
}

template <typename A>
void fieldsOf(A &archive, Slot &slot)
{
    archive("node", slot.node);
    archive("name", slot.name);
    archive("logical", slot.logical);
    archive("active", slot.active);
    archive("status", slot.walStatus);
    archive("invalid", slot.invalidationReason);
    archive("xmin", slot.xminAge);
    archive("restart", slot.restartLsn);
    archive("retained", slot.retainedBytes);
    archive("runway", slot.runwaySeconds);
}

template <typename A>
void fieldsOf(A &archive, Finding &finding)
{
    archive("name", finding.name);
    archive("severity", finding.severity);
    archive("node", finding.node);
    archive("slot", finding.slot);
    archive("down", finding.downstream);
    archive("title", finding.title);
    archive("evidence", finding.evidence);
    archive("meaning", finding.meaning);
    archive("action", finding.action);
    archive("sql", finding.sql);
    archive("since", finding.sinceUs);
}

template <typename A>
void fieldsOf(A &archive, Cleared &cleared)
{
    archive("finding", cleared.finding);
    archive("at", cleared.clearedUs);
}

template <typename A>
void fieldsOf(A &archive, Cluster &cluster)
{
    archive("system", cluster.systemIdentifier);
    archive("nodes", cluster.nodes);
    archive("links", cluster.links);
    archive("senders", cluster.senders);
    archive("slots", cluster.slots_);
    archive("findings", cluster.findings);
    archive("cleared", cluster.cleared);
}

template <typename A>
void fieldsOf(A &archive, Topology &topology)
{
    archive("at", topology.takenAtUs);
    archive("clusters", topology.clusters);
}

} // namespace understudy
