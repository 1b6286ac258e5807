// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Redaction.h"

#include "model/RedactionForms.h"
#include "model/SyncNames.h"

#include <algorithm>

namespace understudy {

using namespace redaction;

namespace {

/// As long as this, a secret is replaced inside other words as well.
constexpr qsizetype findAnywhere = 6;

/// What a secret begins with, to pass over text fast.
quint32 beginning(QChar first, QChar second)
{
    return quint32(first.unicode()) << 16 | second.unicode();
}

} // namespace

Redaction::Redaction(const Topology &topology)
{
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes) {
            addHost(node.host);
            addHost(hostOfId(node.id));
        }
    }
    for (const Cluster &cluster : topology.clusters) {
        for (const Link &link : cluster.links) {
            addHost(hostOfId(link.upstream));
            addHost(hostOfId(link.downstream));
        }
        for (const Slot &slot : cluster.slots_)
            addHost(hostOfId(slot.node));
        for (const Sender &sender : cluster.senders)
            addHost(hostOfId(sender.node));
    }
    const QString nodeKind = QStringLiteral("node"), slotKind = QStringLiteral("slot"),
                  clientKind = QStringLiteral("client");
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes) {
            // A node without a name of its own is called by its address.
            const QString port = u':' + QString::number(node.port);
            if (!node.host.isEmpty() && folded(node.name) == folded(node.host + port))
                add(node.name, host(node.host) + port);
            else
                addName(node.name, nodeKind);
        }
    }
    for (const Cluster &cluster : topology.clusters) {
        for (const Slot &slot : cluster.slots_)
            addName(slot.name, slotKind);
        for (const Link &link : cluster.links)
            addName(link.slot, slotKind);
        const auto findingsOf = [&](const Finding &finding) { addName(finding.slot, slotKind); };
        std::for_each(cluster.findings.cbegin(), cluster.findings.cend(), findingsOf);
        for (const Cleared &cleared : cluster.cleared)
            findingsOf(cleared.finding);
    }
    for (const Cluster &cluster : topology.clusters) {
        for (const Link &link : cluster.links)
            addName(link.applicationName, clientKind);
        for (const Sender &sender : cluster.senders)
            addName(sender.applicationName, clientKind);
        for (const Node &node : cluster.nodes) {
            addName(node.settings.value(QStringLiteral("cluster_name")), clientKind);
            addName(node.settings.value(QStringLiteral("primary_slot_name")), slotKind);
            const auto sync =
                SyncNames::parse(node.settings.value(QStringLiteral("synchronous_standby_names")));
            for (const QString &name : sync.names) {
                if (name != u"*")
                    addName(name, clientKind);
            }
            if (node.vitals && node.vitals->oldestTransaction)
                addName(node.vitals->oldestTransaction->applicationName, clientKind);
        }
    }
    // What stands in the texts is numbered before anybody asks: in the order of the topology.
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes)
            learn(node.reason);
        for (const Finding &finding : cluster.findings) {
            for (const QString &words : {finding.title, finding.evidence, finding.meaning, finding.action})
                learn(words);
        }
    }
}

QString Redaction::next(const QString &kind)
{
    return kind + u'-' + QString::number(++m_counts[kind]);
}

QString Redaction::standInOf(const QString &secret) const
{
    return m_standIns.value(folded(secret));
}

void Redaction::add(const QString &secret, const QString &standIn)
{
    const QString key = folded(secret);
    if (key.isEmpty() || m_standIns.contains(key))
        return;
    m_standIns.insert(key, standIn);
    m_begins.insert(beginning(key.front(), key.size() > 1 ? key.at(1) : QChar()));
    const auto at = std::lower_bound(m_lengths.begin(), m_lengths.end(), key.size(), std::greater<>());
    if (at == m_lengths.end() || *at != key.size())
        m_lengths.insert(at, key.size());
}

/// How a host or a node is called where its name would not do: pg-ams-1 makes the slot pg_ams_1.
void Redaction::addForms(const QString &secret)
{
    const QString standIn = standInOf(secret);
    QString slot = folded(secret);
    for (QChar &c : slot) {
        if (!c.isLetterOrNumber())
            c = u'_';
    }
    if (slot.contains(u'_') && std::any_of(slot.cbegin(), slot.cend(), [](QChar c) { return c != u'_'; }))
        add(slot, standIn);
}

