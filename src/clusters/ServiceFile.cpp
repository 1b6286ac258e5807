// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ServiceFile.h"

#include <QDir>
#include <QFile>

namespace understudy {

namespace {

constexpr qint64 largestFile = 1 << 20;

/// In libpq's order. Without PGSYSCONFDIR it is a folder built into libpq: Debian's, then the usual others.
QStringList serviceFiles()
{
    const QString own = qEnvironmentVariable("PGSERVICEFILE");
    QStringList files{own.isEmpty() ? QDir::homePath() + QLatin1String("/.pg_service.conf") : own};
    const QString system = qEnvironmentVariable("PGSYSCONFDIR");
    if (!system.isEmpty())
        files << system + QLatin1String("/pg_service.conf");
    else
        files << QStringLiteral("/etc/postgresql-common/pg_service.conf")
              << QStringLiteral("/etc/pg_service.conf")
              << QStringLiteral("/etc/sysconfig/pgsql/pg_service.conf");
    return files;
}

} // namespace

std::optional<QMap<QString, QString>> serviceIn(const QByteArray &content, const QString &name)
{
    std::optional<QMap<QString, QString>> found;
    bool inside = false;
    for (const QByteArray &raw : content.split('\n')) {
        const QString line = QString::fromUtf8(raw).trimmed();
        if (line.isEmpty() || line.startsWith(QLatin1Char('#')))
            continue;
        if (line.startsWith(QLatin1Char('['))) {
            if (inside)
                break;
            inside = line == QLatin1Char('[') + name + QLatin1Char(']');
            if (inside)
                found = QMap<QString, QString>();
            continue;
        }
        const qsizetype equals = line.indexOf(QLatin1Char('='));
        if (!inside || equals < 1)
            continue;
        const QString key = line.left(equals).trimmed();
        // The first of two wins in libpq.
        if (key != QLatin1String("password") && key != QLatin1String("sslpassword") && !found->contains(key))
            found->insert(key, line.mid(equals + 1).trimmed());
    }
    return found;
}

Result<QMap<QString, QString>> readService(const QString &name)
{
    const QStringList files = serviceFiles();
    for (const QString &path : files) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        if (auto settings = serviceIn(file.read(largestFile), name))
            return *settings;
    }
    return fail(QStringLiteral("There is no service \"%1\".").arg(name),
                QStringLiteral("Add a section [%1] to %2, or give a connection string.")
                    .arg(name, files.constFirst()),
                QStringLiteral("cluster"));
}

} // namespace understudy
