// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ControlFile.h"

#include <QFile>
#include <cstring>

namespace understudy {

QString systemIdentifierOf(const QString &dataDirectory)
{
    QFile file(dataDirectory + QLatin1String("/global/pg_control"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray bytes = file.read(qint64(sizeof(quint64)));
    quint64 identifier = 0;
    if (bytes.size() != qsizetype(sizeof identifier))
        return {};
    std::memcpy(&identifier, bytes.constData(), sizeof identifier); // in the machine's own byte order
    return QString::number(identifier);
}

} // namespace understudy
