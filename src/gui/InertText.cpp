// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/InertText.h"

#include <QHelpEvent>
#include <QLabel>
#include <QTextDocument>
#include <QToolTip>

namespace understudy {

bool InertText::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Polish) {
        auto *label = qobject_cast<QLabel *>(watched);
        // Qt's own window of a tool tip is the one that shows the markup of those who want it.
        if (label && label->textFormat() == Qt::AutoText && !label->inherits("QTipLabel"))
            label->setTextFormat(Qt::PlainText);
    } else if (event->type() == QEvent::ToolTip && watched->isWidgetType()) {
        auto *widget = static_cast<QWidget *>(watched);
        if (Qt::mightBeRichText(widget->toolTip())) {
            QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(),
                               QStringLiteral("<qt>%1</qt>").arg(widget->toolTip().toHtmlEscaped()), widget);
            return true;
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace understudy
