// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/SqlSession.h"

namespace understudy {

/// One plan at a time changes a cluster: an advisory lock in the primary's database `postgres`, held by a
/// session that stays open for the run and vanishes with a killed app. Lives on the runner's thread.
class ClusterLock
{
public:
    /// @p what names the plan to others who find it locked: "add standby2".
    static Result<ClusterLock> take(Endpoint primary, const SecretSource &secrets, const QString &what,
                                    std::stop_token stop);
    /// Fails when the session was lost: somebody else may hold the lock by now.
    Result<void> stillHeld(std::stop_token stop);

private:
    explicit ClusterLock(std::unique_ptr<SqlSession> session) : m_session(std::move(session)) {}
    std::unique_ptr<SqlSession> m_session;
};

} // namespace understudy
