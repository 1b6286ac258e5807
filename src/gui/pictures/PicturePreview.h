// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/DrawnPicture.h"

#include <QWidget>

namespace understudy {

/// Shows a picture as its file will hold it, as large as there is room. Painted on a worker; until a new one
/// is ready the old one stays. GUI thread.
class PicturePreview final : public QWidget
{
    Q_OBJECT
public:
    explicit PicturePreview(QWidget *parent = nullptr);

    void setPicture(const DrawnPicture &picture);
    const DrawnPicture &picture() const { return m_picture; }
    /// From the picture to this widget; together with DrawnPicture::graphTransform() from the graph's scene.
    QTransform pictureTransform() const;
    QSize sizeHint() const override { return {640, 420}; }
    const QImage &image() const { return m_image; } ///< As it is shown; null before the first one

Q_SIGNALS:
    void shown(); ///< The picture that was set last is painted

protected:
    void paintEvent(QPaintEvent *) override;
    void resizeEvent(QResizeEvent *) override;

private:
    QRectF place() const;
    void refresh();

    DrawnPicture m_picture;
    QImage m_image;
    bool m_any = false, m_painting = false, m_again = false;
};

} // namespace understudy
