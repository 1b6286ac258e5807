// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/BackupProgress.h"

#include "model/Format.h"

#include <QRegularExpression>
#include <algorithm>

namespace understudy {

namespace {

using Phase = CopyProgress::Phase;

constexpr qint64 windowUs = 5'000'000; // the rate is taken over the last five seconds
constexpr double enough = 0.5;         // seconds of samples before a rate is told

struct Words
{
    const char *begin;
    Phase phase;
};

// pg_basebackup's own lines, in the order they come.
constexpr Words clientWords[] = {
    {"initiating base backup, waiting for checkpoint", Phase::Checkpoint},
    {"waiting for checkpoint", Phase::Checkpoint},
    {"checkpoint completed", Phase::Estimate},
    {"starting background WAL receiver", Phase::Files},
    {"waiting for background process to finish streaming", Phase::WaitForWal},
    {"syncing data to disk", Phase::Sync},
};

constexpr Words serverWords[] = {
    {"waiting for checkpoint to finish", Phase::Checkpoint},
    {"estimating backup size", Phase::Estimate},
    {"streaming database files", Phase::Files},
    {"waiting for wal archiving to finish", Phase::WaitForWal},
    {"transferring wal files", Phase::WaitForWal},
};

} // namespace

BackupProgress::BackupProgress(qint64 nowUs) : m_phaseSinceUs(nowUs) {}

void BackupProgress::enter(Phase phase, qint64 nowUs)
{
    if (phase <= m_now.phase)
        return;
    m_now.phaseSeconds[int(m_now.phase)] += double(nowUs - m_phaseSinceUs) / 1e6;
    m_now.phase = phase;
    m_phaseSinceUs = nowUs;
}

void BackupProgress::bytes(qint64 done, qint64 total, qint64 nowUs)
{
    m_now.doneBytes = std::max(m_now.doneBytes, done);
    m_now.totalBytes = std::max({m_now.totalBytes, total, m_now.doneBytes});
    m_samples.push_back({nowUs, m_now.doneBytes});
    while (m_samples.size() > 2 && nowUs - m_samples.front().atUs > windowUs)
        m_samples.pop_front();
}

bool BackupProgress::readLine(const QString &line, qint64 nowUs)
{
    // "20504/87170 kB (23%), 0/1 tablespace (...)"
    static const QRegularExpression sizes(QStringLiteral("^\\s*(\\d{1,15})/(\\d{1,15}) kB \\((\\d+)%\\), "));
    if (const auto match = sizes.match(line); match.hasMatch()) {
        enter(Phase::Files, nowUs);
        bytes(match.captured(1).toLongLong() * 1024, match.captured(2).toLongLong() * 1024, nowUs);
        return true;
    }
    QStringView said(line);
    if (const qsizetype colon = said.indexOf(u": "); said.startsWith(u"pg_basebackup: "))
        said = said.mid(colon + 2);
    for (const Words &words : clientWords) {
        if (said.startsWith(QLatin1String(words.begin))) {
            enter(words.phase, nowUs);
            return true;
        }
    }
    return false;
}

void BackupProgress::readServer(const QString &phase, std::optional<qint64> total,
                                std::optional<qint64> streamed, qint64 nowUs)
{
    for (const Words &words : serverWords)
        if (phase == QLatin1String(words.begin))
            enter(words.phase, nowUs);
    if (streamed && m_now.phase == Phase::Files)
        bytes(*streamed, total.value_or(0), nowUs);
}

void BackupProgress::finish(qint64 nowUs)
{
    m_now.phaseSeconds[int(m_now.phase)] += double(nowUs - m_phaseSinceUs) / 1e6;
    m_phaseSinceUs = nowUs;
    m_now.phase = Phase::Sync;
    m_now.totalBytes = m_now.doneBytes = std::max(m_now.totalBytes, m_now.doneBytes);
}

CopyProgress BackupProgress::at(qint64 nowUs) const
{
    CopyProgress now = m_now;
    now.phaseSeconds[int(now.phase)] += double(nowUs - m_phaseSinceUs) / 1e6;
    if (m_samples.size() >= 2) {
        // Until now, so that a copy which stands still is seen to slow down.
        const double seconds = double(std::max(nowUs, m_samples.back().atUs) - m_samples.front().atUs) / 1e6;
        if (seconds >= enough)
            now.rate = double(m_samples.back().bytes - m_samples.front().bytes) / seconds;
    }
    if (now.phase == Phase::Files && now.rate > 0 && now.totalBytes > 0)
        now.secondsLeft = double(now.totalBytes - now.doneBytes) / now.rate;
    return now;
}

QString BackupProgress::fact(const CopyProgress &p)
{
    switch (p.phase) {
    case Phase::Connect:
        return QStringLiteral("connecting");
    case Phase::Checkpoint:
        return QStringLiteral("waiting for the checkpoint");
    case Phase::Estimate:
        return QStringLiteral("estimating the size");
    case Phase::WaitForWal:
        return QStringLiteral("waiting for WAL");
    case Phase::Sync:
        return QStringLiteral("syncing to disk");
    case Phase::Files:
        break;
    }
    if (p.totalBytes <= 0)
        return QStringLiteral("copying files");
    const QString percent = format::percent(double(p.doneBytes) / double(p.totalBytes));
    if (!p.secondsLeft)
        return percent;
    return QStringLiteral("%1, %2 left").arg(percent, format::seconds(p.secondsLeft));
}

} // namespace understudy
