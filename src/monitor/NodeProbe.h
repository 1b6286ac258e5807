// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/NodeLook.h"
#include "monitor/SqlThread.h"

#include <condition_variable>
#include <functional>
#include <mutex>

namespace understudy {

/// Where probes put what they saw. Outlives whoever reads it, so that a late answer falls on nobody.
class Mailbox
{
public:
    struct Letter
    {
        NodeId node;
        quint64 ticket = 0; ///< Which request it answers.
        NodeSnapshot snapshot;
    };

    void put(Letter letter);
    QList<Letter> take();
    /// Waits until something lies in it.
    void waitForLetter(int timeoutMs);
    /// Called on a probe's thread after each letter; none after `silence()` returned.
    void onLetter(std::function<void()> wake);
    void silence();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    QList<Letter> m_letters;
    std::function<void()> m_wake;
};

/// One node's thread as its owner sees it: ask, judge by the deadline, give up. Never blocks.
class NodeProbe
{
public:
    NodeProbe(WatchedNode node, std::shared_ptr<const SecretSource> secrets, const ProbePace &pace,
              std::shared_ptr<Mailbox> mailbox);

    const WatchedNode &node() const { return m_node; }
    /// Starts a look unless one is running. @p nowUs is monotonic.
    void ask(qint64 nowUs);
    enum class Accepted {
        Nothing, ///< It answers an older request.
        News,
        Freed, ///< It only says that a thread that hung is free again: worth asking at once.
    };
    /// Takes the answer to the newest request.
    Accepted accept(const Mailbox::Letter &letter);
    bool isPending() const { return m_pending; }
    /// When the running look misses its deadline, monotonic; nothing when there is none or it has.
    std::optional<qint64> dueUs() const;
    /// Calls a look that missed its deadline what it is: gives the snapshot that says so, once a call.
    std::optional<NodeSnapshot> judge(qint64 nowUs, qint64 wallUs);

private:
    void replaceThread();

    const WatchedNode m_node;
    const std::shared_ptr<const SecretSource> m_secrets;
    const ProbePace m_pace;
    const std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<NodeLook> m_look;
    std::unique_ptr<SqlThread> m_thread;
    QList<std::shared_ptr<SqlThread>> m_leftBehind; ///< Stuck where no cut reaches them.
    quint64 m_ticket = 0;
    bool m_pending = false;
    bool m_overdue = false;
    qint64 m_askedUs = 0;
};

} // namespace understudy
