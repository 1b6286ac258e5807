// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/ReattachReview.h"

#include "gui/Style.h"
#include "gui/wizard/ContentScroll.h"
#include "gui/wizard/ReviewParts.h"
#include "gui/wizard/Strip.h"
#include "model/Format.h"
#include "operations/Reattach.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>

namespace understudy {

namespace {

constexpr int pictureHeight = 240;
constexpr int besideFrom = 860, leastSteps = 170, leastReasons = 110; ///< At 100 % text

/// How much larger than usual the person's text is.
double textGrowth()
{
    return qMax(1.0, QFontMetricsF(QGuiApplication::font()).height() / 16.0);
}

Glyph glyphOf(DropVerdict verdict)
{
    return verdict == DropVerdict::Safe    ? Glyph::CheckPass
           : verdict == DropVerdict::Risky ? Glyph::CheckWarning
                                           : Glyph::CheckFail;
}

/// The head of a card: a sunken strip with its words.
Strip *head(const QString &words)
{
    auto *strip = new Strip(Strip::RoundTop | Strip::BottomLine, Strip::Fill::Sunken);
    strip->setMinimumHeight(32);
    auto *row = new QHBoxLayout(strip);
    row->setContentsMargins(14, 0, 16, 0);
    row->addWidget(new TextLabel(TextRole::LabelStrong, words, nullptr, TextLabel::Tone::Text3), 1);
    return strip;
}

QString countWords(const Topology &topology, const NodeId &node)
{
    const Cluster *cluster = topology.clusterOf(node);
    const Node *known = topology.node(node);
    if (!cluster || !known)
        return {};
    return ReattachReview::tr("%1 below %2")
        .arg(format::plural(cluster->linksFrom(node).size(), ReattachReview::tr("standby"),
                            ReattachReview::tr("standbys")),
             reattachName(*known));
}

} // namespace

ReattachReview::ReattachReview(const ReattachScene &scene, const QHash<NodeId, CardExtras> &extras,
                               const NodeId &standby, const NodeId &target, const QString &cluster,
                               QWidget *parent)
    : QWidget(parent, Qt::Window), m_standby(standby), m_target(target),
      m_sentence(new TextLabel(TextRole::Body, {}, nullptr, TextLabel::Tone::Text2)),
      m_nowWords(new TextLabel(TextRole::Label, {}, nullptr, TextLabel::Tone::Text3)),
      m_afterWords(new TextLabel(TextRole::Label, {}, nullptr, TextLabel::Tone::Text3)),
      m_said(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2)),
      m_verdict(new GlyphLabel(20)), m_now(new GraphPreview), m_after(new GraphPreview)
{
    setObjectName(QStringLiteral("reattachReview"));
    setAttribute(Qt::WA_DeleteOnClose);
    const Node *below = scene.topology.node(standby), *above = scene.topology.node(target);
    m_paper.title = tr("Re-attach %1 to %2")
                        .arg(below ? reattachName(*below) : standby, above ? reattachName(*above) : target);
    const QList<ReattachReason> reasons = reattachReasons(scene, standby, target);
    const auto plan = planReattach({standby, target, cluster, {}, {}, 0}, scene);
    // What cannot work gets no steps that look as if it could.
    if (worstOf(reasons) == DropVerdict::Impossible)
        m_paper.problem = reasons.constFirst().text;
    else if (plan)
        m_paper.plan = *plan;
    else
        m_paper.problem = plan.error().text();
    m_slot = plan ? plan->facts.value(QStringLiteral("slot")) : reattachSlot(scene, standby, target);
    const Cluster *own = scene.topology.clusterOf(standby);
    const Link *link = own ? own->linkTo(standby) : nullptr;
    m_wasThere = link && link->upstream == target;
    setWindowTitle(m_paper.title);
    setMinimumSize(880, 620);
    resize(sizeForText({1180, 860}));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    // Where a small window meets large text it scrolls, rather than leave two lines for the steps.
    auto *sheet = new QWidget;
    auto *page = new QVBoxLayout(sheet);
    page->setContentsMargins(32, 24, 32, 16);
    page->setSpacing(16);
    auto *top = new QVBoxLayout;
    top->setSpacing(4);
    auto *titleRow = new QHBoxLayout;
    titleRow->setSpacing(16);
    auto *title = new TextLabel(TextRole::Page, m_paper.title);
    title->setWordWrap(true);
    m_verdict->setObjectName(QStringLiteral("reattachVerdict"));
    titleRow->addWidget(title, 1);
    titleRow->addWidget(m_verdict, 0, Qt::AlignTop);
    m_sentence->setWordWrap(true);
    m_sentence->setObjectName(QStringLiteral("reattachSentence"));
    top->addLayout(titleRow);
    top->addWidget(m_sentence);
    page->addLayout(top);
    auto *pictures = new QHBoxLayout;
    pictures->setSpacing(16);
    for (auto *box :
         {new PreviewBox(tr("Now"), m_nowWords, m_now), new PreviewBox(tr("After"), m_afterWords, m_after)}) {
        // A cascade is a rank more.
        box->setFixedHeight(sizeForText({pictureHeight, pictureHeight}).height() > pictureHeight
                                ? pictureHeight * 3 / 2
                                : pictureHeight);
        pictures->addWidget(box, 1);
    }
    page->addLayout(pictures);
    m_cards = new QBoxLayout(QBoxLayout::LeftToRight);
    m_cards->setSpacing(16);
    m_cards->addWidget(buildSteps(), 3);
    m_cards->addWidget(buildReasons(), 2);
    page->addLayout(m_cards, 1);
    auto *scroll = new ContentScroll(sheet);
    scroll->setObjectName(QStringLiteral("reattachSheet"));
    scroll->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    column->addWidget(scroll, 1);
    column->addWidget(buildFoot());
    follow(scene, extras);
}

