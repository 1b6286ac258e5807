// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ClusterSpec.h"

#include "clusters/ComposeCluster.h"
#include "clusters/ConnectionText.h"
#include "clusters/DemoNodes.h"
#include "clusters/ServersBelow.h"
#include "model/ConninfoText.h"
#include "model/Quote.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

const QString field = QStringLiteral("cluster");

Result<ClusterSpec> resolveDemo()
{
    const auto notRunning = [] {
        return fail(QStringLiteral("The demo cluster is not running."),
                    QStringLiteral("Start it with: understudy demo start"), field);
    };
    const auto saved = loadCluster(demoClusterFile());
    if (!saved || saved->demoFolder.isEmpty())
        return notRunning();
    const QList<FolderServer> servers = serversBelow(saved->demoFolder);
    if (std::none_of(servers.cbegin(), servers.cend(), [](const FolderServer &s) { return s.running(); }))
        return notRunning();
    ClusterSpec spec = withRunningServers(*saved);
    spec.source = QStringLiteral("demo");
    spec.isDemo = true;
    return spec;
}

/// One node an endpoint; two ways to the same address are one.
Result<ClusterSpec> specOf(const QString &source, const QString &title, const QList<Endpoint> &endpoints)
{
    ClusterSpec spec;
    spec.source = source;
    spec.title = title;
    QSet<NodeId> seen;
    for (const Endpoint &endpoint : endpoints) {
        const NodeId id = endpoint.address();
        if (seen.contains(id))
            continue;
        seen << id;
        spec.nodes << WatchedNode{id, QString(), endpoint};
    }
    return spec;
}

Result<ClusterSpec> resolveConnection(const QString &text, const QString &source)
{
    const auto endpoints = readConnection(text);
    if (!endpoints)
        return tl::unexpected(endpoints.error());
    const auto values = readConninfoText(text);
    QString title = values->value(QStringLiteral("service"));
    if (title.isEmpty())
        title = values->value(QStringLiteral("dbname"));
    if (title.isEmpty())
        title = endpoints->constFirst().address();
    return specOf(source, title, *endpoints);
}

bool isComposeFile(const QFileInfo &file)
{
    return file.suffix() == QLatin1String("yml") || file.suffix() == QLatin1String("yaml");
}

bool looksLikeConnection(const QString &text)
{
    static const QRegularExpression pair(QStringLiteral("^\\w+\\s*="));
    return text.startsWith(QLatin1String("postgresql://")) || text.startsWith(QLatin1String("postgres://")) ||
           pair.match(text).hasMatch();
}

} // namespace

Result<ClusterSpec> resolveCluster(const QString &given)
{
    const QString text = given.trimmed();
    if (text.isEmpty())
        return fail(
            QStringLiteral("No cluster is named."),
            QStringLiteral("Give a connection string, service=NAME, a Compose file, a saved cluster file, or "
                           "demo."),
            field);
    if (text == QLatin1String("demo"))
        return resolveDemo();
    if (looksLikeConnection(text))
        return resolveConnection(text, text);

    const QFileInfo file(text);
    if (isComposeFile(file) && !file.exists())
        return fail(QStringLiteral("There is no file %1.").arg(text),
                    QStringLiteral("Give the path of a Compose file."), field);
    if (isComposeFile(file) && file.isFile())
        return resolveCompose(text);
    if (file.isFile())
        return loadCluster(text);
    if (file.isDir())
        return fail(
            QStringLiteral("%1 is a folder.").arg(text),
            QStringLiteral("Give a connection string, or a saved cluster file or Compose file in it."),
            field);
    if (text.contains(QLatin1Char('/')) || text.endsWith(QLatin1String(".json")))
        return fail(QStringLiteral("There is no file %1.").arg(text),
                    QStringLiteral("Give a saved cluster file, a connection string, service=NAME, or demo."),
                    field);

    auto spec = resolveConnection(QStringLiteral("service=") + quote::conninfoValue(text), text);
    if (!spec && spec.error().what.startsWith(QLatin1String("There is no service")))
        return fail(QStringLiteral("\"%1\" is neither a file, a service nor a connection string.").arg(text),
                    QStringLiteral("Give a connection string such as postgresql://user@host:5432/postgres."),
                    field);
    return spec;
}

} // namespace understudy
