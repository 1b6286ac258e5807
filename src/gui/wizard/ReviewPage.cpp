// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ReviewPage.h"

#include "gui/Style.h"
#include "gui/wizard/ContentScroll.h"
#include "gui/wizard/PlaceFacts.h"
#include "gui/wizard/ReviewParts.h"
#include "gui/wizard/Strip.h"
#include "gui/wizard/TextFile.h"
#include "model/Format.h"
#include "operations/UnseenMachine.h"

#include <QApplication>
#include <QClipboard>
#include <QVBoxLayout>

namespace understudy {

namespace {

TextLabel *small(const QString &text = {})
{
    return new TextLabel(TextRole::Label, text, nullptr, TextLabel::Tone::Text3);
}

/// What a step runs. An edit's lines stand beside the steps already.
QString commandsOf(const Step &step)
{
    QStringList all;
    for (const Action &action : step.actions) {
        if (const auto *edit = std::get_if<EditAction>(&action))
            all << ReviewPage::tr("%1: +%2 lines, 0 removed").arg(edit->path).arg(edit->lines());
        else
            all << shownCommand(action);
    }
    return all.join(u'\n');
}

QList<FactsGrid::Fact> oneFacts(const WizardState &state)
{
    const AddStandbyRequest &request = state.request;
    QList<FactsGrid::Fact> facts{{ReviewPage::tr("Server"), addressOfNew(state), true}};
    for (const FactsGrid::Fact &fact : placeFacts(state, false)) {
        // The file stands above its lines.
        if (fact.value != composeFileName(state))
            facts.append(fact);
    }
    facts.append({ReviewPage::tr("Slot"),
                  request.choices.slot
                      ? ReviewPage::tr("%1 on %2").arg(request.slot, state.nodeName(request.upstream))
                      : ReviewPage::tr("none"),
                  request.choices.slot});
    return facts;
}

/// A line a standby: where it answers, its slot and its place.
QList<FactsGrid::Fact> severalFacts(const WizardState &state)
{
    QList<FactsGrid::Fact> facts;
    for (const AddStandbyRequest &request : state.requests())
        facts.append({request.name, standbyLine(state, request), true});
    return facts;
}

QString timesWords(qsizetype count)
{
    return count == 1   ? ReviewPage::tr("WAL sent once")
           : count == 2 ? ReviewPage::tr("WAL sent twice")
                        : ReviewPage::tr("WAL sent %1 times").arg(count);
}

} // namespace

ReviewPage::ReviewPage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Review"), parent), m_now(new GraphPreview), m_after(new GraphPreview),
      m_nowWords(small()), m_afterWords(small()),
      m_stepsHead(new TextLabel(TextRole::LabelStrong, {}, nullptr, TextLabel::Tone::Text3)),
      m_about(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2)),
      m_filesHead(new TextLabel(TextRole::LabelStrong, {}, nullptr, TextLabel::Tone::Text)),
      m_filesCount(new TextLabel(TextRole::LabelStrong, {}, nullptr, TextLabel::Tone::Ok)),
      m_filesHint(small()), m_filesNote(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2)),
      m_files(new FileListing), m_facts(new FactsGrid(nullptr, 112)),
      m_copy(makeButton(tr("Copy as script"), QStringLiteral("link"))),
      m_save(makeButton(tr("Save as script…"), {}, QStringLiteral("document-save")))
{
    setObjectName(QStringLiteral("reviewPage"));
    body()->addWidget(buildPreviews());
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(buildSteps(), 1);
    row->addWidget(buildFiles(), 1);
    body()->addLayout(row, 1);
    m_save->setObjectName(QStringLiteral("saveScriptButton"));
    m_copy->setObjectName(QStringLiteral("copyScriptButton"));
    addTool(m_save);
    connect(m_save, &QPushButton::clicked, this, &ReviewPage::saveScript);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (m_state.plan)
            QApplication::clipboard()->setText(m_state.plan->toScript());
        sayInFooter(this, tr("The script is on the clipboard; it asks for secrets, it holds none."));
    });
}

QWidget *ReviewPage::buildPreviews()
{
    auto *area = new QWidget;
    auto *row = new QHBoxLayout(area);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(new PreviewBox(tr("Now"), m_nowWords, m_now), 1);
    row->addWidget(new PreviewBox(tr("After"), m_afterWords, m_after), 1);
    return area;
}

