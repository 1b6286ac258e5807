// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header is written with Qt's keywords; every other file does without them.
#undef QT_NO_KEYWORDS
#undef QT_NO_FOREACH
#include "BenchResult.h"
#include "gui/charts/SpanLayer.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QTextStream>

#include <algorithm>
#include <cmath>

using namespace understudy;
using namespace understudy::bench;

namespace {

constexpr QSize window(1600, 500);
constexpr qint64 start = 1700000000LL * 1000000, second = 1000000;

struct Amount
{
    int lines = 100, points = 86400, frames = 60, stockFrames = 8;
};

double msOf(const std::function<void()> &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.nsecsElapsed()) / 1e6;
}

/// A lag as it is seen: mostly small, with noise, hills and spikes. The same for both charts.
float lagOf(int line, int at, QRandomGenerator &random)
{
    const double hill = std::max(0.0, std::sin(at / 7000.0 + line)) * 4e6;
    const double noise = random.generateDouble() * 3e5;
    const double spike = random.bounded(4000) == 0 ? 2e7 : 0;
    return float(hill + noise + spike + line * 2e5);
}

class Charts
{
public:
    explicit Charts(const Amount &amount) : m_amount(amount)
    {
        for (QCustomPlot *plot : {&ours, &stock}) {
            plot->resize(window);
            plot->axisRect()->setAutoMargins(QCP::msNone);
            plot->axisRect()->setMargins(QMargins(70, 20, 20, 30));
            plot->yAxis->setRange(0, 4e7);
            plot->setNoAntialiasingOnDrag(false);
            plot->show();
        }
        m_layer = new SpanLayer(ours.xAxis, ours.yAxis); // The plot's
        m_layer->lines().resize(size_t(amount.lines));
        for (int line = 0; line < amount.lines; ++line) {
            const QColor color = QColor::fromHsv(line * 359 / amount.lines, 180, 170);
            QCPGraph *graph = stock.addGraph();
            graph->setPen(QPen(color, 0));
            graph->setAntialiased(true);
            graph->setAdaptiveSampling(true);
            SpanLayer::Line &own = m_layer->lines()[size_t(line)];
            own.pen.color = color;
            QRandomGenerator random(quint32(line) + 1);
            QVector<QCPGraphData> data;
            data.reserve(amount.points + amount.frames * 4);
            for (int at = 0; at < amount.points; ++at) {
                const float value = lagOf(line, at, random);
                own.series.append(start + at * second, value);
                data.append({double(start + at * second) / 1e6, double(value)});
            }
            graph->data()->set(data, true);
            m_random.push_back(random);
        }
        m_now = amount.points;
        look(0);
    }

    /// One more look: every line grows by a point and the view follows.
    void grow()
    {
        for (int line = 0; line < m_amount.lines; ++line) {
            const float value = lagOf(line, m_now, m_random[size_t(line)]);
            m_layer->lines()[size_t(line)].series.append(start + m_now * second, value);
            stock.graph(line)->addData(double(start + m_now * second) / 1e6, double(value));
        }
        ++m_now;
        look(0);
    }
    /// @p back seconds before the newest; @p share of the whole span
    void look(double back, double share = 1)
    {
        const double to = double(start) / 1e6 + m_now - back;
        for (QCustomPlot *plot : {&ours, &stock})
            plot->xAxis->setRange(to - m_amount.points * share, to);
    }
    double draw(QCustomPlot &plot)
    {
        return msOf([&] { plot.replot(QCustomPlot::rpImmediateRefresh); });
    }
    void setWidth(double width)
    {
        for (SpanLayer::Line &line : m_layer->lines())
            line.pen.width = width;
    }
    double picture(int scale)
    {
        return msOf([&] {
            QImage image(window * scale, QImage::Format_ARGB32_Premultiplied);
            image.setDevicePixelRatio(scale);
            image.fill(Qt::white);
            QCPPainter painter(&image);
            ours.toPainter(&painter, window.width(), window.height());
            painter.end();
            QByteArray bytes;
            QBuffer buffer(&bytes);
            if (!image.save(&buffer, "PNG") || bytes.size() < 1000)
                qFatal("no picture came of it");
        });
    }
    /// Of the image of the plot: a chart that draws nothing is fast.
    void verify()
    {
        draw(ours);
        QImage image = ours.grab().toImage();
        qint64 ink = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                ink += image.pixelColor(x, y).saturation() > 60;
        }
        if (ink < window.width() * qMin(20, m_amount.lines))
            qFatal("the chart shows %lld coloured pixels only", static_cast<long long>(ink));
    }

    QCustomPlot ours, stock;

