// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QMap>
#include <QString>

namespace understudy {

/// The keywords and values of a libpq conninfo string or postgresql:// URI, as libpq reads them, hosts and
/// ports still joined by commas. Errors never repeat a value: it may be a password.
/// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
Result<QMap<QString, QString>> readConninfoText(const QString &text);

/// The same text without any password; empty when it cannot be read. Always in keyword=value form.
QString withoutPassword(const QString &conninfo);
/// Whether a password stands in the text. A text that cannot be read may hold one.
bool holdsPassword(const QString &conninfo);

} // namespace understudy
