// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <pwd.h>
#include <unistd.h>

#include "TestServer.h"

namespace understudy::test {

/// A real sshd on a loopback port with keys of its own, and an ssh in front of PATH that knows of nothing but
/// them: host "gateway" is trusted, "stranger" has an unknown host key, "nokey" the wrong key.
class SshServer
{
public:
    /// Why it cannot be; empty: it can.
    static QString missing()
    {
        for (const auto &program : {QStringLiteral("ssh"), QStringLiteral("ssh-keygen")}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                return program;
        }
        return sshd().isEmpty() ? QStringLiteral("sshd") : QString();
    }

    bool make()
    {
        if (!m_dir.isValid() || !keygen("host") || !keygen("user") || !keygen("other"))
            return false;
        m_port = TestServer::freePort();
        // Its folder for the unprivileged half; made where the distribution's own service never ran.
        if (geteuid() == 0 && !QFileInfo::exists(QStringLiteral("/run/sshd")))
            m_madeRunFolder = QDir().mkpath(QStringLiteral("/run/sshd"));
        QFile host(path("host.pub"));
        if (!host.open(QIODevice::ReadOnly))
            return false;
        const QByteArray hostKey = host.readAll();
        const QByteArray port = QByteArray::number(m_port);
        const passwd *me = getpwuid(geteuid());
        const QByteArray common =
            "  HostName 127.0.0.1\n  Port " + port + "\n  User " + me->pw_name + "\n  IdentitiesOnly yes\n";
        write("known_hosts", "[127.0.0.1]:" + port + " " + hostKey);
        write("authorized", QByteArray());
        QFile::remove(path("authorized"));
        QFile::copy(path("user.pub"), path("authorized"));
        write("sshd_config", "Port " + port + "\nListenAddress 127.0.0.1\nHostKey " + raw("host") +
                                 "\nAuthorizedKeysFile " + raw("authorized") +
                                 "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
                                 "KbdInteractiveAuthentication no\nPidFile none\nPermitRootLogin yes\n");
        write("ssh_config", "Host gateway\n" + common + "  UserKnownHostsFile " + raw("known_hosts") +
                                "\n  IdentityFile " + raw("user") + "\nHost stranger\n" + common +
                                "  UserKnownHostsFile /dev/null\n  IdentityFile " + raw("user") +
                                "\nHost nokey\n" + common + "  UserKnownHostsFile " + raw("known_hosts") +
                                "\n  IdentityFile " + raw("other") +
                                "\nHost *\n  GlobalKnownHostsFile /dev/null\n");
        QDir(m_dir.path()).mkdir(QStringLiteral("bin"));
        write("bin/ssh", "#!/bin/sh\nexec " +
                             QFile::encodeName(QStandardPaths::findExecutable(QStringLiteral("ssh"))) +
                             " -F " + raw("ssh_config") + " \"$@\"\n");
        QFile::setPermissions(path("bin/ssh"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("PATH", raw("bin") + ":" + qgetenv("PATH"));
        return start();
    }

    bool start()
    {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral("setpriv"),
                        {QStringLiteral("--pdeathsig=KILL"), sshd(), QStringLiteral("-D"),
                         QStringLiteral("-e"), QStringLiteral("-f"), path("sshd_config")});
        QByteArray said;
        while (!said.contains("Server listening") && m_process.waitForReadyRead(10000))
            said += m_process.readAll();
        if (!said.contains("Server listening"))
            qWarning("sshd: %s", said.constData());
        return said.contains("Server listening");
    }

    void stop()
    {
        m_process.kill();
        m_process.waitForFinished(5000);
    }

    ~SshServer()
    {
        if (m_process.state() != QProcess::NotRunning)
            stop();
        if (m_madeRunFolder)
            QDir().rmdir(QStringLiteral("/run/sshd"));
    }

    /// The ssh processes that go through here (clients only).
    QList<pid_t> clients() const
    {
        QList<pid_t> out;
        for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
            QFile file(QStringLiteral("/proc/%1/cmdline").arg(entry));
            if (entry.at(0).isDigit() && file.open(QIODevice::ReadOnly)) {
                const QByteArray line = file.readAll();
                if (line.contains(raw("ssh_config")) && !line.contains("sshd_config"))
                    out << entry.toInt();
            }
        }
        return out;
    }

private:
    static QString sshd()
    {
        return QStandardPaths::findExecutable(
            QStringLiteral("sshd"), {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/local/sbin")});
    }
    QString path(const char *name) const { return m_dir.filePath(QLatin1String(name)); }
    QByteArray raw(const char *name) const { return QFile::encodeName(path(name)); }
    void write(const char *name, const QByteArray &content) const
    {
        QFile file(path(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
    }
    bool keygen(const char *name) const
    {
        return QProcess::execute(QStringLiteral("ssh-keygen"),
                                 {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"),
                                  QStringLiteral("-N"), QString(), QStringLiteral("-f"), path(name)}) == 0;
    }

    QTemporaryDir m_dir{QStringLiteral("/tmp/understudy-ssh-XXXXXX")};
    QProcess m_process;
    int m_port = 0;
    bool m_madeRunFolder = false;
};

} // namespace understudy::test
