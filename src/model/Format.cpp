// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace understudy::format {

namespace {

const std::array<QString, 7> units{QStringLiteral("B"),  QStringLiteral("kB"), QStringLiteral("MB"),
                                   QStringLiteral("GB"), QStringLiteral("TB"), QStringLiteral("PB"),
                                   QStringLiteral("EB")};

QString fixed(double value, int decimals)
{
    return QString::number(value, 'f', decimals);
}

QString unknown()
{
    return QStringLiteral("unknown");
}

struct Scale
{
    std::size_t unit = 0;
    double divisor = 1;
    int decimals = 0;
};

// Small units move too fast for hundredths to be read; from GB on they are worth their place.
int decimalsFor(double scaled, std::size_t unit)
{
    if (unit == 0 || scaled == std::floor(scaled))
        return 0;
    if (unit <= 2)
        return scaled < 9.95 ? 1 : 0;
    return scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
}

Scale scaleOf(double bytes)
{
    Scale scale;
    double scaled = bytes;
    // 1023.6 kB would be said as "1024 kB": it is one of the next unit.
    while (scaled >= 1023.5 && scale.unit + 1 < units.size()) {
        scaled /= 1024;
        scale.divisor *= 1024;
        ++scale.unit;
    }
    scale.decimals = decimalsFor(scaled, scale.unit);
    return scale;
}

QDateTime utc(qint64 epochUs)
{
    return QDateTime::fromMSecsSinceEpoch(epochUs >= 0 ? epochUs / 1000 : -(-epochUs / 1000)).toUTC();
}

} // namespace

QString bytes(qint64 bytes)
{
    const double magnitude = std::abs(double(bytes));
    const Scale scale = scaleOf(magnitude);
    const QString sign = bytes < 0 ? QStringLiteral("-") : QString();
    return sign + fixed(magnitude / scale.divisor, scale.decimals) + u' ' + units[scale.unit];
}

QString bytes(std::optional<qint64> bytes)
{
    return bytes ? format::bytes(*bytes) : unknown();
}

QString bytesOf(qint64 part, qint64 whole)
{
    const Scale scale = scaleOf(std::abs(double(whole)));
    const auto one = [&](qint64 value) {
        const double scaled = double(value) / scale.divisor;
        const bool exact = scale.decimals == 0 && scaled != std::floor(scaled);
        return fixed(scaled, exact ? decimalsFor(scaled, scale.unit) : scale.decimals);
    };
    return QStringLiteral("%1 of %2 %3").arg(one(part), one(whole), units[scale.unit]);
}

QString rate(std::optional<double> bytesPerSecond)
{
    if (!bytesPerSecond || !std::isfinite(*bytesPerSecond))
        return unknown();
    constexpr double most = 9e18;
    return bytes(qint64(std::llround(std::clamp(*bytesPerSecond, 0.0, most)))) + QStringLiteral("/s");
}

QString seconds(std::optional<double> seconds)
{
    if (!seconds || !std::isfinite(*seconds))
        return unknown();
    const double value = std::max(0.0, *seconds);
    if (value < 59.95)
        return fixed(value, 1) + QStringLiteral(" s");
    const qint64 whole = qint64(std::llround(std::min(value, 9e15)));
    if (whole < 3600)
        return QStringLiteral("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    if (whole < 48 * 3600)
        return QStringLiteral("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
    return QStringLiteral("%1 days %2 h").arg(whole / 86400).arg(whole % 86400 / 3600);
}

QString age(qint64 microseconds)
{
    const double value = std::max(0.0, double(microseconds) / 1e6);
    if (value < 9.95)
        return fixed(value, 1) + QStringLiteral(" s");
    const qint64 whole = qint64(std::llround(value));
    if (whole < 60)
        return QStringLiteral("%1 s").arg(whole);
    if (whole < 3600)
        return QStringLiteral("%1 min").arg(whole / 60);
    if (whole < 48 * 3600) {
        const qint64 minutes = whole % 3600 / 60;
        return minutes == 0 ? QStringLiteral("%1 h").arg(whole / 3600)
                            : QStringLiteral("%1 h %2 min").arg(whole / 3600).arg(minutes);
    }
    return QStringLiteral("%1 days").arg(whole / 86400);
}

QString milliseconds(double ms)
{
    if (!std::isfinite(ms))
        return unknown();
    const double value = std::max(0.0, ms);
    if (value < 0.995)
        return fixed(value, value == 0 ? 0 : 2) + QStringLiteral(" ms");
    if (value < 9.95)
        return fixed(value, 1) + QStringLiteral(" ms");
    if (value < 999.5)
        return fixed(value, 0) + QStringLiteral(" ms");
    return value < 59950 ? fixed(value / 1000, 1) + QStringLiteral(" s") : seconds(value / 1000);
}

QString count(qint64 number)
{
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(qlonglong(number));
}

QString percent(double fraction)
{
    if (!std::isfinite(fraction))
        return unknown();
    qint64 value = qint64(std::llround(std::clamp(fraction, -1e6, 1e6) * 100));
    // "100 %" is said only when all of it is there, "0 %" only when nothing is.
    if (value == 100 && fraction < 1)
        value = 99;
    if (value == 0 && fraction > 0)
        return QStringLiteral("<1 %");
    return QStringLiteral("%1 %").arg(value);
}

QString version(int versionNum)
{
    if (versionNum <= 0)
        return unknown();
    if (versionNum >= 100000)
        return QStringLiteral("%1.%2").arg(versionNum / 10000).arg(versionNum % 10000);
    return QStringLiteral("%1.%2.%3")
        .arg(versionNum / 10000)
        .arg(versionNum / 100 % 100)
        .arg(versionNum % 100);
}

QString utcTime(qint64 epochUs)
{
    return utc(epochUs).toString(QStringLiteral("HH:mm:ss")) + QStringLiteral(" UTC");
}

QString utcDateTime(qint64 epochUs)
{
    return QLocale(QLocale::English).toString(utc(epochUs), QStringLiteral("d MMMM yyyy, HH:mm")) +
           QStringLiteral(" UTC");
}

QString isoUtc(qint64 epochUs)
{
    return utc(epochUs).toString(Qt::ISODateWithMs);
}

QString plural(qint64 n, const QString &one, const QString &many)
{
    const QString word = n == 1 ? one : many.isEmpty() ? one + u's' : many;
    return count(n) + u' ' + word;
}

} // namespace understudy::format
