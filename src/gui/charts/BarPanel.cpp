// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/BarPanel.h"

#include "gui/Style.h"
#include "model/Format.h"

#include <QApplication>
#include <QBarCategoryAxis>
#include <QBarSet>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QGraphicsLayout>
#include <QPainter>
#include <QStackedBarSeries>
#include <QValueAxis>
#include <cmath>

namespace understudy {

BarScale barScale(double value)
{
    if (!(value > 0) || !std::isfinite(value))
        return {};
    const double decade = std::pow(10.0, std::floor(std::log10(value)));
    struct Step
    {
        double top;
        int steps;
    };
    for (const Step &step : {Step{1, 4}, Step{1.5, 3}, Step{2, 4}, Step{3, 3}, Step{4, 4}, Step{5, 5},
                             Step{6, 3}, Step{8, 4}, Step{10, 4}}) {
        if (value <= step.top * decade * 0.96)
            return {step.top * decade, step.steps};
    }
    return {decade * 15, 3};
}

namespace {

QString words(double value, int decimals)
{
    return decimals == 0 ? format::count(qint64(std::llround(value))) : QString::number(value, 'f', decimals);
}

/// Qt Charts parses its labels as rich text, so words from outside are painted here instead.
class WordsView final : public QChartView
{
public:
    WordsView(QChart *chart, QWidget *parent) : QChartView(chart, parent) {}
    std::function<void(QPainter &)> paintWords;

protected:
    void paintEvent(QPaintEvent *event) override
    {
        // A layout that is still asked for would move the bars after the axis was painted around them.
        chart()->layout()->activate();
        QChartView::paintEvent(event);
    }
    void drawForeground(QPainter *painter, const QRectF &) override
    {
        if (paintWords)
            paintWords(*painter);
    }
};

} // namespace

struct BarPanel::Private
{
    BarData data;
    BarScale scale;
    const Theme *fixed = nullptr;
    QChart *chart = nullptr;
    WordsView *view = nullptr;

