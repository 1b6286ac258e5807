// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AddStandbyLab.h"
#include "TakenPort.h"

#include <QTest>
#include <csignal>
#include <unistd.h>

namespace understudy::test {

/// Does something once, on the plan's own thread, at a moment of the run.
class Moment final : public RunObserver
{
public:
    Moment() = default;
    Moment(QString step, StepState state, std::function<void()> fault)
        : m_step(std::move(step)), m_state(state), m_fault(std::move(fault))
    {
    }
    /// In the middle of the copy: once it has brought this many bytes.
    Moment(qint64 bytes, std::function<void()> fault) : m_bytes(bytes), m_fault(std::move(fault)) {}

    std::stop_source stop;
    std::function<void(const CopyProgress &)> whileCopying; ///< After the fault.

    void stepChanged(int, const StepRecord &step) override
    {
        if (m_bytes == 0 && step.stepId == m_step && step.state == m_state)
            once();
    }
    void copying(int, const CopyProgress &progress) override
    {
        if (m_done && whileCopying)
            whileCopying(progress);
        if (m_bytes > 0 && progress.doneBytes >= m_bytes && progress.phase == CopyProgress::Phase::Files)
            once();
    }
    bool happened() const { return m_done; }

private:
    void once()
    {
        if (m_done || !m_fault)
            return;
        m_done = true;
        m_fault();
    }
    QString m_step;
    StepState m_state = StepState::Waiting;
    qint64 m_bytes = 0;
    std::function<void()> m_fault;
    bool m_done = false;
};

/// The lab of adding a standby here, and everything beside a plan's own things that must be as before.
class LocalFaults : public AddStandbyLab
{
public:
    /// Keeps what is there now: what a plan leaves beside it is seen by left().
    void remember()
    {
        m_files = files();
        m_settings = settings();
        m_slots = slots_();
    }

    /// What is there of a plan and should not be: one line a thing. Asks the primary.
    QStringList left(const Plan &plan) const
    {
        QStringList out = remains(plan);
        for (const QString &name : files())
            if (!m_files.contains(name))
                out << QStringLiteral("file ") + name;
        if (settings() != m_settings)
            out << QStringLiteral("settings ") + settings();
        if (slots_() != m_slots)
            out << QStringLiteral("slots ") + slots_();
        if (primary->psql(QStringLiteral("SELECT count(*) FROM pg_stat_progress_basebackup")) !=
            QLatin1String("0"))
            out << QStringLiteral("a base backup that nobody reads");
        return out;
    }

    /// Every wait of the plan, forward and back, at most this long: what never comes is known sooner.
    static Plan impatient(Plan plan, int ms)
    {
        for (Step &step : plan.steps) {
            for (QList<Action> *actions : {&step.actions, &step.undo})
                for (Action &action : *actions)
                    if (auto *wait = std::get_if<WaitAction>(&action))
                        wait->deadlineMs = std::min(wait->deadlineMs, ms);
        }
        return plan;
    }

    /// The copy is ended after this long a silence.
    static Plan silentFor(Plan plan, int ms)
    {
        for (Step &step : plan.steps)
            for (Action &action : step.actions)
                if (auto *command = std::get_if<CommandAction>(&action); command && command->silenceMs > 0)
                    command->silenceMs = ms;
        return plan;
    }

    static void killCopy(const Plan &plan, int signal)
    {
        for (const QString &process : processesOf(plan.facts.value(QStringLiteral("data_directory"))))
            if (process.contains(QLatin1String("pg_basebackup")))
                ::kill(pid_t(process.section(u' ', 0, 0).toInt()), signal);
    }

    static QString said(const RunRecord &record)
    {
        QString out = record.error + u' ' + record.leftBehind.join(u' ');
        for (const StepRecord &step : record.steps) {
            out += QStringLiteral("\n%1 %2 %3").arg(step.stepId).arg(int(step.state)).arg(step.error);
            for (const LogLine &line : step.log)
                out += QStringLiteral("\n    ") + line.text;
        }
        return out;
    }

private:
    QStringList files() const
    {
        QStringList names =
            QDir(folder.path())
                .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
        return names;
    }
    QString settings() const
    {
        return primary->psql(QStringLiteral("SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) "
                                            "FROM pg_settings WHERE source = 'configuration file'"));
    }
    QString slots_() const
    {
        return primary->psql(QStringLiteral("SELECT string_agg(slot_name, ' ' ORDER BY slot_name) "
                                            "FROM pg_replication_slots"));
    }

    QStringList m_files;
    QString m_settings, m_slots;
};

} // namespace understudy::test
