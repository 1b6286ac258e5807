// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QMap>
#include <QStringList>
#include <optional>

namespace understudy {

/// The settings of one libpq service, from the user's file, then the system's. A password in it is left out:
/// libpq reads it there by itself. The error names the files that were looked at.
/// https://www.postgresql.org/docs/current/libpq-pgservice.html
Result<QMap<QString, QString>> readService(const QString &name);

/// The settings below [name] in a service file; nothing if it has no such section.
std::optional<QMap<QString, QString>> serviceIn(const QByteArray &content, const QString &name);

} // namespace understudy
