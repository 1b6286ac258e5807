// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/SqlSession.h"
#include "operations/RunTeller.h"

#include <map>

namespace understudy {

/// How one action ended.
struct ActionEnd
{
    JournalAction::Ended ended = JournalAction::Ended::Failed;
    QString value; ///< What is kept under its storeAs.
    QString said;  ///< When it failed: everything that was said.
    bool ok() const { return ended == JournalAction::Ended::Ok; }
};

/// Performs single actions: resolves placeholders, has the effect, logs what was run and what came back.
/// Keeps one session a node. Lives on the runner's thread, which it blocks.
class ActionRunner
{
public:
    ActionRunner(RunTeller &teller, RunContext &context) : m_teller(teller), m_context(context) {}

    /// @p index: the step on whose behalf. Stopping ends waits and commands; a statement is never cut off, so
    /// that its effect is known.
    ActionEnd perform(const Action &action, int index, std::stop_token stop);
    /// A machine that could not be connected to is not tried again, which would take as long once more; from
    /// here on it is, once.
    void tryAgain() { m_notReached.clear(); }

private:
    ActionEnd run(const SqlAction &, int index, std::stop_token stop);
    ActionEnd run(const CommandAction &, int index, std::stop_token stop);
    ActionEnd run(const FileAction &, int index, std::stop_token stop);
    ActionEnd run(const WaitAction &, int index, std::stop_token stop);
    ActionEnd run(const EditAction &, int index, std::stop_token stop);
    static ActionEnd create(const EditAction &, Host &host);
    static ActionEnd removeCreated(const EditAction &, Host &host);
    Result<Command> resolved(const Command &command) const;
    /// The session to a node, opened when there is none.
    Result<SqlSession *> session(const QString &node, std::stop_token stop);
    Result<std::shared_ptr<Host>> host(const QString &key) const;
    /// What a call on that machine failed with, as the end of its action.
    ActionEnd failedOn(const QString &key, const Error &error);

    RunTeller &m_teller;
    RunContext &m_context;
    std::map<QString, std::unique_ptr<SqlSession>> m_sessions;
    QMap<QString, QString> m_notReached; ///< Host keys, and what was said of them.
};

/// Sleeps until @p ms have passed or @p stop is requested.
void pauseFor(int ms, std::stop_token stop);

} // namespace understudy
