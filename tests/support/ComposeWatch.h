// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ComposeLab.h"
#include "clusters/ClusterSecrets.h"
#include "monitor/ClusterMonitor.h"

#include <QFile>
#include <QJsonDocument>
#include <algorithm>

namespace understudy::test {

inline const QString primaryName = QStringLiteral("postgres-primary");
inline const QString standbyName = QStringLiteral("postgres-standby");

/// The Compose lab opened as a cluster and watched by a quick monitor: what the tests of it have in common.
class ComposeWatch
{
protected:
    /// Brings the lab up and opens its file; false, and a qWarning, if that failed. Nobody's own passwords
    /// take part.
    bool open()
    {
        qputenv("HOME", QFile::encodeName(m_own.path()));
        qunsetenv("PGPASSFILE");
        qunsetenv("PGPASSWORD");
        m_lab = std::make_unique<ComposeLab>();
        if (!m_lab->up())
            return false;
        const auto spec = resolveCluster(m_lab->file());
        if (!spec)
            qWarning("%s", qPrintable(spec.error().text()));
        else
            m_spec = *spec;
        return spec.has_value();
    }

    /// Takes the lab back; what is left of it, empty if nothing.
    QString close()
    {
        m_monitor.reset();
        const QString folder = m_lab ? m_lab->folder() : QString();
        m_lab.reset();
        QFile mounts(QStringLiteral("/proc/mounts"));
        const bool mounted = !folder.isEmpty() && mounts.open(QIODevice::ReadOnly) &&
                             mounts.readAll().contains(folder.toUtf8());
        return mounted || QFile::exists(folder) ? folder : QString();
    }

    static ClusterMonitor::Options quick()
    {
        ClusterMonitor::Options options;
        options.intervalMs = 200;
        options.deadlineMs = 1500;
        options.thresholds.stallAfterSeconds = 1;
        options.thresholds.raiseAfterSeconds = 0.5;
        options.thresholds.clearAfterSeconds = 0.5;
        return options;
    }

    void watch()
    {
        m_monitor =
            std::make_unique<ClusterMonitor>(secretsOf(m_spec, std::make_shared<LibpqSecrets>()), quick());
        m_monitor->setNodes(m_spec.nodes);
    }

    const Cluster *cluster() const
    {
        const auto &clusters = m_monitor->topology().clusters;
        return clusters.size() == 1 ? &clusters.first() : nullptr;
    }

    const Node *node(const QString &name) const
    {
        if (cluster()) {
            for (const Node &each : cluster()->nodes) {
                if (each.name == name)
                    return &each;
            }
        }
        return nullptr;
    }

    const Link *link() const
    {
        const Node *standby = node(standbyName);
        return standby ? cluster()->linkTo(standby->id) : nullptr;
    }

    bool hasFinding(const char *name) const
    {
        return cluster() && std::any_of(cluster()->findings.begin(), cluster()->findings.end(),
                                        [name](const Finding &f) { return f.name == QLatin1String(name); });
    }

    bool allClear() const
    {
        return link() && link()->lag == LagState::CaughtUp && link()->confidence == Confidence::Certain &&
               node(primaryName) && node(primaryName)->state == NodeState::Up &&
               node(standbyName)->state == NodeState::Up &&
               std::none_of(cluster()->findings.begin(), cluster()->findings.end(),
                            [](const Finding &f) { return f.severity != Severity::Notice; });
    }

    QString dump() const { return QString::fromUtf8(QJsonDocument(toJson(m_monitor->topology())).toJson()); }

    std::unique_ptr<ComposeLab> m_lab;
    QTemporaryDir m_own;
    ClusterSpec m_spec;
    std::unique_ptr<ClusterMonitor> m_monitor;
};

} // namespace understudy::test
