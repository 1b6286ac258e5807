// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/FindingsPanel.h"
#include "gui/panels/OperationRow.h"
#include "gui/wizard/PlanThread.h"

namespace understudy {

/// Plans that changed a cluster, newest first, as their journals tell. What was cut off can be continued or
/// undone here, one at a time.
class OperationsPanel final : public PanelWidget
{
    Q_OBJECT
public:
    explicit OperationsPanel(QWidget *parent = nullptr);
    void set(const QList<JournalEntry> &entries);
    void refresh(); ///< Reads the journals on a worker.
    int rowCount() const { return int(m_rows.size()); }
    OperationRow *row(int index) const { return m_rows.value(index); }
    bool running() const { return m_preparing || m_thread.running(); } ///< One is being picked up.
    /// Passwords that a person typed; asked before what the cluster's description says.
    void setSecrets(std::shared_ptr<const SecretSource> typed) { m_typed = std::move(typed); }

Q_SIGNALS:
    /// Read anew: these can be picked up.
    void unfinishedFound(const QStringList &titles);
    void pickedUp(const understudy::RunRecord &record);

protected:
    void showEvent(QShowEvent *) override;

private:
    void pickUp(OperationRow *row, PlanRun::PickUp how);
    /// Goes on once the password that it takes is there: one that was typed is in no journal.
    void continueWithPassword();
    void askForPassword();
    void start(PlanRun::PickUp how, std::shared_ptr<const SecretSource> secrets);
    void stopDoing(const QString &words);
    std::shared_ptr<const SecretSource> secrets() const;
    OperationRow *doingRow() const;
    void takeStep(int index, const StepRecord &record);
    void takeRecord(const RunRecord &record);

    QWidget *m_content, *m_none;
    QVBoxLayout *m_list;
    QList<OperationRow *> m_rows;
    PlanThread m_thread;
    std::shared_ptr<const SecretSource> m_typed;
    JournalEntry m_doing;
    bool m_reading = false;
    bool m_preparing = false; ///< Nothing runs yet: what it takes is looked up, or asked for.
};

} // namespace understudy
