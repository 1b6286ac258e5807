// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

class QFocusFrame;
class QWidget;

namespace understudy {

/// A 2 px frame, 1 px outside the control that the keyboard has reached. A click does not show it. GUI
/// thread.
class FocusRing final : public QObject
{
    Q_OBJECT
public:
    explicit FocusRing(QObject *parent);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void show(QWidget *widget);
    void hide();
    QPointer<QFocusFrame> m_frame;
};

} // namespace understudy
