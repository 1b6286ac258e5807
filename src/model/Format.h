// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

/// Numbers in words, the same everywhere: with a unit and a blank, at most three significant digits, sizes of
/// 1024 as PostgreSQL says them. An unknown number is the word "unknown", never 0.
namespace understudy::format {

QString bytes(qint64 bytes);                        ///< "0 B", "46 kB", "8.4 MB", "1.95 GB"
QString bytes(std::optional<qint64> bytes);         ///< the same, or "unknown"
QString bytesOf(qint64 part, qint64 whole);         ///< "1.95 of 3.20 GB"
QString rate(std::optional<double> bytesPerSecond); ///< "18 kB/s"
QString seconds(std::optional<double> seconds);     ///< "0.0 s", "2 min 51 s", "3 h 20 min"
QString age(qint64 microseconds);                   ///< "0.4 s", "8 min", "2 h 14 min", "3 days"
QString milliseconds(double ms);                    ///< "0.14 ms", "41 ms", "1.2 s"
QString count(qint64 number);                       ///< "50,004"
QString percent(double fraction);                   ///< 0.61 -> "61 %"
QString version(int versionNum);                    ///< 150018 -> "15.18", 90624 -> "9.6.24"
QString utcTime(qint64 epochUs);                    ///< "13:40:07 UTC"
QString utcDateTime(qint64 epochUs);                ///< "17 November 2025, 13:40 UTC"
QString isoUtc(qint64 epochUs);                     ///< "2025-11-17T13:40:07.123Z"
QString plural(qint64 n, const QString &one, const QString &many = {}); ///< "1 standby", "2 standbys"

} // namespace understudy::format
