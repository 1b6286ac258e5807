// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <stop_token>

namespace understudy {

/// Runs one blocking job at a time on a thread of its own and brings its results back as values. Starting a
/// new job, cancelling, or destroying the worker asks the old job to stop and drops whatever it still posts:
/// a late answer never overwrites a newer question. Never waits for a thread. Lives on the GUI thread.
class WizardWorker final : public QObject
{
    Q_OBJECT
public:
    /// Runs a function on the worker's thread of residence, if the job is still the newest one.
    using Post = std::function<void(std::function<void()>)>;
    using Job = std::function<void(std::stop_token, const Post &)>;

    explicit WizardWorker(QObject *parent = nullptr);
    ~WizardWorker() override;

    void start(Job job);
    void cancel();
    bool busy() const { return m_busy; }

Q_SIGNALS:
    void busyChanged();

private:
    struct Mailbox;
    void setBusy(bool busy);
    std::shared_ptr<Mailbox> m_mailbox;
    std::stop_source m_stop;
    quint64 m_generation = 0;
    bool m_busy = false;
};

} // namespace understudy
