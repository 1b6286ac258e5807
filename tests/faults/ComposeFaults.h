// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ComposeLab.h"
#include "TakenPort.h"
#include "TestServer.h"
#include "clusters/ClusterSecrets.h"
#include "operations/AddStandby.h"
#include "operations/FileEdit.h"
#include "operations/PlanHosts.h"
#include "operations/PlanRunner.h"
#include "operations/SeveralStandbys.h"
#include "operations/preflight/Preflight.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QTest>
#include <csignal>
#include <unistd.h>

namespace understudy::test {

/// The Compose lab, plans for it, and what must not be left behind.
class ComposeFaults
{
public:
    const QString primary = QStringLiteral("postgres-primary");

    /// False, with a warning, if the lab did not come up.
    bool start()
    {
        qputenv("HOME", QFile::encodeName(m_own.path())); // Nobody's own passwords take part.
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_own.path()));
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_own.path()));
        qunsetenv("PGPASSFILE");
        qunsetenv("PGPASSWORD");
        lab = std::make_unique<ComposeLab>();
        if (!lab->up())
            return false;
        return remember();
    }

    /// What is there now is what every undo must lead back to. False if the project cannot be read.
    bool remember()
    {
        const auto resolved = resolveCluster(lab->file());
        if (!resolved)
            return false;
        m_spec = *resolved;
        secrets = secretsOf(m_spec, std::make_shared<LibpqSecrets>());
        before = file();
        m_folderBefore = folder();
        m_thingsBefore = things();
        m_slotsBefore = slotNames();
        return !before.isEmpty();
    }

    QString slotNames() const
    {
        return lab->psql(primary, QStringLiteral("SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM "
                                                 "pg_replication_slots"));
    }

    QByteArray file() const
    {
        QFile file(lab->file());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    bool write(const QByteArray &content) const
    {
        QFile file(lab->file());
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    }

    Result<Plan> plan(AddStandbyRequest request = {}) const
    {
        request.on = QStringLiteral("compose");
        auto facts = gatherFacts(m_spec, secrets);
        if (!facts)
            return tl::unexpected(facts.error());
        if (replicationPassword(m_spec, request))
            facts->haveReplicationSecret = true;
        return planAddStandby(suggest(request, *facts), *facts);
    }

    Result<SeveralStandbys> planSeveral(int count) const
    {
        AddStandbyRequest request;
        request.on = QStringLiteral("compose");
        const auto facts = gatherFacts(m_spec, secrets);
        if (!facts)
            return tl::unexpected(facts.error());
        return understudy::planSeveral(request, count, *facts);
    }

    /// One check of the pre-flight, with a typed password for the replication role.
    CheckResult check(AddStandbyRequest request, const QString &id, const QString &password) const
    {
        request.on = QStringLiteral("compose");
        const auto facts = gatherFacts(m_spec, secrets);
        if (!facts)
            return {};
        QMap<QString, QString> values;
        if (!password.isEmpty())
            values.insert(QStringLiteral("replication"), password);
        const PreflightResult result =
            runPreflight(suggest(request, *facts), *facts, secrets, values, {}, {}, {id});
        return result.checks.value(0);
    }

    RunContext context(const Plan &plan, RunObserver *observer = nullptr) const
    {
        RunContext context;
        context.hosts = hostsOf(plan);
        context.secrets = secrets;
        context.observer = observer;
        return context;
    }

    /// What a plan must not leave when it is undone: one line a thing.
    QStringList remains(const QByteArray &expectedFile) const
    {
        QStringList out;
        if (file() != expectedFile)
            out << QStringLiteral("another Compose file");
        if (folder() != m_folderBefore)
            out << QStringLiteral("files: ") + folder().join(u' ');
        if (things() != m_thingsBefore)
            out << QStringLiteral("in the engine: ") + things();
        const QString slots_ = slotNames();
        if (slots_ != m_slotsBefore)
            out << QStringLiteral("slots: ") + slots_;
        for (const auto &[pid, words] : processes())
            out << QStringLiteral("process %1: %2").arg(pid).arg(words.join(u' ').left(300));
        return out;
    }

    /// Stops the Compose on the lab's file that has @p word, as it is just beginning. False if there is none.
    bool freeze(const QString &word) const
    {
        bool found = false;
        for (const auto &[pid, words] : processes()) {
            if (words.contains(word) && words.contains(QStringLiteral("-p")))
                found = ::kill(pid, SIGSTOP) == 0 || found;
        }
        return found;
    }

    /// @p standbys: how many stream by then.
    bool streams(const Plan &plan, int standbys = 2) const
    {
        return lab->psql(primary, QStringLiteral("SELECT count(*) FROM pg_stat_replication r JOIN "
                                                 "pg_replication_slots s ON s.active_pid = r.pid "
                                                 "WHERE r.state = 'streaming'")) ==
                   QString::number(standbys) &&
               lab->psql(plan.facts.value(QStringLiteral("service")),
                         QStringLiteral("SELECT count(*) FROM orders")) == QLatin1String("50004");
    }

    /// Takes away whatever a test made, so that the next one begins as the first.
    void reset(const QString &service, const QString &volume, const QString &slot) const
    {
        (void)write(before);
        takeAway(service, volume);
        dropSlots({slot});
    }
    void reset(const QList<Plan> &plans) const
    {
        (void)write(before);
        QStringList slotsOfThem;
        for (const Plan &plan : plans) {
            takeAway(plan.facts.value(QStringLiteral("service")), plan.facts.value(QStringLiteral("volume")));
            slotsOfThem << plan.facts.value(QStringLiteral("slot"));
        }
        dropSlots(slotsOfThem);
    }

    void takeAway(const QString &service, const QString &volume) const
    {
        const QString ids = lab->container(service);
        for (const QString &id : ids.split(u'\n', Qt::SkipEmptyParts))
            (void)lab->docker({QStringLiteral("rm"), QStringLiteral("-f"), id});
        if (lab->docker({QStringLiteral("volume"), QStringLiteral("ls"), QStringLiteral("-q")})
                .split(u'\n')
                .contains(volume))
            (void)lab->docker({QStringLiteral("volume"), QStringLiteral("rm"), volume});
    }

    void dropSlots(const QStringList &names) const
    {
        const auto dropped = [&] {
            for (const QString &slot : names)
                (void)lab->psql(primary,
                                QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM "
                                               "pg_replication_slots WHERE slot_name = '%1' AND NOT active")
                                    .arg(slot));
            return slotNames() == m_slotsBefore;
        };
        QTRY_VERIFY_WITH_TIMEOUT(dropped(), 15000);
        // The walsender of a copy whose container was killed lingers, sometimes for long.
        const auto ended = [&] {
            return lab->psql(primary, QStringLiteral("SELECT count(pg_terminate_backend(pid)) FROM "
                                                     "pg_stat_progress_basebackup")) == QLatin1String("0");
        };
        QTRY_VERIFY_WITH_TIMEOUT(ended(), 15000);
    }
    void reset(const Plan &plan) const
    {
        reset(plan.facts.value(QStringLiteral("service")), plan.facts.value(QStringLiteral("volume")),
              plan.facts.value(QStringLiteral("slot")));
    }

    std::optional<JournalEntry> journalOf(const Plan &plan) const
    {
        for (const JournalEntry &entry : Journal::entries(journals())) {
            if (entry.record.plan.id == plan.id)
                return entry;
        }
        return std::nullopt;
    }

    QString journals() const { return m_own.path() + QStringLiteral("/understudy/operations"); }
    QString ownFolder() const { return m_own.path(); }

    /// Whether a password of the lab's stands in @p text.
    static bool tells(const QByteArray &text)
    {
        return text.contains("replicator-secret") || text.contains("primary-$ecret") ||
               text.contains("primary-$$ecret");
    }
    /// Files below the folder of this test that hold one: journals, reports.
    QStringList filesThatTell() const
    {
        QStringList out;
        QDirIterator files(m_own.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile each(files.next());
            // The engine's own, for the moment of a health check: it was started with this folder as its own.
            if (QFileInfo(each).fileName().startsWith(QLatin1String("runc-process")))
                continue;
            const QByteArray content = each.open(QIODevice::ReadOnly) ? each.readAll() : QByteArray();
            const QList<QByteArray> lines = content.split('\n');
            for (qsizetype i = 0; i < lines.size(); ++i) {
                if (tells(lines[i]))
                    out << QStringLiteral("%1:%2: %3")
                               .arg(each.fileName())
                               .arg(i + 1)
                               .arg(QString::fromUtf8(lines[i].left(2000)));
            }
        }
        return out;
    }

    /// What the run said, for a test that failed.
    static QString said(const RunRecord &record)
    {
        QString out = record.error + u' ' + record.leftBehind.join(u' ');
        for (const StepRecord &step : record.steps) {
            out += QStringLiteral("\n%1 %2").arg(step.stepId).arg(int(step.state));
            for (const LogLine &line : step.log)
                out += QStringLiteral("\n    ") + line.text;
        }
        return out;
    }

    static bool wholeMatrix() { return qEnvironmentVariable("UNDERSTUDY_ALL_FAULTS") == QLatin1String("1"); }

    std::unique_ptr<ComposeLab> lab;
    std::shared_ptr<const SecretSource> secrets;
    QByteArray before;

private:
    /// Other processes that speak of the lab's file, with their words.
    QList<std::pair<pid_t, QStringList>> processes() const
    {
        QList<std::pair<pid_t, QStringList>> out;
        const auto pids = QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs);
        for (const QString &pid : pids) {
            QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
            const QByteArray line = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
            if (line.contains(lab->file().toUtf8()) && pid.toLongLong() != QCoreApplication::applicationPid())
                out << std::pair{pid_t(pid.toInt()), QString::fromUtf8(line).split(QChar(0))};
        }
        return out;
    }
    QStringList folder() const
    {
        return QDir(lab->folder() + QStringLiteral("/project"))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }
    QString things() const
    {
        return lab->docker({QStringLiteral("ps"), QStringLiteral("-aq")}) + u'\n' +
               lab->docker({QStringLiteral("volume"), QStringLiteral("ls"), QStringLiteral("-q")}) + u'\n' +
               lab->docker({QStringLiteral("network"), QStringLiteral("ls"), QStringLiteral("-q")});
    }

    ClusterSpec m_spec;
    QTemporaryDir m_own;
    QStringList m_folderBefore;
    QString m_thingsBefore;
    QString m_slotsBefore;
};

} // namespace understudy::test
