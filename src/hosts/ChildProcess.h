// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"

#include <QByteArrayList>

namespace understudy {

/// One child process in a session of its own, run to its end on the calling thread. The system's side of
/// Host::run: no search path, no other user, no clean environment.
struct ChildRequest
{
    QByteArrayList argv; ///< argv[0] is an absolute path.
    QByteArrayList environment;
    QByteArray workingDirectory = "/";
    QByteArray input;     ///< What it reads on stdin; empty: /dev/null.
    int inputHandle = -1; ///< Its stdin in place of `input`, for one that is talked to. Stays the caller's.
    int timeoutMs = 60000;
    int graceMs = 5000; ///< From TERM to KILL.
    /// Signals the process group when we may not do it ourselves (a child of sudo).
    std::function<void(int signal, qint64 group)> signalElsewhere;
    /// Takes what it writes, as it comes, in place of the outcome's texts and the sink. False: nothing more
    /// is expected of it, and it is ended: by TERM, again and again, and KILL after graceMs.
    std::function<bool(Stream stream, const QByteArray &bytes)> onBytes;
    /// Stops it in another way than by TERM, which then follows after graceMs. False: by TERM after all.
    std::function<bool()> askToEnd;
};

struct ChildOutcome
{
    int exitCode = -1; ///< 128 + signal when it was killed by one.
    bool timedOut = false;
    bool cancelled = false;
    QByteArray output;
    QByteArray errorOutput;
    double seconds = 0;
};

/// Does not wait for a daemon that the child left behind and that still holds its pipes.
Result<ChildOutcome> runChild(const ChildRequest &request, std::stop_token stop, const LineSink &sink);

} // namespace understudy
