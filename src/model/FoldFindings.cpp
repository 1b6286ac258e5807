// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/FoldMemory.h"

#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

constexpr qsizetype mostCleared = 50;

// Whether this look can tell that a finding is over: of a node that does not answer nothing is known, and
// what is not known has not become well.
bool canTell(const Cluster &cluster, const Finding &finding)
{
    const Node *node = cluster.node(finding.node);
    if (!node || node->state != NodeState::Up)
        return false;
    const Node *below = finding.downstream.isEmpty() ? nullptr : cluster.node(finding.downstream);
    return !below || below->state == NodeState::Up || below->state == NodeState::Ghost;
}

class Telling
{
public:
    Telling(Cluster &cluster, const FoldMemory &before, FoldMemory &after, const FoldInput &input)
        : m_cluster(cluster), m_before(before), m_after(after), m_input(input)
    {
        for (const Node &node : cluster.nodes)
            m_nodes.insert(node.id);
    }

    void run()
    {
        const QList<Finding> seen = findingsNow(m_cluster, m_input.thresholds);
        for (const Finding &finding : seen)
            see(finding);
        if (!m_input.singleLook) {
            for (auto it = m_before.findings.begin(); it != m_before.findings.end(); ++it) {
                if (!m_present.contains(it.key()) && it->raised && m_nodes.contains(it->finding.node))
                    miss(it.key(), *it);
            }
        }
        std::stable_sort(m_cluster.findings.begin(), m_cluster.findings.end(),
                         [](const Finding &a, const Finding &b) { return a.severity < b.severity; });
        for (const Cleared &cleared : m_after.cleared) {
            if (m_nodes.contains(cleared.finding.node))
                m_cluster.cleared << cleared;
        }
    }

private:
    // A critical state is told at once; a warning must last before it is told. Notices are not news.
    void see(const Finding &finding)
    {
        const QString key = finding.key();
        m_present.insert(key);
        FindingMemory memory = m_before.findings.value(key);
        if (memory.firstSeenUs == 0)
            memory.firstSeenUs = m_input.nowUs;
        memory.finding = finding;
        memory.finding.sinceUs = memory.firstSeenUs;
        memory.lastSeenUs = m_input.nowUs;
        const bool lasted =
            double(m_input.nowUs - memory.firstSeenUs) >= m_input.thresholds.raiseAfterSeconds * 1e6;
        memory.raised =
            memory.raised || m_input.singleLook || finding.severity != Severity::Warning || lasted;
        m_after.findings.insert(key, memory);
        if (!memory.raised)
            return;
        m_cluster.findings << memory.finding;
        m_after.cleared.removeIf([&](const Cleared &c) { return c.finding.key() == key; });
    }

    // It was told and is not there any more: for a while that may be a flicker, or nobody can know.
    void miss(const QString &key, const FindingMemory &memory)
    {
        const Finding &finding = memory.finding;
        const bool isFlicker =
            finding.severity == Severity::Warning &&
            double(m_input.nowUs - memory.lastSeenUs) < m_input.thresholds.clearAfterSeconds * 1e6;
        if (isFlicker)
            m_cluster.findings << finding;
        if (isFlicker || !canTell(m_cluster, finding)) {
            m_after.findings.insert(key, memory);
            return;
        }
        if (finding.severity == Severity::Notice)
            return;
        m_after.cleared.prepend({finding, m_input.nowUs});
        if (m_after.cleared.size() > mostCleared)
            m_after.cleared.removeLast();
    }

    Cluster &m_cluster;
    const FoldMemory &m_before;
    FoldMemory &m_after;
    const FoldInput &m_input;
    QSet<NodeId> m_nodes;
    QSet<QString> m_present;
};

} // namespace

void foldFindings(Cluster &cluster, const FoldMemory &before, FoldMemory &after, const FoldInput &input)
{
    Telling(cluster, before, after, input).run();
}

} // namespace understudy
