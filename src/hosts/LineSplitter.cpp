// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/LineSplitter.h"

#include <QRegularExpression>

namespace understudy {

namespace {

// A command that never stops talking must not eat the memory of this process.
constexpr qsizetype maxText = qsizetype(16) << 20;
constexpr qsizetype maxLine = qsizetype(1) << 20;

bool isProgress(const QByteArray &line)
{
    static const QRegularExpression pattern(QStringLiteral("^ *\\d+/\\d+ kB \\(\\d+%\\)"));
    return pattern.match(QString::fromUtf8(line.left(80))).hasMatch();
}

} // namespace

void LineSplitter::feed(const QByteArray &bytes)
{
    for (const char c : bytes) {
        if (c == '\n' && m_afterReturn && m_pending.isEmpty()) {
            // "\r\n" is one end of a line like any other.
            m_afterReturn = false;
            m_lastProgress = -1;
        } else if (c == '\n' || c == '\r') {
            line(c);
        } else if (m_pending.size() < maxLine) {
            m_pending += c;
        }
    }
}

void LineSplitter::finish()
{
    if (!m_pending.isEmpty())
        line(0);
}

void LineSplitter::line(char end)
{
    const bool progress = isProgress(m_pending);
    if (m_lastProgress >= 0 && (progress || m_afterReturn))
        m_text.truncate(m_lastProgress);
    m_afterReturn = end == '\r';
    m_lastProgress = progress || m_afterReturn ? m_text.size() : -1;
    if (m_text.size() + m_pending.size() < maxText) {
        m_text += m_pending;
        if (end != 0)
            m_text += '\n';
    }
    if (m_sink)
        m_sink(m_stream, QString::fromUtf8(m_pending));
    m_pending.clear();
}

} // namespace understudy
