// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/PreflightPage.h"

#include "gui/wizard/AddStandbyWizard.h"
#include "gui/wizard/ContentScroll.h"
#include "gui/wizard/TextFile.h"
#include "model/Format.h"
#include "operations/preflight/SeveralPreflight.h"

#include <QVBoxLayout>

namespace understudy {

namespace {

bool matches(int filter, CheckStatus status)
{
    switch (filter) {
    case 1:
        return status == CheckStatus::Fail;
    case 2:
        return status == CheckStatus::Warning;
    case 3:
        return status == CheckStatus::Waived;
    case 4:
        return status == CheckStatus::Pass;
    default:
        return true;
    }
}

} // namespace

PreflightPage::PreflightPage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Pre-flight"), parent), m_table(new Card),
      m_finished(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3)),
      m_again(makeButton(tr("Run again"), QStringLiteral("small"), QStringLiteral("view-refresh"))),
      m_save(makeButton(tr("Save results…"), {}, QStringLiteral("document-save"))), m_side(new PlanSide(true))
{
    setObjectName(QStringLiteral("preflightPage"));
    auto *tableLayout = new QVBoxLayout(m_table);
    tableLayout->setContentsMargins(0, 0, 0, 0);
    tableLayout->setSpacing(0);
    auto *head = new Strip(Strip::RoundTop | Strip::BottomLine, Strip::Fill::Sunken);
    head->setFixedHeight(32);
    auto *headRow = new QHBoxLayout(head);
    headRow->setContentsMargins(40, 0, 16, 0);
    headRow->setSpacing(0);
    auto *check = new TextLabel(TextRole::LabelStrong, tr("Check"), nullptr, TextLabel::Tone::Text3);
    check->setFixedWidth(232);
    headRow->addWidget(check);
    headRow->addWidget(new TextLabel(TextRole::LabelStrong, tr("Evidence"), nullptr, TextLabel::Tone::Text3),
                       1);
    headRow->addWidget(new TextLabel(TextRole::LabelStrong, tr("Took"), nullptr, TextLabel::Tone::Text3));
    tableLayout->addWidget(head);

    m_list = new QWidget;
    m_listLayout = new QVBoxLayout(m_list);
    m_listLayout->setContentsMargins(0, 0, 0, 0);
    m_listLayout->setSpacing(0);
    auto *scroll = new ContentScroll(m_list);
    scroll->setObjectName(QStringLiteral("checks"));
    tableLayout->addWidget(scroll);
    auto *column = new QVBoxLayout;
    column->setSpacing(10);
    column->addLayout(buildHead());
    column->addWidget(m_table);
    // The side column begins where the table begins.
    m_side->setContentsMargins(0, m_again->sizeHint().height() + column->spacing(), 0, 0);
    column->addStretch(1);

    auto *row = new QHBoxLayout;
    row->setSpacing(24);
    row->addLayout(column, 1);
    row->addWidget(m_side, 0, Qt::AlignTop);
    body()->setSpacing(10);
    body()->addLayout(row, 1);
    addTool(m_save);
    connect(m_save, &QPushButton::clicked, this, &PreflightPage::saveResults);
    connect(&m_worker, &WizardWorker::busyChanged, this, &PreflightPage::summarize);
    connect(&m_fix, &PlanThread::finished, this, [this](const RunRecord &record) {
        if (record.outcome == RunRecord::Outcome::Done)
            m_state.fixesApplied << record.plan.title;
        const QString error = record.error;
        runAll();
        if (!error.isEmpty())
            setSentence(tr("The fix did not go through: %1").arg(error));
    });
}

QHBoxLayout *PreflightPage::buildHead()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    const QList<std::pair<QString, std::optional<Glyph>>> kinds{{tr("All"), {}},
                                                                {tr("Failed"), Glyph::CheckFail},
                                                                {tr("Warning"), Glyph::CheckWarning},
                                                                {tr("Waived"), Glyph::CheckWaived},
                                                                {tr("Passed"), Glyph::CheckPass}};
    for (int i = 0; i < kinds.size(); ++i) {
        auto *chip = new FilterChip(kinds.at(i).first, kinds.at(i).second);
        chip->setObjectName(QStringLiteral("chip%1").arg(i));
        connect(chip, &QAbstractButton::clicked, this, [this, i] { filter(i); });
        m_chips << chip;
        row->addWidget(chip);
    }
    m_chips.first()->setChecked(true);
    row->addStretch(1);
    m_finished->setObjectName(QStringLiteral("checksFinished"));
    m_again->setObjectName(QStringLiteral("runAgainButton"));
    row->addWidget(m_finished);
    row->addWidget(m_again);
    // The row ends where the table ends; the side column begins beyond it.
    connect(m_again, &QPushButton::clicked, this, &PreflightPage::runAll);
    return row;
}

void PreflightPage::enter()
{
    m_side->setState(m_state);
    QList<AddStandbyRequest> before = m_checkedFor, now = m_state.requests();
    for (QList<AddStandbyRequest> *each : {&before, &now})
        for (AddStandbyRequest &request : *each)
            request.waived.clear();
    if (m_rows.isEmpty() || before != now)
        runAll();
    else
        summarize();
}

