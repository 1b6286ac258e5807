// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/PictureSaver.h"

#include "gui/Background.h"
#include "gui/charts/LagChart.h"

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

void PictureSaver::askChart(const LiveCluster &cluster, LagChart &chart)
{
    askPath(tr("Save chart picture"),
            pictureName(cluster.spec().title, QStringLiteral("lag"), QStringLiteral("png")),
            {tr("PNG picture (*.png)")},
            [this, image = chart.image(chartSize, pictureScale)](const QString &path) {
                saveImage(image, path);
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

void PictureSaver::copyGraph(const PictureSubject &subject)
{
    struct Copy
    {
        QImage image;
        bool redacted = false;
    };
    inBackground(
        this,
        [subject] {
            const PictureChoices choices = PictureChoices::load();
            return Copy{
                graphImage(subject.topology, subject.extras, choices.options(subject, subject.title, true)),
                choices.redact};
        },
        [this](const Copy &copy) {
            if (copy.image.isNull())
                return Q_EMIT failed(tr("The picture is too large to be copied. Choose a smaller size."));
            QGuiApplication::clipboard()->setImage(copy.image);
            Q_EMIT done(copy.redacted ? tr("Graph copied, without names and addresses") : tr("Graph copied"));
        });
}

} // namespace understudy