QWidget *ReattachReview::buildSteps()
{
    auto *card = new Card;
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    const QList<Step> steps = m_paper.plan ? m_paper.plan->steps : QList<Step>();
    layout->addWidget(
        head(steps.isEmpty() ? tr("No steps") : tr("%1 steps, to be run by hand").arg(steps.size())));
    auto *list = new QWidget;
    auto *rows = new QVBoxLayout(list);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    for (int i = 0; i < steps.size(); ++i)
        rows->addWidget(makeStepRow(i + 1, steps.at(i), ReattachPaper::commands(steps.at(i))));
    if (steps.isEmpty()) {
        auto *why = new TextLabel(TextRole::Body, m_paper.problem, nullptr, TextLabel::Tone::Text2);
        why->setObjectName(QStringLiteral("reattachProblem"));
        why->setWordWrap(true);
        why->setContentsMargins(14, 12, 16, 12);
        rows->addWidget(why);
    }
    rows->addStretch(1);
    auto *scroll = new ContentScroll(list);
    scroll->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    scroll->setMinimumHeight(qRound(leastSteps * textGrowth()));
    layout->addWidget(scroll, 1);
    auto *foot = new Strip(Strip::RoundBottom | Strip::TopLine, Strip::Fill::Sunken);
    auto *footRow = new QHBoxLayout(foot);
    footRow->setContentsMargins(14, 9, 16, 9);
    m_said->setText(tr("Nothing changes from here: this version does not run the steps."));
    m_said->setWordWrap(true);
    m_said->setObjectName(QStringLiteral("reattachSaid"));
    footRow->addWidget(m_said);
    layout->addWidget(foot);
    return card;
}

QWidget *ReattachReview::buildReasons()
{
    auto *card = new Card;
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(head(tr("What can go wrong, and what to know")));
    auto *list = new QWidget;
    list->setObjectName(QStringLiteral("reattachReasons"));
    m_reasons = new QVBoxLayout(list);
    m_reasons->setContentsMargins(14, 12, 16, 12);
    m_reasons->setSpacing(12);
    auto *scroll = new ContentScroll(list);
    scroll->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    scroll->setMinimumHeight(qRound(leastReasons * textGrowth()));
    layout->addWidget(scroll, 1);
    return card;
}

