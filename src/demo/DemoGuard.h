// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QStringList>

namespace understudy {

/// The process that outlives a crash. It runs the write load, and once the process that started it is gone
/// (the pipe on its stdin ends) it stops the demo's servers and removes their folder. Told "keep", it does
/// so only on TERM. The hidden verb: `understudy demo-guard FOLDER`.
/// @p arguments: what follows the verb. Needs a QCoreApplication; returns the exit code.
int runDemoGuard(const QStringList &arguments);

/// The owner's end of a running guard.
class GuardProcess
{
public:
    GuardProcess() = default;
    GuardProcess(GuardProcess &&other) noexcept;
    GuardProcess &operator=(GuardProcess &&other) noexcept;
    ~GuardProcess(); ///< Lets go of it: it clears up, or keeps on if it was told to.

    /// Starts @p program with the verb and @p folder, in a session of its own; it shares @p lockFd.
    static Result<GuardProcess> start(const QString &program, const QString &folder, int lockFd);
    qint64 pid() const { return m_pid; }
    bool sendLine(const QByteArray &line); ///< "load": begin the write load. "keep": outlive us.
    /// Lets go and waits until it has cleared up; false if it has not by then.
    bool finish(int waitMs);

private:
    qint64 m_pid = 0;
    int m_pipe = -1;
};

/// Tells the guard of a kept demo (proved by its command line) to clear up, and waits for it.
void stopGuard(qint64 pid, const QString &folder, int waitMs);

} // namespace understudy
