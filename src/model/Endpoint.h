// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QMap>
#include <QMetaType>
#include <QString>

namespace understudy {

/// Where a PostgreSQL server listens and as whom we go there. Never holds a password: that comes from a
/// passfile (option "passfile"), a service, or a SecretSource.
struct Endpoint
{
    QString host = QStringLiteral("127.0.0.1"); ///< Name, address, or a socket directory (begins with '/').
    int port = 5432;
    QString user;
    QString database = QStringLiteral("postgres");
    QMap<QString, QString> options; ///< Other libpq keywords: sslmode, passfile, service...

    /// "127.0.0.1:5432", "[::1]:5432" or "/run/postgresql:5432".
    QString address() const;
    /// A libpq conninfo string without a password, every value quoted as libpq wants it. @p extra is added
    /// and wins.
    QString conninfo(const QMap<QString, QString> &extra = {}) const;
    /// The same as a postgresql:// URI, without a password.
    QString uri() const;

    /// Reads a libpq conninfo string or URI with one or several hosts: one endpoint a host. A password in it
    /// is refused with a sentence that says where to keep it instead.
    static Result<QList<Endpoint>> parse(const QString &text);

    bool operator==(const Endpoint &) const = default;
};

} // namespace understudy

Q_DECLARE_METATYPE(understudy::Endpoint)
