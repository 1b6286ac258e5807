// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QHash>
#include <QSet>

namespace understudy {

/// Stand-ins for what a picture or a report that leaves the house must not tell: hosts and addresses become
/// "host-1", names of nodes "node-1", slots "slot-1", what clients call themselves "client-1", domains
/// "domain-1". The same thing has the same stand-in everywhere, in whatever case it is written. Names that
/// say nothing ("standby1", "primary_slot") stay. What looks like an address and is not known from the
/// topology is replaced as well. Numbers, ports, times and PostgreSQL's own names stay. Any thread.
class Redaction
{
public:
    explicit Redaction(const Topology &topology);

    /// Text of any kind: a title, a reason, a finding's words.
    QString text(const QString &text);
    /// Ids stay: they are keys, and are never drawn of a node that has a name. Every node has one afterwards.
    Topology topology(Topology topology);

private:
    void add(const QString &secret, const QString &standIn);
    void addHost(const QString &host, bool guessed = false);
    void addName(const QString &name, const QString &kind);
    void addForms(const QString &secret);
    void learn(const QString &text); ///< Takes in addresses that nobody told us of
    QString next(const QString &kind);
    QString standInOf(const QString &secret) const; ///< Empty: not known
    QString host(const QString &host);
    QString nameOf(const Node &node);

    QHash<QString, QString> m_standIns; ///< By folded secret; only what may be looked for in free text
    QHash<QString, QString> m_hosts;    ///< All hosts, also those whose name is an everyday word
    QHash<QString, int> m_counts;
    QSet<quint32> m_begins;     ///< How secrets begin
    QList<qsizetype> m_lengths; ///< Of the secrets, the longest first
};

/// The whole look with stand-ins.
Topology redacted(const Topology &topology);

} // namespace understudy
