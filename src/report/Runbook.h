// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/RunRecord.h"
#include "operations/Verify.h"
#include "operations/preflight/Preflight.h"
#include "report/PictureSource.h"

#include <QDir>

namespace understudy {

/// Everything the document of an added standby is made from. Parts that did not happen stay empty, and the
/// report leaves them out and says so.
struct RunbookInput
{
    QString by; ///< Who (operating-system user)
    ClusterSpec spec;
    AddStandbyRequest request;
    QList<AddStandbyRequest>
        several; ///< Of a plan for several standbys: all of them; `request` is the first.
    Plan plan;
    std::optional<PreflightResult> preflight;
    std::optional<RunRecord> run;
    std::optional<VerifyResult> verify;
    std::optional<ReadLoadResult> readLoad;
    Topology before, after; ///< `after` is planned until the run is done, then as seen
    LagHistory history;
    qint64 takenUs = 0;
};

/// Files of one report: Markdown is the one source, HTML is made from it (cmark-gfm), pictures stand beside
/// them.
struct RunbookFiles
{
    QString markdown, html; ///< Paths
    QStringList pictures;
};

/// The text alone. @p pictures maps "before", "after", "lag", "readload" to relative paths; missing ones are
/// left out.
QString runbookMarkdown(const RunbookInput &, const QMap<QString, QString> &pictures);
/// A self-contained page (pictures inside as data URIs) that prints well; everything from outside is escaped.
QString runbookHtml(const QString &markdown, const QString &title, const QDir &pictureFolder);
/// Writes NAME.md, NAME.html and pictures into @p folder. Not on the GUI thread unless it was asked for.
Result<RunbookFiles> writeRunbook(const RunbookInput &, const QString &folder, const QString &name,
                                  PictureSource *);

} // namespace understudy
