// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/BaseStyle.h"

#include "gui/Style.h"

#include <QAbstractSpinBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOptionComplex>

namespace understudy {

namespace {

const Theme &theme()
{
    return Style::instance().theme();
}

int scaled(int pixels)
{
    return qRound(pixels * qMax(1.0, QGuiApplication::font().pixelSize() / 13.0));
}

/// A filled frame: a line of 1 px (2 px when it has the focus) around a face.
void drawFace(QPainter *painter, const QRect &rect, double radius, const QColor &line, const QColor &face,
              int width = 1)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(line);
    painter->drawRoundedRect(QRectF(rect), radius, radius);
    painter->setBrush(face);
    painter->drawRoundedRect(QRectF(rect).adjusted(width, width, -width, -width), radius - width,
                             radius - width);
    painter->restore();
}

void drawChevron(QPainter *painter, const QPointF &centre, bool up, const QColor &color)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const double grown = scaled(100) / 100.0;
    painter->translate(centre);
    painter->scale(grown, grown);
    painter->setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const double dy = up ? -1.6 : 1.6;
    painter->drawPolyline(QPolygonF({{-3.2, -dy}, {0, dy}, {3.2, -dy}}));
    painter->restore();
}

void drawComboBox(const QStyleOptionComboBox *option, QPainter *painter)
{
    const Theme &t = theme();
    const bool enabled = option->state & QStyle::State_Enabled;
    if (option->frame) {
        const bool focus = option->editable && (option->state & QStyle::State_HasFocus);
        const QColor face = !enabled                                                         ? t.sunken
                            : !option->editable && (option->state & QStyle::State_MouseOver) ? t.hover
                                                                                             : t.panel;
        drawFace(painter, option->rect, 6,
                 focus     ? t.accent
                 : enabled ? t.line2
                           : t.border,
                 face, focus ? 2 : 1);
    } else if (option->state & QStyle::State_MouseOver) {
        drawFace(painter, option->rect, 6, t.hover, t.hover);
    }
    drawChevron(painter, QPointF(option->rect.right() - scaled(14), QRectF(option->rect).center().y()), false,
                enabled ? t.text2 : t.text3);
}

void drawSpinBox(const QStyleOptionSpinBox *option, QPainter *painter, const QRect &up, const QRect &down)
{
    const Theme &t = theme();
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool focus = option->state & QStyle::State_HasFocus;
    if (option->frame)
        drawFace(painter, option->rect, 6,
                 focus     ? t.accent
                 : enabled ? t.line2
                           : t.border,
                 enabled ? t.panel : t.sunken, focus ? 2 : 1);
    if (option->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto color = [&](QAbstractSpinBox::StepEnabledFlag flag) {
        return enabled && (option->stepEnabled & flag) ? t.text2 : t.line2;
    };
    drawChevron(painter, QRectF(up).center() + QPointF(0, 1), true, color(QAbstractSpinBox::StepUpEnabled));
    drawChevron(painter, QRectF(down).center() - QPointF(0, 1), false,
                color(QAbstractSpinBox::StepDownEnabled));
}

} // namespace

BaseStyle::BaseStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void BaseStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (auto *header = qobject_cast<QHeaderView *>(widget)) {
        if (header->orientation() == Qt::Horizontal)
            header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    } else if (qobject_cast<QAbstractSpinBox *>(widget)) {
        // The style sheet's own size for spin boxes does not ask us.
        widget->setMinimumHeight(scaled(32));
        widget->setMinimumWidth(scaled(96)); // Five digits and the arrows: a port is never cut.
    }
}

int BaseStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return scaled(16);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return 8;
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin:
        return 3;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_TabBarIconSize:
        return scaled(16);
    case PM_SplitterWidth:
        return 8;
    case PM_ToolBarItemSpacing:
        return 8;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int BaseStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                         QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_ToolTip_WakeUpDelay:
        return 500;
    case SH_FocusFrame_AboveWidget:
        return 1;
    case SH_FocusFrame_Mask:
        return 0;
    case SH_EtchDisabledText:
        return 0;
    case SH_UnderlineShortcut:
        return Style::instance().showsMnemonics();
    case SH_ComboBox_Popup:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize BaseStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                  const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_ComboBox)
        result = QSize(size.width() + scaled(10 + 28 + 10), qMax(scaled(32), result.height()));
    else if (type == CT_SpinBox)
        result.setHeight(qMax(scaled(32), result.height()));
    else if (type == CT_ItemViewItem)
        result.setHeight(qMax(scaled(24), result.height()));
    else if (type == CT_CheckBox || type == CT_RadioButton)
        result.setHeight(qMax(scaled(24), result.height()));
    return result;
}

QRect BaseStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl sub,
                                const QWidget *widget) const
{
    const QRect whole = option->rect;
    if (control == CC_ComboBox && sub == SC_ComboBoxEditField)
        return whole.adjusted(scaled(10), 2, -scaled(28), -2);
    if (control == CC_ComboBox && sub == SC_ComboBoxArrow)
        return QRect(whole.right() - scaled(27), whole.top(), scaled(28), whole.height());
    if (control == CC_SpinBox) {
        const int button = scaled(24);
        const int half = whole.height() / 2;
        if (sub == SC_SpinBoxUp)
            return QRect(whole.right() - button, whole.top(), button, half);
        if (sub == SC_SpinBoxDown)
            return QRect(whole.right() - button, whole.top() + half, button, whole.height() - half);
        if (sub == SC_SpinBoxEditField)
            return whole.adjusted(scaled(6), 2, -button, -2);
    }
    return QProxyStyle::subControlRect(control, option, sub, widget);
}

void BaseStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                              const QWidget *widget) const
{
    const Theme &t = theme();
    const bool enabled = option->state & State_Enabled;
    const bool on = option->state & State_On;
    switch (element) {
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: {
        const QColor line = on && enabled ? t.fill : option->state & State_MouseOver ? t.accent : t.ctl;
        drawFace(painter, option->rect, 4, line, on && enabled ? t.fill : enabled ? t.panel : t.sunken);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(enabled ? t.onFill : t.text3, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->translate(option->rect.topLeft());
        painter->scale(option->rect.width() / 16.0, option->rect.height() / 16.0);
        if (on)
            painter->drawPolyline(QPolygonF({{4.4, 8.2}, {7, 10.8}, {11.6, 5.4}}));
        else if (option->state & State_NoChange)
            painter->drawLine(QPointF(5, 8), QPointF(11, 8));
        painter->restore();
        return;
    }
    case PE_IndicatorRadioButton: {
        const QColor line = on && enabled ? t.fill : option->state & State_MouseOver ? t.accent : t.ctl;
        drawFace(painter, option->rect, option->rect.width() / 2.0, line, enabled ? t.panel : t.sunken,
                 on ? 5 : 1);
        return;
    }
    case PE_FrameFocusRect:
        return; // FocusRing shows it, outside the control.
    case PE_PanelLineEdit:
        if (widget && widget->parentWidget() &&
            (widget->parentWidget()->inherits("QSpinBox") ||
             widget->parentWidget()->inherits("QDoubleSpinBox") ||
             widget->parentWidget()->inherits("QComboBox")))
            return; // The box around it has drawn the frame.
        break;
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void BaseStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                            const QWidget *widget) const
{
    if (element == CE_FocusFrame) {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        QPainterPath path;
        path.addRoundedRect(QRectF(option->rect), 8, 8);
        path.addRoundedRect(QRectF(option->rect).adjusted(2, 2, -2, -2), 6, 6);
        painter->fillPath(path, theme().accent);
        painter->restore();
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void BaseStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                                   QPainter *painter, const QWidget *widget) const
{
    if (control == CC_ComboBox) {
        if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option))
            return drawComboBox(combo, painter);
    }
    if (control == CC_SpinBox) {
        if (const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option))
            return drawSpinBox(spin, painter, subControlRect(control, option, SC_SpinBoxUp, widget),
                               subControlRect(control, option, SC_SpinBoxDown, widget));
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace understudy
