// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/StandbyOptions.h"
#include "cli/Verbs.h"
#include "operations/SeveralStandbys.h"
#include "report/Runbook.h"

namespace understudy::cli {

/// One addition from a terminal: checks, run, verification, report, and what is said about each.
class AddStandbyRun
{
public:
    AddStandbyRun(const Prepared &prepared, const Plan &plan, std::shared_ptr<const SecretSource> secrets,
                  PictureFactory pictures);

    void setReportFolder(const QString &folder) { m_folder = folder; }
    void setReadLoad(const std::optional<ReadLoadOptions> &options) { m_readLoad = options; }
    void setVerify(const VerifyOptions &options) { m_verify = options; }
    /// Several at once: then every one of them is checked and verified.
    void setSeveral(const SeveralStandbys &several);

    /// Only the plan: as JSON, and as a report if one was asked for. The exit code.
    int writePlan(bool json);
    /// Does it. The exit code.
    int execute(bool json);

private:
    bool check();
    int run();
    VerifyResult verify(std::stop_token stop) const;
    QString reportName() const;
    void readLoad(std::stop_token stop);
    QList<WatchedNode> nodes(bool withNew) const;
    Result<void> report();
    void say(bool json, int code) const;

    Prepared m_prepared;
    std::shared_ptr<const SecretSource> m_secrets;
    PictureFactory m_pictures;
    QString m_folder;
    std::optional<ReadLoadOptions> m_readLoad; ///< Nothing: no reads are measured.
    VerifyOptions m_verify;
    std::optional<SeveralStandbys> m_several;
    RunbookInput m_book;
    std::optional<RunbookFiles> m_files;
    QString m_reportError;
};

} // namespace understudy::cli
