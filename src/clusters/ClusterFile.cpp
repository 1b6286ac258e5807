// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ClusterSpec.h"
#include "clusters/ConnectionText.h"
#include "model/ThresholdFields.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QSet>

namespace understudy {

namespace {

constexpr int fileFormat = 1;
constexpr qint64 largestFile = 1 << 20;
constexpr qsizetype mostNodes = 2000;

tl::unexpected<Error> bad(const QString &path, const QString &why)
{
    return fail(QStringLiteral("%1 is not a cluster file: %2").arg(path, why));
}

} // namespace

QString demoClusterFile()
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (!state.startsWith(QLatin1Char('/')))
        state = QDir::homePath() + QLatin1String("/.local/state");
    return QDir::cleanPath(state + QLatin1String("/understudy/demo.json"));
}

Result<void> saveCluster(const ClusterSpec &spec, const QString &path)
{
    QJsonArray nodes;
    for (const WatchedNode &node : spec.nodes)
        nodes << QJsonObject{{QStringLiteral("name"), node.name},
                             {QStringLiteral("conninfo"), node.endpoint.text()}};
    QJsonObject top{{QStringLiteral("format"), fileFormat},
                    {QStringLiteral("name"), spec.title},
                    {QStringLiteral("nodes"), nodes}};
    if (!spec.replicationUser.isEmpty() || !spec.replicationPassfile.isEmpty())
        top.insert(QStringLiteral("replication"),
                   QJsonObject{{QStringLiteral("user"), spec.replicationUser},
                               {QStringLiteral("passfile"), spec.replicationPassfile}});
    if (const QJsonObject limits = thresholdsJson(spec.thresholds); !limits.isEmpty())
        top.insert(QStringLiteral("thresholds"), limits);
    if (spec.isDemo)
        top.insert(QStringLiteral("demo"), QJsonObject{{QStringLiteral("folder"), spec.demoFolder}});

    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(top).toJson()) < 0 || !file.commit())
        return fail(QStringLiteral("%1 could not be written: %2.").arg(path, file.errorString()));
    return {};
}

Result<ClusterSpec> loadCluster(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(QStringLiteral("%1 could not be read: %2.").arg(path, file.errorString()));
    if (file.size() > largestFile)
        return bad(path, QStringLiteral("it is larger than 1 MB."));
    QJsonParseError parsed;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &parsed);
    if (parsed.error != QJsonParseError::NoError)
        return bad(path, QStringLiteral("at byte %1, %2.").arg(parsed.offset).arg(parsed.errorString()));
    const QJsonObject top = document.object();
    const QJsonValue format = top.value(QStringLiteral("format"));
    if (!format.isDouble())
        return bad(path, QStringLiteral("it has no \"format\"."));
    if (format.toInt() != fileFormat)
        return bad(path, QStringLiteral("its format is %1; this Understudy reads format %2.")
                             .arg(format.toInt())
                             .arg(fileFormat));

    ClusterSpec spec;
    spec.title = top.value(QStringLiteral("name")).toString();
    if (spec.title.isEmpty())
        spec.title = QFileInfo(path).completeBaseName();
    spec.source = path;
    spec.savedFile = QFileInfo(path).absoluteFilePath();
    const QJsonObject replication = top.value(QStringLiteral("replication")).toObject();
    spec.replicationUser = replication.value(QStringLiteral("user")).toString();
    spec.replicationPassfile = replication.value(QStringLiteral("passfile")).toString();
    const auto limits = thresholdsOf(top.value(QStringLiteral("thresholds")).toObject());
    if (!limits)
        return bad(path, limits.error().what);
    spec.thresholds = *limits;
    const QJsonObject demo = top.value(QStringLiteral("demo")).toObject();
    spec.isDemo = !demo.isEmpty();
    spec.demoFolder = demo.value(QStringLiteral("folder")).toString();

    const QJsonArray nodes = top.value(QStringLiteral("nodes")).toArray();
    if (nodes.isEmpty())
        return bad(path, QStringLiteral("it names no nodes."));
    if (nodes.size() > mostNodes)
        return bad(path, QStringLiteral("it names more than %1 nodes.").arg(mostNodes));
    QSet<NodeId> seen;
    for (const QJsonValue &value : nodes) {
        const QJsonObject entry = value.toObject();
        const QString name = entry.value(QStringLiteral("name")).toString();
        const QString conninfo = entry.value(QStringLiteral("conninfo")).toString();
        auto endpoints = conninfo.trimmed().isEmpty() ? Endpoint::parse(conninfo) : readConnection(conninfo);
        if (!endpoints)
            return fail(QStringLiteral("%1, node \"%2\": %3").arg(path, name, endpoints.error().what),
                        endpoints.error().action, endpoints.error().field);
        if (endpoints->size() != 1)
            return bad(path, QStringLiteral("node \"%1\" has more than one host.").arg(name));
        const Endpoint &endpoint = endpoints->constFirst();
        if (seen.contains(endpoint.address()))
            return bad(path, QStringLiteral("%1 stands in it twice.").arg(endpoint.address()));
        seen << endpoint.address();
        spec.nodes << WatchedNode{endpoint.address(), name, endpoint};
    }
    return spec;
}

} // namespace understudy
