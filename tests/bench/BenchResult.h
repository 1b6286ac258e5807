// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <optional>

namespace understudy::bench {

/// One measured number and what it is held against.
struct Result
{
    QString name; ///< Stable: "monitor.cpu".
    QString what; ///< For people.
    double value = 0;
    QString unit;
    std::optional<double> limit;    ///< At most this much.
    std::optional<double> baseline; ///< What the same costs another way.

    bool met() const { return !limit || value <= *limit; }
};

/// A table in Markdown.
QString markdown(const QList<Result> &results);
/// [{"name", "value", "unit", "limit", "met", "baseline"}]
QByteArray json(const QList<Result> &results);

double median(QList<double> values);
double percentile(QList<double> values, double p);

struct Scale
{
    int nodes = 500;
    int hung = 20; ///< Of them, how many never answer.
    int seconds = 30;
    int clusters = 5; ///< Real ones, each a primary and a standby, that the nodes are spread over.
};
/// Many nodes watched at 1 Hz by one monitor: CPU, memory, jitter.
QList<Result> measureScale(const Scale &scale);

/// One look at a node against the same query through psql.
QList<Result> measureProbe(int rounds);

/// The fold alone, on a made-up picture of 100 clusters of 5 nodes.
QList<Result> measureFold();

} // namespace understudy::bench
