// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QStringList>
#include <optional>

namespace understudy {

/// A port of a container and where the machine below offers it.
struct ComposePort
{
    QString hostAddress;  ///< Empty: every address of the machine.
    int published = 0;    ///< On the machine; 0: the engine chooses when the container starts.
    int publishedEnd = 0; ///< The last of the range that the engine chooses from; else as `published`.
    int target = 0;       ///< In the container.
    QString protocol = QStringLiteral("tcp");
    bool isFixed() const { return published > 0 && published == publishedEnd; }
    bool operator==(const ComposePort &) const = default;
};

struct ComposeVolume
{
    QString type;   ///< "volume", "bind", "tmpfs"; empty if not said.
    QString source; ///< A volume's name or a path; empty: anonymous.
    QString target; ///< Path in the container.
    bool readOnly = false;
    bool operator==(const ComposeVolume &) const = default;
};

struct ComposeHealthcheck
{
    QStringList test; ///< As Compose has it: "CMD-SHELL" and a line, or "CMD" and words.
    bool disabled = false;
    QString interval, timeout, startPeriod; ///< As written: "1s".
    std::optional<int> retries;
    bool operator==(const ComposeHealthcheck &) const = default;
};

struct ComposeService
{
    QString name;
    QString image;                   ///< Empty where it is only built.
    QString buildContext;            ///< Empty: not built.
    QStringList command, entrypoint; ///< Words; a line of text is split as a shell would.
    QMap<QString, QString>
        environment; ///< With what env_file added. A variable without a value is not in it.
    QList<ComposePort> ports;
    QStringList networks;
    QString networkMode; ///< "host", "service:NAME"...; empty: `networks`.
    QList<ComposeVolume> volumes;
    QString containerName;
    QStringList profiles;
    QStringList dependsOn;
    QMap<QString, QString> secrets; ///< Path in the container to the secret's name.
    std::optional<ComposeHealthcheck> healthcheck;
    QString restart;
    bool operator==(const ComposeService &) const = default;
};

/// A Compose project as Compose itself resolves it: variables, anchors, extensions, override and environment
/// files are already worked in. A value. Holds what the environment of the services holds, passwords too:
/// never shown, never saved.
struct ComposeProject
{
    QString name; ///< Empty where Compose does not say it (v1).
    QList<ComposeService> services;
    QStringList networks, volumes;     ///< Declared at the top.
    QMap<QString, QString> secretFile; ///< A secret's name to its file on this machine.

    const ComposeService *service(const QString &name) const;
    bool operator==(const ComposeProject &) const = default;
};

/// Reads what `docker compose config` or `docker-compose config` printed. One clear sentence for anything
/// that is not of that form, whatever it is. Pure; any thread.
Result<ComposeProject> parseComposeConfig(const QByteArray &yaml);

/// A port in its short form: "5432", "127.0.0.1:5433:5432/tcp", "6000-6002:7000-7002"; a range of several is
/// several. Nothing if it is none.
QList<ComposePort> parseShortPort(const QString &text);

} // namespace understudy
