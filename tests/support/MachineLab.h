// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <unistd.h>

namespace understudy::test {

/// A machine of its own with systemd, sshd and PostgreSQL (machine-lab.sh), and an ssh in front of PATH that
/// knows of nothing else: the hosts "root", "ops" (sudo without a password) and "dba" (sudo with one) are its
/// users. Goes with the test, however that ends. Needs root.
class MachineLab
{
public:
    /// Why it cannot be; empty: it can.
    static QString missing()
    {
        if (geteuid() != 0)
            return QStringLiteral("only root can make a machine");
        for (const char *program : {"debootstrap", "systemd-nspawn", "ip", "iptables", "ssh", "ssh-keygen"})
            if (QStandardPaths::findExecutable(QLatin1String(program)).isEmpty())
                return QStringLiteral("%1 is not installed").arg(QLatin1String(program));
        return {};
    }

    bool up()
    {
        QTemporaryDir folder(QStringLiteral("/tmp/understudy-machine-XXXXXX"));
        folder.setAutoRemove(false); // The script's business.
        m_folder = folder.path();
        m_script.setProcessChannelMode(QProcess::MergedChannels);
        m_script.start(QStringLiteral(MACHINE_LAB_SCRIPT), {QStringLiteral("hold"), m_folder});
        // The first time it is downloaded.
        const QDeadlineTimer deadline(420000);
        while (!m_said.contains("READY\n") && !deadline.hasExpired() &&
               m_script.state() != QProcess::NotRunning) {
            m_script.waitForReadyRead(200);
            m_said += m_script.readAll();
        }
        if (!m_said.contains("READY\n")) {
            qWarning("the machine did not come up: %s", m_said.right(4000).constData());
            return false;
        }
        return m_tools.isValid() && writeTools();
    }

    ~MachineLab()
    {
        if (m_script.state() == QProcess::NotRunning)
            return;
        m_script.closeWriteChannel();
        // The one that takes it back is nobody's child.
        const auto gone = [this] { return !QFileInfo::exists(m_folder); };
        if (!m_script.waitForFinished(60000) || !QTest::qWaitFor(gone, 30000))
            qWarning("the machine in %s was not taken back in time", qPrintable(m_folder));
    }

    QString address() const { return value("ADDRESS"); } ///< Of the machine
    QString here() const { return value("HERE"); }       ///< Of this one, as the machine reaches it.
    QString root() const { return value("ROOT"); }       ///< Its files
    QString password() const                             ///< That sudo asks dba for.
    {
        QFile file(value("PASSWORD_FILE"));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

    /// What a shell line prints there as root, trimmed; @p code: how it ended.
    QString sh(const QString &line, int *code = nullptr) const
    {
        QProcess ssh;
        ssh.start(m_tools.filePath(QStringLiteral("ssh")), {QStringLiteral("root"), line});
        const bool ended = ssh.waitForFinished(60000) && ssh.exitStatus() == QProcess::NormalExit;
        if (code)
            *code = ended ? ssh.exitCode() : -1;
        return QString::fromUtf8(ssh.readAllStandardOutput()).trimmed();
    }
    bool succeeds(const QString &line) const
    {
        int code = -1;
        sh(line, &code);
        return code == 0;
    }

    /// Returns when it has booted anew.
    bool reboot() const
    {
        const QString boot = QStringLiteral("cat /proc/sys/kernel/random/boot_id");
        const QString before = sh(boot);
        sh(QStringLiteral("systemctl reboot"));
        const auto anew = [&] {
            int code = -1;
            const QString now = sh(boot, &code);
            return code == 0 && now != before;
        };
        return QTest::qWaitFor(anew, 60000) &&
               sh(QStringLiteral("systemctl is-system-running --wait")) == QLatin1String("running");
    }

    /// From now on nothing passes, and nothing says so: neither a reset nor an unreachable.
    bool cut() const { return filter("-I"); }
    bool heal() const { return filter("-D"); }

private:
    QString value(const char *key) const
    {
        for (const QByteArray &line : m_said.split('\n'))
            if (line.startsWith(QByteArray(key) + '='))
                return QString::fromUtf8(line.mid(line.indexOf('=') + 1));
        return {};
    }

    bool filter(const char *how) const
    {
        bool done = true;
        for (const char *chain : {"INPUT", "OUTPUT"})
            done = QProcess::execute(QStringLiteral("ip"),
                                     {QStringLiteral("netns"), QStringLiteral("exec"), value("NETWORK"),
                                      QStringLiteral("iptables"), QStringLiteral("-w"), QLatin1String(how),
                                      QLatin1String(chain), QStringLiteral("-j"), QStringLiteral("DROP")}) ==
                       0 &&
                   done;
        return done;
    }

    bool writeTools()
    {
        QFile config(m_tools.filePath(QStringLiteral("config")));
        QFile program(m_tools.filePath(QStringLiteral("ssh")));
        const QString ssh = QStandardPaths::findExecutable(QStringLiteral("ssh"));
        if (!config.open(QIODevice::WriteOnly) || !program.open(QIODevice::WriteOnly))
            return false;
        for (const char *user : {"root", "ops", "dba"})
            config.write(QStringLiteral("Host %1\n  HostName %2\n  User %1\n")
                             .arg(QLatin1String(user), address())
                             .toUtf8());
        config.write(
            QStringLiteral("Host *\n  IdentityFile %1\n  IdentitiesOnly yes\n  UserKnownHostsFile %2\n"
                           "  GlobalKnownHostsFile /dev/null\n  ConnectTimeout 5\n")
                .arg(value("KEY"), value("KNOWN_HOSTS"))
                .toUtf8());
        program.write(
            QStringLiteral("#!/bin/sh\nexec %1 -F %2 \"$@\"\n").arg(ssh, config.fileName()).toUtf8());
        program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("PATH", QFile::encodeName(m_tools.path()) + ":" + qgetenv("PATH"));
        return true;
    }

    QTemporaryDir m_tools{QStringLiteral("/tmp/understudy-ssh-XXXXXX")};
    QString m_folder;
    QByteArray m_said;
    QProcess m_script;
};

} // namespace understudy::test
