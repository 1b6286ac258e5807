// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/Picture.h"

#include "model/Format.h"
#include "report/PdfStable.h"

#include <QBuffer>
#include <QFileInfo>
#include <QHashFunctions>
#include <QPageLayout>
#include <QPdfWriter>
#include <QSaveFile>
#include <QScopeGuard>
#include <QSvgGenerator>

namespace understudy {

namespace {

constexpr double margin = 16;
constexpr double titleHeight = 40;
constexpr double footHeight = 28;

/// Everything on the picture, in device-independent pixels.
void paintPicture(QPainter &painter, const Topology &seen, QHash<NodeId, CardExtras> extras,
                  const PictureOptions &options)
{
    const Theme &theme = Theme::of(options.theme);
    const Topology topology = options.stable ? withoutMovingParts(seen) : seen;
    if (options.stable) {
        for (CardExtras &extra : extras)
            extra.sparkline.clear();
    }
    const QRectF page(QPointF(), QSizeF(options.size));
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.fillRect(page, theme.canvas);

    const QFont font = applicationFont();
    GraphStyle style;
    style.theme = &theme;
    style.font = font;
    style.fresh = options.fresh;
    // A card full of "unknown" would be a lie: what is left out is known.
    style.compactCards = options.compactCards || options.stable;
    style.redact = options.redact;

    QRectF target = page.adjusted(margin, margin, -margin, -margin);
    if (!options.title.isEmpty()) {
        painter.setFont(textFont(TextRole::Page, font));
        painter.setPen(theme.text);
        const QRectF line(target.left(), target.top(), target.width(), titleHeight - 8);
        const QString words =
            painter.fontMetrics().elidedText(options.title, Qt::ElideMiddle, int(line.width()));
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, words);
        target.setTop(target.top() + titleHeight);
    }
    const bool time = options.time && !options.stable && topology.takenAtUs > 0;
    const bool legend = options.legend && !style.compactCards; // Compact links have one width.
    if (legend || time)
        target.setBottom(target.bottom() - footHeight);

    painter.save();
    paintGraph(painter, target, topology, extras, style);
    painter.restore();

    if (legend) {
        painter.save();
        paintLegend(painter, QPointF(target.left(), target.bottom() + 8), style);
        painter.restore();
    }
    if (time) {
        painter.setFont(textFont(TextRole::Label, font));
        painter.setPen(theme.text3);
        painter.drawText(QRectF(target.left(), target.bottom() + 8, target.width(), footHeight - 8),
                         Qt::AlignRight | Qt::AlignVCenter, format::utcDateTime(topology.takenAtUs));
    }
}

QByteArray svgBytes(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                    const PictureOptions &options)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(options.size * options.scale);
    generator.setViewBox(QRect(QPoint(), options.size));
    generator.setResolution(96);
    generator.setTitle(options.title.isEmpty() ? QStringLiteral("Replication topology") : options.title);
    QPainter painter(&generator);
    paintPicture(painter, topology, extras, options);
    painter.end();
    return buffer.data();
}

QByteArray pdfBytes(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                    const PictureOptions &options)
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
    writer.setTitle(options.title.isEmpty() ? QStringLiteral("Replication topology") : options.title);
    QPainter painter(&writer);
    painter.scale(options.scale, options.scale);
    paintPicture(painter, topology, extras, options);
    painter.end();
    return options.stable ? stablePdf(buffer.data()) : buffer.data();
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
    }
    return topology;
}

QImage graphImage(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                  const PictureOptions &options)
{
    const double scale = qBound(1.0, options.scale, 4.0);
    QImage image((QSizeF(options.size) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return {};
    image.setDevicePixelRatio(scale);
    QPainter painter(&image);
    paintPicture(painter, topology, extras, options);
    painter.end();
    return image;
}

Result<void> writeGraphPicture(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                               const PictureOptions &options, const QString &path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    QByteArray bytes;
    if (ending == QLatin1String("svg")) {
        bytes = svgBytes(topology, extras, options);
    } else if (ending == QLatin1String("pdf")) {
        bytes = pdfBytes(topology, extras, options);
    } else if (ending == QLatin1String("png")) {
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        graphImage(topology, extras, options).save(&buffer, "PNG");
    } else {
        return fail(QStringLiteral("\"%1\" does not say which kind of picture is wanted.").arg(path),
                    QStringLiteral("End it in .png, .svg or .pdf."), QStringLiteral("output"));
    }
    QSaveFile file(path);
    if (bytes.isEmpty() || !file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() ||
        !file.commit())
        return fail(QStringLiteral("%1 could not be written: %2.").arg(path, file.errorString()),
                    QStringLiteral("Name a file in a folder that you may write to."),
                    QStringLiteral("output"));
    return {};
}

} // namespace understudy
