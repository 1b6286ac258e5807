// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Output.h"
#include "cli/Verbs.h"
#include "cli/Words.h"
#include "demo/DemoCluster.h"

#include <QJsonArray>

namespace understudy::cli {

namespace {

QJsonObject toJson(const DemoStatus &status)
{
    QJsonArray nodes;
    for (const DemoNode &node : status.nodes)
        nodes << QJsonObject{{QStringLiteral("name"), node.name},
                             {QStringLiteral("host"), node.host},
                             {QStringLiteral("port"), node.port},
                             {QStringLiteral("role"), node.role},
                             {QStringLiteral("data_dir"), node.dataDirectory}};
    return {
        {QStringLiteral("running"), status.running},
        {QStringLiteral("passfile"), status.passfile.isEmpty() ? QJsonValue() : QJsonValue(status.passfile)},
        {QStringLiteral("nodes"), nodes}};
}

void show(bool json)
{
    const DemoStatus status = DemoCluster::status();
    if (json) {
        printJson(toJson(status));
        return;
    }
    if (!status.running) {
        print(QStringLiteral("The demo cluster is not running."));
        return;
    }
    QList<QStringList> rows;
    for (const DemoNode &node : status.nodes)
        rows << QStringList{node.name, QStringLiteral("%1:%2").arg(node.host).arg(node.port), node.role,
                            node.dataDirectory};
    print(table({QStringLiteral("Node"), QStringLiteral("Address"), QStringLiteral("Role"),
                 QStringLiteral("Data directory")},
                rows));
    print(QStringLiteral("\nPasswords are in %1").arg(status.passfile));
}

} // namespace

int demoVerb(const QStringList &arguments)
{
    Words words(QStringLiteral("demo"), QStringLiteral("demo start|stop|status [--json]"),
                QStringLiteral(
                    "The embedded cluster: a primary and a standby on this machine, in a private folder. "
                    "'demo start'\nleaves it running until 'demo stop'; 'understudy --demo' opens a window "
                    "on it."));
    words.flag(QStringLiteral("json"), QStringLiteral("Prints JSON."));
    if (const auto ended = words.read(arguments, 1, 1))
        return *ended;
    const bool json = words.isSet(QStringLiteral("json"));
    const QString what = words.positional(0);
    if (what == QLatin1String("start")) {
        const auto demo = DemoCluster::start(true, progress);
        if (!demo)
            return complain(demo.error(), ExitFailed);
        show(json);
        return ExitDone;
    }
    if (what == QLatin1String("stop")) {
        if (const auto stopped = DemoCluster::stop(progress); !stopped)
            return complain(stopped.error(), ExitLeftBehind);
        if (json)
            show(true);
        return ExitDone;
    }
    if (what == QLatin1String("status")) {
        show(json);
        return ExitDone;
    }
    return words.usage(QStringLiteral("\"demo %1\" is unknown; it takes start, stop or status.").arg(what));
}

} // namespace understudy::cli
