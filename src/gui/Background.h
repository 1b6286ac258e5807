// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMutex>
#include <QObject>
#include <QThreadPool>
#include <memory>
#include <utility>

namespace understudy {

/// Lets work that was finished on another thread reach an object that may be gone by then.
class ReplyBox
{
public:
    /// On the thread of @p receiver.
    static std::shared_ptr<ReplyBox> of(QObject *receiver)
    {
        auto box = std::make_shared<ReplyBox>();
        box->m_receiver = receiver;
        QObject::connect(receiver, &QObject::destroyed, [box] {
            QMutexLocker lock(&box->m_mutex);
            box->m_receiver = nullptr;
        });
        return box;
    }
    /// Any thread. Runs @p letter on the receiver's thread, or drops it.
    template <typename Letter>
    void post(Letter letter)
    {
        QMutexLocker lock(&m_mutex);
        if (m_receiver)
            QMetaObject::invokeMethod(m_receiver, std::move(letter), Qt::QueuedConnection);
    }

private:
    QMutex m_mutex;
    QObject *m_receiver = nullptr;
};

/// Runs @p work on a pool thread and hands what it returns to @p done on the receiver's thread; dropped when
/// the receiver is gone. @p work must own or copy everything it touches.
template <typename Work, typename Done>
void inBackground(QObject *receiver, Work work, Done done)
{
    const std::shared_ptr<ReplyBox> box = ReplyBox::of(receiver);
    QThreadPool::globalInstance()->start([box, work = std::move(work), done = std::move(done)]() mutable {
        auto answer = std::make_shared<decltype(work())>(work());
        box->post([answer, done = std::move(done)]() mutable { done(std::move(*answer)); });
    });
}

} // namespace understudy
