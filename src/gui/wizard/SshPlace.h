// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardState.h"
#include "gui/wizard/WizardWorker.h"

#include <QWidget>

namespace Ui {
class SshPlace;
}

namespace understudy {

/// Which machine behind ssh, and what was found there. It connects only when it is told to.
class SshPlace final : public QWidget
{
    Q_OBJECT
public:
    explicit SshPlace(QWidget *parent = nullptr);
    ~SshPlace() override;

    /// What a look at a machine starts from.
    void setFacts(const AddStandbyFacts &facts);
    /// Facts that were looked at on a machine: shown, and its name stands in the field.
    void showFound(const AddStandbyFacts &facts);
    void showError(const QString &words);
    QString destination() const;
    void comeAfter(QWidget *widget); ///< For the Tab key
    QWidget *lastStop() const;       ///< Of the Tab key, here
    bool busy() const { return m_worker.busy(); }
    void look();
    void cancel();

Q_SIGNALS:
    void busyChanged();
    void edited(); ///< Another machine than the one that was looked at may be meant.
    void found(const understudy::AddStandbyFacts &facts);

private:
    void suggestNames(const QStringList &names);
    void refresh();

    std::unique_ptr<Ui::SshPlace> m_ui;
    std::optional<AddStandbyFacts> m_facts;
    QString m_looked; ///< The destination that the words below the field are about.
    WizardWorker m_worker;
};

} // namespace understudy
