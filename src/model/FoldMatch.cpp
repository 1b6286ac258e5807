// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/FoldMemory.h"

#include <QSet>
#include <algorithm>
#include <limits>
#include <tuple>

namespace understudy {

namespace {

bool isLoopback(const QString &host)
{
    return host == QLatin1String("localhost") || host.startsWith(QLatin1String("127.")) ||
           host == QLatin1String("::1") || host.startsWith(u'/') || host.isEmpty();
}

bool isSameHost(const QString &a, const QString &b)
{
    return a == b || (isLoopback(a) && isLoopback(b));
}

bool listensAt(const NodeSnapshot &node, int port)
{
    return node.endpoint.port == port || node.listenPort == port;
}

// The upstream as the standby names it: its receiver, else its setting.
struct UpstreamAddress
{
    QString host;
    std::optional<int> port;
};

UpstreamAddress upstreamAddress(const NodeSnapshot &standby)
{
    if (standby.receiver && (standby.receiver->senderPort || !standby.receiver->senderHost.isEmpty()))
        return {standby.receiver->senderHost, standby.receiver->senderPort};
    const auto endpoints = Endpoint::parse(standby.primaryConninfo);
    if (!endpoints || endpoints->isEmpty())
        return {};
    return {endpoints->first().host, endpoints->first().port};
}

// Ports are seldom translated twice: a standby that says another port than this node has follows another one.
bool mayFollow(const NodeSnapshot &standby, const NodeSnapshot &upstream)
{
    const auto address = upstreamAddress(standby);
    return standby.id != upstream.id && standby.role == Role::Standby &&
           (!address.port || listensAt(upstream, *address.port));
}

QString slotNameOf(const NodeSnapshot &standby)
{
    return standby.receiver && !standby.receiver->slotName.isEmpty() ? standby.receiver->slotName
                                                                     : standby.primarySlotName;
}

class Matcher
{
public:
    explicit Matcher(const ClusterLook &look) : m_look(look) {}

    QList<Match> run()
    {
        for (const NodeSnapshot &upstream : m_look.now) {
            if (upstream.answered())
                collect(upstream);
        }
        bySlot();
        keepRemembered();
        byName();
        byAddress();
        byOrder();
        byElimination();
        return m_matches;
    }

private:
    void collect(const NodeSnapshot &upstream)
    {
        for (const SenderRow &sender : upstream.senders) {
            if (otherSenderKind(upstream, sender))
                continue;
            Match match;
            match.upstream = upstream.id;
            match.sender = sender;
            for (const SlotRow &slot : upstream.slots_) {
                if (slot.activePid == sender.pid && !slot.logical)
                    match.slot = slot.name;
            }
            m_matches << match;
        }
    }

    // Standbys that nothing was found for yet and that @p wanted holds for.
    template <typename Wanted>
    QList<const NodeSnapshot *> free(Wanted wanted) const
    {
        QList<const NodeSnapshot *> out;
        for (const NodeSnapshot &now : m_look.now) {
            const NodeSnapshot *known = m_look.fact(now.id);
            if (known && known->role == Role::Standby && !m_taken.contains(now.id) && wanted(*known))
                out << known;
        }
        return out;
    }

    void settle(Match &match, const NodeId &downstream, MatchedBy by, Confidence confidence)
    {
        match.downstream = downstream;
        match.by = by;
        match.confidence = confidence;
        m_taken.insert(downstream);
    }

    void bySlot()
    {
        for (Match &match : m_matches) {
            if (match.slot.isEmpty())
                continue;
            const NodeSnapshot &upstream = *m_look.fact(match.upstream);
            auto named = free(
                [&](const NodeSnapshot &s) { return s.id != match.upstream && slotNameOf(s) == match.slot; });
            // Two upstreams may each have a slot of that name.
            QList<const NodeSnapshot *> following;
            std::copy_if(named.begin(), named.end(), std::back_inserter(following),
                         [&](const NodeSnapshot *s) { return mayFollow(*s, upstream); });
            const bool plausible = !following.isEmpty();
            if (plausible)
                named = following;
            else if (isSlotNameShared(match.slot))
                continue;
            if (named.size() != 1)
                continue;
            const bool fresh = m_look.answered(named[0]->id) && named[0]->receiver;
            settle(match, named[0]->id, MatchedBy::Slot, fresh ? Confidence::Certain : Confidence::Likely);
        }
    }

