// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/PictureSaver.h"

#include "gui/Background.h"
#include "gui/Style.h"
#include "gui/charts/LagChart.h"
#include "report/Picture.h"

#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QGuiApplication>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStandardPaths>

namespace understudy {

namespace {

constexpr QSize chartSize(1200, 360);
constexpr double pictureScale = 2;

PictureOptions graphOptions(const QString &title)
{
    PictureOptions options;
    options.scale = pictureScale;
    options.theme = Style::instance().theme().kind;
    options.title = title;
    return options;
}

} // namespace

QString pictureName(const QString &cluster, const QString &what, const QString &ending)
{
    static const QRegularExpression odd(QStringLiteral("[^A-Za-z0-9._-]+"));
    QString name = cluster;
    name.replace(odd, QStringLiteral("-"));
    while (name.startsWith(u'.') || name.startsWith(u'-'))
        name.remove(0, 1);
    QStringList parts{name.isEmpty() ? QStringLiteral("cluster") : name.left(60), what,
                      QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmm"))};
    parts.removeAll(QString());
    return parts.join(u'-') + u'.' + ending;
}

PictureSaver::PictureSaver(QWidget *window) : QObject(window), m_window(window) {}

void PictureSaver::askPath(const QString &title, const QString &name, const QStringList &filters,
                           const std::function<void(const QString &)> &use)
{
    auto *dialog = new QFileDialog(m_window, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QStringLiteral("png"));
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::PicturesLocation));
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, use);
    dialog->open();
}

void PictureSaver::askGraph(const LiveCluster &cluster, const Topology &look)
{
    // The picture is of the moment it was asked for.
    askPath(tr("Save graph picture"),
            pictureName(cluster.spec().title, QStringLiteral("graph"), QStringLiteral("png")),
            {tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)"), tr("PDF page (*.pdf)")},
            [this, topology = look, extras = cluster.extrasOf(look)](const QString &path) {
                saveGraph(topology, extras, path);
            });
}

void PictureSaver::askChart(const LiveCluster &cluster, LagChart &chart)
{
    askPath(tr("Save chart picture"),
            pictureName(cluster.spec().title, QStringLiteral("lag"), QStringLiteral("png")),
            {tr("PNG picture (*.png)")},
            [this, image = chart.image(chartSize, pictureScale)](const QString &path) {
                saveImage(image, path);
            });
}

void PictureSaver::saveGraph(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                             const QString &path)
{
    inBackground(
        this,
        [topology, extras, path, options = graphOptions({})] {
            return writeGraphPicture(topology, extras, options, path);
        },
        [this, path](const Result<void> &result) {
            if (result)
                Q_EMIT done(tr("Graph saved as %1").arg(path));
            else
                Q_EMIT failed(result.error().text());
        });
}

void PictureSaver::saveImage(const QImage &image, const QString &path)
{
    inBackground(
        this,
        [image, path] {
            QSaveFile file(path);
            if (file.open(QIODevice::WriteOnly) && image.save(&file, "PNG") && file.commit())
                return QString();
            return file.errorString();
        },
        [this, path](const QString &error) {
            if (error.isEmpty())
                Q_EMIT done(tr("Chart saved as %1").arg(path));
            else
                Q_EMIT failed(tr("The chart was not saved as %1: %2.").arg(path, error));
        });
}

void PictureSaver::copyGraph(const LiveCluster &cluster, const Topology &look)
{
    inBackground(
        this,
        [topology = look, extras = cluster.extrasOf(look), options = graphOptions({})] {
            return graphImage(topology, extras, options);
        },
        [this](const QImage &image) {
            QGuiApplication::clipboard()->setImage(image);
            Q_EMIT done(tr("Graph copied"));
        });
}

} // namespace understudy
