// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreReader.h"

#include <QSet>
#include <QSqlError>
#include <QVariant>
#include <algorithm>
#include <limits>

namespace understudy {

namespace {

constexpr qint64 second = 1000000, minute = 60 * second, hour = 60 * minute;
constexpr qint64 mostRawRows = 400000;    ///< Of all series together: what is read in some 100 ms.
constexpr qint64 mostMinuteRows = 100000; ///< The same, of the series that are asked for.
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

qint64 extentOf(StoreLevel level)
{
    return level == StoreLevel::Hour ? hour : level == StoreLevel::Minute ? minute : 0;
}

/// How far apart two looks that follow each other may be: three times what is usual.
qint64 toleranceOf(const QList<StoreSpan> &spans)
{
    QList<qint64> distances;
    for (qsizetype i = 1; i < spans.size(); ++i)
        distances << spans.at(i).atUs - spans.at(i - 1).atUs;
    if (distances.isEmpty())
        return 3 * second;
    const auto middle = distances.begin() + distances.size() / 2;
    std::nth_element(distances.begin(), middle, distances.end());
    return std::max<qint64>(3 * *middle, 3 * second);
}

StoreSpan gapAt(qint64 atUs)
{
    return {atUs, 0, nan, nan, nan};
}

void widen(StoreSpan &span, const StoreSpan &by)
{
    span.low = std::min(span.low, by.low);
    span.high = std::max(span.high, by.high);
    span.last = by.last;
    span.n += by.n;
}

void appendGap(QList<StoreSpan> &spans, qint64 atUs)
{
    if (!spans.isEmpty() && !spans.constLast().isGap())
        spans << gapAt(atUs);
}

/// Gaps between spans of one level: what was seen as unknown, and where nothing was seen.
QList<StoreSpan> withGaps(const QList<StoreSpan> &spans, StoreLevel level)
{
    const qint64 extent = extentOf(level);
    const qint64 tolerance = std::max(toleranceOf(spans), extent + extent / 2);
    QList<StoreSpan> out;
    out.reserve(spans.size());
    qint64 before = std::numeric_limits<qint64>::min();
    for (const StoreSpan &span : spans) {
        if (before != std::numeric_limits<qint64>::min() && span.atUs - before > tolerance)
            appendGap(out, before + std::max<qint64>(extent, 1));
        if (span.isGap())
            appendGap(out, span.atUs);
        else
            out << span;
        before = span.atUs;
    }
    return out;
}

} // namespace

QList<StoreSpan> mergedSpans(const QList<StoreSpan> &spans, qint64 fromUs, qint64 untilUs, int maxPoints)
{
    if (spans.size() <= maxPoints || maxPoints < 1)
        return spans;
    const qint64 width = std::max<qint64>(1, (untilUs - fromUs + maxPoints - 1) / maxPoints);
    QList<StoreSpan> out;
    qint64 bucket = std::numeric_limits<qint64>::min();
    std::optional<qint64> gap;
    for (const StoreSpan &span : spans) {
        if (span.isGap()) {
            gap = gap.value_or(span.atUs);
            continue;
        }
        const qint64 now = (span.atUs - fromUs) / width;
        // A gap that is narrower than a point cannot be shown; one that ends in another bucket can.
        if (now == bucket && !out.isEmpty() && !out.constLast().isGap()) {
            widen(out.last(), span);
        } else {
            if (gap)
                appendGap(out, *gap);
            out << span;
            bucket = now;
        }
        gap.reset();
    }
    if (gap)
        appendGap(out, *gap);
    return out;
}

Stored<QList<StoreReader::Piece>> StoreReader::pieces(qint64 fromUs, qint64 untilUs, int maxPoints,
                                                      qsizetype wanted)
{
    qint64 marks[5];
    int i = 0;
    for (const char *sql :
         {"SELECT at FROM progress WHERE name = 'minute_until'",
          "SELECT at FROM progress WHERE name = 'hour_until'", "SELECT min(at) FROM moment",
          "SELECT at FROM progress WHERE name = 'minute_from'", "SELECT count(*) FROM series"}) {
        const auto mark = m_connection->number(QString::fromLatin1(sql));
        if (!mark)
            return storeFail(mark.error());
        marks[i++] = *mark;
    }
    const auto [minuteUntil, hourUntil, rawFrom, minuteFrom, seriesCount] =
        std::tuple(marks[0], marks[1], marks[2], marks[3], std::max<qint64>(marks[4], 1));
    const bool noRaw = rawFrom == StoreConnection::none;
    const qint64 span = untilUs - fromUs;
    StoreLevel level = StoreLevel::Hour;
    if (span / second * seriesCount <= mostRawRows)
        level = StoreLevel::Raw;
    else if (span / hour < maxPoints && span / minute * wanted <= mostMinuteRows)
        level = StoreLevel::Minute;
    // What is wanted may be dropped already, or not be rolled up yet.
    const qint64 rawBegins = noRaw ? std::max(minuteUntil, fromUs) : (rawFrom + minute - 1) / minute * minute;
    const qint64 minuteBegins =
        minuteFrom == StoreConnection::none ? fromUs : (minuteFrom + hour - 1) / hour * hour;
    qint64 fineFrom = level == StoreLevel::Raw ? std::min(rawBegins, minuteUntil) : minuteUntil;
    fineFrom = std::clamp(fineFrom, fromUs, untilUs);
    qint64 middleFrom = level == StoreLevel::Hour ? hourUntil : std::min(minuteBegins, hourUntil);
    middleFrom = std::clamp(middleFrom, fromUs, fineFrom);
    QList<Piece> all;
    const auto add = [&all](StoreLevel which, qint64 from, qint64 until) {
        if (from < until)
            all << Piece{which, from, until};
    };
    add(StoreLevel::Hour, fromUs, middleFrom);
    add(StoreLevel::Minute, middleFrom, fineFrom);
    add(StoreLevel::Raw, fineFrom, untilUs);
    return all;
}

Stored<void> StoreReader::readRaw(const Piece &piece, Metric metric, QHash<qint64, QList<StoreSpan>> &into)
{
    QSqlQuery query = m_connection->query();
    query.prepare(storeSql(QStringLiteral("read_raw"), m_connection->dialect(),
                           {{QStringLiteral("column"), QString::fromLatin1(metrics[indexOf(metric)].name)}})
                      .constFirst());
    query.addBindValue(piece.fromUs);
    query.addBindValue(piece.untilUs);
    if (!query.exec())
        return m_connection->problem(query.lastError());
    while (query.next()) {
        const auto found = into.find(query.value(1).toLongLong());
        if (found == into.end())
            continue;
        const QVariant number = query.value(2);
        const double value = number.isNull() ? nan : double(number.toLongLong());
        *found << StoreSpan{query.value(0).toLongLong(), number.isNull() ? 0 : 1, value, value, value};
    }
    if (query.lastError().isValid())
        return m_connection->problem(query.lastError());
    return {};
}

Stored<void> StoreReader::readRolled(const Piece &piece, Metric metric, QHash<qint64, QList<StoreSpan>> &into)
{
    const QString table = piece.level == StoreLevel::Hour ? QStringLiteral("hour") : QStringLiteral("minute");
    QSqlQuery query = m_connection->query();
    query.prepare(
        storeSql(QStringLiteral("read_roll"), m_connection->dialect(), {{QStringLiteral("table"), table}})
            .constFirst());
    for (auto one = into.begin(); one != into.end(); ++one) {
        query.addBindValue(one.key());
        query.addBindValue(int(metric));
        query.addBindValue(piece.fromUs);
        query.addBindValue(piece.untilUs);
        if (!query.exec())
            return m_connection->problem(query.lastError());
        while (query.next())
            *one << StoreSpan{query.value(0).toLongLong(), query.value(1).toLongLong(),
                              double(query.value(2).toLongLong()), double(query.value(3).toLongLong()),
                              double(query.value(4).toLongLong())};
        if (query.lastError().isValid())
            return m_connection->problem(query.lastError());
    }
    return {};
}

Stored<QHash<qint64, QList<StoreSpan>>> StoreReader::read(const QList<qint64> &series, Metric metric,
                                                          qint64 fromUs, qint64 untilUs, int maxPoints)
{
    QHash<qint64, QList<StoreSpan>> all;
    // One picture of the store, though it is written meanwhile.
    if (const auto begun = m_connection->begin(); !begun)
        return storeFail(begun.error());
    const auto parts = pieces(fromUs, untilUs, maxPoints, series.size());
    if (!parts) {
        m_connection->rollback();
        return storeFail(parts.error());
    }
    QHash<qint64, qint64> ends;
    for (const Piece &piece : *parts) {
        QHash<qint64, QList<StoreSpan>> some;
        for (const qint64 id : series)
            some.insert(id, {});
        const auto done =
            piece.level == StoreLevel::Raw ? readRaw(piece, metric, some) : readRolled(piece, metric, some);
        if (!done) {
            m_connection->rollback();
            return storeFail(done.error());
        }
        for (auto one = some.cbegin(); one != some.cend(); ++one) {
            if (one->isEmpty())
                continue;
            QList<StoreSpan> &spans = all[one.key()];
            const QList<StoreSpan> more = withGaps(*one, piece.level);
            const auto ended = ends.constFind(one.key());
            if (ended != ends.constEnd() && !more.isEmpty() &&
                more.constFirst().atUs - *ended > std::max(toleranceOf(*one), extentOf(piece.level)))
                appendGap(spans, *ended);
            spans += more;
            ends.insert(one.key(), one->constLast().atUs + extentOf(piece.level));
        }
    }
    m_connection->rollback(); // Nothing was changed.
    for (QList<StoreSpan> &spans : all)
        spans = mergedSpans(spans, fromUs, untilUs, maxPoints);
    return all;
}

} // namespace understudy
