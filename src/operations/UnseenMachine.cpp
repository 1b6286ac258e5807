// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/UnseenMachine.h"

#include "hosts/Deployment.h"
#include "operations/ChoiceSteps.h"
#include "operations/NeededFiles.h"
#include "operations/preflight/Estimates.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

namespace understudy {

namespace {

const QString place = QStringLiteral("script");

// A machine of its own has the layout of its like: beside where the upstream has its data, if that is where
// packages put it.
QString parentDirectory(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const Node *upstream = facts.upstreamOf(request);
    if (upstream && request.keeper == QLatin1String("pg_ctlcluster"))
        return QStringLiteral("/var/lib/postgresql/%1").arg(upstream->versionNum / 10000);
    static const QRegularExpression packaged(QStringLiteral("^/var/lib/(postgresql|pgsql)/[0-9]+/[^/]+$"));
    const QString data = facts.serverSettings.value(upstream ? upstream->id : NodeId())
                             .value(QStringLiteral("data_directory"))
                             .value;
    if (packaged.match(data).hasMatch())
        return QFileInfo(data).path();
    return QStringLiteral("/var/lib/postgresql/standbys");
}

QString freeName(const AddStandbyFacts &facts)
{
    QSet<QString> used;
    qsizetype number = 1;
    for (const Cluster &cluster : facts.topology.clusters) {
        number = std::max(number, cluster.standbys().size() + 1);
        for (const Node &node : cluster.nodes)
            used << node.name;
        for (const Slot &slot : cluster.slots_)
            used << slot.name;
    }
    const auto name = [&] { return QStringLiteral("standby%1").arg(number); };
    while (used.contains(name()) || used.contains(name() + QStringLiteral("_slot")))
        ++number;
    return name();
}

} // namespace

bool isScriptPlace(const QString &on)
{
    return on == place || on.startsWith(place + u':');
}

QString scriptMachine(const QString &on)
{
    const QString name = on.mid(place.size() + 1).trimmed();
    return name.isEmpty() ? QStringLiteral("the other machine") : name;
}

AddStandbyFacts unseenPlace(AddStandbyFacts facts, const QString &on)
{
    facts.target = {};
    facts.target.place = on;
    facts.target.name = scriptMachine(on);
    facts.target.canAdmin = true; // where it must, the script asks to be run as root
    facts.target.keepers = {QStringLiteral("pg_ctl"), QStringLiteral("pg_ctlcluster"),
                            QStringLiteral("systemd")};
    facts.binDirectory = QStringLiteral("${bin}");
    facts.runAs = QStringLiteral("${server_user}");
    facts.currentUser = QStringLiteral("root");
    facts.sharedPassfiles.clear();
    facts.haveReplicationSecret = true; // asked for where it is run
    return facts;
}

AddStandbyRequest suggestUnseen(AddStandbyRequest request, const AddStandbyFacts &facts)
{
    const Node *upstream = facts.upstreamOf(request);
    if (request.keeper.isEmpty())
        request.keeper = keeperFor(request, facts);
    if (request.name.isEmpty())
        request.name = freeName(facts);
    if (request.slot.isEmpty())
        request.slot = slotNameFor(request.name);
    if (request.port == 0)
        request.port = upstream ? upstream->port : 5432;
    if (request.dataDirectory.isEmpty())
        request.dataDirectory = parentDirectory(request, facts) + u'/' + request.name;
    if (request.replicationUser.isEmpty())
        request.replicationUser = facts.spec.replicationUser;
    request.useEmptyDirectory = false; // found out where it is run
    request.choices.emptyDirectories.clear();
    if (!request.choices.verifyBackup)
        request.choices.verifyBackup = upstream && upstream->versionNum >= 130000;
    if (request.choices.restoreCommand.isNull())
        request.choices.restoreCommand =
            upstream ? restoreCommandThere(facts, *upstream) : QStringLiteral("");
    // Each is at its old path unless the person says otherwise, and then goes with an undo like the others.
    if (upstream)
        for (const Tablespace &tablespace : facts.tablespaces.value(upstream->id))
            if (QString &to = request.choices.tablespaces[tablespace.location]; to.isEmpty())
                to = tablespace.location;
    if (!request.choices.slot)
        request.slot.clear();
    return request;
}

UnseenTarget unseenTarget(const AddStandbyDraft &d, const AddStandbyFacts &facts, const Node &upstream)
{
    UnseenTarget t;
    t.machine = scriptMachine(d.request.on);
    t.major = upstream.versionNum / 10000;
    if (const Cluster *cluster = facts.topology.clusterOf(upstream.id))
        t.systemIdentifier = cluster->systemIdentifier;
    t.name = d.request.name;
    t.port = d.request.port;
    t.dataDirectory = d.request.dataDirectory;
    t.passfile = d.passfile;
    t.keeper = d.deployment->keeper();
    const QString address = d.upstreamSeen.address();
    t.upstream = d.upstream == address ? address : QStringLiteral("%1 (%2)").arg(d.upstream, address);
    t.upstreamHost = d.upstreamSeen.host;
    t.upstreamPort = d.upstreamSeen.port;
    Endpoint login = d.upstreamSeen;
    login.options.insert(QStringLiteral("connect_timeout"), QStringLiteral("10"));
    t.login = login.conninfo();
    t.loginUser = login.user;
    t.loginDatabase = login.database;
    login.user = d.role;
    login.database = QStringLiteral("replication");
    t.replicationLogin = login.conninfo(
        {{QStringLiteral("replication"), QStringLiteral("true")}, {QStringLiteral("passfile"), d.passfile}});
    t.role = d.role;
    t.streamingSql = QStringLiteral("SELECT r.state = 'streaming' ") + d.sender();
    t.bytes = upstream.databaseBytes.value_or(0);
    t.copyRate = qint64(double(qint64(1) << 40) / estimates::copySeconds(qint64(1) << 40, d.request.maxRate));
    t.verifies = d.request.choices.verifyBackup.value_or(false);
    t.makesParent = makesParent(d.request.dataDirectory);
    t.files = neededFiles(d.settings) + connectionFiles(d.upstreamSeen).values();
    t.files.removeDuplicates();
    t.libraries = neededLibraries(d.settings);
    static const QRegularExpression blank(QStringLiteral("\\s"));
    t.restoreProgram = d.request.choices.restoreCommand.trimmed().section(blank, 0, 0);
    t.walDirectory = d.request.choices.walDirectory;
    t.tablespaces = d.request.choices.tablespaces;
    return t;
}

Step checkMachineStep(const AddStandbyDraft &d)
{
    Step s;
    s.id = QStringLiteral("machine");
    s.title = QStringLiteral("Check the machine");
    s.why =
        QStringLiteral("Both logins, the programs, the user, the port, the directories and the disk space, "
                       "on %1 itself, before anything is made.")
            .arg(scriptMachine(d.request.on));
    s.readsOnly = true;
    s.aboutSeconds = 2;
    // What the keeper has by that name is told before the copy, not after it.
    if (const auto registration = d.deployment->registration()) {
        CommandAction absent = d.keeper(registration->absent);
        absent.atomic = true;
        s.actions << absent;
    }
    return s;
}

} // namespace understudy
