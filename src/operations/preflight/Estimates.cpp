// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/Estimates.h"

#include <QRegularExpression>
#include <algorithm>

namespace understudy::estimates {

namespace {
constexpr qint64 megabyte = qint64(1) << 20;
constexpr double modestRate = 50.0 * 1024 * 1024;
} // namespace

Result<qint64> clusterBytes(CheckRun &run)
{
    const auto rows =
        run.ask(QStringLiteral("SELECT sum(pg_tablespace_size(oid))::bigint FROM pg_tablespace"), {}, 8000);
    if (!rows)
        return tl::unexpected(rows.error());
    if (rows->first().isNull())
        return fail(QStringLiteral("the size of the cluster was not answered"));
    return rows->first().toLongLong();
}

qint64 parseMaxRate(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^\\s*([0-9]{1,9})\\s*([kKmM]?)\\s*$"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return 0;
    // Without a unit pg_basebackup reads kilobytes.
    const qint64 unit = match.captured(2).compare(u"m", Qt::CaseInsensitive) == 0 ? megabyte : 1024;
    return match.captured(1).toLongLong() * unit;
}

double copySeconds(qint64 bytes, const QString &maxRate)
{
    const qint64 limit = parseMaxRate(maxRate);
    const double rate = limit > 0 ? std::min(double(limit), modestRate) : modestRate;
    return double(bytes) / rate;
}

qint64 walDuringCopy(qint64 bytes, std::optional<double> walRate, const QString &maxRate)
{
    const double written = walRate.value_or(0) * copySeconds(bytes, maxRate) * 2;
    return std::max(16 * megabyte, qint64(written));
}

qint64 reserve(qint64 bytes)
{
    return std::max(64 * megabyte, bytes / 20);
}

QString suggestedLimit(std::optional<qint64> freeBytes, qint64 least)
{
    const qint64 third = freeBytes ? std::max(*freeBytes / 3, 64 * megabyte) : 4096 * 4 * megabyte;
    qint64 limit = 64 * megabyte;
    while (limit * 2 <= third && limit < 64 * 1024 * megabyte)
        limit *= 2;
    // Without room for the least there is no good value: take the least and let the disk check speak.
    while (limit < least && (!freeBytes || limit * 2 <= *freeBytes))
        limit *= 2;
    return limit >= 1024 * megabyte ? QStringLiteral("%1GB").arg(limit / (1024 * megabyte))
                                    : QStringLiteral("%1MB").arg(limit / megabyte);
}

} // namespace understudy::estimates
