// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/PastStrip.h"

#include "gui/Style.h"
#include "model/Format.h"

#include <QHBoxLayout>
#include <QPainter>

namespace understudy {

PastStrip::PastStrip(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("pastStrip"));
    m_words = new TextLabel(TextRole::SmallStrong, {}, this, TextLabel::Tone::Info);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 6, 16, 6);
    row->addWidget(m_words);
    hide();
}

void PastStrip::setMoment(std::optional<qint64> atUs)
{
    if (atUs)
        m_words->setText(tr("As it was at %1").arg(format::utcTime(*atUs)));
    setVisible(atUs.has_value());
}

void PastStrip::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), Style::instance().theme().infoTint);
}

} // namespace understudy
