// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/RunPage.h"

#include "gui/wizard/PlaceFacts.h"
#include "model/Clock.h"
#include "model/Format.h"

#include <QVBoxLayout>

namespace understudy {

namespace {

/// The program that a step runs: "pg_basebackup"; empty when it speaks SQL only.
QString programOf(const Step &step)
{
    for (const Action &action : step.actions) {
        const auto *command = std::get_if<CommandAction>(&action);
        // In a container the first word is the engine's; what copies is the same.
        if (command && command->progress == ProgressKind::BaseBackup)
            return QStringLiteral("pg_basebackup");
        if (command && !command->command.argv.isEmpty())
            return command->command.argv.constFirst().section(u'/', -1);
    }
    return {};
}

} // namespace

RunPage::RunPage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Run"), parent), m_steps(new RunSteps), m_current(new CurrentStepCard),
      m_slot(new SlotCard), m_rate(new RateCard), m_log(new RunLog),
      m_clock(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3)),
      m_background(makeButton(tr("Run in background"), {})),
      m_cancelButton(makeButton(tr("Cancel and roll back…"), QStringLiteral("danger")))
{
    setObjectName(QStringLiteral("runPage"));
    m_background->setObjectName(QStringLiteral("backgroundButton"));
    m_cancelButton->setObjectName(QStringLiteral("rollBackButton"));
    auto *top = new QHBoxLayout;
    top->setSpacing(24);
    top->addWidget(m_steps);
    auto *right = new QVBoxLayout;
    right->setSpacing(16);
    right->addWidget(m_current);
    auto *cards = new QHBoxLayout;
    cards->setSpacing(16);
    cards->addWidget(m_slot, 1);
    cards->addWidget(m_rate, 1);
    right->addLayout(cards, 1);
    top->addLayout(right, 1);
    body()->addLayout(top, 0);
    m_log->setMinimumHeight(150);
    body()->addWidget(m_log, 1);
    addTool(m_clock);
    addAction_(m_background);
    addAction_(m_cancelButton);

    connect(m_background, &QPushButton::clicked, this, &RunPage::backgroundRequested);
    connect(m_cancelButton, &QPushButton::clicked, this, &RunPage::askToCancel);
    connect(&m_thread, &PlanThread::stepChanged, this, &RunPage::takeStep);
    connect(&m_thread, &PlanThread::logged, this, [this](int, const LogLine &line) { m_log->add(line); });
    connect(&m_thread, &PlanThread::copying, this,
            [this](int, const CopyProgress &progress) { takeCopy(progress); });
    connect(&m_thread, &PlanThread::finished, this, &RunPage::takeRecord);
    m_tick.setInterval(200);
    connect(&m_tick, &QTimer::timeout, this, &RunPage::tick);
}

void RunPage::enter()
{
    if (m_thread.running() || m_state.added)
        return;
    startPlan();
}

void RunPage::startPlan()
{
    if (!m_state.plan)
        return;
    m_record = RunRecord();
    m_record.plan = *m_state.plan;
    for (const Step &step : m_record.plan.steps) {
        StepRecord record;
        record.stepId = step.id;
        m_record.steps << record;
    }
    m_record.startedUs = SystemClock::instance().nowUs();
    m_ended = m_copying = m_cancelling = false;
    m_progress.reset();
    m_state.book.plan = m_record.plan;
    m_state.book.run.reset();
    setTitle(tr("Adding %1").arg(m_state.subject()));
    setSentence(tr("You can close this window; the copy goes on in the background."));
    m_log->clear();
    m_log->setSuggestedName(m_record.plan.id);
    m_steps->setPlan(m_record.plan);
    m_current->reset();
    beginStandby(0);
    m_tick.start();
    m_thread.start(m_record.plan, m_state.secrets,
                   [spec = m_state.spec, request = m_state.request, typed = m_state.typedPassword] {
                       return WizardState::secretValues(spec, request, typed);
                   });
    m_background->show();
    m_cancelButton->show();
    m_cancelButton->setEnabled(true);
    tick();
    Q_EMIT changed();
}

