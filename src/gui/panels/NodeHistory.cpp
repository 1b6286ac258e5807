// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/NodeHistory.h"

#include "model/Format.h"
#include "paint/StateGlyph.h"

#include <QVBoxLayout>

namespace understudy {

namespace {

constexpr int mostRows = 5;

} // namespace

QList<HistoryEvent> eventsOf(const LagHistory &history, const NodeId &node, int most)
{
    QList<HistoryEvent> found;
    const QList<HistoryEvent> &all = history.events();
    for (auto it = all.crbegin(); it != all.crend() && found.size() < most; ++it) {
        if (it->node == node)
            found << *it;
    }
    return found;
}

NodeHistory::NodeHistory(QWidget *parent) : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_none = new TextLabel(TextRole::Small, tr("Nothing yet, of the last hour at most."), this,
                           TextLabel::Tone::Text3);
    m_none->setWordWrap(true);
    column->addWidget(m_none);
    for (int i = 0; i < mostRows; ++i) {
        Row row;
        row.box = new QWidget(this);
        auto *line = new QHBoxLayout(row.box);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        row.glyph = new GlyphLabel(14, row.box);
        row.text = new TextLabel(TextRole::Small, {}, row.box);
        row.text->setWordWrap(true);
        row.text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        row.time = new TextLabel(TextRole::Label, {}, row.box, TextLabel::Tone::Text3);
        line->addWidget(row.glyph, 0, Qt::AlignTop);
        line->addWidget(row.text, 1);
        line->addWidget(row.time, 0, Qt::AlignTop);
        column->addWidget(row.box);
        row.box->hide();
        m_rows << row;
    }
}

void NodeHistory::set(const LagHistory &history, const NodeId &node)
{
    m_node = node;
    const QList<HistoryEvent> events = eventsOf(history, node, mostRows);
    m_none->setVisible(events.isEmpty());
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows.at(i);
        row.box->setVisible(i < events.size());
        if (i >= events.size())
            continue;
        const HistoryEvent &event = events.at(i);
        row.glyph->setGlyph(event.neutral ? Glyph::FindingNotice : glyphFor(event.severity));
        const QString time = format::utcTime(event.atUs);
        if (row.text->text() != event.text)
            row.text->setText(event.text);
        if (row.time->text() != time)
            row.time->setText(time);
        row.text->setAccessibleName(time + QStringLiteral(": ") + event.text);
    }
}

QString NodeHistory::asText() const
{
    QStringList lines;
    for (const Row &row : m_rows) {
        if (!row.box->isHidden())
            lines << row.time->text() + u'\t' + row.text->text();
    }
    return lines.join(u'\n');
}

} // namespace understudy
