// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Reach.h"

#include <mutex>

namespace understudy {

namespace {

struct Installed
{
    std::mutex mutex;
    std::shared_ptr<Reach> reach;
};

// Never destroyed: a thread that hangs in a connection may outlive everything else.
Installed &installed()
{
    static auto *const instance = new Installed; // NOLINT(cppcoreguidelines-owning-memory)
    return *instance;
}

std::shared_ptr<Reach> current()
{
    const std::lock_guard lock(installed().mutex);
    return installed().reach;
}

} // namespace

void setReach(std::shared_ptr<Reach> reach)
{
    const std::lock_guard lock(installed().mutex);
    installed().reach.swap(reach);
}

Result<Endpoint> reached(const Endpoint &endpoint, int timeoutMs)
{
    if (endpoint.ssh.isEmpty())
        return endpoint;
    const std::shared_ptr<Reach> reach = current();
    if (!reach)
        return fail(
            QStringLiteral("%1 is reached through ssh, which is not available here.").arg(endpoint.address()),
            {}, QStringLiteral("ssh"));
    return reach->open(endpoint, timeoutMs);
}

QString wordsOnTheWay(const Endpoint &endpoint)
{
    const std::shared_ptr<Reach> reach = endpoint.ssh.isEmpty() ? nullptr : current();
    return reach ? reach->words(endpoint) : QString();
}

} // namespace understudy
