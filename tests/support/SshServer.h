// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <csignal>
#include <pwd.h>
#include <unistd.h>

#include "TestServer.h"

namespace understudy::test {

/// A real sshd on a loopback port with keys of its own, and an ssh in front of PATH that knows of nothing but
/// them. Hosts: "gateway" is trusted, "stranger" has an unknown host key, "nokey" the wrong key; "fresh" is
/// unknown and has a known_hosts to go into, "changed" was known with another key, "locked" needs a
/// passphrase, "behind" is reached through gateway, "person" is gateway with the user of loginAs().
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
        if (!m_dir.isValid() || !keygen("host") || !keygen("user") || !keygen("other") ||
            !keygen("locked", passphrase()))
            return false;
        m_port = TestServer::freePort();
        // Its folder for the unprivileged half; made where the distribution's own service never ran.
        if (geteuid() == 0 && !QFileInfo::exists(QStringLiteral("/run/sshd")))
            m_madeRunFolder = QDir().mkpath(QStringLiteral("/run/sshd"));
        const QByteArray hostKey = read("host.pub");
        const QByteArray port = QByteArray::number(m_port);
        const passwd *me = getpwuid(geteuid());
        const QByteArray anybody = "  HostName 127.0.0.1\n  Port " + port + "\n  IdentitiesOnly yes\n";
        const QByteArray common = anybody + "  User " + me->pw_name + "\n";
        const QByteArray known = "  UserKnownHostsFile " + raw("known_hosts") + "\n  IdentityFile ";
        write("known_hosts", "[127.0.0.1]:" + port + " " + hostKey);
        write("authorized", read("user.pub") + read("locked.pub"));
        write("changed_known", "[127.0.0.1]:" + port + " " + read("other.pub"));
        write("fresh_known", QByteArray());
        // Other users are let in with the same key; sshd reads the file as who logs in.
        QFile::setPermissions(m_dir.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner |
                                                QFile::ExeGroup | QFile::ExeOther);
        QFile::setPermissions(path("authorized"),
                              QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther);
        write("sshd_config", "Port " + port + "\nListenAddress 127.0.0.1\nHostKey " + raw("host") +
                                 "\nAuthorizedKeysFile " + raw("authorized") +
                                 "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
                                 "KbdInteractiveAuthentication no\nPidFile none\nPermitRootLogin yes\n");
        write("ssh_config",
              "Host gateway\n" + common + "  UserKnownHostsFile " + raw("known_hosts") + "\n  IdentityFile " +
                  raw("user") + "\nHost stranger\n" + common +
                  "  UserKnownHostsFile /dev/null\n  IdentityFile " + raw("user") + "\nHost nokey\n" +
                  common + "  UserKnownHostsFile " + raw("known_hosts") + "\n  IdentityFile " + raw("other") +
                  "\nHost fresh\n" + common + "  UserKnownHostsFile " + raw("fresh_known") +
                  "\n  IdentityFile " + raw("user") + "\nHost changed\n" + common + "  UserKnownHostsFile " +
                  raw("changed_known") + "\n  IdentityFile " + raw("user") + "\nHost locked\n" + common +
                  known + raw("locked") + "\nHost behind\n  ProxyJump gateway\n" + common + known +
                  raw("user") + "\nHost person\n" + anybody + known + raw("user") + "\n  User " +
                  (m_person.isEmpty() ? QByteArray("nobody") : m_person.toUtf8()) +
                  "\nHost *\n  GlobalKnownHostsFile /dev/null\n");
        QDir(m_dir.path()).mkdir(QStringLiteral("bin"));
        write("bin/ssh", "#!/bin/sh\necho \"$*\" >>" + raw("calls") + "\nexec " +
                             QFile::encodeName(QStandardPaths::findExecutable(QStringLiteral("ssh"))) +
                             " -F " + raw("ssh_config") + " \"$@\"\n");
        QFile::setPermissions(path("bin/ssh"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("PATH", raw("bin") + ":" + qgetenv("PATH"));
        return start();
    }

    static QString passphrase() { return QStringLiteral("it's $(a) \"pass\" phrase"); }
    void loginAs(const QString &user) { m_person = user; } ///< Before make().
    QString fingerprint() const
    {
        QProcess keygen;
        keygen.start(QStringLiteral("ssh-keygen"), {QStringLiteral("-lf"), path("host.pub")});
        keygen.waitForFinished(10000);
        return QString::fromUtf8(keygen.readAll()).section(QLatin1Char(' '), 1, 1);
    }
    QByteArray freshKnownHosts() const { return read("fresh_known"); }
    void forgetFresh() const { write("fresh_known", QByteArray()); }
    QByteArray hostKey() const { return read("host.pub").split(' ').value(1); }

    /// How often somebody tried to make a connection, whether or not it came about.
    qsizetype connects() const { return read("calls").count("ControlMaster=auto"); }

    /// Cuts every connection off at the server's end, as if the machine's network went.
    void cut() const
    {
        for (const pid_t session : sessions())
            ::kill(session, SIGKILL);
    }
    /// The server's processes that serve somebody.
    QList<pid_t> sessions() const
    {
        QList<pid_t> out, parents{pid_t(m_process.processId())};
        while (!parents.isEmpty()) {
            const pid_t parent = parents.takeFirst();
            QFile file(QStringLiteral("/proc/%1/task/%1/children").arg(parent));
            if (!file.open(QIODevice::ReadOnly))
                continue;
            for (const QByteArray &word : file.readAll().simplified().split(' ')) {
                QFile line(QStringLiteral("/proc/%1/cmdline").arg(QString::fromLatin1(word)));
                if (!word.isEmpty() && line.open(QIODevice::ReadOnly) && line.readAll().startsWith("sshd")) {
                    out << word.toInt();
                    parents << word.toInt();
                }
            }
        }
        return out;
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
    QByteArray read(const char *name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    bool keygen(const char *name, const QString &phrase = {}) const
    {
        return QProcess::execute(QStringLiteral("ssh-keygen"),
                                 {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"),
                                  QStringLiteral("-N"), phrase, QStringLiteral("-f"), path(name)}) == 0;
    }

    QTemporaryDir m_dir{QStringLiteral("/tmp/understudy-ssh-XXXXXX")};
    QProcess m_process;
    QString m_person;
    int m_port = 0;
    bool m_madeRunFolder = false;
};

} // namespace understudy::test