    bool isSlotNameShared(const QString &slot) const
    {
        return std::count_if(m_matches.begin(), m_matches.end(),
                             [&](const Match &m) { return m.slot == slot; }) > 1;
    }

    // A walsender does not change its standby: what was once found for this pid still holds.
    void keepRemembered()
    {
        for (Match &match : m_matches) {
            for (const LinkMemory &known : m_look.before->links) {
                const Link &link = known.link;
                if (link.upstream != match.upstream || link.pid != match.sender.pid ||
                    !known.ghost.id.isEmpty() || link.state == LinkState::Broken)
                    continue;
                // What was guessed among namesakes is guessed anew: one of them may have gone meanwhile.
                if (link.confidence == Confidence::Guess && link.matchedBy == MatchedBy::ApplicationName)
                    continue;
                const NodeSnapshot *standby = m_look.fact(link.downstream);
                if (!standby || standby->role != Role::Standby)
                    continue;
                const bool isHis = match.downstream == link.downstream;
                if (isHis && match.confidence > link.confidence)
                    match.confidence = link.confidence;
                else if (match.downstream.isEmpty() && !m_taken.contains(link.downstream))
                    settle(match, link.downstream, link.matchedBy, link.confidence);
            }
        }
    }

    void byName()
    {
        for (Match &match : m_matches) {
            if (!match.downstream.isEmpty() || match.sender.applicationName.isEmpty())
                continue;
            const auto alike = std::count_if(m_matches.begin(), m_matches.end(), [&](const Match &m) {
                return m.downstream.isEmpty() && m.upstream == match.upstream &&
                       m.sender.applicationName == match.sender.applicationName;
            });
            const NodeSnapshot &upstream = *m_look.fact(match.upstream);
            const auto named = free([&](const NodeSnapshot &s) {
                return receiverName(s) == match.sender.applicationName && mayFollow(s, upstream) &&
                       fitsSlot(s, match);
            });
            if (alike == 1 && named.size() == 1 && isFed(*named[0]))
                settle(match, named[0]->id, MatchedBy::ApplicationName, Confidence::Likely);
        }
    }

    void byAddress()
    {
        for (Match &match : m_matches) {
            if (!match.downstream.isEmpty() || match.sender.clientAddress.isEmpty())
                continue;
            const auto alike = std::count_if(m_matches.begin(), m_matches.end(), [&](const Match &m) {
                return m.downstream.isEmpty() && m.upstream == match.upstream &&
                       isSameHost(m.sender.clientAddress, match.sender.clientAddress);
            });
            const NodeSnapshot &upstream = *m_look.fact(match.upstream);
            const auto there = free([&](const NodeSnapshot &s) {
                return isSameHost(s.endpoint.host, match.sender.clientAddress) && mayFollow(s, upstream) &&
                       fitsSlot(s, match) && isFed(s);
            });
            if (alike == 1 && there.size() == 1)
                settle(match, there[0]->id, MatchedBy::Address, Confidence::Guess);
        }
    }

    // Several standbys of one name, and nothing else to tell them by: all of them are fed, so none of them
    // may be called disconnected. Which is which is guessed from how far they are.
    void byOrder()
    {
        for (const Match &first : m_matches) {
            if (!first.downstream.isEmpty() || first.sender.applicationName.isEmpty())
                continue;
            const NodeSnapshot &upstream = *m_look.fact(first.upstream);
            auto standbys = free([&](const NodeSnapshot &s) {
                return s.receiver && m_look.answered(s.id) && mayFollow(s, upstream) && fitsSlot(s, first) &&
                       receiverName(s) == first.sender.applicationName;
            });
            QList<Match *> senders;
            for (Match &match : m_matches) {
                if (match.downstream.isEmpty() && match.upstream == first.upstream &&
                    match.slot == first.slot && match.sender.applicationName == first.sender.applicationName)
                    senders << &match;
            }
            // More standbys than walsenders: those that heard from it last are the ones that are fed.
            std::stable_sort(
                standbys.begin(), standbys.end(),
                [](const NodeSnapshot *a, const NodeSnapshot *b) { return silenceUs(*a) < silenceUs(*b); });
            standbys.resize(std::min(standbys.size(), senders.size()));
            std::stable_sort(standbys.begin(), standbys.end(),
                             [](const NodeSnapshot *a, const NodeSnapshot *b) {
                                 return std::tie(a->replayedLsn, a->id) < std::tie(b->replayedLsn, b->id);
                             });
            std::stable_sort(senders.begin(), senders.end(), [](const Match *a, const Match *b) {
                return a->sender.replayed < b->sender.replayed;
            });
            for (qsizetype i = 0; i < standbys.size(); ++i)
                settle(*senders[i], standbys[i]->id, MatchedBy::ApplicationName, Confidence::Guess);
        }
    }

