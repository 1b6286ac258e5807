// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "TestServer.h"
#include "operations/AddStandby.h"
#include "operations/PlanRunner.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace understudy::test {

/// A real primary with one standby, and all that is needed to add a second one. Removes what a test left.
class AddStandbyLab
{
public:
    ~AddStandbyLab() { stopAdded(); }

    bool start(const QStringList &settings = {})
    {
        primary = TestServer::primary(folder, QStringLiteral("primary"), settings);
        if (!primary)
            return false;
        standby1 = primary->standby(QStringLiteral("standby1"), QStringLiteral("standby_slot"));
        if (!standby1)
            return false;
        spec.title = QStringLiteral("lab");
        spec.replicationUser = QStringLiteral("replicator");
        spec.replicationPassfile = primary->passfile();
        for (const TestServer *server : {primary.get(), standby1.get()}) {
            Endpoint e;
            e.port = server->port();
            e.user = QStringLiteral("postgres");
            e.options.insert(QStringLiteral("passfile"), server->passfile());
            spec.nodes << WatchedNode{e.address(), server->name(), e};
        }
        return true;
    }

    Result<AddStandbyFacts> facts() const { return gatherFacts(spec, secrets); }

    /// A context with a fresh journal for @p plan.
    RunContext context(const Plan &plan, RunObserver *observer = nullptr) const
    {
        RunContext c;
        c.hosts.insert(QStringLiteral("local"), localHost());
        c.secrets = secrets;
        c.observer = observer;
        if (auto journal = Journal::create(plan, journals.path()))
            c.journal = *journal;
        return c;
    }

    /// What is there of a plan's things: empty when nothing is left.
    QStringList remains(const Plan &plan) const
    {
        QStringList left;
        const QString directory = plan.facts.value(QStringLiteral("data_directory"));
        const QString slot = plan.facts.value(QStringLiteral("slot"));
        if (QFileInfo::exists(directory))
            left << QStringLiteral("directory ") + directory;
        const QString own = QFileInfo(directory).path() + QStringLiteral("/.") +
                            QFileInfo(directory).fileName() + QStringLiteral(".pgpass");
        if (QFileInfo::exists(own))
            left << QStringLiteral("passfile ") + own;
        if (primary->psql(QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%1'")
                              .arg(slot)) != QStringLiteral("0"))
            left << QStringLiteral("slot ") + slot;
        for (const QString &process : processesOf(directory))
            left << QStringLiteral("process ") + process;
        return left;
    }

    /// Programs of PostgreSQL that name the directory in their words or work in it.
    static QStringList processesOf(const QString &directory)
    {
        QStringList found;
        for (const QString &pid :
             QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[1-9]*")}, QDir::Dirs)) {
            QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const QList<QByteArray> words = file.readAll().split('\0');
            const bool ours = words.first().contains("pg_basebackup") || words.first().contains("postgres");
            if ((ours && words.contains(directory.toUtf8())) ||
                QFile::symLinkTarget(QStringLiteral("/proc/%1/cwd").arg(pid)) == directory)
                found << pid + u' ' + QString::fromUtf8(words.join(' '));
        }
        return found;
    }

    /// Stops every server that a plan started in the lab's folder.
    void stopAdded()
    {
        for (const QFileInfo &info : QDir(folder.path()).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const bool ours = (primary && info.filePath() == primary->dataDir()) ||
                              (standby1 && info.filePath() == standby1->dataDir());
            if (!ours && QFileInfo::exists(info.filePath() + QStringLiteral("/postmaster.pid")))
                TestServer::runAsServerUser({TestServer::binDir() + QStringLiteral("/pg_ctl"),
                                             QStringLiteral("-D"), info.filePath(), QStringLiteral("-m"),
                                             QStringLiteral("immediate"), QStringLiteral("-w"),
                                             QStringLiteral("stop")});
        }
    }

    ServerFolder folder;
    QTemporaryDir journals;
    std::unique_ptr<TestServer> primary, standby1;
    ClusterSpec spec;
    std::shared_ptr<const SecretSource> secrets = std::make_shared<LibpqSecrets>();
};

} // namespace understudy::test
