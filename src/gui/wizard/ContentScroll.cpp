// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ContentScroll.h"

#include <QEvent>
#include <QLayout>
#include <QResizeEvent>

namespace understudy {

ContentScroll::ContentScroll(QWidget *content, QWidget *parent) : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    setWidget(content);
    // setWidget() asks for a background; the card below has one.
    content->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    content->installEventFilter(this);
}

QSize ContentScroll::sizeHint() const
{
    const QWidget *content = widget();
    const int wide = qMax(viewport()->width(), 100);
    const QLayout *layout = content->layout();
    const int high =
        layout && layout->hasHeightForWidth() ? layout->heightForWidth(wide) : content->sizeHint().height();
    return {content->sizeHint().width(), high};
}

QSize ContentScroll::minimumSizeHint() const
{
    return {80, qMin(72, sizeHint().height())};
}

bool ContentScroll::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(watched, event);
}

void ContentScroll::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        updateGeometry();
}

} // namespace understudy
