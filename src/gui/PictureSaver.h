// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/LiveCluster.h"
#include "gui/pictures/PictureChoices.h"

#include <QImage>
#include <QWidget>
#include <functional>

namespace understudy {

class LagChart;

/// "demo-graph-20251117-1340.png": a name for a file about a cluster, whose own name is from outside. @p what
/// may be empty.
QString pictureName(const QString &cluster, const QString &what, const QString &ending);

/// Saves the chart and copies the graph as the window shows them. Painting of the graph and all files are on
/// a worker. Saving the graph has a window of its own: pictures/PictureDialog.
class PictureSaver final : public QObject
{
    Q_OBJECT
public:
    explicit PictureSaver(QWidget *window);
    void askChart(const LiveCluster &cluster, LagChart &chart); ///< Asks where, then saves
    void saveImage(const QImage &image, const QString &path);
    void copyGraph(const PictureSubject &subject); ///< As pictures were chosen to be the last time

Q_SIGNALS:
    void done(const QString &sentence);
    void failed(const QString &sentence);

private:
    void askPath(const QString &title, const QString &name, const QStringList &filters,
                 const std::function<void(const QString &)> &use);
    QWidget *m_window;
};

} // namespace understudy
