// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"

namespace understudy {

/// Makes lines of what a pipe delivers, and keeps the text as a person would have seen it: a line that ends
/// with a carriage return gives way to the next line, a progress line of pg_basebackup to the next of its
/// kind.
class LineSplitter
{
public:
    LineSplitter(Stream stream, const LineSink &sink) : m_stream(stream), m_sink(sink) {}

    void feed(const QByteArray &bytes);
    void finish(); ///< Tells the last line, if it had no end.
    const QByteArray &text() const { return m_text; }

private:
    void line(char end);

    Stream m_stream;
    const LineSink &m_sink;
    QByteArray m_pending;
    QByteArray m_text;
    qsizetype m_lastProgress = -1; ///< Where the line begins that the next progress line replaces.
    bool m_afterReturn = false;
};

} // namespace understudy
