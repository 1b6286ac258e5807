// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WizardWorker.h"

#include <QCoreApplication>
#include <atomic>
#include <list>
#include <mutex>
#include <thread>

namespace understudy {

namespace {

/// Threads outlive the worker that started them by as long as a server takes to answer; they are joined when
/// the next one starts or, at the latest, before the application object goes away.
class Threads
{
public:
    static Threads &instance()
    {
        static Threads threads;
        return threads;
    }

    void add(std::stop_source stop, std::function<void()> work)
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_entries, [](Entry &entry) { return entry.finished->load(); });
        if (!m_registered) {
            m_registered = true;
            qAddPostRoutine([] { Threads::instance().joinAll(); });
        }
        auto finished = std::make_shared<std::atomic<bool>>(false);
        m_entries.push_back(Entry{std::move(stop), finished, std::jthread([finished, work = std::move(work)] {
                                      work();
                                      finished->store(true);
                                  })});
    }

    void joinAll()
    {
        std::list<Entry> entries;
        {
            const std::lock_guard lock(m_mutex);
            entries.swap(m_entries);
        }
        for (Entry &entry : entries)
            entry.stop.request_stop();
    }

private:
    struct Entry
    {
        std::stop_source stop;
        std::shared_ptr<std::atomic<bool>> finished;
        std::jthread thread;
    };
    std::mutex m_mutex;
    std::list<Entry> m_entries;
    bool m_registered = false;
};

} // namespace

struct WizardWorker::Mailbox
{
    std::mutex mutex;
    WizardWorker *owner = nullptr;

    void post(quint64 generation, std::function<void()> run)
    {
        const std::lock_guard lock(mutex);
        if (!owner)
            return;
        WizardWorker *to = owner;
        QMetaObject::invokeMethod(
            to,
            [to, generation, run = std::move(run)] {
                if (to->m_generation == generation)
                    run();
            },
            Qt::QueuedConnection);
    }
};

WizardWorker::WizardWorker(QObject *parent) : QObject(parent), m_mailbox(std::make_shared<Mailbox>())
{
    m_mailbox->owner = this;
}

WizardWorker::~WizardWorker()
{
    m_stop.request_stop();
    const std::lock_guard lock(m_mailbox->mutex);
    m_mailbox->owner = nullptr;
}

void WizardWorker::start(Job job)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    const quint64 generation = ++m_generation;
    setBusy(true);
    Threads::instance().add(m_stop, [this, mailbox = m_mailbox, generation, stop = m_stop.get_token(),
                                     job = std::move(job)] {
        job(stop,
            [mailbox, generation](std::function<void()> run) { mailbox->post(generation, std::move(run)); });
        mailbox->post(generation, [this] { setBusy(false); });
    });
}

void WizardWorker::cancel()
{
    m_stop.request_stop();
    ++m_generation;
    setBusy(false);
}

void WizardWorker::setBusy(bool busy)
{
    if (m_busy == busy)
        return;
    m_busy = busy;
    Q_EMIT busyChanged();
}

} // namespace understudy