void RunPage::beginStandby(int standby)
{
    m_standby = standby;
    m_progress.reset();
    m_slot->begin(m_state, m_state.own(standby).slot);
    m_rate->begin(m_state.request.maxRate);
    m_current->reset();
}

void RunPage::takeStep(int index, const StepRecord &record)
{
    if (index < 0 || index >= m_record.steps.size())
        return;
    m_record.steps[index] = record;
    m_steps->setStep(index, record);
    const Step &step = m_record.plan.steps.at(index);
    if (const int standby = m_state.standbyOfStep(index);
        record.state == StepState::Running && standby != m_standby)
        beginStandby(standby);
    if (record.state == StepState::Running) {
        m_current->setStep(step.title, m_progress ? QString() : step.why, programOf(step));
    } else if (record.state == StepState::Undoing) {
        setSentence(tr("Rolling back: what was made is removed again, last first."));
        m_current->setStep(tr("Undo: %1").arg(step.title), step.undoWords, {});
    }
    const bool copies = std::any_of(step.actions.begin(), step.actions.end(), [](const Action &action) {
        const auto *command = std::get_if<CommandAction>(&action);
        return command && command->progress == ProgressKind::BaseBackup;
    });
    if (copies && record.state != StepState::Running) {
        m_copying = false;
        if (record.state == StepState::Done && m_progress) {
            m_current->setCopy(*m_progress, true);
            m_rate->setCopy(*m_progress, true);
        }
    }
    Q_EMIT changed();
}

void RunPage::takeCopy(const CopyProgress &progress)
{
    m_progress = progress;
    m_copying = progress.phase == CopyProgress::Phase::Files && progress.doneBytes > 0;
    m_current->setCopy(progress, false);
    m_rate->setCopy(progress, false);
    if (progress.slotRetains)
        m_slot->setRetained(progress.slotRetains);
    Q_EMIT changed();
}

void RunPage::takeRecord(const RunRecord &record)
{
    m_tick.stop();
    m_ended = true;
    m_copying = false;
    m_record = record;
    m_state.book.run = record;
    m_background->hide();
    m_cancelButton->hide();
    const QString name = m_state.subject();
    const QString took = format::seconds(double(record.finishedUs - record.startedUs) / 1e6);
    switch (record.outcome) {
    case RunRecord::Outcome::Done: {
        m_state.added = true;
        setTitle(tr("Added %1").arg(name));
        setSentence(tr("%1. Every step is done; it took %2.").arg(m_state.streamingWords(), took));
        m_current->setOutcome(Glyph::CheckPass, m_state.streamingWords(), {}, {});
        for (const WatchedNode &node : m_state.newNodes())
            Q_EMIT standbyAdded(node);
        break;
    }
    case RunRecord::Outcome::CancelledAndUndone:
        setTitle(tr("Cancelled"));
        setSentence(tr("Did not add %1. Everything made so far is removed again.").arg(name));
        m_current->setOutcome(
            Glyph::Idle, tr("Cancelled and rolled back"),
            m_state.inCompose() ? tr("No slot, no container and no volume of %1 is left, and no line in %2.")
                                      .arg(name, composeFileName(m_state))
                                : tr("No slot, no server and no directory of %1 is left.").arg(name),
            {});
        break;
    case RunRecord::Outcome::FailedAndUndone:
        setTitle(tr("Did not add %1").arg(name));
        setSentence(tr("A step failed; everything made so far is removed again."));
        m_current->setOutcome(Glyph::CheckFail, tr("It did not go through"), record.error, {});
        break;
    case RunRecord::Outcome::LeftBehind:
    case RunRecord::Outcome::Interrupted:
    case RunRecord::Outcome::Running:
        setTitle(tr("Did not add %1").arg(name));
        setSentence(tr("A step failed, and not everything could be removed again."));
        m_current->setOutcome(Glyph::CheckFail, tr("Something was left behind"), record.error,
                              QStringList{tr("Left behind:")} + record.leftBehind);
        break;
    }
    m_clock->setText(tr("Started %1, took %2").arg(format::utcTime(record.startedUs), took));
    Q_EMIT changed();
}

