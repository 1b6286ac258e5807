// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/FindingsPanel.h"

namespace understudy {

QScrollArea *makePanelArea(QWidget *content, QWidget *parent)
{
    auto *area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    // Large text in a narrow dock: what does not fit can still be reached.
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    area->setWidget(content);
    content->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    return area;
}

FindingsList::FindingsList(QWidget *parent) : QWidget(parent)
{
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
}

void FindingsList::set(const QList<Finding> &findings, const Topology &topology)
{
    QList<FindingCard *> next;
    for (const Finding &finding : findings) {
        FindingCard *card = nullptr;
        for (FindingCard *known : std::as_const(m_cards)) {
            if (known->finding().key() == finding.key() && !next.contains(known))
                card = known;
        }
        if (!card)
            card = new FindingCard(this);
        card->set(finding, topology);
        next.append(card);
    }
    if (next == m_cards)
        return;
    for (FindingCard *card : std::as_const(m_cards)) {
        if (!next.contains(card)) {
            m_layout->removeWidget(card);
            card->hide();
            card->deleteLater();
        }
    }
    for (qsizetype i = 0; i < next.size(); ++i) {
        if (m_layout->indexOf(next.at(i)) != i) {
            m_layout->removeWidget(next.at(i));
            m_layout->insertWidget(int(i), next.at(i));
            next.at(i)->show();
        }
    }
    m_cards = next;
}

FindingsPanel::FindingsPanel(QWidget *parent) : PanelWidget(parent)
{
    auto *content = new QWidget(this);
    m_list = new FindingsList(content);
    m_cleared = new ClearedList(content);
    m_none = new QWidget(content);
    auto *glyph = new GlyphLabel(20, m_none);
    glyph->setGlyph(Glyph::CheckPass);
    m_noneTitle = new TextLabel(TextRole::Title, tr("No findings"), m_none);
    m_noneWords = new TextLabel(TextRole::Body, {}, m_none, TextLabel::Tone::Text2);
    m_noneWords->setWordWrap(true);
    m_noneWords->setAlignment(Qt::AlignHCenter);
    auto *none = new QVBoxLayout(m_none);
    none->setContentsMargins(8, 40, 8, 8);
    none->setSpacing(8);
    none->addWidget(glyph, 0, Qt::AlignHCenter);
    none->addWidget(m_noneTitle, 0, Qt::AlignHCenter);
    none->addWidget(m_noneWords);

    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->addWidget(m_list);
    column->addWidget(m_none);
    column->addWidget(m_cleared);
    column->addStretch(1);
    m_area = makePanelArea(content, this);
    m_area->setObjectName(QStringLiteral("findingsArea"));
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_area);
}

void FindingsPanel::set(const Topology &topology)
{
    QList<Finding> findings;
    QList<Cleared> cleared;
    qsizetype nodes = 0;
    for (const Cluster &cluster : topology.clusters) {
        findings += cluster.findings;
        cleared += cluster.cleared;
        nodes += cluster.nodes.size();
    }
    std::stable_sort(cleared.begin(), cleared.end(),
                     [](const Cleared &a, const Cleared &b) { return a.clearedUs > b.clearedUs; });
    m_cleared->set(cleared);
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding &a, const Finding &b) { return a.severity < b.severity; });
    m_list->set(findings, topology);
    m_list->setVisible(!findings.isEmpty());
    m_none->setVisible(findings.isEmpty());
    const QString words = nodes == 0
                              ? tr("Nothing has been looked at yet.")
                              : tr("Every link, slot and disk that was looked at is within its limits.");
    if (m_noneWords->text() != words)
        m_noneWords->setText(words);
}

} // namespace understudy
