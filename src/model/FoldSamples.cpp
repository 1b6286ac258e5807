// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/FoldMemory.h"

#include <algorithm>

namespace understudy {

namespace {

constexpr qsizetype mostSamples = 1024;
constexpr qint64 rateSpanUs = 5000000;

} // namespace

void remember(QList<LsnSample> &ring, LsnSample sample)
{
    const qsizetype n = ring.size();
    if (n > 0 && (sample.timeUs <= ring.last().timeUs || sample.lsn < ring.last().lsn)) {
        // A clock that jumped, or a server that was rewound: what was before says nothing about now.
        if (sample.lsn < ring.last().lsn || ring.last().timeUs - sample.timeUs > rateSpanUs)
            ring = {sample};
        return;
    }
    // A position that stands still needs its first and its last moment only.
    if (n > 1 && ring[n - 1].lsn == sample.lsn && ring[n - 2].lsn == sample.lsn) {
        ring[n - 1].timeUs = sample.timeUs;
        return;
    }
    ring << sample;
    if (ring.size() <= mostSamples)
        return;
    // Far back a coarser answer is good enough: every second sample of the older half goes.
    QList<LsnSample> thinned;
    thinned.reserve(mostSamples);
    for (qsizetype i = 0; i < ring.size(); ++i) {
        if (i >= ring.size() / 2 || i % 2 == 0)
            thinned << ring[i];
    }
    ring = thinned;
}

void rememberRecent(QList<LsnSample> &recent, LsnSample sample)
{
    if (!recent.isEmpty() && (sample.timeUs <= recent.last().timeUs || sample.lsn < recent.last().lsn)) {
        if (sample.timeUs > recent.last().timeUs || recent.last().timeUs - sample.timeUs > rateSpanUs)
            recent = {sample};
        return;
    }
    recent << sample;
    while (recent.size() > 2 && sample.timeUs - recent[1].timeUs >= rateSpanUs)
        recent.removeFirst();
}

std::optional<double> rateOf(const QList<LsnSample> &recent)
{
    if (recent.size() < 2)
        return std::nullopt;
    const LsnSample &first = recent.first();
    const LsnSample &last = recent.last();
    return double(first.lsn.bytesTo(last.lsn)) * 1e6 / double(last.timeUs - first.timeUs);
}

void rememberConflicts(QList<ConflictSample> &samples, const ConflictSample &sample)
{
    if (!samples.isEmpty() && samples.last().timeUs == sample.timeUs)
        return;
    // Statistics were reset (a crash does that too), or a clock jumped: what was before says nothing about
    // now.
    const bool isFresh =
        samples.isEmpty() || sample.timeUs < samples.last().timeUs ||
        std::any_of(sample.counts.keyValueBegin(), sample.counts.keyValueEnd(),
                    [&](const auto &kind) { return kind.second < samples.last().counts.value(kind.first); });
    if (isFresh)
        samples.clear();
    samples << sample;
    while (samples.size() > 2 && sample.timeUs - samples[1].timeUs >= conflictSpanUs)
        samples.removeFirst();
}

QMap<QString, qint64> risenConflicts(const QList<ConflictSample> &samples)
{
    QMap<QString, qint64> out;
    if (samples.size() < 2)
        return out;
    // An old count that nothing followed is no news.
    const QMap<QString, qint64> &first = samples.first().counts;
    const QMap<QString, qint64> &last = samples.last().counts;
    for (auto it = last.begin(); it != last.end(); ++it) {
        if (const qint64 more = it.value() - first.value(it.key()); more > 0)
            out.insert(it.key(), more);
    }
    return out;
}

std::optional<double> ageOf(const QList<LsnSample> &ring, Lsn position, qint64 nowUs)
{
    const auto passed = std::upper_bound(ring.begin(), ring.end(), position,
                                         [](Lsn lsn, const LsnSample &s) { return lsn < s.lsn; });
    if (passed == ring.end())
        return 0.0;
    if (passed == ring.begin())
        return std::nullopt;
    const LsnSample &before = *(passed - 1);
    const double part = double(before.lsn.bytesTo(position)) / double(before.lsn.bytesTo(passed->lsn));
    const double momentUs = double(before.timeUs) + part * double(passed->timeUs - before.timeUs);
    return std::max(0.0, (double(nowUs) - momentUs) / 1e6);
}

} // namespace understudy