void Redaction::addHost(const QString &host, bool guessed)
{
    const QString key = folded(host);
    if (key.trimmed().isEmpty() || m_hosts.contains(key))
        return;
    const QString label = isAddress(host) || host.startsWith(u'/') ? QString() : host.section(u'.', 0, 0);
    // A host and its name in full are one.
    QString standIn = standInOf(host);
    if (standIn.isEmpty() && !label.isEmpty() && label != host)
        standIn = standInOf(label);
    if (standIn.isEmpty())
        standIn = next(QStringLiteral("host"));
    m_hosts.insert(key, standIn);
    if (isPlain(host))
        return; // As a word it tells nothing, and our own sentences are made of it.
    add(host, standIn);
    addForms(host);
    // Of what only looks like a name, such as a table with its schema, the parts may be words.
    const bool known = !guessed || host.count(u'.') > 1;
    if (known && label.size() > 1 && !isPlain(label)) {
        add(label, standIn);
        addForms(label);
    }
    // Whose they are, too.
    const QStringList domain = known && !label.isEmpty() ? host.split(u'.').mid(1) : QStringList();
    for (qsizetype i = 0; i + 1 < domain.size(); ++i) {
        if (domain.at(i).size() > 2 && !isEverywhere(domain.at(i)) && standInOf(domain.at(i)).isEmpty())
            add(domain.at(i), next(QStringLiteral("domain")));
    }
}

void Redaction::addName(const QString &name, const QString &kind)
{
    if (name.trimmed().isEmpty() || isPlain(name))
        return;
    if (standInOf(name).isEmpty())
        add(name, next(kind));
    addForms(name);
}

void Redaction::learn(const QString &text)
{
    for (const QString &address : addressesIn(text))
        addHost(address, true);
}

QString Redaction::text(const QString &text)
{
    learn(text);
    const QString low = folded(text);
    const auto inWord = [&low](qsizetype i) {
        return i >= 0 && i < low.size() && low.at(i).isLetterOrNumber();
    };
    QString out;
    for (qsizetype i = 0; i < text.size();) {
        QString standIn;
        qsizetype taken = 0;
        const bool begins = !(inWord(i) && inWord(i - 1));
        const bool mayBegin = m_begins.contains(beginning(low.at(i), QChar())) ||
                              (i + 1 < low.size() && m_begins.contains(beginning(low.at(i), low.at(i + 1))));
        for (const qsizetype length : mayBegin ? m_lengths : QList<qsizetype>()) {
            if (i + length > low.size() || (length < findAnywhere && !begins))
                continue;
            const bool ends = !(inWord(i + length - 1) && inWord(i + length));
            if (length < findAnywhere && !ends)
                continue;
            const auto found = m_standIns.constFind(low.mid(i, length));
            if (found == m_standIns.constEnd())
                continue;
            standIn = *found;
            taken = length;
            break;
        }
        out += taken > 0 ? standIn : QString(text.at(i));
        i += qMax<qsizetype>(1, taken);
    }
    return out;
}

QString Redaction::host(const QString &host)
{
    if (host.trimmed().isEmpty())
        return {};
    addHost(host);
    return m_hosts.value(folded(host));
}

QString Redaction::nameOf(const Node &node)
{
    if (isPlain(node.name))
        return node.name;
    const QString name = folded(node.name), at = folded(node.host);
    // Called after its own host, in whatever length.
    if (!at.isEmpty() && (name == at || (!isAddress(at) && name == at.section(u'.', 0, 0))))
        return host(node.host);
    const QString known = standInOf(node.name);
    return known.isEmpty() ? next(QStringLiteral("node")) : known;
}

Topology Redaction::topology(Topology topology)
{
    const auto name = [this](QString &one) {
        if (!one.isEmpty() && !isPlain(one))
            one = standInOf(one).isEmpty() ? text(one) : standInOf(one);
    };
    const auto words = [&](Finding &finding) {
        for (QString *one :
             {&finding.title, &finding.evidence, &finding.meaning, &finding.action, &finding.sql})
            *one = text(*one);
        name(finding.slot);
    };
    for (Cluster &cluster : topology.clusters) {
        for (Node &node : cluster.nodes) {
            node.name = nameOf(node);
            node.host = host(node.host);
            node.reason = text(node.reason);
            node.dataDirectory.clear();
            node.settings.clear();
            if (node.vitals)
                node.vitals->oldestTransaction.reset();
        }
        for (Link &link : cluster.links) {
            name(link.slot);
            name(link.applicationName);
        }
        for (Sender &sender : cluster.senders)
            name(sender.applicationName);
        for (Slot &slot : cluster.slots_)
            name(slot.name);
        for (Finding &finding : cluster.findings)
            words(finding);
        for (Cleared &cleared : cluster.cleared)
            words(cleared.finding);
    }
    return topology;
}

Topology redacted(const Topology &topology)
{
    return Redaction(topology).topology(topology);
}

} // namespace understudy