void PreflightPage::showChecks(const QList<CheckResult> &checks)
{
    // The same checks in the same order keep their rows: nothing jumps on "run again".
    const bool same = m_rows.size() == checks.size() &&
                      std::equal(checks.begin(), checks.end(), m_rows.begin(),
                                 [](const CheckResult &a, PreflightRow *b) { return a.id == b->check().id; });
    if (same) {
        for (const CheckResult &check : checks)
            takeCheck(check);
        return;
    }
    while (QLayoutItem *item = m_listLayout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    m_groups.clear();
    m_rows.clear();
    std::optional<CheckGroup> group;
    for (const CheckResult &check : checks) {
        if (group != check.group) {
            group = check.group;
            Group made;
            made.head = new Strip(m_groups.isEmpty() ? Strip::Plain : Strip::TopLine, Strip::Fill::Sunken);
            made.head->setFixedHeight(28);
            made.count = new TextLabel(TextRole::Label, {}, nullptr, TextLabel::Tone::Text3);
            auto *row = new QHBoxLayout(made.head);
            row->setContentsMargins(16, 0, 16, 0);
            row->addWidget(
                new TextLabel(TextRole::LabelStrong, check.groupWords(), nullptr, TextLabel::Tone::Text2), 1);
            row->addWidget(made.count);
            m_listLayout->addWidget(made.head);
            m_groups << made;
        }
        PreflightRow *row = makeRow(check);
        m_groups.last().rows << row;
        m_rows << row;
        m_listLayout->addWidget(row);
    }
    for (const Group &made : std::as_const(m_groups))
        made.count->setText(made.rows.size() == 1 ? tr("1 check") : tr("%1 checks").arg(made.rows.size()));
    if (!m_rows.isEmpty())
        m_rows.last()->setLast(true);
    summarize();
}

PreflightRow *PreflightPage::makeRow(const CheckResult &check)
{
    auto *row = new PreflightRow(check);
    if (m_state.facts)
        row->setWaivedBy(m_state.facts->currentUser);
    connect(row, &PreflightRow::fixRequested, this, &PreflightPage::applyFix);
    connect(row, &PreflightRow::waiveRequested, this, &PreflightPage::waive);
    connect(row, &PreflightRow::waiverUndone, this, &PreflightPage::undoWaiver);
    connect(row, &PreflightRow::fieldRequested, this, [this, id = check.id](const QString &asked) {
        const int standby = requestOf(id, m_state.requests()).first;
        const QString field =
            standby == 0 ? asked : QStringLiteral("%1/%2").arg(QString::number(standby), asked);
        static const QStringList ofThePlace{QStringLiteral("upstream"), QStringLiteral("on"),
                                            QStringLiteral("keeper")};
        Q_EMIT jumpRequested(ofThePlace.contains(field) ? AddStandbyWizard::Where : AddStandbyWizard::Names,
                             field);
    });
    return row;
}

PreflightRow *PreflightPage::row(const QString &id) const
{
    for (PreflightRow *row : m_rows) {
        if (row->check().id == id)
            return row;
    }
    return nullptr;
}

void PreflightPage::takeCheck(const CheckResult &check)
{
    if (PreflightRow *target = row(check.id)) {
        target->setCheck(check);
        summarize();
    }
}

void PreflightPage::takeResult(const PreflightResult &result, const QStringList &only)
{
    if (only.isEmpty() || !m_state.book.preflight) {
        m_state.book.preflight = result;
    } else {
        for (const CheckResult &fresh : result.checks) {
            for (CheckResult &check : m_state.book.preflight->checks) {
                if (check.id == fresh.id && only.contains(check.id))
                    check = fresh;
            }
        }
        m_state.book.preflight->finishedUs = result.finishedUs;
        m_state.book.preflight->startedUs = result.startedUs;
    }
    showChecks(m_state.book.preflight->checks);
    m_side->setState(m_state);
    summarize();
}

void PreflightPage::runAll()
{
    if (!m_state.facts)
        return;
    m_checkedFor = m_state.requests();
    setFocus(Qt::OtherFocusReason); // the button that was pressed is about to rest
    showChecks(severalChecks(m_state.requests(), *m_state.facts));
    runOnly({});
}

void PreflightPage::runOnly(const QStringList &ids)
{
    m_worker.start([this, ids, requests = m_state.requests(), facts = *m_state.facts,
                    secrets = m_state.secrets,
                    typed = m_state.typedPassword](std::stop_token stop, const WizardWorker::Post &post) {
        const QMap<QString, QString> values =
            WizardState::secretValues(facts.spec, requests.constFirst(), typed);
        const PreflightResult result = runPreflight(
            requests, facts, secrets, values, stop,
            [&](const CheckResult &check) { post([this, check] { takeCheck(check); }); }, ids);
        post([this, result, ids] { takeResult(result, ids); });
    });
    summarize();
}

void PreflightPage::applyFix(const QString &id)
{
    PreflightRow *target = row(id);
    if (!target || !target->check().fix || busy())
        return;
    const CheckFix fix = *target->check().fix;
    if (!fix.setField.isEmpty()) {
        setField(requestOf(id, m_state.requests()).first, fix);
        m_side->setState(m_state);
        runAll();
    } else if (fix.plan) {
        m_fix.start(*fix.plan, m_state.secrets);
        summarize();
    }
}

void PreflightPage::setField(int standby, const CheckFix &fix)
{
    AddStandbyRequest &request = m_state.own(standby);
    if (fix.setField == QLatin1String("port"))
        request.port = fix.setValue.toInt();
    else if (fix.setField == QLatin1String("upstream"))
        request.upstream = fix.setValue;
    else if (fix.setField == QLatin1String("verifyBackup"))
        request.choices.verifyBackup = fix.setValue == QLatin1String("yes");
    else if (fix.setField != QLatin1String("tablespaces"))
        textField(request, fix.setField) = fix.setValue;
    else if (const auto mapping = parseTablespaceMapping(fix.setValue))
        request.choices.tablespaces.insert(mapping->first, mapping->second);
    m_state.ownEdited(standby).insert(fix.setField);
}

void PreflightPage::setWaived(const QString &id, const std::optional<QString> &reason)
{
    const auto [standby, own] = requestOf(id, m_state.requests());
    QMap<QString, QString> &waived = m_state.own(standby).waived;
    if (reason)
        waived.insert(own, *reason);
    else
        waived.remove(own);
    runOnly({id});
}

void PreflightPage::waive(const QString &id, const QString &reason)
{
    setWaived(id, reason);
}

void PreflightPage::undoWaiver(const QString &id)
{
    setWaived(id, {});
}

void PreflightPage::filter(int which)
{
    m_filter = which;
    for (int i = 0; i < m_chips.size(); ++i)
        m_chips.at(i)->setChecked(i == which);
    summarize();
}

void PreflightPage::summarize()
{
    QList<int> counts(m_chips.size(), 0);
    PreflightResult shown;
    for (PreflightRow *row : std::as_const(m_rows)) {
        shown.checks << row->check();
        for (int i = 0; i < counts.size(); ++i)
            counts[i] += matches(i, row->check().status);
        row->setVisible(matches(m_filter, row->check().status));
        row->setBusy(busy());
    }
    for (const Group &group : std::as_const(m_groups)) {
        const bool any = std::any_of(group.rows.begin(), group.rows.end(), [this](PreflightRow *row) {
            return matches(m_filter, row->check().status);
        });
        group.head->setVisible(any);
    }
    for (int i = 0; i < m_chips.size(); ++i) {
        m_chips.at(i)->setCount(counts.at(i));
        m_chips.at(i)->setVisible(i == 0 || i == 4 || counts.at(i) > 0 || m_filter == i);
    }
    m_again->setEnabled(!busy());
    m_save->setEnabled(!busy() && m_state.book.preflight.has_value());
    if (m_fix.running()) {
        setSentence(tr("Applying the fix; the checks run again when it is done."));
    } else if (busy()) {
        const int ended = shown.count(CheckStatus::Pass) + shown.count(CheckStatus::Warning) +
                          shown.count(CheckStatus::Fail) + shown.count(CheckStatus::Waived);
        setSentence(tr("Checking: %1 of %2 have answered.").arg(ended).arg(shown.checks.size()));
        m_finished->clear();
    } else if (!shown.checks.isEmpty()) {
        setSentence(shown.sentence());
        if (const auto &result = m_state.book.preflight; result && result->finishedUs > 0)
            m_finished->setText(
                tr("Finished in %1, %2")
                    .arg(format::seconds(double(result->finishedUs - result->startedUs) / 1e6),
                         format::utcTime(result->finishedUs)));
    }
    Q_EMIT changed();
}

void PreflightPage::saveResults()
{
    saveTextFile(this, &m_files, tr("Save the pre-flight results"),
                 QStringLiteral("preflight-%1.md").arg(m_state.fileName()),
                 [book = m_state.book] { return runbookMarkdown(book, {}).toUtf8(); });
}

bool PreflightPage::canGoNext() const
{
    return !busy() && m_state.book.preflight && !m_rows.isEmpty() && !m_state.book.preflight->blocked();
}

QString PreflightPage::blockedBy() const
{
    if (busy() || !m_state.book.preflight || !m_state.book.preflight->blocked())
        return {};
    QStringList failed;
    for (const CheckResult &check : m_state.book.preflight->checks) {
        if (check.status == CheckStatus::Fail)
            failed << check.title;
    }
    return failed.size() == 1 ? tr("%1 failed; fix it to go on.").arg(failed.constFirst())
                              : tr("%1 failed; fix them to go on.").arg(failed.join(QStringLiteral(", ")));
}

ChangeNote PreflightPage::changeNote() const
{
    if (m_fix.running())
        return {Glyph::CheckRunning, tr("Applying a fix."), tr("It is written to the journal and kept.")};
    return noteBeforePlan(tr("These checks only read."));
}

} // namespace understudy
