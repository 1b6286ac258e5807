// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/FieldError.h"

#include "gui/parts/Parts.h"

#include <QHBoxLayout>

namespace understudy {

FieldError::FieldError(QWidget *parent)
    : QWidget(parent), m_text(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Crit))
{
    auto *glyph = new GlyphLabel(14);
    glyph->setGlyph(Glyph::CheckFail);
    m_text->setWordWrap(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(glyph, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    hide();
}

void FieldError::setMessage(const QString &message)
{
    m_text->setText(message);
    setAccessibleName(message);
    setVisible(!message.isEmpty());
}

QString FieldError::message() const
{
    return m_text->text();
}

} // namespace understudy
