// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"
#include "operations/ComposeTarget.h"

#include <mutex>
#include <optional>

namespace understudy {

class CheckContext;

/// The Docker engine that a Compose standby will live in.
struct EngineAnswer
{
    QString version; ///< Of the engine, "20.10.24"
    QString root;    ///< Where it keeps volumes, on its own machine; empty if it does not say.
    bool operator==(const EngineAnswer &) const = default;
};

/// What a one-off container of the model's service found: it has that service's image, environment and
/// networks, as the new one will.
struct ContainerAnswer
{
    QString server, copier;          ///< Versions of postgres and pg_basebackup; empty: not there.
    QString uid;                     ///< Of its user postgres; empty: there is none.
    bool verifier = false;           ///< It has pg_verifybackup.
    bool canSwitch = false;          ///< The user can be changed to postgres there.
    std::optional<qint64> freeBytes; ///< On the file system of the model's data volume.
    int loginExit = -1;              ///< Of psql with IDENTIFY_SYSTEM; below 0: it did not run.
    QString login;                   ///< What psql said.
    bool operator==(const ContainerAnswer &) const = default;
};

/// Reads what the container printed, whatever it is. Pure.
ContainerAnswer parseContainerAnswer(const QString &output);

/// Asks the engine and a container once for all checks that want to know; they may call from any thread and
/// wait for whoever was first. The container is always gone afterwards.
class ComposeProbe
{
public:
    explicit ComposeProbe(const CheckContext &context) : m_cx(context) {}

    Result<EngineAnswer> engine();
    /// A container of the model's service: its programs, its disk, its login at the upstream. About two
    /// seconds.
    Result<ContainerAnswer> container();

private:
    Result<EngineAnswer> askEngine() const;
    Result<ContainerAnswer> askContainer() const;

    const CheckContext &m_cx;
    std::mutex m_engineMutex, m_containerMutex;
    std::optional<Result<EngineAnswer>> m_engine;
    std::optional<Result<ContainerAnswer>> m_container;
};

/// @p text without any of @p secrets.
QString withoutSecrets(QString text, const QStringList &secrets);

} // namespace understudy
