// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/OperationsPanel.h"

#include "clusters/SessionSecrets.h"
#include "gui/Background.h"
#include "gui/panels/PasswordDialog.h"
#include "operations/PickUp.h"

#include <algorithm>

namespace understudy {

namespace {

constexpr qsizetype most = 50;

} // namespace

OperationsPanel::OperationsPanel(QWidget *parent) : PanelWidget(parent)
{
    m_content = new QWidget(this);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_list = new QVBoxLayout;
    m_list->setSpacing(0);
    column->addLayout(m_list);
    m_none = new QWidget(m_content);
    auto *none = new QVBoxLayout(m_none);
    none->setContentsMargins(24, 40, 24, 24);
    none->setSpacing(8);
    auto *title = new TextLabel(TextRole::Title, tr("No operations yet"), m_none);
    auto *words = new TextLabel(
        TextRole::Body,
        tr("A plan that changes a cluster is listed here, with how it ended and its journal's name."), m_none,
        TextLabel::Tone::Text2);
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignHCenter);
    none->addWidget(title, 0, Qt::AlignHCenter);
    none->addWidget(words);
    column->addWidget(m_none);
    column->addStretch(1);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(makePanelArea(m_content, this));
    connect(&m_thread, &PlanThread::stepChanged, this, &OperationsPanel::takeStep);
    connect(&m_thread, &PlanThread::finished, this, &OperationsPanel::takeRecord);
}

void OperationsPanel::set(const QList<JournalEntry> &entries)
{
    QList<JournalEntry> newest = entries;
    std::stable_sort(newest.begin(), newest.end(), [](const JournalEntry &a, const JournalEntry &b) {
        return a.record.plan.id > b.record.plan.id;
    });
    if (newest.size() > most)
        newest.resize(most);
    while (m_rows.size() > newest.size())
        delete m_rows.takeLast();
    while (m_rows.size() < newest.size()) {
        auto *row = new OperationRow(m_content);
        connect(row, &OperationRow::continueWanted, this,
                [this, row] { pickUp(row, PlanRun::PickUp::Continue); });
        connect(row, &OperationRow::undoWanted, this, [this, row] { pickUp(row, PlanRun::PickUp::Undo); });
        m_rows.append(row);
        m_list->addWidget(row);
        row->show();
    }
    for (qsizetype i = 0; i < newest.size(); ++i)
        m_rows.at(i)->set(newest.at(i));
    m_none->setVisible(newest.isEmpty());
    QStringList unfinished;
    for (const JournalEntry &entry : std::as_const(newest)) {
        if (isUnfinished(entry) && !(running() && entry.record.plan.id == m_doing.record.plan.id))
            unfinished << entry.record.plan.title;
    }
    Q_EMIT unfinishedFound(unfinished);
}

void OperationsPanel::pickUp(OperationRow *row, PlanRun::PickUp how)
{
    if (running())
        return;
    m_doing = row->entry();
    for (OperationRow *each : std::as_const(m_rows))
        each->setOffered(false);
    row->setDoing(how == PlanRun::PickUp::Undo ? tr("Undoing.") : tr("Looking how far it came."));
    if (how == PlanRun::PickUp::Continue && takesReplicationPassword(m_doing))
        continueWithPassword();
    else
        start(how, secrets());
}

std::shared_ptr<const SecretSource> OperationsPanel::secrets() const
{
    return m_typed ? m_typed : std::make_shared<LibpqSecrets>();
}

void OperationsPanel::start(PlanRun::PickUp how, std::shared_ptr<const SecretSource> secrets)
{
    m_preparing = false;
    m_thread.pickUp(m_doing, how, std::move(secrets));
}

void OperationsPanel::continueWithPassword()
{
    m_preparing = true;
    inBackground(
        this,
        [plan = m_doing.record.plan, known = secrets()] {
            return storedReplicationPassword(plan, *known).has_value();
        },
        [this](bool stored) {
            if (stored)
                start(PlanRun::PickUp::Continue, secrets());
            else
                askForPassword();
        });
}

void OperationsPanel::askForPassword()
{
    const Endpoint login = replicationLogin(m_doing.record.plan);
    if (OperationRow *row = doingRow())
        row->setDoing(tr("Waiting for the password of %1.").arg(login.user));
    auto *dialog = new PasswordDialog(login, window());
    dialog->setForOnce(tr("It goes into the passfile of the new standby and is kept nowhere else."));
    connect(dialog, &PasswordDialog::entered, this, [this, login](const QString &password) {
        const auto typed = std::make_shared<SessionSecrets>(secrets());
        typed->set(login, password);
        start(PlanRun::PickUp::Continue, typed);
    });
    connect(dialog, &QDialog::rejected, this, [this] {
        m_preparing = false;
        stopDoing(tr("Nothing was done: it stays as it is until its password is given, or it is undone."));
    });
    dialog->open();
}

void OperationsPanel::stopDoing(const QString &words)
{
    for (OperationRow *row : std::as_const(m_rows))
        row->setOffered(true);
    if (OperationRow *row = doingRow())
        row->setDoing(words);
}

OperationRow *OperationsPanel::doingRow() const
{
    for (OperationRow *row : m_rows) {
        if (row->entry().record.plan.id == m_doing.record.plan.id)
            return row;
    }
    return nullptr;
}

void OperationsPanel::takeStep(int index, const StepRecord &record)
{
    OperationRow *row = doingRow();
    if (!row || index < 0 || index >= m_doing.record.plan.steps.size())
        return;
    const QString &title = m_doing.record.plan.steps.at(index).title;
    if (record.state == StepState::Running)
        row->setDoing(tr("Now: %1").arg(title));
    else if (record.state == StepState::Undoing)
        row->setDoing(tr("Undoing: %1").arg(title));
}

void OperationsPanel::takeRecord(const RunRecord &record)
{
    stopDoing(record.outcome == RunRecord::Outcome::Done ? QString() : record.error);
    Q_EMIT pickedUp(record);
    refresh();
}

void OperationsPanel::refresh()
{
    if (m_reading)
        return;
    m_reading = true;
    inBackground(
        this, [] { return Journal::entries(); },
        [this](const QList<JournalEntry> &entries) {
            m_reading = false;
            set(entries);
        });
}

void OperationsPanel::showEvent(QShowEvent *event)
{
    PanelWidget::showEvent(event);
    refresh();
}

} // namespace understudy
