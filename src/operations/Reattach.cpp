// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Reattach.h"

#include "model/ConninfoText.h"
#include "model/Quote.h"
#include "model/SlotName.h"
#include "operations/PlanHosts.h"
#include "operations/ReattachSteps.h"

#include <QDateTime>
#include <QFileInfo>
#include <QTimeZone>

namespace understudy {

namespace {

// Names are keys of the plan: a node without one, or with a twin, goes by its address.
QString keyOf(const Cluster &cluster, const NodeId &id)
{
    const Node *node = cluster.node(id);
    if (!node || node->name.isEmpty())
        return id;
    const auto same = std::count_if(cluster.nodes.begin(), cluster.nodes.end(),
                                    [node](const Node &other) { return other.name == node->name; });
    return same > 1 ? id : node->name;
}

// A name from outside must not read as a value of the plan's own.
bool isPlain(const QString &text)
{
    return !text.contains(QLatin1String("${")) &&
           std::none_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x20; });
}

QSet<QString> slotsOn(const ReattachScene &scene, const NodeId &node)
{
    QSet<QString> names;
    if (const auto facts = scene.facts.constFind(node); facts != scene.facts.cend()) {
        for (const SlotRow &slot : facts->slots_)
            names.insert(slot.name);
    }
    return names;
}

/// The files of the WAL are named by timeline and number; the number's half tells their order.
QString walFileNumber(Lsn position, qint64 segment)
{
    const quint64 number = position.bytes() / quint64(segment);
    const quint64 each = (Q_UINT64_C(1) << 32) / quint64(segment);
    return QStringLiteral("%1%2")
        .arg(number / each, 8, 16, QLatin1Char('0'))
        .arg(number % each, 8, 16, QLatin1Char('0'))
        .toUpper();
}

void lookAtWal(ReattachDraft &d, const Node &standby, const Node &target)
{
    const auto position = standby.receivedLsn ? standby.receivedLsn : standby.lsn;
    const qint64 segment = target.settings.value(QStringLiteral("wal_segment_size")).toLongLong();
    // What an archive brings need not be on the target.
    if (!position || segment <= 0 || !standby.settings.value(QStringLiteral("restore_command")).isEmpty())
        return;
    d.position = position->toString();
    d.oldestWal = walFileNumber(*position, segment);
}

void lookAtHost(ReattachDraft &d, const ReattachScene &scene, const Node &standby)
{
    d.dataDirectory = standby.dataDirectory;
    for (const HostBinding &binding : scene.bindings) {
        if (binding.id != standby.id)
            continue;
        d.host = binding.host;
        d.dataDirectory = binding.dataDirectory;
        d.runAs = binding.owner;
    }
}

// Where its password will be: in the passfile that it has, else, where one stood in the setting, in a new
// one.
void lookAtPassfile(ReattachDraft &d, const QMap<QString, QString> &values)
{
    d.passfile = values.value(QStringLiteral("passfile"));
    if (!d.passfile.isEmpty() || !d.hadPassword || d.dataDirectory.isEmpty())
        return;
    const QFileInfo directory(d.dataDirectory);
    // Beside the data, unless that may be a container's own layer, which goes with it.
    d.passfile = d.host.isEmpty() ? d.dataDirectory + QStringLiteral("/replication.pgpass")
                                  : directory.path() + QStringLiteral("/.") + directory.fileName() +
                                        QStringLiteral(".pgpass");
    d.newPassfile = true;
}

Result<ReattachDraft> draftOf(const ReattachRequest &request, const ReattachScene &scene)
{
    const Cluster *cluster = scene.topology.clusterOf(request.standby);
    const Node *standby = cluster ? cluster->node(request.standby) : nullptr;
    const Node *target = cluster ? cluster->node(request.target) : nullptr;
    if (!standby || !target || standby == target)
        return fail(QStringLiteral("Both must be nodes of one cluster, and not the same one."));
    const auto facts = scene.facts.constFind(standby->id);
    if (facts == scene.facts.cend() || facts->conninfoSetting.isEmpty())
        return fail(QStringLiteral("primary_conninfo of %1 is not known.").arg(reattachName(*standby)),
                    QStringLiteral("It must answer, and the role needs pg_monitor to read it."));
    const auto values = readConninfoText(facts->conninfoSetting);
    if (!values)
        return tl::unexpected(values.error());

    ReattachDraft d;
    d.standby = keyOf(*cluster, standby->id);
    d.target = keyOf(*cluster, target->id);
    const Link *link = cluster->linkTo(standby->id);
    const Node *old = link ? cluster->node(link->upstream) : nullptr;
    d.upstream = old ? keyOf(*cluster, old->id) : QString();
    d.slot = request.slot.isEmpty() ? reattachSlot(scene, standby->id, target->id) : request.slot;
    if (const auto checked = checkSlotName(d.slot); !checked)
        return tl::unexpected(checked.error());
    if (old && old->id != target->id && old->state == NodeState::Up)
        d.oldSlot = link->slot;
    d.oldSlotSetting = facts->primarySlotName;
    d.oldConninfo = withoutPassword(facts->conninfoSetting);
    d.hadPassword = facts->conninfoHasPassword;
    d.user = values->value(QStringLiteral("user"), QStringLiteral("postgres"));
    lookAtHost(d, scene, *standby);
    lookAtPassfile(d, *values);
    const SeenAddress seen = addressSeenBy(scene, standby->id, target->id);
    d.seen.host = request.host.isEmpty() ? seen.host : request.host;
    d.seen.port = request.port > 0 ? request.port : seen.port;
    const auto conninfo = conninfoOver(d.oldConninfo, d.seen.host, d.seen.port, d.passfile);
    if (!conninfo)
        return tl::unexpected(conninfo.error());
    d.conninfo = *conninfo;
    d.standbyVersion = standby->versionNum;
    d.targetIsStandby = target->role == Role::Standby;
    d.systemIdentifier = target->systemIdentifier;
    d.timeline = target->timeline;
    lookAtWal(d, *standby, *target);
    for (const QString &text : {d.standby, d.target, d.upstream, d.oldSlot, d.oldSlotSetting, d.oldConninfo,
                                d.conninfo, d.passfile, d.dataDirectory, d.systemIdentifier}) {
        if (!isPlain(text))
            return fail(QStringLiteral("A name or a setting holds characters that no step can carry: %1")
                            .arg(quote::visible(text)),
                        QStringLiteral("Change it first."));
    }
    return d;
}

} // namespace

