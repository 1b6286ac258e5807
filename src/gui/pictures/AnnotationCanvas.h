// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pictures/AnnotationEdits.h"
#include "gui/pictures/AnnotationWords.h"

#include <QWidget>

#include <functional>
#include <memory>

namespace understudy {

/// A picture that marks are put on.
struct CanvasPicture
{
    std::function<void(QPainter &)>
        paint; ///< Draws it in picture pixels, (0, 0) to size. On a worker: what it needs is its own
    QSizeF size;
    QTransform sceneToPicture;          ///< From the coordinates of the marks
    ThemeKind theme = ThemeKind::Light; ///< The picture's, which need not be the window's
    QFont font = applicationFont();     ///< Of the picture's text
    QString words;                      ///< What it shows, for a screen reader
    /// What is shown for the marks, with stand-ins in their text; empty: they are shown as they are.
    std::function<QList<Annotation>(const QList<Annotation> &)> shownMarks;
};

/// Shows a picture fitted into the widget and lets a person put arrows, boxes, text and numbered callouts on
/// it, by mouse or by keyboard alone; a screen reader finds every mark as a child. GUI thread.
class AnnotationCanvas final : public QWidget
{
    Q_OBJECT
public:
    explicit AnnotationCanvas(QWidget *parent = nullptr);
    ~AnnotationCanvas() override;

    /// Another picture below the same marks, which keep their places in the scene.
    void setPicture(const CanvasPicture &picture);
    const CanvasPicture &picture() const;
    /// Where the picture's names come from, for screen readers ("Points at standby1").
    void setPlaceName(const annotationwords::PlaceName &placeName);

    QList<Annotation> marks() const; ///< Without text that is still being typed: see finishEditing()
    void setMarks(const QList<Annotation> &marks); ///< Nothing of before can be undone
    AnnotationEdits &edits();
    AnnotationPlace place() const; ///< How the marks lie on the picture

    AnnotationTool tool() const;
    void setTool(AnnotationTool tool);
    void placeInMiddle(); ///< One of what the tool draws, for those who do not drag
    void editText(qsizetype mark);
    bool isEditing() const;
    void finishEditing();
    void duplicateSelected();
    void removeSelected();

    double zoom() const; ///< 1: a picture pixel is a device-independent one
    void zoomBy(double factor);
    void zoomTo(double zoom);
    void fit();
    QTransform pictureTransform() const;   ///< From the picture to the widget
    QRectF markRect(qsizetype mark) const; ///< In the widget; empty if there is none
    QString hint() const;                  ///< What is said below the picture; empty: nothing
    QString describe(qsizetype mark) const;
    bool isPictureShown() const; ///< As it was set last, and sharp; until then an older one stands in
    int picturesDrawn() const;

    QSize sizeHint() const override { return {720, 420}; }
    QSize minimumSizeHint() const override { return {240, 160}; }

Q_SIGNALS:
    void changed(); ///< The marks
    void selectionChanged();
    void toolChanged();
    void zoomChanged();
    void pictureDrawn(); ///< See isPictureShown()

protected:
    bool event(QEvent *) override;
    void paintEvent(QPaintEvent *) override;
    void resizeEvent(QResizeEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void mouseReleaseEvent(QMouseEvent *) override;
    void mouseDoubleClickEvent(QMouseEvent *) override;
    void wheelEvent(QWheelEvent *) override;
    void keyPressEvent(QKeyEvent *) override;
    void focusInEvent(QFocusEvent *) override;
    void focusOutEvent(QFocusEvent *) override;
    void changeEvent(QEvent *) override;
    bool focusNextPrevChild(bool next) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace understudy
