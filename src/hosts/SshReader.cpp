// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshReader.h"

namespace understudy {

namespace {

constexpr qsizetype mostOutput = qsizetype(64) << 20;
constexpr qsizetype mostBefore = 65536;

/// How many bytes at the end of @p text may be the beginning of @p token.
qsizetype beginningOf(const QByteArray &token, const QByteArray &text)
{
    for (qsizetype n = qMin(token.size() - 1, text.size()); n > 0; --n) {
        if (text.endsWith(token.left(n)))
            return n;
    }
    return 0;
}

} // namespace

SshReader::SshReader(QByteArray token, const LineSink &sink)
    : m_token(std::move(token)), m_sink(sink), m_output{{Stream::Output, m_sink}, true, {}, {}, {}, {}, {}},
      m_error{{Stream::Error, m_sink}, false, {}, {}, {}, {}, {}}
{
}

bool SshReader::feed(Stream stream, const QByteArray &bytes)
{
    advance(stream == Stream::Output ? m_output : m_error, bytes);
    return !ended();
}

void SshReader::take(Marked &stream, const QByteArray &bytes)
{
    if (stream.keeps && stream.content.size() < mostOutput)
        stream.content += bytes;
    stream.lines.feed(bytes);
}

void SshReader::advance(Marked &stream, const QByteArray &bytes)
{
    QByteArray text = stream.pending + bytes;
    stream.pending.clear();
    if (stream.part == Part::Before) {
        const QByteArray start = m_token + "+\n";
        const qsizetype at = text.indexOf(start);
        if (at < 0) {
            stream.pending = text.right(mostBefore);
            stream.before = stream.pending;
            return;
        }
        stream.before = text.left(at);
        text = text.mid(at + start.size());
        stream.part = Part::Inside;
    }
    if (stream.part == Part::Inside) {
        const QByteArray end = m_token + ':';
        const qsizetype at = text.indexOf(end);
        if (at < 0) {
            const qsizetype held = beginningOf(end, text);
            stream.pending = text.right(held);
            text.chop(held);
            if (!text.isEmpty())
                take(stream, text);
            return;
        }
        if (at > 0)
            take(stream, text.left(at));
        stream.lines.finish();
        text = text.mid(at + end.size());
        stream.part = Part::Behind;
    }
    if (stream.part == Part::Behind) {
        stream.tail += text;
        if (const qsizetype end = stream.tail.indexOf('\n'); end >= 0) {
            stream.tail.truncate(end);
            stream.part = Part::After;
        }
    }
}

} // namespace understudy
