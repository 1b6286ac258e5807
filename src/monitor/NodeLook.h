// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/ClusterMonitor.h"
#include "monitor/Connection.h"

#include <atomic>

namespace understudy {

/// How often and how patiently a node is asked.
struct ProbePace
{
    int deadlineMs = 3000;
    int intervalMs = 1000;     ///< Between two looks; a node that fails is left alone for about as long.
    int vitalsEveryMs = 10000; ///< What changes slowly is read this often.
};

/// Looks at one node, again and again, on the thread of its connection; remembers between two looks what need
/// not be asked each time. Only `giveUp` may be called from elsewhere.
class NodeLook
{
public:
    NodeLook(WatchedNode node, std::shared_ptr<const SecretSource> secrets, const ProbePace &pace);

    /// Blocking. Connects when needed; a connection that broke is replaced within the same look.
    NodeSnapshot look(Connection &connection, const std::shared_ptr<SocketCut> &cut);
    /// The running look is not waited for any more: it shall not try again.
    void giveUp() { m_givenUp = true; }

private:
    std::optional<ConnectionError> connect(Connection &, const std::shared_ptr<SocketCut> &);
    std::optional<ConnectionError> ask(Connection &, NodeSnapshot &);
    std::optional<ConnectionError> readIdentity(Connection &);
    std::optional<ConnectionError> readSettings(Connection &);
    void readSizes(Connection &);
    void readVitals(Connection &);
    void rememberFailure(Answer answer, const QString &text);
    bool mustHoldBack() const;
    static bool isDue(qint64 readUs, qint64 everyUs);

    const WatchedNode m_node;
    const std::shared_ptr<const SecretSource> m_secrets;
    const ProbePace m_pace;
    std::atomic<bool> m_givenUp{false};

    // Of this connection.
    int m_versionNum = 0;
    QString m_systemIdentifier;
    bool m_canMonitor = false;
    qint64 m_startTimeUs = 0;
    NodeSnapshot m_bySettings;      ///< Only what the settings say; read seldom, told at every look.
    qint64 m_configurationTime = 0; ///< As of the last look.
    qint64 m_settingsTime = -1;     ///< The configuration time that m_settings were read under.

    std::optional<qint64> m_databaseBytes;
    qint64 m_sizesReadUs = 0; ///< Monotonic; 0: never.
    std::optional<Vitals> m_vitals;
    qint64 m_vitalsReadUs = 0; ///< Monotonic; 0: never.
    std::optional<ConnectionError> m_lastFailure;
    qint64 m_nextAttemptUs = 0; ///< Monotonic.
};

} // namespace understudy
