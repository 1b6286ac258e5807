// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"
#include "monitor/SqlSession.h"
#include "operations/UnseenMachine.h"
#include "operations/preflight/ComposeProbe.h"
#include "operations/preflight/Preflight.h"

#include <mutex>

namespace understudy {

/// A WAL position and the server's own clock when it was read.
struct WalSample
{
    Lsn lsn;
    qint64 serverUs = 0;
};

/// What the first check learned of the upstream; the checks that need it begin only afterwards.
struct UpstreamAnswer
{
    bool answers = false;
    QString why; ///< Why it does not, one sentence.
    int versionNum = 0;
    bool inRecovery = false;
    QString systemIdentifier;
    QString role; ///< As whom we are logged in.
    WalSample first;
};

/// What all checks of one pre-flight share. Read-only while they run, but for what is asked once for several.
class CheckContext
{
public:
    CheckContext(AddStandbyRequest request, AddStandbyFacts facts,
                 std::shared_ptr<const SecretSource> secrets, QMap<QString, QString> secretValues,
                 std::stop_token stop, std::shared_ptr<Host> host);

    const AddStandbyRequest request;
    const AddStandbyFacts facts;
    const std::shared_ptr<const SecretSource> secrets;
    const QMap<QString, QString> secretValues;
    const std::stop_token stop;
    const std::shared_ptr<Host> host; ///< The target.

    WatchedNode upstream;
    bool cascade = false;                       ///< The upstream is a standby.
    std::optional<HostBinding> upstreamBinding; ///< When it was proved to run on this machine.
    bool sharesMachine = false;                 ///< ...and the new standby will, too.
    UpstreamAnswer server;
    ComposeProbe composeProbe{*this}; ///< For a standby of a Compose project.

    Endpoint upstreamSeen() const { return facts.seen(upstream, request); } ///< As the target reaches it.
    QString targetWord() const;      ///< "this machine" or the host that ssh connects to, for sentences
    QString upstreamWord() const;    ///< "primary" or the standby's name, for sentences
    QString serverUser() const;      ///< Operating-system user of the new server
    QString replicationUser() const; ///< The role that the standby logs in with; empty if none is known.
    /// The target cannot be reached; its script checks it. There is no host then.
    bool isUnseen() const { return isScriptPlace(request.on); }
    bool isCompose() const { return request.on == QLatin1String("compose"); }
    const Cluster *cluster() const { return facts.topology.clusterOf(upstream.id); }
    const NodeSnapshot *upstreamSnapshot() const;

    /// Bytes of WAL a second, over a second at least; nothing when it cannot be measured.
    std::optional<double> walRate(SqlSession &sql);
    /// Free space where the data of the upstream is; only when it runs on this machine.
    std::optional<qint64> upstreamDiskFree() const;

private:
    std::mutex m_rateMutex;
    bool m_rateTaken = false;
    std::optional<double> m_rate;
};

/// One check as it runs: where it writes and what it may ask.
struct CheckRun
{
    CheckContext &cx;
    CheckResult &result;
    SqlSession *sql = nullptr; ///< Null for the checks that do not need the server.

    void pass(const QString &evidence) { say(CheckStatus::Pass, evidence); }
    void warn(const QString &evidence, const QString &why)
    {
        say(CheckStatus::Warning, evidence);
        result.why = why;
    }
    void failed(const QString &evidence, const QString &why, const QString &field = {})
    {
        say(CheckStatus::Fail, evidence);
        result.why = why;
        result.field = field;
    }
    void skip(const QString &why) { say(CheckStatus::Skipped, why); }
    /// A question stayed without an answer: said so, never passed over.
    void unknown(const Error &error)
    {
        warn(QStringLiteral("could not be told: ") + error.what,
             QStringLiteral("Without an answer this check says nothing about the plan."));
        result.waivable = true;
    }
    void fix(const QString &command, const QString &button = {}, bool restarts = false)
    {
        result.fix = CheckFix{};
        result.fix->command = command;
        result.fix->button = button;
        result.fix->restartsPrimary = restarts;
    }
    void fixField(const QString &field, const QString &value)
    {
        fix({}, QStringLiteral("Use %1 and check again").arg(value));
        result.fix->setField = field;
        result.fix->setValue = value;
        result.fix->canApply = true;
    }
    Result<SqlRows> ask(const QString &statement, const QVariantList &binds = {}, int timeoutMs = 5000)
    {
        return sql->query(statement, binds, timeoutMs, cx.stop);
    }

private:
    void say(CheckStatus status, const QString &evidence)
    {
        result.status = status;
        result.evidence = evidence;
    }
};

} // namespace understudy
