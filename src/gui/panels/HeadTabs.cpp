// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/HeadTabs.h"

#include "gui/Style.h"

#include <QApplication>
#include <QPainter>
#include <cmath>

namespace understudy {

namespace {

constexpr int gap = 20;

QFont tabFont(bool current)
{
    return textFont(current ? TextRole::BodyStrong : TextRole::BodyMedium, QApplication::font());
}

QFont badgeFont()
{
    return textFont(TextRole::LabelStrong, QApplication::font());
}

} // namespace

HeadTabs::HeadTabs(QWidget *parent) : QTabBar(parent)
{
    setDrawBase(false);
    setExpanding(false);
    setUsesScrollButtons(false);
    setElideMode(Qt::ElideNone);
    setFocusPolicy(Qt::TabFocus);
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

void HeadTabs::setCount(int tab, int count, bool critical)
{
    const Count old = m_counts.value(tab);
    if (old.number == count && old.critical == critical)
        return;
    m_counts.insert(tab, {count, critical});
    setAccessibleTabName(tab, count > 0 ? tr("%1, %2").arg(tabText(tab)).arg(count) : tabText(tab));
    // QTabBar lays its tabs out again only when something of its own changes.
    setTabText(tab, tabText(tab));
    updateGeometry();
    update();
}

double HeadTabs::badgeWidth(int index) const
{
    const Count count = m_counts.value(index);
    if (count.number <= 0)
        return 0;
    const QFontMetricsF metrics(badgeFont());
    return 6 + std::max(18.0, metrics.horizontalAdvance(QString::number(count.number)) + 10);
}

QSize HeadTabs::tabSizeHint(int index) const
{
    const QFontMetricsF metrics(tabFont(true));
    const double wide = metrics.horizontalAdvance(tabText(index)) + badgeWidth(index);
    return {int(std::ceil(wide)) + 1 + (index + 1 < QTabBar::count() ? gap : 0),
            std::max(40, int(metrics.height()) + 16)};
}

QSize HeadTabs::sizeHint() const
{
    QSize size(0, 40);
    for (int i = 0; i < QTabBar::count(); ++i) {
        const QSize one = tabSizeHint(i);
        size = {size.width() + one.width(), std::max(size.height(), one.height())};
    }
    return size;
}

void HeadTabs::tabLayoutChange()
{
    updateGeometry();
    update();
}

void HeadTabs::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int i = 0; i < QTabBar::count(); ++i) {
        QRect rect = tabRect(i);
        if (i + 1 < QTabBar::count())
            rect.adjust(0, 0, -gap, 0);
        const bool current = i == currentIndex();
        const double badge = badgeWidth(i);
        painter.setFont(tabFont(current));
        painter.setPen(current ? theme.text : theme.text2);
        painter.drawText(QRectF(rect).adjusted(0, 0, -badge, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         tabText(i));
        if (badge > 0) {
            const Count count = m_counts.value(i);
            const QFontMetricsF metrics(badgeFont());
            const double high = std::max(16.0, metrics.height() + 2);
            const QRectF pill(rect.right() + 1 - badge + 6, rect.center().y() + 0.5 - high / 2, badge - 6,
                              high);
            painter.setPen(Qt::NoPen);
            painter.setBrush(count.critical ? theme.critTint : theme.neutralTint);
            painter.drawRoundedRect(pill, high / 2, high / 2);
            painter.setFont(badgeFont());
            painter.setPen(count.critical ? theme.crit : theme.neutral);
            painter.drawText(pill, Qt::AlignCenter, QString::number(count.number));
        }
        if (current)
            painter.fillRect(QRect(rect.left(), height() - 2, rect.width(), 2),
                             hasFocus() ? theme.accent : theme.fill);
        if (current && hasFocus()) {
            painter.setPen(QPen(theme.accent, 0));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(rect).adjusted(-3.5, 6.5, 3.5, -6.5), 4, 4);
        }
    }
}

} // namespace understudy
