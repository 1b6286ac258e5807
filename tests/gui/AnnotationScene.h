// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pictures/AnnotationBar.h"
#include "gui/pictures/AnnotationCanvas.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QThreadPool>
#include <QVBoxLayout>

#include <atomic>

/// A window with tools, a picture and a button, as a dialog would have them.
namespace understudy::test {

struct AnnotationScene
{
    AnnotationScene()
    {
        canvas = new AnnotationCanvas(&window);
        bar = new AnnotationBar(canvas, &window);
        after = new QPushButton(QStringLiteral("Save"), &window);
        auto *layout = new QVBoxLayout(&window);
        layout->addWidget(bar);
        layout->addWidget(canvas, 1);
        layout->addWidget(after, 0, Qt::AlignRight);
        // A picture of 600 x 400 that shows a scene of twice the size, moved a little.
        picture.size = {600, 400};
        picture.sceneToPicture = QTransform::fromScale(.5, .5) * QTransform::fromTranslate(10, 20);
        picture.paint = [this](QPainter &painter) {
            ++painted;
            scale = painter.transform().m11();
            painter.fillRect(QRectF(0, 0, 600, 400), Theme::light().canvas);
            painter.fillRect(QRectF(100, 100, 100, 50), Theme::light().accentTint);
        };
        canvas->setPicture(picture);
        window.resize(900, 560);
    }
    ~AnnotationScene() { QThreadPool::globalInstance()->waitForDone(60000); } // Of what `paint` uses

    AnnotationScene(const AnnotationScene &) = delete;
    AnnotationScene &operator=(const AnnotationScene &) = delete;

    bool show()
    {
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowExposed(&window))
            return false;
        canvas->setFocus(Qt::MouseFocusReason);
        return QTest::qWaitFor([this] { return canvas->hasFocus(); }, 30000);
    }

    /// The picture as it is to be; what is drawn asks for what is missing.
    bool settle() const
    {
        return QTest::qWaitFor(
            [this] {
                canvas->grab();
                return canvas->isPictureShown();
            },
            60000);
    }

    /// Picture pixels to the widget.
    QPoint at(double x, double y) const
    {
        const QRectF unit = QRectF(canvas->rect());
        const double zoom = canvas->zoom();
        return (unit.center() + QPointF(x - 300, y - 200) * zoom).toPoint();
    }
    QPointF scene(double x, double y) const { return picture.sceneToPicture.inverted().map(QPointF(x, y)); }

    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers keys = Qt::NoModifier) const
    {
        QTest::mousePress(canvas, Qt::LeftButton, keys, from);
        for (const QPoint &on : {from + (to - from) / 2, to}) {
            QMouseEvent move(QEvent::MouseMove, on, canvas->mapToGlobal(on), Qt::NoButton, Qt::LeftButton,
                             keys);
            QApplication::sendEvent(canvas, &move);
        }
        QTest::mouseRelease(canvas, Qt::LeftButton, keys, to);
    }
    void key(int key, Qt::KeyboardModifiers keys = Qt::NoModifier) const
    {
        QTest::keyClick(canvas, Qt::Key(key), keys);
    }
    QPlainTextEdit *editor() const { return canvas->findChild<QPlainTextEdit *>(); }
    void type(const QString &text) const { QTest::keyClicks(editor(), text); }
    Annotation mark(qsizetype i) const { return canvas->marks().value(i); }
    qsizetype selected() const { return canvas->edits().selected(); }

    QWidget window;
    AnnotationCanvas *canvas = nullptr;
    AnnotationBar *bar;
    QPushButton *after;
    CanvasPicture picture;
    std::atomic<int> painted = 0; ///< A worker paints.
    std::atomic<double> scale = 0;
};

inline bool isAbout(const QPointF &a, const QPointF &b, double most = 2.5)
{
    return (a - b).manhattanLength() <= most;
}

} // namespace understudy::test
