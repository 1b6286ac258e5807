// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchGraph.h"
#include "gui/Style.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <QTextStream>

#include <algorithm>

using namespace understudy;
using namespace understudy::bench;

/// What drawing costs. Run by tests/bench/run.sh graph on a release build, once as it is and once with
/// QT_SCALE_FACTOR=2; `--quick` only shows that it runs.
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
    Style::instance().apply(Style::Choice::Light);

    GraphBench bench;
    bench.scale = app.devicePixelRatio();
    if (quick) {
        bench.nodes = 60;
        bench.rounds = 3;
    }
    QList<Result> results;
    if (bench.scale < 1.5)
        results = measureLayout(bench);
    results += measureGraph(bench);
    QTextStream(stdout) << markdown(results);
    if (const QString path = parser.value(QStringLiteral("json")); !path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(json(results)) < 0)
            qFatal("cannot write %s", qPrintable(path));
    }
    const bool met = std::all_of(results.begin(), results.end(), [](const Result &r) { return r.met(); });
    return quick || met ? 0 : 2;
}