    const Theme &theme() const { return fixed ? *fixed : Style::instance().theme(); }
    QFont font(TextRole role) const { return textFont(role, QApplication::font()); }
    double headHeight() const;
    void rebuild();
    void place(const QSize &size);
    void paintWords(QPainter &painter) const;
    QColor color(const BarGroup &group) const
    {
        return group.slot < 0 ? theme().neutral : theme().series(group.slot);
    }
    int places() const { return measures() == 1 ? 1 : 4; }
    int measures() const { return std::max<int>(1, int(data.measures.size())); }
};

double BarPanel::Private::headHeight() const
{
    return 12 + QFontMetricsF(font(TextRole::BodyStrong)).height() +
           QFontMetricsF(font(TextRole::Label)).height() + 4;
}

void BarPanel::Private::rebuild()
{
    double highest = 0;
    for (const BarGroup &group : std::as_const(data.groups)) {
        for (const double value : group.values) {
            if (std::isfinite(value))
                highest = std::max(highest, value);
        }
    }
    scale = barScale(highest);
    chart->removeAllSeries();
    const QList<QAbstractAxis *> axes = chart->axes();
    for (QAbstractAxis *axis : axes) {
        chart->removeAxis(axis);
        delete axis;
    }
    const Theme &t = theme();
    // A group with two measures is four places: bars in the middle two, so that groups stand apart.
    auto *x = new QBarCategoryAxis(chart);
    const int places = this->places();
    for (qsizetype i = 0; i < data.groups.size() * places; ++i)
        x->append(QString::number(i));
    x->setLabelsVisible(false);
    x->setGridLineVisible(false);
    x->setLineVisible(false); // its ticks would stand at every place; the base line is painted with the words
    auto *y = new QValueAxis(chart);
    y->setRange(0, scale.top);
    y->setTickCount(scale.steps + 1);
    y->setLabelsVisible(false);
    y->setLineVisible(false);
    y->setGridLinePen(QPen(t.grid, 0));
    chart->addAxis(x, Qt::AlignBottom);
    chart->addAxis(y, Qt::AlignLeft);
    // A stacked series whose every set has one bar: that gives each bar a colour of its own.
    auto *series = new QStackedBarSeries(chart);
    series->setBarWidth(measures() == 1 ? 0.4 : 0.86);
    for (qsizetype i = 0; i < data.groups.size(); ++i) {
        for (int measure = 0; measure < measures(); ++measure) {
            auto *set = new QBarSet(QString::number(i), series);
            const double value = data.groups.at(i).values.value(measure, 0);
            for (qsizetype j = 0; j < data.groups.size() * places; ++j)
                set->append(j == i * places + (places > 1 ? 1 + measure : 0) && std::isfinite(value) ? value
                                                                                                     : 0);
            const QColor color = this->color(data.groups.at(i));
            const bool hollow = measures() == 2 && measure == 0;
            set->setPen(QPen(color, 0));
            set->setBrush(hollow ? QBrush(t.panel) : QBrush(color));
            series->append(set);
        }
    }
    chart->addSeries(series);
    series->attachAxis(x);
    series->attachAxis(y);
}

void BarPanel::Private::place(const QSize &size)
{
    const double top = headHeight();
    view->setGeometry(QRectF(1, top, size.width() - 2, size.height() - top - 1).toAlignedRect());
    const QFontMetricsF label(font(TextRole::Label));
    double left = 0;
    for (int i = 0; i <= scale.steps; ++i)
        left = std::max(left, label.horizontalAdvance(words(scale.top * i / scale.steps, data.decimals)));
    left += 16 + 8;
    // A hidden view resizes its chart only once it is shown; the plot's place is counted from this size.
    chart->resize(view->size());
    const double above = QFontMetricsF(font(TextRole::SmallStrong)).height() + 4;
    const double below = label.height() + 20;
    chart->setPlotArea(
        QRectF(left, above, view->width() - left - 22, std::max(20.0, view->height() - above - below)));
}

void BarPanel::Private::paintWords(QPainter &painter) const
{
    const Theme &t = theme();
    const QRectF plot = chart->plotArea();
    const QFont labelFont = font(TextRole::Label);
    const QFontMetricsF label(labelFont);
    painter.setFont(labelFont);
    painter.setPen(t.text3);
    for (int i = 0; i <= scale.steps; ++i) {
        const double y = plot.bottom() - plot.height() * i / scale.steps;
        painter.drawText(QRectF(0, y - label.height() / 2, plot.left() - 8, label.height()),
                         Qt::AlignRight | Qt::AlignVCenter,
                         words(scale.top * i / scale.steps, data.decimals));
    }
    if (data.groups.isEmpty())
        return;
    const double slot = plot.width() / double(data.groups.size());
    const double bar = slot / places(); // from the middle of one bar to the next
    painter.fillRect(QRectF(plot.left(), std::round(plot.bottom()), plot.width(), 1), t.axis);
    const QFont valueFont = font(TextRole::SmallStrong);
    const QFontMetricsF value(valueFont);
    for (qsizetype i = 0; i < data.groups.size(); ++i) {
        const BarGroup &group = data.groups.at(i);
        const double center = plot.left() + slot * (double(i) + 0.5);
        painter.setFont(labelFont);
        painter.setPen(t.text2);
        painter.drawText(QRectF(center - slot / 2, plot.bottom() + 6, slot, label.height() + 2),
                         Qt::AlignCenter, label.elidedText(group.label, Qt::ElideMiddle, slot - 8));
        painter.setFont(valueFont);
        painter.setPen(t.text);
        for (int m = 0; m < measures(); ++m) {
            const double measured = group.values.value(m, qQNaN());
            const bool known = std::isfinite(measured);
            const double x = center + (m - (measures() - 1) / 2.0) * bar;
            const double y = plot.bottom() - plot.height() * (known ? measured / scale.top : 0);
            const QString text = known ? words(measured, data.decimals) : QObject::tr("unknown");
            painter.drawText(QRectF(x - slot / 2, y - value.height() - 3, slot, value.height()),
                             Qt::AlignCenter, text);
        }
    }
}

BarPanel::BarPanel(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->chart = new QChart;
    d->chart->legend()->hide();
    d->chart->setBackgroundVisible(false);
    d->chart->setMargins({});
    d->chart->layout()->setContentsMargins(0, 0, 0, 0);
    d->view = new WordsView(d->chart, this);
    d->view->setFrameShape(QFrame::NoFrame);
    d->view->setBackgroundBrush(Qt::NoBrush);
    d->view->viewport()->setAutoFillBackground(false);
    d->view->setFocusPolicy(Qt::NoFocus);
    d->view->setAttribute(Qt::WA_TransparentForMouseEvents);
    d->view->paintWords = [this](QPainter &painter) { d->paintWords(painter); };
    connect(d->chart, &QChart::plotAreaChanged, d->view->viewport(), qOverload<>(&QWidget::update));
    connect(&Style::instance(), &Style::changed, this, [this] { setTheme(d->fixed); });
}

BarPanel::~BarPanel() = default;

void BarPanel::setData(const BarData &data)
{
    d->data = data;
    d->rebuild();
    d->place(size());
    QStringList spoken;
    for (const BarGroup &group : data.groups) {
        QStringList values;
        for (const double value : group.values)
            values << words(value, data.decimals);
        spoken << group.label + QStringLiteral(": ") + values.join(QStringLiteral(", "));
    }
    setAccessibleName(data.title);
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    update();
}

void BarPanel::setTheme(const Theme *theme)
{
    d->fixed = theme;
    setData(BarData(d->data));
}

void BarPanel::paintEvent(QPaintEvent *)
{
    const Theme &t = d->theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.border, 0));
    painter.setBrush(t.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    const QFont title = d->font(TextRole::BodyStrong), label = d->font(TextRole::Label);
    const QFontMetricsF titleMetrics(title), labelMetrics(label);
    painter.setFont(title);
    painter.setPen(t.text);
    painter.drawText(QRectF(16, 12, width() - 32, titleMetrics.height()), Qt::AlignLeft, d->data.title);
    painter.setFont(label);
    painter.setPen(t.text3);
    painter.drawText(QRectF(16, 12 + titleMetrics.height(), width() - 32, labelMetrics.height()),
                     Qt::AlignLeft, d->data.hint);
    if (d->data.measures.size() < 2)
        return;
    double x = width() - 16;
    for (qsizetype i = d->data.measures.size(); i-- > 0;) {
        const QString &name = d->data.measures.at(i);
        const double wide = labelMetrics.horizontalAdvance(name);
        x -= wide;
        painter.setPen(t.text2);
        painter.drawText(QPointF(x, 12 + labelMetrics.ascent() + 2), name);
        x -= 16;
        const QRectF mark(x + 0.5, 12 + labelMetrics.height() / 2 - 3.5, 9, 9);
        painter.setPen(QPen(t.neutral, 0));
        painter.setBrush(i == 0 ? t.panel : t.neutral);
        painter.drawRect(mark);
        x -= 14;
    }
}

void BarPanel::resizeEvent(QResizeEvent *)
{
    d->place(size());
}

bool BarPanel::event(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        d->place(size());
    return QWidget::event(event);
}

} // namespace understudy
