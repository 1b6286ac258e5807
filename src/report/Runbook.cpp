// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/Runbook.h"

#include "report/Markdown.h"
#include "report/Picture.h"
#include "report/RunbookParts.h"

#include <QBuffer>
#include <QSaveFile>

namespace understudy {

namespace {

constexpr double pictureScale = 2;
const QSize chartSize(680, 280);

Result<void> save(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return fail(QStringLiteral("%1 could not be written: %2.").arg(path, file.errorString()),
                    QStringLiteral("Choose a folder that you may write to."), QStringLiteral("report"));
    return {};
}

QByteArray png(const QImage &image)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

QHash<NodeId, CardExtras> extrasOf(const Topology &topology, const LagHistory &history)
{
    QHash<NodeId, CardExtras> extras;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes)
            extras[node.id].seriesSlot = node.role == Role::Primary ? -1 : history.seriesSlot(node.id);
    }
    return extras;
}

/// Room for every card at its own size: the page scales the picture, text and labels together.
QSize graphSize(const Topology &topology)
{
    qsizetype standbys = 0;
    for (const Cluster &cluster : topology.clusters)
        standbys += cluster.standbys().size();
    constexpr int column = 208; // a compact card and its gap
    constexpr int row = 88;
    if (standbys > 4) // drawn from left to right
        return {640, qMin(4000, qMax(260, int(standbys) * row + 60))};
    return {qMax(460, int(standbys) * column + 60), 260};
}

PictureOptions architectureOptions(const Topology &largest)
{
    PictureOptions options;
    options.size = graphSize(largest);
    options.scale = pictureScale;
    options.compactCards = true;
    options.legend = false;
    options.time = false;
    return options;
}

/// What stands in `after` and not in `before`: drawn in accent.
QSet<NodeId> freshNodes(const RunbookInput &input)
{
    QSet<NodeId> fresh;
    for (const Cluster &cluster : input.after.clusters) {
        for (const Node &node : cluster.nodes) {
            if (!input.before.node(node.id))
                fresh << node.id;
        }
    }
    return fresh;
}

QMap<QString, QImage> pictures(const RunbookInput &input, PictureSource *charts)
{
    QMap<QString, QImage> images;
    PictureOptions options = architectureOptions(input.after.clusters.isEmpty() ? input.before : input.after);
    if (!input.before.clusters.isEmpty())
        images[QStringLiteral("before")] =
            graphImage(input.before, extrasOf(input.before, input.history), options);
    if (!input.after.clusters.isEmpty()) {
        options.fresh = freshNodes(input);
        images[QStringLiteral("after")] =
            graphImage(input.after, extrasOf(input.after, input.history), options);
    }
    if (!charts)
        return images;
    const Theme &theme = Theme::light();
    if (!input.history.standbys().isEmpty())
        images[QStringLiteral("lag")] =
            charts->lagChart(input.history, input.after, chartSize, pictureScale, theme);
    if (input.readLoad && !input.readLoad->runs.isEmpty())
        images[QStringLiteral("readload")] = charts->readLoadChart(
            *input.readLoad, input.after, input.history, chartSize, pictureScale, theme);
    return images;
}

} // namespace

QString runbookMarkdown(const RunbookInput &input, const QMap<QString, QString> &pictures)
{
    const runbook::View view(input);
    const QStringList parts{QStringLiteral("# ") + markdown::text(input.plan.title) + u'\n',
                            runbook::facts(view),
                            runbook::checks(view),
                            runbook::stateBefore(view),
                            runbook::architecture(view, pictures),
                            runbook::steps(view),
                            runbook::expectedAndActual(view, pictures),
                            runbook::readLoad(view, pictures),
                            runbook::whatCanGoWrong(view),
                            runbook::undo(view),
                            runbook::totalTime(view)};
    return parts.join(u'\n');
}

Result<RunbookFiles> writeRunbook(const RunbookInput &input, const QString &folder, const QString &name,
                                  PictureSource *charts)
{
    const QDir dir(folder);
    if (!dir.mkpath(QStringLiteral(".")))
        return fail(QStringLiteral("The folder %1 could not be made.").arg(folder),
                    QStringLiteral("Choose a folder that you may write to."), QStringLiteral("report"));
    if (name.isEmpty() || name.contains(u'/') || name.startsWith(u'.'))
        return fail(QStringLiteral("\"%1\" is no file name for a report.").arg(name), {},
                    QStringLiteral("report"));

    RunbookFiles files;
    QMap<QString, QString> relative;
    const QMap<QString, QImage> images = pictures(input, charts);
    for (auto it = images.cbegin(); it != images.cend(); ++it) {
        if (it.value().isNull())
            continue;
        const QString file = name + u'-' + it.key() + QStringLiteral(".png");
        if (auto saved = save(dir.filePath(file), png(it.value())); !saved)
            return tl::unexpected(saved.error());
        relative[it.key()] = file;
        files.pictures << dir.filePath(file);
    }
    const QString text = runbookMarkdown(input, relative);
    files.markdown = dir.filePath(name + QStringLiteral(".md"));
    files.html = dir.filePath(name + QStringLiteral(".html"));
    if (auto saved = save(files.markdown, text.toUtf8()); !saved)
        return tl::unexpected(saved.error());
    if (auto saved = save(files.html, runbookHtml(text, input.plan.title, dir).toUtf8()); !saved)
        return tl::unexpected(saved.error());
    return files;
}

} // namespace understudy
