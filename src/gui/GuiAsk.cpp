// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/GuiAsk.h"

#include "gui/Background.h"
#include "gui/panels/SshDialog.h"

#include <QApplication>
#include <QPointer>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace understudy {

namespace {

/// One question on its way to the person and back.
struct Letter
{
    SshQuestion question;
    std::optional<QString> answer;
    bool done = false;
};

} // namespace

/// Shared with the threads that wait. `window`, `open` and `queue` are the GUI thread's.
struct GuiAsk::Desk : std::enable_shared_from_this<GuiAsk::Desk>
{
    std::shared_ptr<ReplyBox> box;
    std::mutex mutex; ///< Guards the letters and `closed`.
    std::condition_variable_any changed;
    bool closed = false;

    QPointer<QWidget> window; ///< Null as soon as its destruction begins.
    QPointer<SshDialog> open;
    std::shared_ptr<Letter> shown;
    std::deque<std::shared_ptr<Letter>> queue;

    void finish(const std::shared_ptr<Letter> &letter, const std::optional<QString> &answer)
    {
        const std::lock_guard lock(mutex);
        if (!letter->done) {
            letter->answer = answer;
            letter->done = true;
        }
        changed.notify_all();
    }

    void next()
    {
        if (shown || queue.empty() || !window)
            return;
        shown = queue.front();
        queue.pop_front();
        // In front of the wizard where that is open; a list that pops up is no place to stay in.
        QWidget *front = QApplication::activeWindow();
        const bool stays = front && front->windowType() != Qt::Popup && front->windowType() != Qt::ToolTip;
        open = SshDialog::of(shown->question, stays ? front : window.data());
        QObject::connect(open, &SshDialog::answered, window,
                         [self = shared_from_this(), letter = shown](const QString &answer) {
                             self->finish(letter, answer);
                         });
        QObject::connect(open, &QObject::destroyed, window, [self = shared_from_this(), letter = shown] {
            self->finish(letter, std::nullopt);
            self->shown.reset();
            self->next();
        });
        open->open();
    }

    void withdraw(const std::shared_ptr<Letter> &letter)
    {
        std::erase(queue, letter);
        if (shown == letter && open)
            open->close();
    }

    void close()
    {
        {
            const std::lock_guard lock(mutex);
            closed = true;
        }
        changed.notify_all();
    }
};

GuiAsk::GuiAsk(QWidget *window) : m_desk(std::make_shared<Desk>())
{
    m_desk->box = ReplyBox::of(window);
    m_desk->window = window;
    QObject::connect(window, &QObject::destroyed, [desk = m_desk] { desk->close(); });
}

GuiAsk::~GuiAsk() = default;

std::optional<QString> GuiAsk::ask(const SshQuestion &question, std::stop_token stop)
{
    auto letter = std::make_shared<Letter>();
    letter->question = question;
    m_desk->box->post([desk = m_desk, letter] {
        desk->queue.push_back(letter);
        desk->next();
    });
    std::unique_lock lock(m_desk->mutex);
    m_desk->changed.wait(lock, stop, [&] { return letter->done || m_desk->closed; });
    if (letter->done)
        return letter->answer;
    lock.unlock();
    m_desk->box->post([desk = m_desk, letter] { desk->withdraw(letter); });
    return std::nullopt;
}

} // namespace understudy
