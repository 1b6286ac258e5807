// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

#include <QSet>

namespace understudy::script {

/// The actions of a plan as lines of a shell script, and the variables that they need.
class ActionScript
{
public:
    explicit ActionScript(const Plan &plan) : m_plan(plan) { findVariables(); }

    /// @p keep: what the action stores is kept where something later reads it.
    QString lines(const Action &action, bool keep) const;
    /// A node's conninfo as the machine reaches it that the script runs on: a shell word.
    QString login(const QString &node) const;
    const QStringList &stored() const { return m_stored; }   ///< Values kept while it runs, in order.
    const QStringList &secrets() const { return m_secrets; } ///< Passwords that it needs.

    /// Its one fact is measured while it runs, which a shell does not.
    static bool isCopy(const Action &action);
    static bool isCopy(const Step &step);

private:
    void findVariables();
    QString statement(const QString &node, const QString &sql, const QString &before, const QString &storeAs,
                      bool keep) const;
    QString run(const SqlAction &, bool keep) const;
    QString run(const WaitAction &, bool keep) const;
    QString run(const CommandAction &, bool keep) const;
    QString run(const FileAction &, bool keep) const;
    QString run(const EditAction &, bool keep) const;

    const Plan &m_plan;
    QSet<QString> m_used; ///< Values that something later reads.
    QStringList m_stored, m_secrets;
};

} // namespace understudy::script
