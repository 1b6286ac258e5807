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
    /// Our own keyword "ssh": the host, as the system's ssh knows it, that the address is reached from.
    /// Empty: reached directly. See model/Reach.h.
    QString ssh;

    /// "127.0.0.1:5432", "[::1]:5432" or "/run/postgresql:5432".
    QString address() const;
    /// A libpq conninfo string without a password, every value quoted as libpq wants it. @p extra is added
    /// and wins. Fit for libpq: without "ssh".
    QString conninfo(const QMap<QString, QString> &extra = {}) const;
    /// What parse() reads back, "ssh" included. For our own files.
    QString text() const;
    /// The same as a postgresql:// URI, without a password.
    QString uri() const;

    /// Reads a libpq conninfo string or URI with one or several hosts: one endpoint a host. A password in it
    /// is refused with a sentence that says where to keep it instead.
    static Result<QList<Endpoint>> parse(const QString &text);
    /// The same from keywords and values that were read already (model/ConninfoText.h).
    static Result<QList<Endpoint>> fromValues(QMap<QString, QString> values);

    bool operator==(const Endpoint &) const = default;
};

} // namespace understudy

Q_DECLARE_METATYPE(understudy::Endpoint)
