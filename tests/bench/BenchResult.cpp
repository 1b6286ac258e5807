// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchResult.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace understudy::bench {

namespace {

QString number(double value, const QString &unit)
{
    const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4;
    return QString::number(value, 'f', decimals) + u' ' + unit;
}

} // namespace

QString markdown(const QList<Result> &results)
{
    QString out = QStringLiteral("| what | measured | limit | other way | |\n|---|---:|---:|---:|---|\n");
    for (const Result &r : results)
        out += QStringLiteral("| %1 | %2 | %3 | %4 | %5 |\n")
                   .arg(r.what, number(r.value, r.unit), r.limit ? number(*r.limit, r.unit) : QString(),
                        r.baseline ? number(*r.baseline, r.unit) : QString(),
                        r.limit ? (r.met() ? QStringLiteral("met") : QStringLiteral("MISSED")) : QString());
    return out;
}

QByteArray json(const QList<Result> &results)
{
    QJsonArray out;
    for (const Result &r : results) {
        const auto orNull = [](const std::optional<double> &value) {
            return value ? QJsonValue(*value) : QJsonValue();
        };
        out << QJsonObject{{QStringLiteral("name"), r.name},
                           {QStringLiteral("value"), r.value},
                           {QStringLiteral("unit"), r.unit},
                           {QStringLiteral("limit"), orNull(r.limit)},
                           {QStringLiteral("met"), r.limit ? QJsonValue(r.met()) : QJsonValue()},
                           {QStringLiteral("baseline"), orNull(r.baseline)}};
    }
    return QJsonDocument(out).toJson();
}

double percentile(QList<double> values, double p)
{
    if (values.isEmpty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[qMin(values.size() - 1, qsizetype(p * double(values.size())))];
}

double median(QList<double> values)
{
    return percentile(std::move(values), 0.5);
}

} // namespace understudy::bench
