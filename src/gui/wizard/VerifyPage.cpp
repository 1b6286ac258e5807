// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/VerifyPage.h"

#include "model/Format.h"

#include <QVBoxLayout>

namespace understudy {

VerifyPage::VerifyPage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Verify"), parent), m_table(new VerifyTable), m_counts(new RowCountCard),
      m_running(new GlyphLabel(16)),
      m_step(new TextLabel(TextRole::Body, {}, nullptr, TextLabel::Tone::Text2)), m_progress(new QWidget),
      m_choice(new TableChoice(state)),
      m_again(makeButton(tr("Verify again"), {}, QStringLiteral("view-refresh"))),
      m_choose(makeButton(tr("Choose tables"), {}, QStringLiteral("view-filter")))
{
    setObjectName(QStringLiteral("verifyPage"));
    auto *progress = new QHBoxLayout(m_progress);
    progress->setContentsMargins(0, 0, 0, 0);
    progress->setSpacing(8);
    m_running->setGlyph(Glyph::CheckRunning);
    progress->addWidget(m_running);
    progress->addWidget(m_step, 1);
    body()->addWidget(m_progress);
    QVBoxLayout *column = scrolling();
    column->addWidget(m_choice);
    m_choice->hide();
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(m_table, 2);
    row->addWidget(m_counts, 1);
    m_counts->setMinimumWidth(300);
    column->addLayout(row);
    column->addStretch(1);
    m_again->setObjectName(QStringLiteral("verifyAgainButton"));
    addTool(m_again);
    m_choose->setObjectName(QStringLiteral("chooseTablesButton"));
    m_choose->setCheckable(true);
    addTool(m_choose);
    connect(m_choose, &QPushButton::toggled, m_choice, &QWidget::setVisible);
    connect(m_again, &QPushButton::clicked, this, &VerifyPage::verify);
    connect(&m_worker, &WizardWorker::busyChanged, this, [this] {
        m_progress->setVisible(m_worker.busy());
        m_again->setEnabled(!m_worker.busy());
        Q_EMIT changed();
    });
}

void VerifyPage::enter()
{
    if (!m_state.book.verify && !m_worker.busy())
        verify();
    else if (m_state.book.verify)
        showResult(*m_state.book.verify);
}

void VerifyPage::verify()
{
    if (!m_state.book.run)
        return;
    setFocus(Qt::OtherFocusReason);
    setSentence(tr("Comparing what was promised with what is there."));
    m_step->setText(tr("Asking every server."));
    m_worker.start([this, plan = m_state.book.run->plan, several = m_state.several, spec = m_state.spec,
                    secrets = m_state.secrets,
                    options = m_choice->options()](std::stop_token stop, const WizardWorker::Post &post) {
        const auto say = [&](const QString &what) { post([this, what] { m_step->setText(what); }); };
        const VerifyResult result = several ? verifySeveral(*several, spec, secrets, stop, say, options)
                                            : verifyStandby(plan, spec, secrets, stop, say, options);
        post([this, result] { showResult(result); });
    });
}

void VerifyPage::showResult(const VerifyResult &result)
{
    m_state.book.verify = result;
    m_table->setResult(result);
    m_counts->setCounts(result.counts, m_state);
    const auto failed = std::count_if(result.rows.begin(), result.rows.end(),
                                      [](const VerifyRow &row) { return !row.pass && !row.unknown; });
    const auto unknown = std::count_if(result.rows.begin(), result.rows.end(),
                                       [](const VerifyRow &row) { return row.unknown; });
    if (result.pass())
        setSentence((m_state.isSeveral() ? tr("%1 do what was promised: all %2 rows below agree.")
                                         : tr("%1 does what was promised: all %2 rows below agree."))
                        .arg(m_state.subject())
                        .arg(result.rows.size()));
    else if (failed > 0)
        setSentence(tr("%1 of %2 rows do not agree; the table shows what is there instead.")
                        .arg(failed)
                        .arg(result.rows.size()));
    else
        setSentence(tr("%1 could not be told, and its words say why; verify again later.")
                        .arg(format::plural(unknown, QStringLiteral("row"))));
    Q_EMIT changed();
}

ChangeNote VerifyPage::changeNote() const
{
    const QString head = m_state.streamingWords() + u'.';
    if (busy() || !m_state.book.verify)
        return {Glyph::CheckRunning, head, tr("Verifying; this only reads.")};
    if (m_state.book.verify->pass())
        return {Glyph::CheckPass, head, tr("Everything is verified.")};
    return {Glyph::CheckWarning, tr("Added %1.").arg(m_state.subject()),
            tr("Not everything agrees; see the table.")};
}

} // namespace understudy
