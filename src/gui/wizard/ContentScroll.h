// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace understudy {

/// A scroll area inside a card: as high as what is in it where there is room, else it scrolls. Paints no
/// background of its own.
class ContentScroll final : public QScrollArea
{
    Q_OBJECT
public:
    explicit ContentScroll(QWidget *content, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *) override;
};

} // namespace understudy
