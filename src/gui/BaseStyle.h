// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace understudy {

/// Fusion with our controls where a style sheet cannot tint an image: combo and spin boxes, check boxes,
/// radio buttons, the focus frame. Colours come from Style's theme. GUI thread.
class BaseStyle final : public QProxyStyle
{
    Q_OBJECT
public:
    BaseStyle();

    using QProxyStyle::polish;
    void polish(QWidget *widget) override;
    int pixelMetric(PixelMetric, const QStyleOption *, const QWidget *) const override;
    int styleHint(StyleHint, const QStyleOption *, const QWidget *, QStyleHintReturn *) const override;
    QSize sizeFromContents(ContentsType, const QStyleOption *, const QSize &, const QWidget *) const override;
    QRect subControlRect(ComplexControl, const QStyleOptionComplex *, SubControl,
                         const QWidget *) const override;
    void drawPrimitive(PrimitiveElement, const QStyleOption *, QPainter *, const QWidget *) const override;
    void drawControl(ControlElement, const QStyleOption *, QPainter *, const QWidget *) const override;
    void drawComplexControl(ComplexControl, const QStyleOptionComplex *, QPainter *,
                            const QWidget *) const override;
};

} // namespace understudy
