// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/SqlFile.h"

#include <QFile>
#include <QStringList>

namespace understudy {

QString sqlFile(const QString &name)
{
    QFile file(QStringLiteral(":/sql/%1.sql").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("resources/sql/%s.sql is not part of this program", qPrintable(name));
    // The comments are for the reader of the file. QPSQL would look for placeholders and quotes in them.
    QStringList lines;
    for (const QString &line : QString::fromUtf8(file.readAll()).split(u'\n')) {
        if (!line.trimmed().startsWith(QLatin1String("--")))
            lines << line;
    }
    return lines.join(u'\n').trimmed();
}

QString lookFileFor(int versionNum)
{
    if (versionNum >= 170000)
        return QStringLiteral("look_17");
    if (versionNum >= 160000)
        return QStringLiteral("look_16");
    return versionNum >= 130000 ? QStringLiteral("look_13") : QStringLiteral("look_12");
}

QString vitalsFileFor(int versionNum)
{
    return versionNum >= 160000 ? QStringLiteral("vitals_16") : QStringLiteral("vitals_12");
}

} // namespace understudy
