// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"

#include <QFile>

namespace understudy::test {

QString TestServer::programsOf(int major, ServerFolder &folder)
{
    const QString fetched = QStringLiteral(OLD_SERVERS "/%1").arg(major);
    const QString bin = QStringLiteral("/bin");
    if (!QFile::exists(fetched + QStringLiteral("/bin/postgres")))
        return {};
    // Below root's home the server user sees nothing.
    if (runAsServerUser({fetched + QStringLiteral("/bin/postgres"), QStringLiteral("--version")}) == 0)
        return fetched + bin;
    const QString copy = folder.filePath(QStringLiteral("programs-%1").arg(major));
    if (QProcess::execute(QStringLiteral("cp"), {QStringLiteral("-a"), fetched, copy}) != 0)
        return {};
    return copy + bin;
}

std::unique_ptr<TestServer> TestServer::copiedStandby(const QString &name, const QString &slot,
                                                      const QStringList &settings,
                                                      const QString &applicationName)
{
    std::unique_ptr<TestServer> server(new TestServer(m_folder, name, m_programs));
    if (!slot.isEmpty() &&
        psql(QStringLiteral("SELECT pg_create_physical_replication_slot('%1', true)").arg(slot)).isNull())
        return nullptr;
    if (!stop())
        return nullptr;
    QString said;
    const QString copy = QStringLiteral("cp -a \"$0\" \"$1\" && rm -rf \"$1\"/pg_replslot/* && "
                                        "touch \"$1\"/standby.signal");
    const bool copied =
        runAsServerUser({QStringLiteral("sh"), QStringLiteral("-c"), copy, dataDir(), server->dataDir()},
                        &said) == 0;
    if (!copied)
        qWarning("copying %s: %s", qPrintable(m_name), qPrintable(said));
    QStringList own{QStringLiteral("primary_conninfo = '%1'").arg(conninfo(applicationName)),
                    QStringLiteral("primary_slot_name = '%1'").arg(slot), QStringLiteral("hot_standby = on")};
    if (!start() || !copied || !server->writeConfiguration(own + settings) || !server->start())
        return nullptr;
    return server;
}

} // namespace understudy::test
