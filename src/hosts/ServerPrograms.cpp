// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/ServerPrograms.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>

namespace understudy {

namespace {

bool complete(const QString &directory)
{
    for (const char *program : {"initdb", "pg_ctl", "postgres", "pg_basebackup"}) {
        if (!QFileInfo(directory + QLatin1Char('/') + QLatin1String(program)).isExecutable())
            return false;
    }
    return true;
}

/// Folders "<parent>/<prefix>15/bin".
QList<ServerPrograms> below(const QString &parent, const QString &prefix)
{
    QList<ServerPrograms> out;
    const QRegularExpression pattern(QLatin1Char('^') + QRegularExpression::escape(prefix) +
                                     QLatin1String("(\\d+)(\\.\\d+)?$"));
    for (const QString &name : QDir(parent).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const auto match = pattern.match(name);
        const QString directory = parent + QLatin1Char('/') + name + QLatin1String("/bin");
        if (match.hasMatch() && complete(directory))
            out << ServerPrograms{match.captured(1).toInt(), directory};
    }
    return out;
}

} // namespace

int majorOf(const QString &versionLine)
{
    static const QRegularExpression pattern(QStringLiteral("\\(PostgreSQL\\) (\\d+)"));
    return pattern.match(versionLine).captured(1).toInt();
}

QList<ServerPrograms> serverPrograms(const QStringList &path,
                                     const std::function<QString(const QString &)> &versionLine)
{
    QList<ServerPrograms> out = below(QStringLiteral("/usr/lib/postgresql"), QString());
    out << below(QStringLiteral("/usr"), QStringLiteral("pgsql-"));
    for (const QString &directory : path) {
        const QString real = QFileInfo(directory).canonicalFilePath();
        const bool known = std::any_of(out.cbegin(), out.cend(), [&](const ServerPrograms &p) {
            return QFileInfo(p.directory).canonicalFilePath() == real;
        });
        if (real.isEmpty() || known || !complete(directory))
            continue;
        if (const int major = majorOf(versionLine(directory + QLatin1String("/postgres"))); major > 0)
            out << ServerPrograms{major, directory};
    }
    return out;
}

Result<QString> pickPrograms(const QList<ServerPrograms> &found, int major, const QString &machine)
{
    const ServerPrograms *best = nullptr;
    for (const ServerPrograms &programs : found) {
        if ((major == 0 || programs.major == major) && (!best || programs.major > best->major))
            best = &programs;
    }
    if (best)
        return best->directory;
    if (major == 0) {
        return fail(QStringLiteral("PostgreSQL's server programs are not installed on %1.").arg(machine),
                    QStringLiteral("Install the package \"postgresql\"."));
    }
    return fail(QStringLiteral("The server programs of PostgreSQL %1 are not installed on %2.")
                    .arg(major)
                    .arg(machine),
                QStringLiteral("Install the package \"postgresql-%1\".").arg(major));
}

} // namespace understudy
