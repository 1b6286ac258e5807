// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/NeededFiles.h"

namespace understudy {

QStringList neededFiles(const QMap<QString, ServerSetting> &settings)
{
    QStringList files;
    const auto value = [&](const char *name) { return settings.value(QLatin1String(name)).value; };
    if (value("ssl") == QLatin1String("on"))
        for (const char *name : {"ssl_cert_file", "ssl_key_file", "ssl_ca_file", "ssl_crl_file"})
            files << value(name);
    // Relative ones are in the data directory, so the copy has them.
    files.removeIf([](const QString &file) { return !file.startsWith(u'/'); });
    return files;
}

QStringList neededLibraries(const QMap<QString, ServerSetting> &settings)
{
    QStringList out;
    const QString all = settings.value(QStringLiteral("shared_preload_libraries")).value;
    for (const QString &name : all.split(u',', Qt::SkipEmptyParts)) {
        QString plain = name.trimmed();
        plain.remove(u'"');
        if (!plain.isEmpty())
            out << plain;
    }
    return out;
}

QMap<QString, QString> connectionFiles(const Endpoint &upstream)
{
    QMap<QString, QString> files;
    for (const char *option : {"sslrootcert", "sslcert", "sslkey", "sslcrl"}) {
        const QString path = upstream.options.value(QLatin1String(option));
        if (!path.isEmpty() && path != u"system")
            files.insert(QLatin1String(option), path);
    }
    return files;
}

} // namespace understudy
