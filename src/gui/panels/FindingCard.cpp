// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/FindingCard.h"

#include "gui/Style.h"
#include "model/Format.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMouseEvent>
#include <QVBoxLayout>

namespace understudy {

Glyph findingGlyph(const Finding &finding, const Topology &topology)
{
    const NodeId &about = finding.downstream.isEmpty() ? finding.node : finding.downstream;
    const Cluster *cluster = topology.clusterOf(about);
    const Node *node = topology.node(about);
    if (!cluster || !node)
        return glyphFor(finding.severity);
    const Glyph state = glyphFor(*node, cluster->linkTo(about));
    // A state and a finding have one shape only where the finding is about that state.
    static const QList<std::pair<QString, QList<Glyph>>> words = {
        {QStringLiteral("disconnect"), {Glyph::Disconnected, Glyph::NoReceiver}},
        {QStringLiteral("receiver"), {Glyph::NoReceiver, Glyph::Disconnected}},
        {QStringLiteral("stall"), {Glyph::LinkStalled}},
        {QStringLiteral("lag"), {Glyph::Lagging}},
        {QStringLiteral("pause"), {Glyph::ReplayPaused}},
        {QStringLiteral("down"), {Glyph::Down}},
        {QStringLiteral("respond"), {Glyph::NotResponding}},
        {QStringLiteral("permission"), {Glyph::NoPermission}},
        {QStringLiteral("ghost"), {Glyph::Ghost}},
        {QStringLiteral("unreachable"), {Glyph::Ghost}},
    };
    for (const auto &[part, glyphs] : words) {
        if (finding.name.contains(part) && glyphs.contains(state))
            return state;
    }
    return glyphFor(finding.severity);
}

FindingCard::FindingCard(QWidget *parent) : QFrame(parent)
{
    setProperty("kind", QStringLiteral("card"));
    setObjectName(QStringLiteral("findingCard"));
    m_glyph = new GlyphLabel(16, this);
    m_title = new TextLabel(TextRole::BodyStrong, {}, this);
    m_title->setWordWrap(true);
    m_age = new TextLabel(TextRole::Label, {}, this, TextLabel::Tone::Text3);
    m_disclose = makeButton(tr("Show more"), QStringLiteral("icon"), QStringLiteral("arrow-down"), this);

    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_glyph, 0, Qt::AlignTop);
    head->addWidget(m_title, 1);
    head->addWidget(m_age, 0, Qt::AlignTop);
    head->addWidget(m_disclose, 0, Qt::AlignTop);

    m_body = new QWidget(this);
    m_evidenceBox = new QFrame(m_body);
    m_evidenceBox->setProperty("kind", QStringLiteral("evidence"));
    m_evidence = new TextLabel(TextRole::MonoSmall, {}, m_evidenceBox, TextLabel::Tone::Text2);
    m_evidence->setWordWrap(true);
    m_evidence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *evidence = new QVBoxLayout(m_evidenceBox);
    evidence->setContentsMargins(8, 5, 8, 5);
    evidence->addWidget(m_evidence);
    m_words = new TextLabel(TextRole::Small, {}, m_body, TextLabel::Tone::Text2);
    m_words->setWordWrap(true);
    m_sql = makeButton(tr("Copy SQL"), QStringLiteral("small"), QStringLiteral("edit-copy"), m_body);
    m_sql->setObjectName(QStringLiteral("copySqlButton"));
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(0, 2, 0, 0);
    buttons->addWidget(m_sql);
    buttons->addStretch(1);
    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(6);
    body->addWidget(m_evidenceBox);
    body->addWidget(m_words);
    body->addLayout(buttons);

    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(12, 10, 12, 11);
    all->setSpacing(6);
    all->addLayout(head);
    all->addWidget(m_body);

    connect(m_disclose, &QPushButton::clicked, this, [this] { setOpen(!m_open); });
    connect(m_sql, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_finding.sql); });
}

void FindingCard::set(const Finding &finding, const Topology &topology)
{
    const bool first = !m_known;
    m_known = true;
    m_finding = finding;
    m_glyph->setGlyph(findingGlyph(finding, topology));
    const QString age = finding.sinceUs > 0 && topology.takenAtUs > finding.sinceUs
                            ? format::age(topology.takenAtUs - finding.sinceUs)
                            : QString();
    if (m_age->text() != age)
        m_age->setText(age);
    if (m_title->text() != finding.title)
        m_title->setText(finding.title);
    if (m_evidence->text() != finding.evidence)
        m_evidence->setText(finding.evidence);
    const QString words = QStringList({finding.meaning, finding.action}).join(u' ').trimmed();
    if (m_words->text() != words)
        m_words->setText(words);
    m_sql->setToolTip(finding.sql);
    setAccessibleName(finding.title);
    setAccessibleDescription(finding.evidence + u' ' + words);
    if (first)
        m_open = finding.severity != Severity::Notice;
    refresh();
}

void FindingCard::setOpen(bool open)
{
    m_open = open;
    refresh();
}

void FindingCard::refresh()
{
    m_evidenceBox->setVisible(!m_finding.evidence.isEmpty());
    m_words->setVisible(!m_words->text().isEmpty());
    m_sql->setVisible(!m_finding.sql.isEmpty());
    m_disclose->setVisible(m_finding.severity == Severity::Notice);
    const QString icon = m_open ? QStringLiteral("arrow-up") : QStringLiteral("arrow-right");
    if (m_disclose->property("shownIcon") != icon) {
        m_disclose->setProperty("shownIcon", icon);
        m_disclose->setIcon(Style::instance().icon(icon, &Theme::text2));
        m_disclose->setAccessibleName(m_open ? tr("Show less") : tr("Show more"));
        m_disclose->setToolTip(m_disclose->accessibleName());
    }
    m_body->setVisible(m_open);
}

void FindingCard::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && m_finding.severity == Severity::Notice &&
        rect().contains(event->position().toPoint()))
        setOpen(!m_open);
    QFrame::mouseReleaseEvent(event);
}

} // namespace understudy
