// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshAsk.h"

#include <QFile>
#include <QList>
#include <QProcess>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <mutex>
#include <unistd.h>

namespace understudy::test {

/// A person who knows the answers and remembers the questions.
class Person final : public SshAsk
{
public:
    using Answers = QList<std::optional<QString>>;
    explicit Person(Answers answers) : m_answers(std::move(answers)) {}
    std::optional<QString> ask(const SshQuestion &question, std::stop_token) override
    {
        const std::lock_guard lock(m_mutex);
        m_asked << question;
        return m_answers.isEmpty() ? std::nullopt : m_answers.takeFirst();
    }
    QList<SshQuestion> asked() const
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }

private:
    mutable std::mutex m_mutex;
    Answers m_answers;
    QList<SshQuestion> m_asked;
};

/// A user of this machine who may use sudo with a password. Only as root.
class SudoUser
{
public:
    static QString missing()
    {
        if (::geteuid() != 0)
            return QStringLiteral("not root");
        for (const char *program : {"sudo", "useradd", "chpasswd"}) {
            if (QStandardPaths::findExecutable(QLatin1String(program)).isEmpty())
                return QStringLiteral("no %1").arg(QLatin1String(program));
        }
        return {};
    }
    static QString password() { return QStringLiteral("it's $(a) \"word\""); }
    const QString name =
        QStringLiteral("us%1").arg(QRandomGenerator::global()->bounded(1000000), 6, 10, QLatin1Char('0'));

    bool make()
    {
        m_made = QProcess::execute(QStringLiteral("useradd"),
                                   {QStringLiteral("-M"), QStringLiteral("-d"), QStringLiteral("/tmp"),
                                    QStringLiteral("-s"), QStringLiteral("/bin/sh"), name}) == 0;
        QProcess chpasswd;
        chpasswd.start(QStringLiteral("chpasswd"), {});
        chpasswd.write((name + QLatin1Char(':') + password() + QLatin1Char('\n')).toUtf8());
        chpasswd.closeWriteChannel();
        return m_made && chpasswd.waitForFinished(10000) && chpasswd.exitCode() == 0 &&
               allow(QStringLiteral("!use_pty"));
    }
    /// @p defaults: of sudo, for this user.
    bool allow(const QString &defaults) const
    {
        QFile rule(rulePath());
        const QByteArray text =
            QStringLiteral("%1 ALL=(postgres) ALL\nDefaults:%1 %2\n").arg(name, defaults).toUtf8();
        return rule.open(QIODevice::WriteOnly) && rule.write(text) == text.size() &&
               rule.setPermissions(QFile::ReadOwner | QFile::ReadGroup);
    }
    ~SudoUser()
    {
        if (!m_made)
            return;
        QFile::remove(rulePath());
        QProcess::execute(QStringLiteral("userdel"), {name});
    }

private:
    QString rulePath() const { return QStringLiteral("/etc/sudoers.d/") + name; }
    bool m_made = false;
};

} // namespace understudy::test
