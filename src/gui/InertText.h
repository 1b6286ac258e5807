// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace understudy {

/// Names and messages from outside are text, never markup: every label that leaves its format open becomes
/// plain when it is first shown, and tool tips of widgets are shown as they are written. Who wants markup
/// says so (Qt::RichText) and escapes what it puts in. Installed once on the application.
class InertText final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace understudy
