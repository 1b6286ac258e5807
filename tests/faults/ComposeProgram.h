// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ComposeFaults.h"

#include <QFileInfo>
#include <QProcess>
#include <QStringList>

namespace understudy::test {

struct Ended
{
    int code = -1;
    QByteArray said; ///< On both streams.
};

inline Ended runProgram(const QString &program, const QStringList &words, const QByteArray &input = {},
                        const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment())
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, words);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(120000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, process.readAll()};
    return {process.exitCode(), process.readAll()};
}

inline QString understudyProgram()
{
    return QStringLiteral(UNDERSTUDY_BINARY);
}

/// Which Compose the program finds: the machine's own, or version 2 as tests/support/compose-v2.sh got it.
enum class Compose { Own, Plugin, Standalone };

/// Null: that one is not here.
inline std::optional<QProcessEnvironment> environmentWith(Compose which)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString folder = QStringLiteral(COMPOSE_V2);
    if (which == Compose::Own)
        return environment;
    if (!QFileInfo(folder + QStringLiteral("/bin/docker-compose")).isExecutable())
        return std::nullopt;
    if (which == Compose::Plugin)
        environment.insert(QStringLiteral("DOCKER_CONFIG"), folder + QStringLiteral("/config"));
    else
        environment.insert(QStringLiteral("PATH"),
                           folder + QStringLiteral("/bin:") + environment.value(QStringLiteral("PATH")));
    return environment;
}

inline const char *const noComposeV2 =
    "SKIPPED, nothing was added with Compose v2: tests/support/compose-v2.sh fetches it";

/// `add-standby` with @p words, and another program takes @p port while it copies: it fails after its
/// pre-flight, with everything made but the running server.
inline Ended addInVain(const ComposeFaults &faults, int port, const QStringList &words,
                       const QProcessEnvironment &environment)
{
    QProcess program;
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.start(understudyProgram(),
                  QStringList{QStringLiteral("add-standby")} + words +
                      QStringList{QStringLiteral("--max-rate"), QStringLiteral("6M"), QStringLiteral("--yes"),
                                  QStringLiteral("--port"), QString::number(port)});
    const auto copies = [&] {
        return program.state() == QProcess::NotRunning ||
               faults.lab->psql(faults.primary,
                                QStringLiteral("SELECT count(*) > 0 FROM pg_stat_progress_basebackup")) ==
                   QLatin1String("t");
    };
    TakenPort taken;
    if (!QTest::qWaitFor(copies, 60000) || !taken.take(port) || !program.waitForFinished(120000))
        return {-1, program.readAll()};
    return {program.exitCode(), program.readAll()};
}

} // namespace understudy::test
