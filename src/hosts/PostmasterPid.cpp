// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/PostmasterPid.h"

namespace understudy {

namespace {

std::optional<qint64> number(const QByteArray &line, qint64 lowest, qint64 highest)
{
    bool ok = false;
    const qint64 value = line.trimmed().toLongLong(&ok);
    if (!ok || value < lowest || value > highest)
        return {};
    return value;
}

} // namespace

Result<PostmasterPid> PostmasterPid::parse(const QByteArray &content)
{
    if (content.size() > 16384 || content.contains('\0'))
        return fail(QStringLiteral("This is not a postmaster.pid file."));
    const QList<QByteArray> lines = content.split('\n');
    // A server that has just begun writes the first lines only; without the port nothing can be proved.
    if (lines.size() < 4)
        return fail(QStringLiteral("postmaster.pid is not complete: the server has just begun to start."));
    // A negative number is a single-user backend: no server.
    const auto pid = number(lines.at(0), 1, (qint64(1) << 31) - 1);
    const auto start = number(lines.at(2), 0, qint64(1) << 40);
    const auto port = number(lines.at(3), 1, 65535);
    const QString directory = QString::fromUtf8(lines.at(1));
    if (!pid || !start || !port || !directory.startsWith(QLatin1Char('/')))
        return fail(QStringLiteral("This is not the postmaster.pid file of a running server."));

    PostmasterPid out;
    out.pid = *pid;
    out.dataDirectory = directory;
    out.startEpochS = *start;
    out.port = int(*port);
    out.socketDirectory = QString::fromUtf8(lines.value(4));
    out.listenAddress = QString::fromUtf8(lines.value(5));
    out.status = QString::fromUtf8(lines.value(7)).trimmed();
    return out;
}

} // namespace understudy