QWidget *ReviewPage::buildSteps()
{
    auto *card = new Card;
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *head = new Strip(Strip::RoundTop | Strip::BottomLine, Strip::Fill::Sunken);
    head->setFixedHeight(32);
    auto *headRow = new QHBoxLayout(head);
    headRow->setContentsMargins(14, 0, 16, 0);
    headRow->addWidget(m_stepsHead, 1);
    headRow->addWidget(new TextLabel(TextRole::LabelStrong, tr("About"), nullptr, TextLabel::Tone::Text3));
    layout->addWidget(head);
    auto *list = new QWidget;
    m_steps = new QVBoxLayout(list);
    m_steps->setContentsMargins(0, 0, 0, 0);
    m_steps->setSpacing(0);
    auto *scroll = new ContentScroll(list);
    scroll->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    layout->addWidget(scroll, 1);
    auto *foot = new Strip(Strip::RoundBottom | Strip::TopLine, Strip::Fill::Sunken);
    foot->setMinimumHeight(36);
    auto *footRow = new QHBoxLayout(foot);
    footRow->setContentsMargins(14, 0, 16, 0);
    m_about->setWordWrap(true);
    footRow->addWidget(m_about, 1);
    footRow->addWidget(m_copy);
    layout->addWidget(foot);
    return card;
}

QWidget *ReviewPage::buildFiles()
{
    auto *card = new Card;
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *head = new Strip(Strip::RoundTop | Strip::BottomLine, Strip::Fill::Sunken);
    head->setFixedHeight(32);
    auto *headRow = new QHBoxLayout(head);
    headRow->setContentsMargins(16, 0, 16, 0);
    headRow->setSpacing(10);
    headRow->addWidget(m_filesHead);
    headRow->addWidget(m_filesCount);
    headRow->addWidget(m_filesHint, 1);
    layout->addWidget(head);
    auto *facts = new QWidget;
    auto *factsLayout = new QVBoxLayout(facts);
    factsLayout->setContentsMargins(16, 8, 16, 8);
    factsLayout->addWidget(m_facts);
    auto *inside = new QWidget;
    auto *insideLayout = new QVBoxLayout(inside);
    insideLayout->setContentsMargins(0, 0, 0, 0);
    insideLayout->setSpacing(0);
    // With the files: of several standbys, or at large text, they are more than the card has room for.
    insideLayout->addWidget(facts);
    insideLayout->addWidget(new Line);
    insideLayout->addWidget(m_files);
    insideLayout->addStretch(1);
    auto *scroll = new ContentScroll(inside);
    scroll->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    layout->addWidget(scroll, 1);
    auto *foot = new Strip(Strip::RoundBottom | Strip::TopLine, Strip::Fill::Sunken);
    foot->setMinimumHeight(36);
    auto *footRow = new QHBoxLayout(foot);
    footRow->setContentsMargins(16, 0, 16, 0);
    footRow->setSpacing(8);
    m_filesNote->setWordWrap(true);
    auto *glyph = new GlyphLabel(14);
    glyph->setGlyph(Glyph::CheckPass);
    footRow->addWidget(glyph);
    footRow->addWidget(m_filesNote, 1);
    layout->addWidget(foot);
    return card;
}

void ReviewPage::enter()
{
    m_error.clear();
    if (const Result<void> made = m_state.makePlan()) {
        showPlan();
    } else {
        m_error = made.error().text();
        setSentence(m_error);
    }
    showPreviews();
    Q_EMIT changed();
}

void ReviewPage::saveScript()
{
    if (m_state.plan)
        saveTextFile(
            this, &m_worker, tr("Save the plan as a script"), m_state.fileName() + QStringLiteral(".sh"),
            [plan = *m_state.plan] { return plan.toScript().toUtf8(); }, true);
}

bool ReviewPage::takeNext()
{
    // Nothing can be run from here; the script is what there is to have.
    const bool unseen = isScriptPlace(m_state.request.on);
    if (unseen)
        saveScript();
    return unseen;
}

QString ReviewPage::nextText() const
{
    if (isScriptPlace(m_state.request.on))
        return tr("Save script…");
    return tr("Add %1").arg(m_state.subject());
}

