// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/StagesStrip.h"

#include "gui/Style.h"
#include "model/Format.h"
#include "paint/Numbers.h"

#include <QApplication>
#include <QPainter>
#include <cmath>

namespace understudy {

namespace {

QFont roleFont(TextRole role)
{
    return textFont(role, QApplication::font());
}

} // namespace

StagesStrip::StagesStrip(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

void StagesStrip::set(const Stages &stages, const QColor &abnormal)
{
    if (stages == m_stages && abnormal == m_abnormal)
        return;
    m_stages = stages;
    m_abnormal = abnormal;
    setAccessibleName(tr("Behind: sent %1, written %2, flushed %3, replayed %4")
                          .arg(format::bytes(stages.sent), format::bytes(stages.written),
                               format::bytes(stages.flushed), format::bytes(stages.replayed)));
    update();
}

QSize StagesStrip::sizeHint() const
{
    return {312, int(QFontMetricsF(roleFont(TextRole::Label)).height() +
                     QFontMetricsF(roleFont(TextRole::BodyStrong)).height()) +
                     18};
}

void StagesStrip::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.border, 0));
    painter.setBrush(theme.sunken);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    const QList<std::pair<QString, std::optional<qint64>>> cells = {{tr("Sent"), m_stages.sent},
                                                                    {tr("Written"), m_stages.written},
                                                                    {tr("Flushed"), m_stages.flushed},
                                                                    {tr("Replayed"), m_stages.replayed}};
    const QFontMetricsF label(roleFont(TextRole::Label));
    const double wide = width() / double(cells.size());
    for (qsizetype i = 0; i < cells.size(); ++i) {
        const double left = wide * double(i);
        if (i > 0)
            painter.fillRect(QRectF(std::round(left), 1, 1, height() - 2), theme.border);
        const double inset = std::min(10.0, wide / 8);
        const QRectF cell(left + inset, 8, wide - 2 * inset + 4, height() - 16);
        painter.setFont(roleFont(TextRole::Label));
        painter.setPen(theme.text3);
        painter.drawText(cell, Qt::AlignLeft | Qt::AlignTop,
                         label.elidedText(cells.at(i).first, Qt::ElideRight, cell.width()));
        const std::optional<qint64> value = cells.at(i).second;
        QFont strong = roleFont(value ? TextRole::BodyStrong : TextRole::Small);
        const QString words = format::bytes(value);
        if (tabularWidth(strong, words) > cell.width())
            strong = roleFont(TextRole::SmallStrong);
        painter.setFont(strong);
        painter.setPen(!value ? theme.text3 : *value > 0 && m_abnormal.isValid() ? m_abnormal : theme.text);
        drawTabular(painter, cell, Qt::AlignLeft | Qt::AlignBottom, words);
    }
}

} // namespace understudy
