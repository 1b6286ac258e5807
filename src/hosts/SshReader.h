// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/LineSplitter.h"

namespace understudy {

/// Takes apart what comes back from another machine. A random token stands on both streams before and behind
/// what the command itself wrote; what comes before is ssh's, the login shell's or sudo's, and what comes
/// behind is of a daemon that was left there. Behind the token stands how the command ended.
class SshReader
{
public:
    SshReader(QByteArray token, const LineSink &sink);

    /// False: both streams have ended, nothing more is expected.
    bool feed(Stream stream, const QByteArray &bytes);

    bool started() const { return m_output.part != Part::Before; }
    bool ended() const { return m_output.part == Part::After && m_error.part == Part::After; }
    /// "3": the exit code; "missing": no such program; "nodir": no such working directory.
    QByteArray verdict() const { return m_output.tail.trimmed(); }
    const QByteArray &output() const { return m_output.content; }
    const QByteArray &errorText() const { return m_error.lines.text(); }
    /// What ssh, sudo and the login shell said on stderr before the command started.
    const QByteArray &before() const { return m_error.before; }

private:
    enum class Part {
        Before,
        Inside,
        Behind, ///< In the line that tells the end.
        After
    };
    struct Marked
    {
        LineSplitter lines;
        bool keeps; ///< The bytes as they came as well.
        Part part = Part::Before;
        QByteArray pending, before, content, tail;
    };
    void advance(Marked &stream, const QByteArray &bytes);
    static void take(Marked &stream, const QByteArray &bytes);

    const QByteArray m_token;
    const LineSink m_sink;
    Marked m_output;
    Marked m_error;
};

} // namespace understudy
