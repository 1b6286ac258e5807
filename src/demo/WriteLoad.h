// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <thread>

namespace understudy {

/// A gentle, slightly bursty write load (some 10 to 50 kB of WAL a second) on load.events of the demo's
/// primary, on a thread of its own. The table is kept at a bounded size. Rests while the folder's pause file
/// exists; outlives restarts of the server.
class WriteLoad
{
public:
    explicit WriteLoad(const QString &folder);

private:
    std::jthread m_thread;
};

} // namespace understudy
