// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"
#include "monitor/LibpqDefaults.h"

namespace understudy {

/// Keywords and values as libpq would complete them: what was given, then the service, then the PG*
/// environment, then the socket folder and @p osUser. One difference, meant: without a database it is
/// "postgres", which every server has, not one named as the user. Pure.
QMap<QString, QString> withDefaults(QMap<QString, QString> given, const QMap<QString, QString> &service,
                                    const LibpqDefaults &defaults, const QString &osUser);

/// The nodes that a conninfo or URI names, completed as above; a service in it (or PGSERVICE) is read from
/// its file. Reads files and the environment: workers and verbs only.
Result<QList<Endpoint>> readConnection(const QString &text);

} // namespace understudy
