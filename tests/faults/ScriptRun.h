// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AddStandbyLab.h"

#include <QElapsedTimer>
#include <QProcess>
#include <csignal>

namespace understudy::test {

/// A plan's script as a person runs it: bash, in a home without passfiles, what they type on stdin.
class ScriptRun
{
public:
    explicit ScriptRun(const Plan &plan)
    {
        QFile file(path());
        if (file.open(QIODevice::WriteOnly))
            file.write(plan.toScript().toUtf8());
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("PATH"), qEnvironmentVariable("PATH"));
        environment.insert(QStringLiteral("HOME"), m_folder.path());
        environment.insert(QStringLiteral("STANDBY_BIN"), TestServer::binDir());
        // What a person's environment may hold, and must not come into the standby's settings.
        environment.insert(QStringLiteral("PGPASSWORD"), QStringLiteral("from the environment"));
        environment.insert(QStringLiteral("PGAPPNAME"), QStringLiteral("from the environment"));
        QString user;
        TestServer::runAsServerUser({QStringLiteral("id"), QStringLiteral("-un")}, &user);
        environment.insert(QStringLiteral("STANDBY_USER"), user.trimmed());
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
    }
    ~ScriptRun()
    {
        if (m_process.state() != QProcess::NotRunning)
            kill();
    }

    void setPassfile(const QString &passfile)
    {
        QProcessEnvironment environment = m_process.processEnvironment();
        environment.insert(QStringLiteral("PGPASSFILE"), passfile);
        m_process.setProcessEnvironment(environment);
    }
    QString path() const { return m_folder.filePath(QStringLiteral("add.sh")); }

    void start(const QByteArray &typed)
    {
        m_process.start(QStringLiteral("bash"), {path()});
        m_process.write(typed);
        m_process.closeWriteChannel();
    }
    /// Reads until it says @p words; false when it ended before.
    bool waitForWords(const QByteArray &words)
    {
        QElapsedTimer time;
        time.start();
        while (!m_said.contains(words) && time.elapsed() < 60000) {
            if (!m_process.waitForReadyRead(500) && m_process.state() == QProcess::NotRunning)
                break;
            m_said += m_process.readAll();
        }
        return m_said.contains(words);
    }
    /// Its exit code; -1 when it did not end by itself.
    int end()
    {
        const bool ended = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(90000);
        m_said += m_process.readAll();
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    int run(const QByteArray &typed)
    {
        start(typed);
        return end();
    }
    void signal(int number) { ::kill(pid_t(m_process.processId()), number); }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished(10000);
        m_said += m_process.readAll();
    }
    const QByteArray &said() const { return m_said; }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_said;
};

} // namespace understudy::test
