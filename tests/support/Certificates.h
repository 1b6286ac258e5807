// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "TestServer.h"

#include <QFile>

namespace understudy::test {

/// A certificate authority of a test's own and what it signs, made with openssl in a ServerFolder.
class Certificates
{
public:
    explicit Certificates(const ServerFolder &folder) : m_folder(folder) {}

    QString authority(const QString &name) const { return m_folder.filePath(name + QStringLiteral(".crt")); }

    bool makeAuthority(const QString &name) const
    {
        return openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
                        QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
                        QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-nodes"),
                        QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-subj"),
                        QStringLiteral("/CN=") + name, QStringLiteral("-keyout"), file(name, ".key"),
                        QStringLiteral("-out"), authority(name)});
    }

    /// NAME.crt and NAME.key (0600, the server's) for @p host, signed by @p signer.
    bool makeServer(const QString &name, const QString &host, const QString &signer) const
    {
        QFile extension(file(name, ".ext"));
        if (!extension.open(QIODevice::WriteOnly))
            return false;
        extension.write("subjectAltName=DNS:" + host.toLatin1() + "\n");
        extension.close();
        return openssl({QStringLiteral("req"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                        QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:prime256v1"),
                        QStringLiteral("-nodes"), QStringLiteral("-subj"), QStringLiteral("/CN=") + host,
                        QStringLiteral("-keyout"), file(name, ".key"), QStringLiteral("-out"),
                        file(name, ".csr")}) &&
               openssl({QStringLiteral("x509"), QStringLiteral("-req"), QStringLiteral("-days"),
                        QStringLiteral("2"), QStringLiteral("-in"), file(name, ".csr"), QStringLiteral("-CA"),
                        authority(signer), QStringLiteral("-CAkey"), file(signer, ".key"),
                        QStringLiteral("-CAcreateserial"), QStringLiteral("-extfile"), file(name, ".ext"),
                        QStringLiteral("-out"), file(name, ".crt")}) &&
               TestServer::runAsServerUser(
                   {QStringLiteral("chmod"), QStringLiteral("600"), file(name, ".key")}) == 0;
    }

    /// Lines of postgresql.conf that use it.
    QStringList settings(const QString &name) const
    {
        return {QStringLiteral("ssl = on"), QStringLiteral("ssl_cert_file = '%1'").arg(file(name, ".crt")),
                QStringLiteral("ssl_key_file = '%1'").arg(file(name, ".key"))};
    }

private:
    QString file(const QString &name, const char *ending) const
    {
        return m_folder.filePath(name + QLatin1String(ending));
    }

    static bool openssl(const QStringList &words)
    {
        QString said;
        const int code = TestServer::runAsServerUser(QStringList{QStringLiteral("openssl")} + words, &said);
        if (code != 0)
            qWarning("openssl: %s", qPrintable(said));
        return code == 0;
    }

    const ServerFolder &m_folder;
};

} // namespace understudy::test
