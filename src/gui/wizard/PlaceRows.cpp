// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/PlaceRows.h"

#include "gui/parts/Parts.h"

#include <QVBoxLayout>

namespace understudy {

PlaceRows::PlaceRows(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_layout->addWidget(new TextLabel(TextRole::BodyStrong, tr("Where the new standby runs")));
}

void PlaceRows::setRows(const QList<PlaceRow> &rows)
{
    QString focused;
    for (const Shown &old : std::as_const(m_rows)) {
        if (old.row->hasFocus())
            focused = old.place;
        // What was put below is somebody else's and stays.
        delete old.row;
        delete old.note;
        delete old.below;
    }
    m_rows.clear();
    for (const PlaceRow &each : rows) {
        auto *row = new ChoiceRow(each.content);
        row->setObjectName(QStringLiteral("method") + each.place.left(1).toUpper() + each.place.mid(1));
        connect(row, &ChoiceRow::clicked, this, [this, place = each.place] { Q_EMIT chosen(place); });
        auto *note = new TextLabel(TextRole::Small, each.note, nullptr, TextLabel::Tone::Text3);
        note->setWordWrap(true);
        auto *below = new QVBoxLayout;
        below->setSpacing(8);
        below->addWidget(note);
        m_layout->addWidget(row);
        m_layout->addLayout(below);
        m_rows << Shown{each.place, row, below, note};
        if (each.place == focused)
            row->setFocus();
    }
}

void PlaceRows::setContent(const QString &place, const ChoiceRow::Content &content)
{
    if (ChoiceRow *there = row(place))
        there->setContent(content);
}

void PlaceRows::choose(const QString &place)
{
    for (const Shown &each : std::as_const(m_rows))
        each.row->setChecked(each.place == place);
}

void PlaceRows::putBelow(const QString &place, QWidget *widget)
{
    for (const Shown &each : std::as_const(m_rows)) {
        if (each.place == place)
            each.below->addWidget(widget);
    }
}

ChoiceRow *PlaceRows::row(const QString &place) const
{
    for (const Shown &each : m_rows) {
        if (each.place == place)
            return each.row;
    }
    return nullptr;
}

} // namespace understudy
