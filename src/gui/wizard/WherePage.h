// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/PlaceRows.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

namespace understudy {

class KeeperChoice;
class ScriptPlace;
class SshPlace;
class UpstreamRows;

/// Page 1: from which node the new standby copies and streams, where it will run and what keeps it there.
class WherePage final : public WizardPage
{
    Q_OBJECT
public:
    explicit WherePage(WizardState &state, QWidget *parent = nullptr);

    void enter() override;
    bool canGoNext() const override;
    bool busy() const override;
    QString nextText() const override { return tr("Next: names"); }
    QString blockedBy() const override;
    ChangeNote changeNote() const override;

    void showFacts(); ///< Fills the rows from the shared facts

private:
    void build();
    void gather();
    void takeFacts(const AddStandbyFacts &facts);
    void lookHere();
    void showProblem(const Error &error);
    bool isThere() const; ///< The machine in the field is the one that was looked at.
    void choose(const NodeId &id);
    void showPlaces();
    void showCompose(); ///< What is wrong with the project, and what is chosen then.
    void choosePlace(const QString &place);
    void forgetOtherPlaces(const QString &before);
    void settleKeeper();
    void takeScript(); ///< What stands in the fields of the machine that is not looked at.
    QString scriptProblem() const;
    void say();

    UpstreamRows *m_upstreams;
    PlaceRows *m_places;
    SshPlace *m_ssh;
    ScriptPlace *m_script;
    KeeperChoice *m_keeper;
    TextLabel *m_message;
    QPushButton *m_again;
    bool m_placeChosen = false;     ///< By the person
    QString m_place;                ///< "local", "compose", "ssh", "script"; empty: none
    std::optional<PlaceRow> m_here; ///< As this machine was when it was looked at
    QString m_error;
    WizardWorker m_worker;
};

} // namespace understudy