QWidget *ReattachReview::buildFoot()
{
    auto *foot = new Strip(Strip::TopLine, Strip::Fill::None);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(32, 14, 32, 14);
    row->setSpacing(8);
    const auto copy = [&](const QString &text, const QString &brief, const char *name, auto make) {
        auto *button = makeButton(text, {}, QStringLiteral("edit-copy"));
        button->setAccessibleName(text);
        button->setToolTip(text);
        button->setProperty("short", brief);
        m_copies << button;
        button->setObjectName(QLatin1String(name));
        connect(button, &QPushButton::clicked, this, [this, make] {
            copied((m_paper.*make)(),
                   tr("Copied, without any password. This version does not run the steps."));
        });
        row->addWidget(button);
    };
    copy(tr("Copy as text"), tr("As text"), "copyTextButton", &ReattachPaper::asText);
    copy(tr("Copy as Markdown"), tr("As Markdown"), "copyMarkdownButton", &ReattachPaper::asMarkdown);
    copy(tr("Copy as SQL"), tr("As SQL"), "copySqlButton", &ReattachPaper::asSql);
    row->addStretch(1);
    auto *close = makeButton(tr("Close"), {});
    close->setObjectName(QStringLiteral("closeButton"));
    connect(close, &QPushButton::clicked, this, &QWidget::close);
    row->addWidget(close);
    return foot;
}

void ReattachReview::follow(const ReattachScene &scene, const QHash<NodeId, CardExtras> &extras)
{
    m_paper.asOfUs = scene.topology.takenAtUs;
    m_paper.reasons = reattachReasons(scene, m_standby, m_target);
    const Topology after = topologyAfterReattach(scene.topology, m_standby, m_target, m_slot);
    m_now->set(scene.topology, extras, {});
    m_after->set(after, extras, {m_standby}, tr("moved"));
    m_nowWords->setText(countWords(scene.topology, m_target));
    m_afterWords->setText(countWords(after, m_target));
    if (m_paper.reasons != m_shown || m_sentence->text().isEmpty())
        showReasons();
}

void ReattachReview::showReasons()
{
    m_shown = m_paper.reasons;
    const bool there = !m_shown.isEmpty() && m_shown.constFirst().id == QLatin1String("upstream_already");
    const DropVerdict verdict = worstOf(m_shown);
    if (there && !m_wasThere) {
        m_verdict->setGlyph(Glyph::CheckPass, tr("It is there"));
        m_sentence->setText(
            tr("It streams from there now. Follow the steps to their end: the old slot must not "
               "be left behind."));
    } else {
        m_verdict->setGlyph(glyphOf(verdict), words(verdict));
        m_sentence->setText(verdict == DropVerdict::Impossible ? tr("It cannot be done as things are.")
                            : verdict == DropVerdict::Risky
                                ? tr("It can be done, at a cost. Read what can go wrong first.")
                                : tr("Nothing that is known speaks against it."));
    }
    while (QLayoutItem *item = m_reasons->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (const ReattachReason &reason : std::as_const(m_shown)) {
        auto *row = new QWidget;
        row->setObjectName(QStringLiteral("reason_") + reason.id);
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        auto *glyph = new GlyphLabel(16);
        glyph->setGlyph(reason.verdict == DropVerdict::Safe ? Glyph::FindingNotice : glyphOf(reason.verdict));
        auto *text = new TextLabel(TextRole::Small, reason.text, nullptr,
                                   reason.verdict == DropVerdict::Safe ? TextLabel::Tone::Text2
                                                                       : TextLabel::Tone::Text);
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        line->addWidget(glyph, 0, Qt::AlignTop);
        line->addWidget(text, 1);
        m_reasons->addWidget(row);
    }
    m_reasons->addStretch(1);
}

void ReattachReview::copied(const QString &text, const QString &sentence)
{
    QGuiApplication::clipboard()->setText(text);
    m_said->setText(sentence);
}

void ReattachReview::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < besideFrom * textGrowth();
    m_cards->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    // There the icon says "copy".
    for (QPushButton *button : std::as_const(m_copies))
        button->setText(narrow ? button->property("short").toString() : button->accessibleName());
}

void ReattachReview::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QWidget::keyPressEvent(event);
}

} // namespace understudy
