// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/PlanSide.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

#include <QTimer>

namespace Ui {
class NamesPage;
}

class QLineEdit;
class QSpinBox;

namespace understudy {

class ChoiceFields;
class ComposeFileChoice;
class FieldError;
class OtherStandbys;

/// Page 2: name, slot, port, data directory (or service and volume), mode. Everything is prefilled; what a
/// person typed stays.
class NamesPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit NamesPage(WizardState &state, QWidget *parent = nullptr);
    ~NamesPage() override;

    void enter() override;
    bool canGoNext() const override;
    bool busy() const override { return m_worker.busy() || m_settle.isActive(); }
    QString nextText() const override { return tr("Next: pre-flight"); }
    QString blockedBy() const override;
    ChangeNote changeNote() const override;
    QWidget *side() const override { return m_side; }

    /// @p field: "port", or "2/port" of the third standby.
    void focusField(const QString &field);
    static const QStringList &fields(); ///< Those with a line of their own, but for the choices'

private:
    void buildForm();
    QStringList placeNow() const; ///< What suggestions depend on that is chosen elsewhere
    void typed(const QString &field);
    void suggestAgain();
    void showRequest();
    void showPlace(); ///< The fields that the chosen place has
    void check();
    void chooseFolder();
    void setCount(int count);
    void takeSuggestions(const QList<AddStandbyRequest> &full);
    const Error *firstError() const; ///< Null: all is well.
    QWidget *buildCount();
    int labelWidth() const; ///< Of the labels before the fields, so that all begin at one place.
    void showMode();
    QLineEdit *editOf(const QString &field) const;
    FieldError *errorOf(const QString &field) const;

    std::unique_ptr<Ui::NamesPage> m_ui;
    PlanSide *m_side;
    Segment *m_mode;
    TextLabel *m_modeWords;
    QToolButton *m_fold;
    ChoiceFields *m_choices = nullptr;
    ComposeFileChoice *m_fileChoice = nullptr;
    OtherStandbys *m_others;
    QSpinBox *m_count = nullptr;
    TextLabel *m_countWords = nullptr;
    QTimer m_settle;              ///< Suggestions follow the name once typing pauses
    QStringList m_suggestedFor;   ///< Upstream, place and keeper
    bool m_askLogin = false;      ///< Role and password, also where both were found
    QList<QList<Error>> m_errors; ///< Of each standby of the plan
    WizardWorker m_worker;
};

} // namespace understudy
