// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphControls.h"

#include "gui/Style.h"
#include "model/Format.h"
#include "paint/GraphPainter.h"

#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>

#include <cmath>

namespace understudy {

namespace {

QToolButton *part(QFrame *frame, const char *place, const QString &icon, const QString &name)
{
    auto *button = new QToolButton(frame);
    button->setProperty("place", QString::fromLatin1(place));
    if (!icon.isEmpty()) {
        button->setProperty("shape", QStringLiteral("icon"));
        button->setIcon(Style::instance().icon(icon));
        button->setIconSize({16, 16});
    }
    button->setToolTip(name);
    button->setAccessibleName(name);
    frame->layout()->addWidget(button);
    return button;
}

} // namespace

ZoomControl::ZoomControl(QWidget *parent, const QString &fitWords) : QFrame(parent)
{
    setProperty("kind", QStringLiteral("segment"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    // Signs, not icons: the theme's minus is a cross in some of its versions.
    auto *out = part(this, "first", {}, tr("Zoom out"));
    out->setText(QStringLiteral("\u2212"));
    m_percent = part(this, "middle", {}, tr("Zoom to 100 %"));
    auto *in = part(this, "middle", {}, tr("Zoom in"));
    in->setText(QStringLiteral("+"));
    for (QToolButton *sign : {out, in})
        sign->setFixedWidth(36);
    auto *all = part(this, "last", QStringLiteral("zoom-fit-best"),
                     fitWords.isEmpty() ? tr("Fit the graph into the window") : fitWords);
    connect(out, &QToolButton::clicked, this, &ZoomControl::zoomOut);
    connect(m_percent, &QToolButton::clicked, this, &ZoomControl::reset);
    connect(in, &QToolButton::clicked, this, &ZoomControl::zoomIn);
    connect(all, &QToolButton::clicked, this, &ZoomControl::fit);
    setFocusProxy(out);
    setZoom(1);
}

void ZoomControl::setZoom(double zoom)
{
    const QString text = format::percent(zoom);
    m_percent->setText(text);
    m_percent->setAccessibleDescription(text);
    // Room beside the words grows with them.
    const QFontMetrics metrics = m_percent->fontMetrics();
    m_percent->setFixedWidth(metrics.horizontalAdvance(QStringLiteral("200 %")) +
                             qMax(24, 2 * metrics.height()));
}

GraphLegend::GraphLegend(QWidget *parent) : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAccessibleName(
        tr("The width of a link is its WAL rate; a second rail means synchronous, dashes planned or "
           "inferred"));
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

QSize GraphLegend::sizeHint() const
{
    const QSizeF size = legendSize(QGuiApplication::font());
    return {int(std::ceil(size.width())) + 2, int(std::ceil(size.height()))};
}

void GraphLegend::paintEvent(QPaintEvent *)
{
    if (width() + 1 < sizeHint().width())
        return; // Half a legend explains nothing.
    QPainter painter(this);
    GraphStyle style;
    style.theme = &Style::instance().theme();
    style.font = QGuiApplication::font();
    painter.fillRect(rect(), style.theme->canvas); // It stands over cards and lanes
    paintLegend(painter, QPointF(0, std::floor((height() - sizeHint().height()) / 2.0)), style);
}

} // namespace understudy
