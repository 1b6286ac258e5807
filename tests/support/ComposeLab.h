// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTemporaryDir>

namespace understudy::test {

/// The Compose lab of docker-lab.sh for one test: a real engine (its own where none answers), a primary and a
/// standby in containers, 50,004 rows. While it is up, DOCKER_HOST names its engine. Gone with the test,
/// however that ends: the script takes everything back when its stdin closes. Every call blocks, with a
/// deadline.
class ComposeLab
{
public:
    ComposeLab() = default;
    ~ComposeLab();
    ComposeLab(const ComposeLab &) = delete;
    ComposeLab &operator=(const ComposeLab &) = delete;

    /// Why it cannot be brought up on this machine; empty if it can.
    static QString missing();
    bool up(); ///< False, and a qWarning, if it failed.

    QString file() const; ///< docker-compose.yml
    QString folder() const { return m_folder; }
    int primaryPort() const { return m_primaryPort; }
    int standbyPort() const { return m_standbyPort; }
    static QString password(); ///< Of postgres, as the Compose file says it.

    /// Runs `docker` or Compose in the project's folder; what it printed, a null string (and a qWarning) if
    /// it failed.
    QString docker(const QStringList &words) const;
    QString compose(const QStringList &words) const;
    QString container(const QString &service) const; ///< Its id
    QString network() const;                         ///< The project's own, by name
    QString address(const QString &service) const;   ///< Its address there, now
    /// Runs @p sql in the service's container as superuser; unaligned. A null string on error.
    QString psql(const QString &service, const QString &sql) const;
    /// Publishes the standby's port, or does not; its container is made anew and its data kept.
    bool publishStandby(bool published);

private:
    QString run(const QStringList &argv, int timeoutMs = 60000) const;

    QString m_folder;
    QString m_project;
    QByteArray m_hostBefore;
    int m_primaryPort = 0, m_standbyPort = 0;
    QProcess m_script;
};

} // namespace understudy::test