private:
    Amount m_amount;
    SpanLayer *m_layer = nullptr;
    std::vector<QRandomGenerator> m_random;
    int m_now = 0;
};

QList<Result> measure(const Amount &amount)
{
    Charts charts(amount);
    charts.verify();
    QList<double> live, stockLive, pan, zoom, one, two, small, large;
    for (int i = 0; i < amount.frames; ++i) {
        charts.grow();
        live << charts.draw(charts.ours);
        if (i < amount.stockFrames)
            stockLive << charts.draw(charts.stock);
    }
    for (int i = 0; i < amount.frames; ++i) {
        charts.look(30 + 37 * i, 0.5);
        const double frame = charts.draw(charts.ours);
        if (i > 0) // The first is a zoom.
            pan << frame;
    }
    for (int i = 0; i < amount.frames / 2; ++i) {
        charts.look(0, 1 - 0.01 * (i + 1));
        zoom << charts.draw(charts.ours);
    }
    charts.look(0);
    charts.draw(charts.ours);
    for (int i = 0; i < amount.frames; ++i) {
        charts.setWidth(1);
        one << charts.draw(charts.ours);
        charts.setWidth(2);
        two << charts.draw(charts.ours);
    }
    charts.setWidth(1);
    for (int i = 0; i < qMax(1, amount.frames / 12); ++i) {
        small << charts.picture(1);
        large << charts.picture(3);
    }
    const QString what = QStringLiteral("%1 lines of %2 points").arg(amount.lines).arg(amount.points);
    const QString ms = QStringLiteral("ms"), times = QStringLiteral("times");
    return {
        {QStringLiteral("chart.live.median"),
         what + QStringLiteral(", live, median"),
         median(live),
         ms,
         {},
         median(stockLive)},
        {QStringLiteral("chart.live.p95"), QStringLiteral("The same, p95"), percentile(live, 0.95), ms, 16.0,
         percentile(stockLive, 0.95)},
        {QStringLiteral("chart.live.share"),
         QStringLiteral("Of what stock QCustomPlot takes, adaptive and smooth"),
         median(live) / median(stockLive),
         times,
         1.0 / 8,
         {}},
        {QStringLiteral("chart.pan.p95"),
         QStringLiteral("Panning, p95"),
         percentile(pan, 0.95),
         ms,
         16.0,
         {}},
        {QStringLiteral("chart.zoom.p95"),
         QStringLiteral("Zooming: everything looked at anew, p95"),
         percentile(zoom, 0.95),
         ms,
         50.0,
         {}},
        {QStringLiteral("chart.pen.share"),
         QStringLiteral("A pen of two pixels against one"),
         median(two) / median(one),
         times,
         1.3,
         {}},
        {QStringLiteral("chart.png3x"), QStringLiteral("PNG at 3x, median"), median(large), ms, 1000.0,
         median(small)},
        {QStringLiteral("chart.png3x.share"),
         QStringLiteral("PNG at 3x against 1x"),
         median(large) / median(small),
         times,
         12.0,
         {}},
    };
}

} // namespace

/// What the lag chart's lines cost. Run by tests/bench/run.sh chart on a release build; `--quick` only shows
/// that it runs.
int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({QStringLiteral("quick"), QStringLiteral("Few of everything; no limit is checked.")});
    parser.addOption(
        {QStringLiteral("json"), QStringLiteral("Writes the numbers there."), QStringLiteral("file")});
    parser.process(app);
    const bool quick = parser.isSet(QStringLiteral("quick"));
    const QList<Result> results = measure(quick ? Amount{8, 4000, 4, 2} : Amount{});
    QTextStream(stdout) << markdown(results);
    if (const QString path = parser.value(QStringLiteral("json")); !path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(json(results)) < 0)
            qFatal("cannot write %s", qPrintable(path));
    }
    const bool met = std::all_of(results.begin(), results.end(), [](const Result &r) { return r.met(); });
    return quick || met ? 0 : 2;
}