QString reattachSlot(const ReattachScene &scene, const NodeId &standby, const NodeId &target)
{
    const Cluster *cluster = scene.topology.clusterOf(standby);
    const Node *node = cluster ? cluster->node(standby) : nullptr;
    const QSet<QString> taken = slotsOn(scene, target);
    const Link *link = cluster ? cluster->linkTo(standby) : nullptr;
    if (link && !link->slot.isEmpty() && !taken.contains(link->slot))
        return link->slot;
    QString base;
    for (const QChar c : node ? reattachName(*node).toLower() : standby)
        base += (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') ? c : QChar(u'_');
    base = base.left(50) + QStringLiteral("_slot");
    QString name = base;
    for (int n = 2; taken.contains(name); ++n)
        name = base + QString::number(n);
    return name;
}

Result<QString> conninfoOver(const QString &old, const QString &host, int port, const QString &passfile)
{
    const auto read = readConninfoText(old);
    if (!read)
        return tl::unexpected(read.error());
    // What says where, what picks among several, and what the server's own receiver adds by itself.
    static const QSet<QString> gone{QStringLiteral("host"),
                                    QStringLiteral("hostaddr"),
                                    QStringLiteral("port"),
                                    QStringLiteral("dbname"),
                                    QStringLiteral("replication"),
                                    QStringLiteral("target_session_attrs"),
                                    QStringLiteral("passfile"),
                                    QStringLiteral("load_balance_hosts"),
                                    QStringLiteral("fallback_application_name")};
    QStringList words{QStringLiteral("host=") + quote::conninfoValue(host),
                      QStringLiteral("port=%1").arg(port)};
    // Nobody's secret comes along, whoever calls this.
    const auto safe = readConninfoText(withoutPassword(old));
    for (auto it = safe->begin(); it != safe->end(); ++it) {
        if (!gone.contains(it.key()))
            words << it.key() + u'=' + quote::conninfoValue(it.value());
    }
    if (!passfile.isEmpty())
        words << QStringLiteral("passfile=") + quote::conninfoValue(passfile);
    return words.join(u' ');
}

Result<Plan> planReattach(const ReattachRequest &request, const ReattachScene &scene)
{
    const auto draft = draftOf(request, scene);
    if (!draft)
        return tl::unexpected(draft.error());
    const ReattachDraft &d = *draft;
    const Cluster &cluster = *scene.topology.clusterOf(request.standby);
    Plan plan;
    plan.id = QDateTime::fromMSecsSinceEpoch(scene.topology.takenAtUs / 1000, QTimeZone::utc())
                  .toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")) +
              QStringLiteral("-reattach-") + d.slot;
    plan.kind = QStringLiteral("reattach");
    plan.cluster = request.cluster;
    plan.subject = d.standby;
    plan.title = QStringLiteral("Re-attach %1 to %2").arg(d.standby, d.target);
    const Link *link = cluster.linkTo(request.standby);
    const Node *primary = cluster.primary();
    plan.lockNode = primary ? keyOf(cluster, primary->id) : d.target;
    for (const NodeId &id : {request.standby, request.target, link ? link->upstream : NodeId(),
                             primary ? primary->id : NodeId()}) {
        if (const auto facts = scene.facts.constFind(id); facts != scene.facts.cend())
            plan.endpoints.insert(keyOf(cluster, id), facts->endpoint);
    }
    plan.hosts = QStringList{d.host.isEmpty() ? localHostKey : d.host};
    plan.steps << reattachCheckStep(d);
    if (!d.passfile.isEmpty())
        plan.steps << reattachLoginStep(d);
    plan.steps << reattachSlotStep(d) << reattachPointStep(d);
    if (d.standbyVersion < 130000)
        plan.steps << reattachRestartStep(d);
    plan.steps << reattachStreamStep(d) << reattachArrivedStep(d);
    if (!d.oldSlot.isEmpty())
        plan.steps << reattachDropStep(d);
    plan.facts = {{QStringLiteral("standby"), d.standby},       {QStringLiteral("upstream"), d.target},
                  {QStringLiteral("old_upstream"), d.upstream}, {QStringLiteral("slot"), d.slot},
                  {QStringLiteral("old_slot"), d.oldSlot},      {QStringLiteral("replication_user"), d.user},
                  {QStringLiteral("passfile"), d.passfile}};
    return plan;
}

} // namespace understudy
