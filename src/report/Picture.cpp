// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/Picture.h"

#include "report/DrawnPicture.h"
#include "report/PdfStable.h"
#include "report/SvgText.h"

#include <QBuffer>
#include <QFileInfo>
#include <QHashFunctions>
#include <QPageLayout>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSaveFile>
#include <QScopeGuard>
#include <QSvgGenerator>

namespace understudy {

namespace {

QString fileTitle(const DrawnPicture &picture)
{
    return picture.title().isEmpty() ? QStringLiteral("Replication topology") : picture.title();
}

QByteArray pngBytes(const QImage &image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray svgBytes(const DrawnPicture &picture, const PictureOptions &options)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(options.size * options.scale);
    generator.setViewBox(QRect(QPoint(), options.size));
    generator.setResolution(96);
    generator.setTitle(fileTitle(picture));
    QPainter painter(&generator);
    picture.paint(painter);
    painter.end();
    return portableSvg(buffer.data());
}

QByteArray pdfBytes(const DrawnPicture &picture, const PictureOptions &options)
{
    constexpr double pointsPerPixel = 72.0 / 96.0;
    // Qt's writer keeps its fonts in a hash and writes them in the hash's order.
    if (options.stable)
        QHashSeed::setDeterministicGlobalSeed();
    const auto seed = qScopeGuard([&options] {
        if (options.stable)
            QHashSeed::resetRandomGlobalSeed();
    });
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(96);
    writer.setPageSize(QPageSize(QSizeF(options.size) * options.scale * pointsPerPixel, QPageSize::Point));
    writer.setPageMargins({});
    writer.setTitle(fileTitle(picture));
    QPainter painter(&writer);
    painter.scale(options.scale, options.scale);
    picture.paint(painter);
    painter.end();
    return options.stable ? stablePdf(buffer.data()) : buffer.data();
}

/// The values that a finding was made from move, and so do the estimates in its words.
Finding withoutMovingParts(Finding finding)
{
    static const QRegularExpression length(QStringLiteral(" (?:in about|for) [0-9].*$"));
    static const QRegularExpression estimate(
        QStringLiteral("(?:[^.]|\\.(?=[0-9]))*\\babout [0-9](?:[^.]|\\.(?=[0-9]))*\\.?"));
    finding.title.remove(length);
    finding.evidence.clear();
    finding.meaning.remove(estimate);
    finding.sinceUs = 0;
    return finding;
}

} // namespace

Topology withoutMovingParts(Topology topology)
{
    topology.takenAtUs = 0;
    for (Cluster &cluster : topology.clusters) {
        for (Node &node : cluster.nodes) {
            node.factsAtUs = 0;
            node.lsn.reset();
            node.receivedLsn.reset();
            node.startTimeUs.reset();
            node.walRate.reset();
            node.diskFree.reset();
            node.databaseBytes.reset();
            node.probeMs = 0;
        }
        for (Link &link : cluster.links) {
            const bool fine = link.state == LinkState::Streaming && !link.lagging &&
                              (link.lag == LagState::Replaying || link.lag == LagState::Idle ||
                               link.lag == LagState::CaughtUp);
            if (fine)
                link.lag = LagState::CaughtUp;
            link.pid.reset();
            link.lagBytes.reset();
            link.lagSeconds.reset();
            link.stages = {};
            link.walRate.reset();
            link.sinceUs.reset();
            link.lastMessageS.reset();
        }
        for (Finding &finding : cluster.findings)
            finding = withoutMovingParts(finding);
    }
    return topology;
}

qint64 picturePixels(const PictureOptions &options)
{
    const QSizeF size = QSizeF(options.size) * qBound(1.0, options.scale, 4.0);
    return qint64(size.width() * size.height());
}

QImage graphImage(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                  const PictureOptions &options)
{
    if (picturePixels(options) > mostPicturePixels)
        return {};
    const double scale = qBound(1.0, options.scale, 4.0);
    QImage image((QSizeF(options.size) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return {};
    image.setDevicePixelRatio(scale);
    QPainter painter(&image);
    DrawnPicture(topology, extras, options).paint(painter);
    painter.end();
    return image;
}

Result<QByteArray> pictureBytes(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                                const PictureOptions &options, const QString &ending)
{
    if (ending == QLatin1String("svg"))
        return svgBytes(DrawnPicture(topology, extras, options), options);
    if (ending == QLatin1String("pdf"))
        return pdfBytes(DrawnPicture(topology, extras, options), options);
    if (ending != QLatin1String("png"))
        return fail(QStringLiteral("\"%1\" is no kind of picture.").arg(ending),
                    QStringLiteral("Take png, svg or pdf."), QStringLiteral("output"));
    const QImage image = graphImage(topology, extras, options);
    if (image.isNull())
        return fail(QStringLiteral("A picture of %1 x %2 at %3x is too large.")
                        .arg(options.size.width())
                        .arg(options.size.height())
                        .arg(options.scale),
                    QStringLiteral("Take a smaller size or scale, or a drawing (SVG)."),
                    QStringLiteral("size"));
    return pngBytes(image);
}

Result<void> writeGraphPicture(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                               const PictureOptions &options, const QString &path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    if (!QStringList{QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf")}.contains(ending))
        return fail(QStringLiteral("\"%1\" does not say which kind of picture is wanted.").arg(path),
                    QStringLiteral("End it in .png, .svg or .pdf."), QStringLiteral("output"));
    const auto bytes = pictureBytes(topology, extras, options, ending);
    if (!bytes)
        return tl::unexpected(bytes.error());
    QSaveFile file(path);
    if (bytes->isEmpty() || !file.open(QIODevice::WriteOnly) || file.write(*bytes) != bytes->size() ||
        !file.commit())
        return fail(QStringLiteral("%1 could not be written: %2.").arg(path, file.errorString()),
                    QStringLiteral("Name a file in a folder that you may write to."),
                    QStringLiteral("output"));
    return {};
}

} // namespace understudy
