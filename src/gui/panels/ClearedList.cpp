// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/ClearedList.h"

#include "model/Format.h"

namespace understudy {

namespace {

constexpr qsizetype mostLines = 10;

void setIfNew(QLabel *label, const QString &text)
{
    if (label->text() != text)
        label->setText(text);
}

} // namespace

ClearedList::ClearedList(QWidget *parent) : QWidget(parent), m_rows(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("clearedList"));
    m_rows->setContentsMargins(4, 12, 4, 0);
    m_rows->setSpacing(8);
    m_rows->addWidget(new TextLabel(TextRole::LabelStrong, tr("Cleared"), this, TextLabel::Tone::Text3));
    hide();
}

void ClearedList::set(const QList<Cleared> &cleared)
{
    const qsizetype n = std::min(cleared.size(), mostLines);
    while (m_lines.size() < n) {
        auto *row = new QWidget(this);
        auto *glyph = new GlyphLabel(14, row);
        glyph->setGlyph(Glyph::CheckPass);
        auto *title = new TextLabel(TextRole::Small, {}, row, TextLabel::Tone::Text2);
        title->setWordWrap(true);
        auto *when = new TextLabel(TextRole::Label, {}, row, TextLabel::Tone::Text3);
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        line->addWidget(glyph, 0, Qt::AlignTop);
        line->addWidget(title, 1);
        line->addWidget(when, 0, Qt::AlignTop);
        m_rows->addWidget(row);
        m_lines.append(std::pair(title, when));
    }
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        m_lines[i].first->parentWidget()->setVisible(i < n);
        if (i >= n)
            continue;
        const Cleared &one = cleared[i];
        setIfNew(m_lines[i].first, one.finding.title);
        setIfNew(m_lines[i].second, tr("%1, after %2")
                                        .arg(format::utcTime(one.clearedUs).left(8),
                                             format::age(one.clearedUs - one.finding.sinceUs)));
    }
    setVisible(n > 0);
}

QStringList ClearedList::lines() const
{
    QStringList out;
    for (const auto &[title, when] : m_lines) {
        if (!title->parentWidget()->isHidden())
            out << title->text() + QStringLiteral(": ") + when->text();
    }
    return out;
}

} // namespace understudy
