// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Passfile.h"

#include "model/Quote.h"

namespace understudy {

QString passfileLine(const Endpoint &upstream, const QString &user)
{
    return quote::passfileField(upstream.host) + u':' + QString::number(upstream.port) +
           QStringLiteral(":*:") + quote::passfileField(user) + QStringLiteral(":${secret:replication}\n");
}

} // namespace understudy
