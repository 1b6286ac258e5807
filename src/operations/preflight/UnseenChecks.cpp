// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/Checks.h"
#include "operations/preflight/LoginCheck.h"

namespace understudy::checks {

void leftToScript(CheckRun &run)
{
    run.skip(QStringLiteral("the script checks it on %1, before it makes anything").arg(run.cx.targetWord()));
}

void toldByScript(CheckRun &run)
{
    run.skip(
        QStringLiteral("the script compares it on %1 and warns of a difference").arg(run.cx.targetWord()));
}

void loginByScript(CheckRun &run)
{
    const QString user = run.cx.replicationUser();
    if (user.isEmpty())
        return noReplicationUser(run);
    run.skip(QStringLiteral("the script proves it on %1: %2 at %3, before it makes anything")
                 .arg(run.cx.targetWord(), user, run.cx.upstreamSeen().address()));
}

} // namespace understudy::checks
