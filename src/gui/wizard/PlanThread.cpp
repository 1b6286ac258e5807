// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/PlanThread.h"

#include "operations/PickUp.h"
#include "operations/PlanHosts.h"

namespace understudy {

/// Receives what happens on the runner's thread and posts it to the window's.
class PostingObserver final : public RunObserver
{
public:
    explicit PostingObserver(PlanThread *to) : m_to(to) {}

    void stepChanged(int index, const StepRecord &record) override
    {
        post([to = m_to, index, record] { Q_EMIT to->stepChanged(index, record); });
    }
    void logged(int index, const LogLine &line) override
    {
        post([to = m_to, index, line] { Q_EMIT to->logged(index, line); });
    }
    void copying(int index, const CopyProgress &progress) override
    {
        post([to = m_to, index, progress] { Q_EMIT to->copying(index, progress); });
    }
    void finished(const RunRecord &record) override
    {
        post([to = m_to, record] { to->end(record); });
    }

private:
    /// The PlanThread waits for its runner before it goes away, so the target is always alive here.
    template <typename Function>
    void post(Function function)
    {
        QMetaObject::invokeMethod(m_to, std::move(function), Qt::QueuedConnection);
    }
    PlanThread *m_to;
};

PlanThread::PlanThread(QObject *parent) : QObject(parent), m_observer(std::make_unique<PostingObserver>(this))
{
}

PlanThread::~PlanThread()
{
    m_run.reset();
}

void PlanThread::start(const Plan &plan, std::shared_ptr<const SecretSource> secrets, Secrets secretValues)
{
    if (m_running)
        return;
    m_running = true;
    m_cancelled = false;
    m_prepare.start([this, plan, secrets = std::move(secrets), secretValues = std::move(secretValues)](
                        std::stop_token, const WizardWorker::Post &post) {
        RunContext context;
        context.secrets = secrets;
        if (secretValues)
            context.secretValues = secretValues();
        const Result<std::shared_ptr<Journal>> journal = Journal::create(plan);
        if (!journal) {
            RunRecord record;
            record.plan = plan;
            record.outcome = RunRecord::Outcome::FailedAndUndone;
            post([this, record, error = journal.error()] { refuse(record, error); });
            return;
        }
        context.journal = *journal;
        context.hosts = hostsOf(plan);
        context.observer = m_observer.get();
        post([this, plan, context] { begin(std::make_unique<PlanRun>(plan, context)); });
    });
}

void PlanThread::pickUp(const JournalEntry &entry, PlanRun::PickUp how,
                        std::shared_ptr<const SecretSource> typed)
{
    if (m_running)
        return;
    m_running = true;
    m_cancelled = false;
    m_prepare.start(
        [this, entry, how, typed = std::move(typed)](std::stop_token, const WizardWorker::Post &post) {
            Result<RunContext> context = pickUpContext(entry, typed);
            if (!context) {
                post([this, record = entry.record, error = context.error()] { refuse(record, error); });
                return;
            }
            context->observer = m_observer.get();
            post([this, entry, how, context = *context] {
                begin(std::make_unique<PlanRun>(entry, how, context));
            });
        });
}

void PlanThread::refuse(const RunRecord &record, const Error &error)
{
    RunRecord refused = record;
    refused.error = error.text();
    end(refused);
}

void PlanThread::begin(std::unique_ptr<PlanRun> run)
{
    m_run = std::move(run);
    if (m_cancelled)
        m_run->cancel(); // asked for while the journal was being made
}

void PlanThread::cancel()
{
    m_cancelled = true;
    if (m_run)
        m_run->cancel();
}

void PlanThread::end(const RunRecord &record)
{
    m_running = false;
    m_run.reset();
    Q_EMIT finished(record);
}

} // namespace understudy