void ReviewPage::showPreviews()
{
    const Topology now = m_state.topologyNow();
    AddStandbyFacts facts = *m_state.facts;
    facts.topology = now;
    for (const AddStandbyRequest &request : m_state.requests())
        facts.topology = topologyAfter(request, facts);
    const Topology after = facts.topology;
    QHash<NodeId, CardExtras> extras = m_state.extras();
    QSet<NodeId> fresh;
    for (const Cluster &cluster : after.clusters) {
        for (const Node &node : cluster.nodes) {
            if (!now.node(node.id))
                fresh.insert(node.id);
        }
    }
    m_now->set(now, extras, {});
    m_after->set(after, extras, fresh);
    m_state.book.before = now;
    m_state.book.after = after;

    const auto say = [&](TextLabel *label, const Topology &topology) {
        const Cluster *cluster = topology.clusterOf(m_state.request.upstream);
        const Node *upstream = now.node(m_state.request.upstream);
        if (!cluster || !upstream)
            return;
        const qsizetype links = cluster->linksFrom(upstream->id).size();
        QStringList words{format::plural(cluster->standbys().size(), QStringLiteral("standby")),
                          timesWords(links)};
        if (upstream->walRate && links > 0)
            words << format::rate(*upstream->walRate * double(links));
        label->setText(words.join(QStringLiteral(", ")));
    };
    say(m_nowWords, now);
    say(m_afterWords, after);
}

void ReviewPage::showPlan()
{
    const Plan &plan = *m_state.plan;
    const AddStandbyRequest &request = m_state.request;
    const QString how = request.synchronous ? tr("synchronously") : tr("asynchronously");
    const QString upstream = m_state.nodeName(request.upstream);
    if (m_state.isSeveral())
        setSentence(tr("%1 will follow %2, %3, one made after the other: one plan, and one undo for all.")
                        .arg(m_state.subject(), upstream, how));
    else
        setSentence(tr("%1 will follow %2 on port %3, %4, %5.")
                        .arg(request.name, upstream, QString::number(request.port), how,
                             request.choices.slot ? tr("with its own slot") : tr("without a slot")));
    while (QLayoutItem *item = m_steps->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (int i = 0; i < plan.steps.size(); ++i)
        m_steps->addWidget(makeStepRow(i + 1, plan.steps.at(i), commandsOf(plan.steps.at(i))));
    m_steps->addStretch(1);
    m_stepsHead->setText(tr("%1 steps, each with its undo").arg(plan.steps.size()));
    const bool unseen = isScriptPlace(request.on);
    m_save->setVisible(!unseen); // there it is the filled button
    const QString about = format::seconds(plan.aboutSeconds());
    m_about->setText(unseen ? tr("About %1, where it is run. It asks for secrets and holds none.").arg(about)
                            : tr("About %1. Readers and writers are not interrupted.").arg(about));

    showFiles();
}

void ReviewPage::showFiles()
{
    QList<FactsGrid::Fact> facts = m_state.isSeveral() ? severalFacts(m_state) : oneFacts(m_state);
    if (isScriptPlace(m_state.request.on))
        facts.append({tr("Runs as"), tr("postgres, or as the script is told")});
    else if (!m_state.inCompose())
        facts.append({tr("Runs as"),
                      m_state.facts->runAs.isEmpty() ? m_state.facts->currentUser : m_state.facts->runAs,
                      true});
    m_facts->setFacts(facts);
    m_files->setPlan(*m_state.plan);
    m_filesCount->setText(m_files->lineCount() > 0 ? QStringLiteral("+%1").arg(m_files->lineCount())
                                                   : QString());
    if (m_files->editCount() > 0) {
        m_filesHead->setText(composeFileName(m_state));
        m_filesHint->setText(tr("0 removed, passwords are hidden"));
        m_filesNote->setText(tr("Existing lines stay as they are: comments, order and anchors too."));
        return;
    }
    m_filesHead->setText(tr("What there will be"));
    m_filesHint->setText(tr("passwords are hidden"));
    m_filesNote->setText(m_files->fileCount() > 0
                             ? tr("Existing files stay as they are; %1 new.")
                                   .arg(format::plural(m_files->fileCount(), QStringLiteral("file")))
                             : tr("No file outside the new data directory is written."));
}

ChangeNote ReviewPage::changeNote() const
{
    if (isScriptPlace(m_state.request.on))
        return noteBeforePlan(tr("Run the script on %1; %2 appears in the graph once it streams.")
                                  .arg(scriptMachine(m_state.request.on), m_state.subject()));
    return noteBeforePlan(tr("What you see here is exactly what will run."));
}

} // namespace understudy