void RunPage::tick()
{
    const qint64 now = SystemClock::instance().nowUs();
    m_steps->tick(now);
    m_clock->setText(tr("Started %1, running %2")
                         .arg(format::utcTime(m_record.startedUs),
                              format::seconds(double(now - m_record.startedUs) / 1e6)));
}

QStringList RunPage::changes() const
{
    QStringList found;
    for (int i = 0; i < m_record.steps.size() && i < m_record.plan.steps.size(); ++i) {
        const StepState state = m_record.steps.at(i).state;
        const QString &what = m_record.plan.steps.at(i).changes;
        if ((state == StepState::Done || state == StepState::Undoing || state == StepState::UndoFailed ||
             state == StepState::Running) &&
            !what.isEmpty())
            found << what;
    }
    return found;
}

QString RunPage::whatGoes() const
{
    QStringList goes;
    for (int i = 0; i < m_record.steps.size(); ++i) {
        const StepState state = m_record.steps.at(i).state;
        const QString &words = m_record.plan.steps.at(i).undoWords;
        if ((state == StepState::Done || state == StepState::Running) && !words.isEmpty())
            goes.prepend(words);
    }
    return goes.join(QStringLiteral(", "));
}

void RunPage::askToCancel()
{
    const QString goes = whatGoes();
    InlineQuestion question;
    question.sentence = goes.isEmpty()
                            ? tr("Cancel adding %1? Nothing has been made yet.").arg(m_state.subject())
                            : tr("Cancel adding %1? This will %2.").arg(m_state.subject(), goes);
    question.answers = {
        {tr("Go on"), {}, [] {}},
        {tr("Roll back %1").arg(m_state.subject()), QStringLiteral("danger"), [this] { cancel(); }}};
    Q_EMIT asked(question);
}

void RunPage::cancel()
{
    m_cancelling = true;
    m_cancelButton->setEnabled(false);
    setSentence(tr("Cancelling: the running step is stopped, then what was made is removed again."));
    m_thread.cancel();
    Q_EMIT changed();
}

double RunPage::copyFraction() const
{
    if (!m_copying || !m_progress || m_progress->totalBytes <= 0)
        return 0;
    return double(m_progress->doneBytes) / double(m_progress->totalBytes);
}

bool RunPage::canGoNext() const
{
    return m_ended;
}

QString RunPage::nextText() const
{
    return m_ended && !m_state.added ? tr("Try again") : tr("Next: verify");
}

bool RunPage::takeNext()
{
    if (!m_ended || m_state.added)
        return false;
    // The same request gives the same plan with an id, and so a journal, of its own.
    if (const Result<void> made = m_state.makePlan())
        startPlan();
    else
        setSentence(made.error().text());
    return true;
}

ChangeNote RunPage::changeNote() const
{
    if (m_state.added)
        return {Glyph::CheckPass, m_state.streamingWords() + u'.',
                tr("Added: %1.").arg(changes().join(QStringLiteral(", ")))};
    if (m_ended) {
        if (!m_record.leftBehind.isEmpty())
            return {Glyph::CheckFail, tr("Left behind:"), m_record.leftBehind.join(QStringLiteral(", "))};
        const QString removed = tr("What was made has been removed again.");
        return {Glyph::CheckPass, tr("Nothing is left."),
                m_state.fixesApplied.isEmpty()
                    ? removed
                    : removed + u' ' + tr("Kept: %1.").arg(m_state.fixesApplied.join(QStringLiteral(", ")))};
    }
    const QStringList made = changes();
    const QString head =
        made.isEmpty() ? tr("Nothing changed yet.") : tr("Changed: %1.").arg(made.join(QStringLiteral(", ")));
    if (m_cancelling)
        return {Glyph::CheckRunning, head, tr("Rolling back: all of it goes.")};
    return {Glyph::CheckRunning, head,
            made.isEmpty() ? tr("The first steps only read.") : tr("Cancel removes all of it again.")};
}

} // namespace understudy
