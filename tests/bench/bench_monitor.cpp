// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchResult.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QTextStream>

using namespace understudy::bench;

/// What watching costs. Run by tests/bench/run.sh on a release build; `--quick` only shows that it runs.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({QStringLiteral("quick"), QStringLiteral("Few of everything; no limit is checked.")});
    parser.addOption(
        {QStringLiteral("json"), QStringLiteral("Writes the numbers there."), QStringLiteral("file")});
    parser.addOption(
        {QStringLiteral("only"), QStringLiteral("scale, probe or fold."), QStringLiteral("what")});
    parser.addOption({QStringLiteral("nodes"), QStringLiteral("500 if not given."), QStringLiteral("n"),
                      QStringLiteral("500")});
    parser.process(app);
    const bool quick = parser.isSet(QStringLiteral("quick"));
    const QString only = parser.value(QStringLiteral("only"));
    const auto wanted = [&](const char *what) { return only.isEmpty() || only == QLatin1String(what); };

    QList<Result> results;
    bool complete = true;
    const auto add = [&](const QList<Result> &some) {
        complete = complete && !some.isEmpty();
        results += some;
    };
    Scale full;
    full.nodes = qBound(2, parser.value(QStringLiteral("nodes")).toInt(), 2000);
    full.hung = full.nodes / 25;
    if (wanted("fold"))
        add(measureFold());
    if (wanted("probe"))
        add(measureProbe(quick ? 1 : 7));
    if (wanted("scale"))
        add(measureScale(quick ? Scale{20, 2, 2, 1} : full));

    QTextStream(stdout) << markdown(results);
    if (const QString path = parser.value(QStringLiteral("json")); !path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(json(results)) < 0)
            qFatal("cannot write %s", qPrintable(path));
    }
    if (!complete)
        return 1;
    const bool met = std::all_of(results.begin(), results.end(), [](const Result &r) { return r.met(); });
    return quick || met ? 0 : 2;
}
