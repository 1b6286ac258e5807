// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "TestServer.h"

#include <atomic>
#include <thread>

namespace understudy::test {

/// Rows come and go in the table `busy` (of integers) as long as this lives: commits without a pause.
class WriteLoad
{
public:
    explicit WriteLoad(const TestServer &server)
        : m_thread([this, &server] {
              while (!m_stop) {
                  if (!server
                           .psql(QStringLiteral(
                               "INSERT INTO busy SELECT generate_series(1, 40); DELETE FROM busy WHERE ctid "
                               "IN (SELECT ctid FROM busy ORDER BY random() LIMIT 35)"))
                           .isNull())
                      ++m_rounds;
              }
          })
    {
    }
    ~WriteLoad()
    {
        m_stop = true;
        m_thread.join();
    }
    int rounds() const { return m_rounds; }

private:
    std::atomic<bool> m_stop = false;
    std::atomic<int> m_rounds = 0;
    std::thread m_thread;
};

} // namespace understudy::test