    /// How long ago its receiver heard anything, by its own clock.
    static qint64 silenceUs(const NodeSnapshot &standby)
    {
        if (!standby.receiver || !standby.receiver->lastMessageReceivedUs || !standby.serverTimeUs)
            return std::numeric_limits<qint64>::max();
        return *standby.serverTimeUs - *standby.receiver->lastMessageReceivedUs;
    }

    // One walsender and one listening node that never let us in: most likely they belong together.
    void byElimination()
    {
        QList<Match *> open;
        for (Match &match : m_matches) {
            if (match.downstream.isEmpty())
                open << &match;
        }
        QList<NodeId> strangers;
        for (const NodeSnapshot &now : m_look.now) {
            const bool alive = now.answer == Answer::LoginFailed || now.answer == Answer::NotResponding;
            if (alive && !m_look.fact(now.id))
                strangers << now.id;
        }
        if (open.size() == 1 && strangers.size() == 1)
            settle(*open[0], strangers[0], MatchedBy::Address, Confidence::Guess);
    }

    // A standby that says which slot it uses is not behind a walsender with another one.
    static bool fitsSlot(const NodeSnapshot &standby, const Match &match)
    {
        const QString slot = slotNameOf(standby);
        return slot.isEmpty() || match.slot.isEmpty() || slot == match.slot;
    }

    // Up without a receiver: nobody feeds it, whatever its name says.
    bool isFed(const NodeSnapshot &standby) const
    {
        return !m_look.answered(standby.id) || standby.receiver || !standby.canMonitor;
    }

    const ClusterLook &m_look;
    QList<Match> m_matches;
    QSet<NodeId> m_taken;
};

} // namespace

QList<Match> matchSenders(const ClusterLook &look)
{
    return Matcher(look).run();
}

NodeId upstreamOf(const ClusterLook &look, const NodeId &standby)
{
    const NodeSnapshot *self = look.fact(standby);
    const bool changed = look.answered(standby) && self && self->receiver && self->receiver->senderPort;
    if (const auto known = look.before->links.constFind(standby);
        known != look.before->links.constEnd() && !changed) {
        for (const NodeSnapshot &s : look.now) {
            if (s.id == known->link.upstream)
                return s.id;
        }
    }
    if (!self)
        return {};
    const auto address = upstreamAddress(*self);
    NodeId byPort;
    int alike = 0;
    NodeId bySlot;
    NodeId primary;
    int primaries = 0;
    for (const NodeSnapshot &now : look.now) {
        const NodeSnapshot *other = look.fact(now.id);
        const NodeSnapshot &shape = other ? *other : now;
        if (now.id == standby)
            continue;
        if (address.port && listensAt(shape, *address.port)) {
            if (isSameHost(shape.endpoint.host, address.host))
                return now.id;
            byPort = now.id;
            ++alike;
        }
        if (!other)
            continue;
        const QString slot = slotNameOf(*self);
        for (const SlotRow &row : other->slots_) {
            if (!slot.isEmpty() && row.name == slot)
                bySlot = now.id;
        }
        if (other->role == Role::Primary) {
            primary = now.id;
            ++primaries;
        }
    }
    if (!bySlot.isEmpty())
        return bySlot;
    if (alike == 1)
        return byPort;
    return primaries == 1 ? primary : NodeId();
}

} // namespace understudy
