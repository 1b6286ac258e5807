// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"

#include <functional>
#include <memory>

namespace understudy {

/// One server of the demo as `demo status --json` shows it.
struct DemoNode
{
    QString name;
    QString host;
    int port = 0;
    QString role; ///< primary, standby, stopped
    QString dataDirectory;
};

struct DemoStatus
{
    bool running = false;
    QString passfile;
    QList<DemoNode> nodes;
};

/// The embedded cluster: a primary, one standby through `standby_slot`, 50,004 rows in public.orders that
/// nothing else touches, and a gentle write load on a table of its own. initdb and pg_ctl of the installed
/// PostgreSQL, in a private folder, on free loopback ports near 5432. One per operating-system user. Calls
/// block: worker threads.
class DemoCluster
{
public:
    using Say = std::function<void(const QString &what)>; ///< Progress in words.

    /// Starts it, after clearing away what a killed one left. @p keep: it outlives this process (`demo
    /// start`); otherwise it goes with this object, on Ctrl-C, and on a crash by a guard process.
    static Result<std::unique_ptr<DemoCluster>> start(bool keep, const Say &say = {});
    /// Joins one that `demo start` keeps running; an error if none does. It is not stopped with this object.
    static Result<std::unique_ptr<DemoCluster>> attach();
    ~DemoCluster();

    ClusterSpec spec() const;
    /// Pauses or resumes the write load. Any thread.
    void setLoadPaused(bool paused);
    bool loadPaused() const;

    static DemoStatus status();
    /// Stops every server below the demo's folder (added standbys too) and removes it. Fine when nothing
    /// runs.
    static Result<void> stop(const Say &say = {});
    /// The program that guards (see DemoGuard.h); empty: this one. For tests, whose binary has no verbs.
    static void setGuardProgram(const QString &path);

private:
    struct Private;
    explicit DemoCluster(std::unique_ptr<Private>);
    std::unique_ptr<Private> d;
};

} // namespace understudy
