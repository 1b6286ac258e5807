// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Look.h"
#include "cli/Output.h"
#include "cli/Verbs.h"
#include "cli/Words.h"
#include "clusters/Keyring.h"
#include "model/Format.h"
#include "model/Health.h"

namespace understudy::cli {

namespace {

QString orUnknown(const QString &text)
{
    return text.isEmpty() ? QStringLiteral("unknown") : text;
}

QString nodeTable(const Cluster &cluster)
{
    QList<QStringList> rows;
    for (const Node &node : cluster.nodes) {
        const Link *link = cluster.linkTo(node.id);
        const bool primary = node.role == Role::Primary;
        rows << QStringList{
            node.name.isEmpty() ? node.id : node.name,
            node.id,
            stableName(node.role),
            words(node.state),
            node.versionNum ? format::version(node.versionNum) : QStringLiteral("unknown"),
            node.timeline ? QString::number(*node.timeline) : QStringLiteral("unknown"),
            node.lsn ? node.lsn->toString() : QStringLiteral("unknown"),
            primary ? QString() : (link ? format::bytes(link->lagBytes) : QStringLiteral("unknown")),
            primary ? QString() : (link ? format::seconds(link->lagSeconds) : QStringLiteral("unknown")),
            node.reason};
    }
    return table({QStringLiteral("Node"), QStringLiteral("Address"), QStringLiteral("Role"),
                  QStringLiteral("State"), QStringLiteral("Version"), QStringLiteral("Timeline"),
                  QStringLiteral("LSN"), QStringLiteral("Behind"), QStringLiteral("Delay"), QString()},
                 rows);
}

QString linkTable(const Cluster &cluster)
{
    if (cluster.links.isEmpty())
        return QStringLiteral("No links.");
    const auto name = [&](const NodeId &id) {
        const Node *node = cluster.node(id);
        return node && !node->name.isEmpty() ? node->name : id;
    };
    QList<QStringList> rows;
    for (const Link &link : cluster.links) {
        rows << QStringList{name(link.upstream),
                            name(link.downstream),
                            link.slot.isEmpty() ? QStringLiteral("no slot") : link.slot,
                            link.pid ? QString::number(*link.pid) : QStringLiteral("unknown"),
                            stableName(link.state),
                            orUnknown(stableName(link.sync)),
                            words(link.lag),
                            format::bytes(link.lagBytes)};
    }
    return table({QStringLiteral("Upstream"), QStringLiteral("Standby"), QStringLiteral("Slot"),
                  QStringLiteral("PID"), QStringLiteral("Link"), QStringLiteral("Sync"),
                  QStringLiteral("Lag"), QStringLiteral("Behind")},
                 rows);
}

QString findingText(const Cluster &cluster)
{
    QStringList lines;
    for (const Finding &finding : cluster.findings) {
        lines << QStringLiteral("%1: %2").arg(stableName(finding.severity), finding.title.simplified());
        for (const QString &more : {finding.evidence, finding.meaning, finding.action}) {
            if (!more.isEmpty())
                lines << QStringLiteral("  ") + more.simplified();
        }
    }
    return lines.join(u'\n');
}

void printLook(const Look &look)
{
    for (const Cluster &cluster : look.topology.clusters) {
        print(QStringLiteral("%1, system %2: %3\n")
                  .arg(look.spec.title, orUnknown(cluster.systemIdentifier), healthWords(cluster.findings)));
        print(nodeTable(cluster) + u'\n');
        print(linkTable(cluster));
        if (!cluster.findings.isEmpty())
            print(u'\n' + findingText(cluster));
    }
}

} // namespace

int topologyVerb(const QStringList &arguments)
{
    Words words(
        QStringLiteral("topology"), QStringLiteral("topology CLUSTER [--json] [--timeout SECONDS]"),
        QStringLiteral(
            "One look at a cluster: its nodes, links, lag and findings. It takes two polls, less than a "
            "second\napart, because a rate and a stalled link are only seen by comparing, and up to three "
            "more where a\nlink seems to stand still. Exit code 1: nobody answered."));
    words.flag(QStringLiteral("json"), QStringLiteral("Prints JSON, \"format\": 1."));
    words.value(QStringLiteral("timeout"), QStringLiteral("SECONDS"),
                QStringLiteral("Ends by then, whatever hangs; 10 if not given."), QStringLiteral("10"));
    words.value(
        QStringLiteral("at"), QStringLiteral("TIME"),
        QStringLiteral(
            "Of a recording or a history: as it was then, 13:40:07 or 2026-11-24T13:40:07Z; its end if not "
            "given."));
    if (const auto ended = words.read(arguments, 1, 1))
        return *ended;
    const auto timeout = words.number(QStringLiteral("timeout"), 0.5, 600);
    if (!timeout)
        return words.usage(timeout.error());

    const Deadline deadline(*timeout,
                            QStringLiteral("The look was not done after %1.").arg(format::seconds(*timeout)));
    const auto look = takeLookOrRecorded(words.positional(0), systemSecrets(), *timeout, 2,
                                         words.text(QStringLiteral("at")));
    if (!look)
        return complain(look.error(), ExitFailed);
    if (words.isSet(QStringLiteral("json")))
        printJson(toJson(look->topology));
    else
        printLook(*look);
    for (const QString &note : look->spec.notes)
        progress(note);
    const int code = look->answered() ? int(ExitDone) : complain(look->whyNot(), ExitFailed);
    if (look->stuck())
        leaveNow(code);
    return code;
}

} // namespace understudy::cli
