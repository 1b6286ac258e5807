// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/DrawnPicture.h"

#include <QWidget>

namespace understudy {

class AnnotationBar;
class AnnotationCanvas;

/// Shows a picture as its file will hold it, as large as there is room, and takes the marks that a person
/// puts on it. Painted on a worker; until a new one is ready the old one stays. GUI thread.
class PicturePreview final : public QWidget
{
    Q_OBJECT
public:
    explicit PicturePreview(QWidget *parent = nullptr);

    void setPicture(const DrawnPicture &picture); ///< Without marks: those are the preview's own
    const DrawnPicture &picture() const { return m_picture; }
    /// From the picture to this widget; together with DrawnPicture::graphTransform() from the graph's scene.
    QTransform pictureTransform() const;
    bool isShown() const; ///< The picture that was set last is painted
    /// In the graph's scene; what is still being typed is taken in first.
    QList<Annotation> marks();
    AnnotationCanvas *canvas() const { return m_canvas; }

Q_SIGNALS:
    void shown(); ///< See isShown()
    void marksChanged();

private:
    QString nameAt(const QPointF &scene) const;

    DrawnPicture m_picture;
    AnnotationCanvas *m_canvas;
    AnnotationBar *m_bar;
};

} // namespace understudy
