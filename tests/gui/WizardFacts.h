// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardState.h"

#include <QLineEdit>
#include <QTest>

/// What the wizard's pages know of a cluster, made by hand: no server, no engine.
namespace understudy::test {

inline const QString primaryId = QStringLiteral("127.0.0.1:15432");
inline const QString standbyId = QStringLiteral("127.0.0.1:15433");

inline Node nodeOf(const QString &id, const QString &name, Role role, NodeState state)
{
    Node node;
    node.id = id;
    node.name = name;
    node.host = QStringLiteral("127.0.0.1");
    node.port = id.section(u':', 1).toInt();
    node.role = role;
    node.state = state;
    node.versionNum = 150018;
    node.walRate = 18.0 * 1024;
    return node;
}

/// A primary with one standby; what a worker would have gathered.
inline WizardState stateWithFacts()
{
    WizardState state;
    state.spec.title = QStringLiteral("demo");
    state.spec.replicationUser = QStringLiteral("replicator");
    Cluster cluster;
    cluster.systemIdentifier = QStringLiteral("7");
    cluster.nodes = {nodeOf(primaryId, QStringLiteral("primary"), Role::Primary, NodeState::Up),
                     nodeOf(standbyId, QStringLiteral("standby1"), Role::Standby, NodeState::Up)};
    Link link;
    link.upstream = primaryId;
    link.downstream = standbyId;
    link.slot = QStringLiteral("standby_slot");
    link.state = LinkState::Streaming;
    link.lag = LagState::CaughtUp;
    link.lagBytes = 0;
    cluster.links << link;
    Slot slot;
    slot.node = primaryId;
    slot.name = QStringLiteral("standby_slot");
    cluster.slots_ << slot;
    for (const Node &node : cluster.nodes) {
        Endpoint endpoint;
        endpoint.port = node.port;
        state.spec.nodes << WatchedNode{node.id, node.name, endpoint};
    }
    AddStandbyFacts facts;
    facts.spec = state.spec;
    facts.topology.clusters << cluster;
    facts.binDirectory = QStringLiteral("/usr/lib/postgresql/15/bin");
    facts.currentUser = QStringLiteral("dba");
    facts.haveReplicationSecret = true;
    state.facts = facts;
    return state;
}

/// The same cluster, opened from a Compose file: an anchor, a comment, a password.
inline QByteArray composeText()
{
    return "services:\n"
           "  primary:\n"
           "    image: postgres:15\n"
           "    environment:\n"
           "      POSTGRES_PASSWORD: primary-secret\n"
           "    ports:\n"
           "      - \"127.0.0.1:15432:5432\"\n"
           "    volumes:\n"
           "      - primary_data:/var/lib/postgresql/data\n"
           "\n"
           "  standby1: # the first\n"
           "    image: postgres:15\n"
           "    environment:\n"
           "      PGPASSWORD: replicator-secret\n"
           "    ports:\n"
           "      - \"127.0.0.1:15433:5432\"\n"
           "    volumes:\n"
           "      - standby1_data:/var/lib/postgresql/data\n"
           "\n"
           "volumes:\n"
           "  primary_data:\n"
           "  standby1_data:\n";
}

inline ComposeService composeService(const QString &name, int port, const QString &variable,
                                     const QString &password)
{
    ComposeService service;
    service.name = name;
    service.image = QStringLiteral("postgres:15");
    service.environment.insert(variable, password);
    service.ports << ComposePort{QStringLiteral("127.0.0.1"), port, port, 5432, QStringLiteral("tcp")};
    service.volumes << ComposeVolume{QStringLiteral("volume"), name + QStringLiteral("_data"),
                                     QStringLiteral("/var/lib/postgresql/data"), false};
    service.networks << QStringLiteral("default");
    return service;
}

inline WizardState stateWithComposeFacts()
{
    WizardState state = stateWithFacts();
    state.spec.composeFile = QStringLiteral("/srv/shop/docker-compose.yml");
    state.facts->spec = state.spec;
    ComposeTarget target;
    target.base = QStringList{QStringLiteral("docker"), QStringLiteral("compose"), QStringLiteral("-f"),
                              state.spec.composeFile,   QStringLiteral("-p"),      QStringLiteral("shop")};
    target.opened = target.file = state.spec.composeFile;
    target.content = composeText();
    target.files << ComposeTarget::File{target.file, target.content};
    target.projectName = QStringLiteral("shop");
    target.project.services << composeService(QStringLiteral("primary"), 15432,
                                              QStringLiteral("POSTGRES_PASSWORD"),
                                              QStringLiteral("primary-secret"))
                            << composeService(QStringLiteral("standby1"), 15433, QStringLiteral("PGPASSWORD"),
                                              QStringLiteral("replicator-secret"));
    target.project.volumes << QStringLiteral("primary_data") << QStringLiteral("standby1_data");
    target.model = QStringLiteral("standby1");
    target.modelNode = standbyId;
    target.modelSlot = QStringLiteral("standby_slot");
    target.modelVolume = QStringLiteral("standby1_data");
    target.dataPath = target.mountPath = QStringLiteral("/var/lib/postgresql/data");
    target.upstream.host = QStringLiteral("primary");
    target.upstream.user = QStringLiteral("replicator");
    target.modelUpstream = primaryId;
    state.facts->compose = target;
    return state;
}

/// For people: where UNDERSTUDY_SHOTS names a folder, what @p page looks like once it is laid out.
inline void keepPicture(QWidget &page, const QString &name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    for (int i = 0; i < 4; ++i) { // rows are shown, then laid out, then what is around them
        QCoreApplication::sendPostedEvents();
    }
    page.grab().save(folder + u'/' + name + QStringLiteral(".png"));
}

inline void type(QLineEdit *edit, const QString &text)
{
    edit->setFocus();
    edit->selectAll();
    if (text.isEmpty())
        QTest::keyClick(edit, Qt::Key_Delete);
    else
        QTest::keyClicks(edit, text);
}

} // namespace understudy::test
