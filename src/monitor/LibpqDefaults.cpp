// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/LibpqDefaults.h"

#include "model/PassfileText.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <libpq-fe.h>
#include <memory>

namespace understudy {

namespace {

constexpr qint64 largestPassfile = 1 << 20;

// libpq says the folder that was built into it only of a connection without a host. This one has a port that
// no server can have: nothing is connected to. A PGSERVICE or PGHOSTADDR would speak instead: then Debian's
// folder if it is there, else the one of PostgreSQL's own sources.
QString socketDirectory()
{
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectStart("host='' port=99999"),
                                                                  &PQfinish);
    const char *host = connection ? PQhost(connection.get()) : nullptr;
    const QString directory = host ? QString::fromLocal8Bit(host) : QString();
    if (directory.startsWith(QLatin1Char('/')))
        return directory;
    const QString debian = QStringLiteral("/var/run/postgresql");
    return QFileInfo(debian).isDir() ? debian : QStringLiteral("/tmp");
}

} // namespace

std::optional<QString> passfilePasswordOf(const Endpoint &endpoint)
{
    QString path = endpoint.options.value(QStringLiteral("passfile"));
    if (path.isEmpty())
        path = qEnvironmentVariable("PGPASSFILE");
    if (path.isEmpty())
        path = QDir::homePath() + QStringLiteral("/.pgpass");
    const QFileInfo info(path);
    constexpr auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup |
                            QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;
    QFile file(path);
    if (!info.isFile() || (info.permissions() & others) || !file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return passfilePassword(file.read(largestPassfile), endpoint.host, endpoint.port, endpoint.database,
                            endpoint.user);
}

LibpqDefaults libpqDefaults()
{
    LibpqDefaults out;
    // Ours to say (the application's name, timeouts), about which host to pick, or secret.
    static const QSet<QString> notTaken{
        QStringLiteral("password"),           QStringLiteral("sslpassword"),
        QStringLiteral("application_name"),   QStringLiteral("connect_timeout"),
        QStringLiteral("client_encoding"),    QStringLiteral("target_session_attrs"),
        QStringLiteral("load_balance_hosts"), QStringLiteral("replication")};
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconndefaults(),
                                                                               &PQconninfoFree);
    for (const PQconninfoOption *option = options.get(); option && option->keyword; ++option) {
        const QString keyword = QString::fromLatin1(option->keyword);
        if (!option->envvar || notTaken.contains(keyword))
            continue;
        const QString value = qEnvironmentVariable(option->envvar);
        if (value.isEmpty())
            continue;
        out.environment.insert(keyword, value);
        out.variables.insert(keyword, QString::fromLatin1(option->envvar));
    }
    // The old way to ask for TLS; libpq still obeys.
    if (!out.environment.contains(QStringLiteral("sslmode")) &&
        qEnvironmentVariable("PGREQUIRESSL") == u"1") {
        out.environment.insert(QStringLiteral("sslmode"), QStringLiteral("require"));
        out.variables.insert(QStringLiteral("sslmode"), QStringLiteral("PGREQUIRESSL"));
    }
    out.socketDirectory = socketDirectory();
    return out;
}

} // namespace understudy
