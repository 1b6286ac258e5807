// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreIntake.h"

#include "history/TopologyCodec.h"
#include "model/Format.h"

namespace understudy {

namespace {

constexpr qint64 second = 1000000;
constexpr qint64 clockSlack = 10 * second; ///< Less is a late look or a clock that is corrected gently.
constexpr qint64 noteGap = 120 * second;
constexpr qint64 suspiciousJump = 3600 * second;
constexpr qint64 holdFor = 3600 * second;

void tell(StoreBatch &batch, qint64 atUs, const char *kind, const QString &text)
{
    batch.events << StoreEvent{atUs, QString::fromLatin1(kind), Severity::Notice, {}, {}, text, true};
}

} // namespace

void StoreIntake::begin(std::optional<qint64> newestStoredUs)
{
    m_stored = newestStoredUs;
    m_structure.clear();
    m_keyframeAtUs = 0;
}

void StoreIntake::clockEvents(qint64 atUs, qint64 monotonicUs, StoreBatch &batch)
{
    if (m_stored && !m_lastAtUs) {
        const qint64 away = atUs - *m_stored;
        if (away < -clockSlack)
            tell(batch, atUs, "clock_back",
                 QStringLiteral("The clock stands %1 before the newest look that was kept")
                     .arg(format::age(-away)));
        else if (away > noteGap)
            tell(batch, atUs, "not_watched",
                 QStringLiteral("Nothing was watched for %1").arg(format::age(away)));
        if (away > suspiciousJump)
            m_holdUntil = monotonicUs + holdFor;
    } else if (m_lastAtUs) {
        const qint64 wall = atUs - *m_lastAtUs, passed = monotonicUs - *m_lastMonotonicUs;
        if (wall - passed < -clockSlack)
            tell(batch, atUs, "clock_back",
                 QStringLiteral(
                     "The clock of this computer was set back by %1: looks from then on may overlap "
                     "with older ones")
                     .arg(format::age(passed - wall)));
        else if (wall - passed > clockSlack)
            tell(batch, atUs, "clock_ahead",
                 QStringLiteral("This computer slept, or its clock was set ahead, by %1")
                     .arg(format::age(wall - passed)));
        else if (passed > noteGap)
            tell(batch, atUs, "not_watched",
                 QStringLiteral("Nothing was watched for %1").arg(format::age(passed)));
        if (wall - passed > suspiciousJump)
            m_holdUntil = monotonicUs + holdFor;
    }
    m_stored.reset();
    m_lastAtUs = atUs;
    m_lastMonotonicUs = monotonicUs;
}

void StoreIntake::take(const Topology &topology, qint64 monotonicUs, StoreBatch &batch)
{
    const qint64 atUs = topology.takenAtUs;
    // Before the first answer there is nothing; the same look twice is one.
    if (topology.clusters.isEmpty() || (m_lastAtUs == atUs && m_last == topology))
        return;
    clockEvents(atUs, monotonicUs, batch);
    if (!m_last.clusters.isEmpty())
        batch.events += eventsBetween(m_last, topology);
    batch.rows += rowsOf(topology);
    const QByteArray structure = structureOf(topology);
    const bool turn = structure != m_structure;
    // A clock that was set back begins anew as well: what is before a look in time must be before it in fact.
    if (turn || atUs < m_keyframeAtUs || atUs - m_keyframeAtUs >= m_keyframeUs) {
        batch.looks << StoreLook{atUs, turn, packTopology(topology)};
        m_keyframeAtUs = atUs;
        m_structure = structure;
    }
    ++batch.taken;
    batch.oldestUs = std::min(batch.oldestUs, atUs);
    batch.newestUs = std::max(batch.newestUs, atUs);
    m_last = topology;
}

void StoreIntake::note(const HistoryEvent &event, StoreBatch &batch)
{
    batch.events << StoreEvent{event.atUs, QStringLiteral("note"), event.severity, {}, event.node,
                               event.text, event.neutral};
}

} // namespace understudy
