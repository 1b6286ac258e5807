// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/PicturePreview.h"

#include "gui/graph/GraphWords.h"
#include "gui/pictures/AnnotationBar.h"
#include "gui/pictures/AnnotationCanvas.h"

#include <QVBoxLayout>

namespace understudy {

PicturePreview::PicturePreview(QWidget *parent)
    : QWidget(parent), m_canvas(new AnnotationCanvas(this)), m_bar(new AnnotationBar(m_canvas, this))
{
    setObjectName(QStringLiteral("picturePreview"));
    setAccessibleName(tr("Preview of the picture"));
    auto *layout = new QVBoxLayout(this);
    // Room for the frame around what has the keyboard.
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(12);
    layout->addWidget(m_bar);
    layout->addWidget(m_canvas, 1);
    m_canvas->setPlaceName([this](const QPointF &scene) { return nameAt(scene); });
    connect(m_canvas, &AnnotationCanvas::changed, this, &PicturePreview::marksChanged);
    connect(m_canvas, &AnnotationCanvas::pictureDrawn, this, [this] {
        if (isShown())
            Q_EMIT shown();
    });
}

void PicturePreview::setPicture(const DrawnPicture &picture)
{
    m_picture = picture;
    QStringList words{graphwords::summary(picture.topology()), picture.title(), picture.pastWords()};
    words.removeAll(QString());
    setAccessibleDescription(words.join(QStringLiteral(". ")));
    CanvasPicture shown;
    shown.paint = [picture](QPainter &painter) { picture.paint(painter); };
    shown.size = picture.size();
    shown.sceneToPicture = picture.graphTransform();
    shown.theme = picture.theme().kind;
    shown.font = picture.font();
    shown.words = accessibleDescription();
    shown.shownMarks = [picture](const QList<Annotation> &marks) { return picture.shownMarks(marks); };
    m_canvas->setPicture(shown);
}

QTransform PicturePreview::pictureTransform() const
{
    return m_canvas->pictureTransform() * QTransform::fromTranslate(m_canvas->x(), m_canvas->y());
}

bool PicturePreview::isShown() const
{
    return m_canvas->isPictureShown();
}

QList<Annotation> PicturePreview::marks()
{
    m_canvas->finishEditing();
    return m_canvas->marks();
}

/// As it is drawn: with a stand-in where those were asked for.
QString PicturePreview::nameAt(const QPointF &scene) const
{
    const QHash<NodeId, QRectF> &cards = m_picture.layout().cards;
    for (auto it = cards.cbegin(); it != cards.cend(); ++it) {
        if (!it.value().contains(scene))
            continue;
        const Node *node = m_picture.topology().node(it.key());
        return node ? node->name : QString();
    }
    return {};
}

} // namespace understudy
