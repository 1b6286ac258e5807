// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"
#include "history/StoreProblem.h"
#include "history/StoreSettings.h"

#include <QObject>
#include <functional>
#include <memory>
#include <optional>

namespace understudy {

class StoreWriter;

/// What is kept of the time before the last hour, as far as the line of time shows it.
struct KeptPast
{
    QList<qint64> moments; ///< Of looks a few seconds apart, oldest first; between them is more.
    QList<HistoryEvent> events;
};

/// Whether and how long history is kept on disk, among the window's settings.
struct HistorySettings
{
    bool keep = true;
    StoreSettings store;

    static HistorySettings load();
    static void setKeep(bool keep);
    static QString folder(); ///< Where the files are: below the user's data folder.
};

/// Keeps the looks at one open cluster on disk. A file for each cluster, named after its system identifier,
/// which is why it begins with the first look that knows one: several windows write beside each other as long
/// as they show different clusters, and a damaged file costs the history of one. GUI thread; never waits.
class HistoryKeeper final : public QObject
{
    Q_OBJECT
public:
    HistoryKeeper(const QString &folder, const StoreSettings &settings, QObject *parent = nullptr);
    ~HistoryKeeper() override; ///< What is queued is written by another thread.

    void add(const Topology &topology);
    void note(const HistoryEvent &event);
    const QString &path() const { return m_path; } ///< Empty until the cluster is known.
    /// What was kept from @p fromUs until before @p untilUs; read on a worker, @p done is called once, or
    /// never.
    void readPast(qint64 fromUs, qint64 untilUs, const std::function<void(const KeptPast &)> &done);
    /// The look at or before @p atUs; nothing if there is none, or it could not be read.
    void readLook(qint64 atUs, const std::function<void(const std::optional<Topology> &)> &done);
    const std::optional<StoreProblem> &problem() const { return m_problem; }

    static QString fileName(const QString &systemIdentifier);

Q_SIGNALS:
    void problemChanged();

private:
    QString m_folder, m_path;
    StoreSettings m_settings;
    std::shared_ptr<StoreWriter> m_writer;
    std::optional<StoreProblem> m_problem;
};

} // namespace understudy
