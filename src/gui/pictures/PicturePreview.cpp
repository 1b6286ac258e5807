// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/PicturePreview.h"

#include "gui/Background.h"
#include "gui/Style.h"
#include "gui/graph/GraphWords.h"

#include <QPainter>

#include <cmath>

namespace understudy {

namespace {

constexpr double around = 16;

} // namespace

PicturePreview::PicturePreview(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("picturePreview"));
    setMinimumSize(240, 160);
    setAccessibleName(tr("Preview of the picture"));
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

void PicturePreview::setPicture(const DrawnPicture &picture)
{
    m_picture = picture;
    m_any = true;
    QStringList words{graphwords::summary(picture.topology()), picture.title(), picture.pastWords()};
    words.removeAll(QString());
    setAccessibleDescription(words.join(QStringLiteral(". ")));
    refresh();
}

QRectF PicturePreview::place() const
{
    const QRectF room = QRectF(rect()).adjusted(around, around, -around, -around);
    const QSizeF size = m_picture.size();
    if (size.isEmpty() || room.width() <= 0 || room.height() <= 0)
        return {};
    const double scale = qMin(1.0, qMin(room.width() / size.width(), room.height() / size.height()));
    const QSizeF shown = size * scale;
    return {QPointF(std::round(room.center().x() - shown.width() / 2),
                    std::round(room.center().y() - shown.height() / 2)),
            shown};
}

QTransform PicturePreview::pictureTransform() const
{
    const QRectF at = place();
    const double scale = at.isEmpty() ? 1 : at.width() / m_picture.size().width();
    return QTransform::fromScale(scale, scale) * QTransform::fromTranslate(at.left(), at.top());
}

void PicturePreview::refresh()
{
    if (!m_any || place().isEmpty())
        return;
    if (std::exchange(m_painting, true)) {
        m_again = true;
        return;
    }
    m_again = false;
    const double ratio = devicePixelRatioF();
    inBackground(
        this,
        [picture = m_picture, shown = place().size(), ratio] {
            QImage image((shown * ratio).toSize().expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
            image.fill(picture.theme().canvas);
            QPainter painter(&image);
            painter.scale(image.width() / double(picture.size().width()),
                          image.height() / double(picture.size().height()));
            picture.paint(painter);
            painter.end();
            image.setDevicePixelRatio(ratio);
            return image;
        },
        [this](const QImage &image) {
            m_image = image;
            m_painting = false;
            update();
            if (m_again)
                refresh();
            else
                Q_EMIT shown();
        });
}

void PicturePreview::paintEvent(QPaintEvent *)
{
    if (m_image.isNull())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const QRectF at = place();
    painter.fillRect(at.adjusted(-1, -1, 1, 1), Style::instance().theme().line2);
    painter.drawImage(at, m_image);
}

void PicturePreview::resizeEvent(QResizeEvent *)
{
    refresh();
}

} // namespace understudy
