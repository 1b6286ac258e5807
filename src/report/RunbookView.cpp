// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Quote.h"
#include "operations/PlanHosts.h"
#include "report/Markdown.h"
#include "report/RunbookParts.h"

namespace understudy::runbook {

namespace {

const Cluster *clusterWith(const Topology &topology, const NodeId &id)
{
    if (const Cluster *cluster = topology.clusterOf(id))
        return cluster;
    return topology.clusters.isEmpty() ? nullptr : &topology.clusters.constFirst();
}

} // namespace

View::View(const RunbookInput &input) : in(input)
{
    const QMap<QString, QString> &facts = in.plan.facts;
    // Of a plan for several a fact names the value of each.
    const auto fact = [&](const QString &key) {
        return in.several.size() > 1 ? facts.value(key).section(QStringLiteral(", "), 0, 0)
                                     : facts.value(key);
    };
    const auto chosen = [&](const QString &requested, const QString &key) {
        return requested.isEmpty() ? fact(key) : requested;
    };
    standbys = in.several.isEmpty() ? QList<AddStandbyRequest>{in.request} : in.several;
    name = isSeveral() ? in.plan.subject : chosen(in.request.name, QStringLiteral("name"));
    if (name.isEmpty())
        name = in.plan.subject;
    if (standbys.constFirst().name.isEmpty())
        standbys.first().name = name;
    slot = chosen(in.request.slot, QStringLiteral("slot"));
    const QString on = chosen(in.request.on, QStringLiteral("on"));
    if (on.startsWith(sshPrefix))
        machine = placeWords(on);
    keeper = chosen(in.request.keeper, QStringLiteral("keeper"));
    composeFile = facts.value(QStringLiteral("compose_file"));
    service = fact(QStringLiteral("service"));
    volume = fact(QStringLiteral("volume"));
    dataDirectory =
        chosen(inCompose() ? QString() : in.request.dataDirectory, QStringLiteral("data_directory"));
    replicationUser = in.request.replicationUser;
    if (replicationUser.isEmpty())
        replicationUser = chosen(in.spec.replicationUser, QStringLiteral("replication_user"));
    port = in.request.port > 0 ? in.request.port : fact(QStringLiteral("port")).toInt();
    before = clusterWith(in.before, in.request.upstream);
    after = clusterWith(in.after, in.request.upstream);
    if (before) {
        upstream = before->node(in.request.upstream);
        if (!upstream)
            upstream = before->primary();
    }
    done = in.run && in.run->outcome == RunRecord::Outcome::Done;
}

QStringList View::slotNames() const
{
    QStringList names;
    if (!isSeveral())
        names << slot;
    else
        for (const AddStandbyRequest &standby : standbys)
            names << standby.slot;
    names.removeAll(QString());
    return names;
}

QString View::upstreamName() const
{
    if (upstream && !upstream->name.isEmpty())
        return upstream->name;
    return in.request.upstream.isEmpty() ? QStringLiteral("the upstream") : in.request.upstream;
}

QString View::nodeName(const NodeId &id) const
{
    const Node *node = after ? after->node(id) : nullptr;
    if (!node && before)
        node = before->node(id);
    return node && !node->name.isEmpty() ? node->name : id;
}

QString View::upstreamPsql() const
{
    for (const WatchedNode &watched : in.spec.nodes) {
        if (watched.id == in.request.upstream || (upstream && watched.id == upstream->id))
            return QStringLiteral("psql ") + quote::shellWord(watched.endpoint.conninfo());
    }
    return QStringLiteral("psql");
}

QString View::resolved(QString text) const
{
    if (!in.run)
        return text;
    for (auto it = in.run->values.cbegin(); it != in.run->values.cend(); ++it)
        text.replace(QStringLiteral("${") + it.key() + u'}', it.value());
    return text;
}

double View::aboutSeconds() const
{
    return in.plan.aboutSeconds();
}

QString picture(const QMap<QString, QString> &pictures, const QString &key, const QString &alt)
{
    const QString path = pictures.value(key);
    if (path.isEmpty())
        return {};
    // Angle brackets hold blanks; the name itself is ours and holds none of < > and line breaks.
    QString target = markdown::oneLine(path);
    target.remove(u'<').remove(u'>').remove(u'\\');
    return QStringLiteral("![%1](%2)")
        .arg(markdown::text(alt), target.contains(u' ') || target.contains(u'(') || target.contains(u')')
                                      ? u'<' + target + u'>'
                                      : target);
}

} // namespace understudy::runbook
