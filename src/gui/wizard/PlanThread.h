// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardWorker.h"
#include "operations/PlanRunner.h"

namespace understudy {

class PostingObserver;

/// A plan that runs while a page watches: prepares the journal off the GUI thread, runs the plan through
/// PlanRun and brings what happens back as values. One plan at a time. GUI thread. Destroying it while a plan
/// runs rolls that plan back and waits for it.
class PlanThread final : public QObject
{
    Q_OBJECT
public:
    explicit PlanThread(QObject *parent = nullptr);
    ~PlanThread() override;

    using Secrets = std::function<QMap<QString, QString>()>; ///< Called on a worker thread
    void start(const Plan &plan, std::shared_ptr<const SecretSource> secrets, Secrets secretValues = {});
    /// Goes on with, or takes back, what another process left.
    void pickUp(const JournalEntry &entry, PlanRun::PickUp how, std::shared_ptr<const SecretSource> typed);
    void cancel();
    bool running() const { return m_running; }

Q_SIGNALS:
    void stepChanged(int index, const understudy::StepRecord &record);
    void logged(int index, const understudy::LogLine &line);
    void copying(int index, const understudy::CopyProgress &progress);
    void finished(const understudy::RunRecord &record);

private:
    friend class PostingObserver;
    void begin(std::unique_ptr<PlanRun> run);
    void refuse(const RunRecord &record, const Error &error);
    void end(const RunRecord &record);

    WizardWorker m_prepare;
    std::unique_ptr<PostingObserver> m_observer;
    std::unique_ptr<PlanRun> m_run;
    bool m_running = false;
    bool m_cancelled = false;
};

} // namespace understudy
