// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

struct Answer
{
    int code = -1;
    QByteArray out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

inline QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Processes whose command line or working directory speaks of @p folder.
inline QStringList processesOf(const QString &folder)
{
    QStringList found;
    const auto pids = QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs);
    for (const QString &pid : pids) {
        const QString base = QStringLiteral("/proc/") + pid;
        const QByteArray line = contentOf(base + QStringLiteral("/cmdline")).replace('\0', ' ');
        const QString cwd = QFile::symLinkTarget(base + QStringLiteral("/cwd"));
        if (pid.toLongLong() != QCoreApplication::applicationPid() &&
            (line.contains(folder.toUtf8()) || cwd.startsWith(folder)))
            found << pid + u' ' + QString::fromLocal8Bit(line);
    }
    return found;
}

/// The real program, run from outside with a state folder of its own, so that it meets nobody else's demo.
class Program
{
public:
    bool isValid() const { return m_state.isValid(); }

    void prepare(QProcess &process) const
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_STATE_HOME"), m_state.path());
        environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_state.path()); // Else Qt talks to stderr.
        environment.remove(QStringLiteral("PGPASSWORD"));
        environment.remove(QStringLiteral("PGPASSFILE"));
        process.setProcessEnvironment(environment);
        process.setProgram(QStringLiteral(UNDERSTUDY_BINARY));
    }

    Answer run(const QStringList &words, int seconds = 60) const
    {
        QProcess process;
        prepare(process);
        process.setArguments(words);
        process.start();
        Answer answer;
        process.closeWriteChannel();
        if (!process.waitForFinished(seconds * 1000)) {
            process.kill();
            process.waitForFinished();
            answer.err =
                process.error() == QProcess::FailedToStart ? "could not be started" : "did not end in time";
        } else if (process.exitStatus() == QProcess::NormalExit) {
            answer.code = process.exitCode();
        }
        answer.out = process.readAllStandardOutput();
        answer.err += process.readAllStandardError();
        return answer;
    }

    QJsonObject cluster() const
    {
        const Answer answer =
            run({QStringLiteral("topology"), QStringLiteral("demo"), QStringLiteral("--json")});
        return answer.json().value(QStringLiteral("clusters")).toArray().at(0).toObject();
    }

    QStringList slotNames() const
    {
        QStringList names;
        const QJsonArray array = cluster().value(QStringLiteral("slots")).toArray();
        for (const QJsonValue &slot : array)
            names << slot[QStringLiteral("name")].toString();
        names.sort();
        return names;
    }

    QJsonObject demoNode(const QString &name) const
    {
        const Answer answer =
            run({QStringLiteral("demo"), QStringLiteral("status"), QStringLiteral("--json")});
        const QJsonArray nodes = answer.json().value(QStringLiteral("nodes")).toArray();
        for (const QJsonValue &node : nodes) {
            if (node[QStringLiteral("name")].toString() == name)
                return node.toObject();
        }
        return {};
    }

private:
    QTemporaryDir m_state;
};
