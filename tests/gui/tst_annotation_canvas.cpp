// SPDX-License-Identifier: GPL-3.0-or-later
#include "AnnotationScene.h"
#include "DialogPictures.h"
#include "OwnPlaces.h"
#include "SampleGraphs.h"

#include "gui/FocusRing.h"
#include "gui/Style.h"
#include "paint/GraphPainter.h"

#include <QClipboard>
#include <QSemaphore>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QThreadPool>
#include <QToolButton>
#include <QWheelEvent>

using namespace understudy;
using test::AnnotationScene, test::isAbout;
using Kind = Annotation::Kind;

/// Marks on a picture, by mouse.
class TestAnnotationCanvas : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(Style::Choice::Light);
    }
    void cleanup() { QApplication::setFont(applicationFont()); }

    void everyKindIsDrawn()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        QSignalSpy changed(s.canvas, &AnnotationCanvas::changed);
        s.canvas->setTool(AnnotationTool::Arrow);
        s.drag(s.at(100, 300), s.at(300, 200));
        QCOMPARE(s.mark(0).kind, Kind::Arrow);
        QVERIFY(isAbout(s.mark(0).at, s.scene(100, 300)));
        QVERIFY(isAbout(s.mark(0).end, s.scene(300, 200)));
        QCOMPARE(s.selected(), 0);
        QCOMPARE(s.canvas->tool(), AnnotationTool::Arrow); // For the next one
        s.canvas->setTool(AnnotationTool::Box);
        s.drag(s.at(500, 350), s.at(400, 300)); // Upwards, too
        QCOMPARE(s.mark(1).kind, Kind::Box);
        QVERIFY(isAbout(QRectF(s.mark(1).at, s.mark(1).end).normalized().topLeft(), s.scene(400, 300)));
        s.canvas->setTool(AnnotationTool::Callout);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(50, 50));
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(50, 150));
        QCOMPARE(s.mark(2).kind, Kind::Callout);
        QCOMPARE(s.mark(2).number, 1);
        QCOMPARE(s.mark(3).number, 2);
        QVERIFY(isAbout(s.mark(3).at, s.scene(50, 150)));
        QCOMPARE(changed.count(), 4);
        s.canvas->setTool(AnnotationTool::Text);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(200, 60));
        QVERIFY(s.canvas->isEditing());
        QCOMPARE(s.canvas->marks().size(), 4); // Not before there is text
        s.type(QStringLiteral("held on purpose"));
        QTest::keyClick(s.editor(), Qt::Key_Return);
        QVERIFY(!s.canvas->isEditing());
        QCOMPARE(s.mark(4).text, QStringLiteral("held on purpose"));
        QVERIFY(isAbout(s.mark(4).at, s.scene(200, 60)));
        QVERIFY(s.canvas->hasFocus());
        QCOMPARE(changed.count(), 5);
    }

    void aClickWithALineToolDrawsNothing()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Box);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(200, 200));
        QVERIFY(s.canvas->marks().isEmpty());
        s.drag(s.at(100, 100), s.at(300, 200));
        s.canvas->edits().select(-1);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(100, 150)); // It takes what is there.
        QCOMPARE(s.selected(), 0);
        QCOMPARE(s.canvas->marks().size(), 1);
    }

    void shiftConstrains()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Arrow);
        s.drag(s.at(100, 200), s.at(300, 215), Qt::ShiftModifier);
        QVERIFY(qAbs(s.mark(0).at.y() - s.mark(0).end.y()) < .01);
        s.canvas->edits().select(-1);
        s.drag(s.at(100, 100), s.at(200, 190), Qt::ShiftModifier);
        const QPointF way = s.mark(1).end - s.mark(1).at;
        QVERIFY(qAbs(way.x() - way.y()) < .01);
        s.canvas->edits().select(-1);
        s.canvas->setTool(AnnotationTool::Box);
        s.drag(s.at(400, 100), s.at(500, 140), Qt::ShiftModifier);
        const QRectF box = QRectF(s.mark(2).at, s.mark(2).end).normalized();
        QVERIFY(qAbs(box.width() - box.height()) < .01);
        s.canvas->setTool(AnnotationTool::Select);
        s.drag(s.at(400, 130), s.at(440, 137), Qt::ShiftModifier); // Moves along one axis
        const QRectF moved = QRectF(s.mark(2).at, s.mark(2).end).normalized();
        QVERIFY(qAbs(moved.top() - box.top()) < .01);
        QVERIFY(qAbs(moved.left() - box.left() - 80) < 3);
    }

    void marksAreMovedAndResized()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Box);
        s.drag(s.at(100, 100), s.at(300, 200));
        s.canvas->setTool(AnnotationTool::Arrow);
        s.drag(s.at(350, 300), s.at(450, 300));
        s.canvas->setTool(AnnotationTool::Select);
        s.drag(s.at(100, 180), s.at(150, 210)); // By its frame, beside the handles
        QCOMPARE(s.selected(), 0);
        QRectF box = QRectF(s.mark(0).at, s.mark(0).end).normalized();
        QVERIFY(isAbout(box.topLeft(), s.scene(150, 130)));
        QVERIFY(isAbout(box.bottomRight(), s.scene(350, 230)));
        s.drag(s.at(350, 230), s.at(400, 260)); // Its corner
        box = QRectF(s.mark(0).at, s.mark(0).end).normalized();
        QVERIFY(isAbout(box.topLeft(), s.scene(150, 130)));
        QVERIFY(isAbout(box.bottomRight(), s.scene(400, 260)));
        s.drag(s.at(150, 195), s.at(120, 300)); // Its left edge moves across alone.
        box = QRectF(s.mark(0).at, s.mark(0).end).normalized();
        QVERIFY(isAbout(box.topLeft(), s.scene(120, 130)));
        QVERIFY(isAbout(box.bottomRight(), s.scene(400, 260)));
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(420, 300));
        QCOMPARE(s.selected(), 1);
        s.drag(s.at(450, 300), s.at(450, 350)); // The tip
        QVERIFY(isAbout(s.mark(1).at, s.scene(350, 300)));
        QVERIFY(isAbout(s.mark(1).end, s.scene(450, 350)));
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(30, 30));
        QCOMPARE(s.selected(), -1);
    }

    void nothingLeavesThePicture()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Box);
        s.drag(s.at(100, 100), s.at(200, 200));
        s.canvas->setTool(AnnotationTool::Select);
        s.drag(s.at(100, 180), s.at(-900, -900));
        QVERIFY(isAbout(QRectF(s.mark(0).at, s.mark(0).end).normalized().topLeft(), s.scene(0, 0)));
        QVERIFY(isAbout(QRectF(s.mark(0).at, s.mark(0).end).normalized().bottomRight(), s.scene(100, 100)));
        s.canvas->setTool(AnnotationTool::Arrow);
        s.drag(s.at(300, 200), s.at(2000, 200));
        QVERIFY(isAbout(s.mark(1).end, s.scene(600, 200)));
    }

    void escapeTakesADragBack()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Box);
        s.drag(s.at(100, 100), s.at(200, 200));
        s.canvas->setTool(AnnotationTool::Select);
        const QList<Annotation> before = s.canvas->marks();
        QTest::mousePress(s.canvas, Qt::LeftButton, {}, s.at(100, 180));
        QMouseEvent move(QEvent::MouseMove, s.at(150, 200), s.canvas->mapToGlobal(s.at(150, 200)),
                         Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(s.canvas, &move);
        s.key(Qt::Key_Escape);
        QTest::mouseRelease(s.canvas, Qt::LeftButton, {}, s.at(150, 200));
        QCOMPARE(s.canvas->marks(), before);
        QCOMPARE(s.selected(), 0);
    }

    void textIsEditedInPlace()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Callout);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(100, 100));
        s.canvas->setTool(AnnotationTool::Select);
        QTest::mouseDClick(s.canvas, Qt::LeftButton, {}, s.at(100, 100));
        QVERIFY(s.canvas->isEditing());
        s.type(QStringLiteral("first"));
        QTest::keyClick(s.editor(), Qt::Key_Return, Qt::ShiftModifier);
        s.type(QStringLiteral("second"));
        QTest::keyClick(s.editor(), Qt::Key_Escape); // Leaves, and what was typed stays.
        QVERIFY(!s.canvas->isEditing());
        QCOMPARE(s.mark(0).text, QStringLiteral("first\nsecond"));
        s.key(Qt::Key_Return);
        QVERIFY(s.canvas->isEditing());
        QCOMPARE(s.editor()->toPlainText(), QStringLiteral("first\nsecond"));
        s.type(QStringLiteral("third")); // All was selected.
        s.after->setFocus();             // Going elsewhere leaves too.
        QCOMPARE(s.mark(0).text, QStringLiteral("third"));
        s.canvas->setFocus();
        s.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(s.mark(0).text, QStringLiteral("first\nsecond"));
    }

    void textThatIsTooMuchIsCut()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Text);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(100, 100));
        QApplication::clipboard()->setText(QStringLiteral("<b>x</b>\u202E\u0007") + QString(100000, u'y'));
        s.editor()->paste();
        QTest::keyClick(s.editor(), Qt::Key_Return);
        QCOMPARE(s.mark(0).text.size(), annotation::mostText);
        QVERIFY(s.mark(0).text.startsWith(QStringLiteral("<b>x</b> yyy")));
        QVERIFY(QRectF(s.canvas->rect()).contains(s.canvas->markRect(0)));
    }

    void emptyTextIsNoMark()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Text);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(100, 100));
        QTest::keyClick(s.editor(), Qt::Key_Escape);
        QVERIFY(s.canvas->marks().isEmpty());
        QVERIFY(!s.canvas->edits().undoStack()->canUndo());
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(100, 100));
        s.type(QStringLiteral("a"));
        QTest::keyClick(s.editor(), Qt::Key_Return);
        s.canvas->editText(0);
        QTest::keyClick(s.editor(), Qt::Key_Delete);
        QTest::keyClick(s.editor(), Qt::Key_Return);
        QVERIFY(s.canvas->marks().isEmpty());
        s.canvas->edits().undoStack()->undo();
        QCOMPARE(s.mark(0).text, QStringLiteral("a"));
    }

    void aTextIsMadeNarrower()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        Annotation text;
        text.kind = Kind::Text;
        text.at = text.end = s.scene(100, 100);
        text.text = QStringLiteral("This standby replays a quarter of an hour late");
        s.canvas->setMarks({text});
        s.canvas->edits().select(0);
        const QRectF before = s.canvas->markRect(0);
        const QPoint edge = QPointF(before.right(), before.center().y()).toPoint();
        s.drag(edge, edge - QPoint(100, 0));
        const QRectF now = s.canvas->markRect(0);
        QVERIFY(now.width() < before.width() - 60);
        QVERIFY(now.height() > before.height() + 10);
        QVERIFY(isAbout(now.topLeft(), before.topLeft(), 1));
    }

    void undoAndRedo()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Callout);
        for (int i = 0; i < 3; ++i)
            QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(100, 60 + 100 * i));
        const QList<Annotation> three = s.canvas->marks();
        s.canvas->edits().select(0);
        s.canvas->removeSelected();
        QCOMPARE(s.canvas->marks().size(), 2);
        QCOMPARE(s.mark(0).number, 1); // The others count again.
        QCOMPARE(s.mark(1).number, 2);
        s.canvas->edits().undoStack()->undo();
        QCOMPARE(s.canvas->marks(), three);
        QCOMPARE(s.selected(), 0);
        for (int i = 0; i < 3; ++i)
            s.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(s.canvas->marks().isEmpty());
        for (int i = 0; i < 3; ++i)
            s.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(s.canvas->marks(), three);
        s.canvas->setMarks({});
        QVERIFY(!s.canvas->edits().undoStack()->canUndo());
    }

    void marksStayInTheirPlaceOfTheScene()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Callout);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(150, 125));
        const QPointF scene = s.mark(0).at;
        s.picture.sceneToPicture = QTransform::fromScale(.25, .25) * QTransform::fromTranslate(100, 40);
        s.canvas->setPicture(s.picture);
        QCOMPARE(s.mark(0).at, scene);
        const QPointF wanted = s.picture.sceneToPicture.map(scene);
        QVERIFY(isAbout(s.canvas->markRect(0).center(), s.at(wanted.x(), wanted.y())));
    }

    void theBackgroundIsDrawnOnceWhileMarksMove()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        QVERIFY(s.settle());
        const int painted = s.painted;
        s.canvas->setTool(AnnotationTool::Box);
        s.drag(s.at(100, 100), s.at(200, 200));
        s.key(Qt::Key_Left);
        QVERIFY(s.settle());
        QCOMPARE(int(s.painted), painted);
        bool said = false; // When it is told of, it is there.
        connect(s.canvas, &AnnotationCanvas::pictureDrawn, s.canvas,
                [&] { said = s.canvas->isPictureShown(); });
        s.canvas->zoomTo(3);
        s.canvas->grab();
        QVERIFY(!s.canvas->isPictureShown()); // Nobody waited for it.
        QVERIFY(s.settle());
        QVERIFY(said);
        QCOMPARE(int(s.painted), painted + 1);
    }

    /// What scrolling brings into view is what would be drawn anew, and most of it is there already.
    void scrollingShowsTheSameAsDrawingAnew()
    {
        AnnotationScene s;
        s.picture.paint = [](QPainter &painter) {
            for (int i = 0; i < 60; ++i)
                painter.fillRect(QRectF(i * 10, i * 7 % 400, 8, 8), Theme::light().series(i % 10));
        };
        s.canvas->setPicture(s.picture);
        QVERIFY(s.show());
        s.canvas->zoomTo(3);
        QVERIFY(s.settle());
        const auto turn = [&](const QPoint &by) {
            const QPointF at = QRectF(s.canvas->rect()).center();
            QWheelEvent wheel(at, s.canvas->mapToGlobal(at), by, by * 2, Qt::NoButton, Qt::NoModifier,
                              Qt::NoScrollPhase, false);
            QApplication::sendEvent(s.canvas, &wheel);
        };
        const int drawn = s.canvas->picturesDrawn();
        turn({0, -60});
        s.canvas->grab();
        QVERIFY(s.canvas->isPictureShown());
        QCOMPARE(s.canvas->picturesDrawn(), drawn);
        for (const QPoint &by : {QPoint(0, -120), QPoint(90, 0), QPoint(-35, 240), QPoint(-900, -900)}) {
            turn(by);
            QVERIFY(s.settle());
            const QImage scrolled = s.canvas->grab().toImage();
            s.canvas->setPicture(s.picture); // Forgets what was drawn.
            QVERIFY(s.settle());
            QCOMPARE(scrolled, s.canvas->grab().toImage());
        }
        QVERIFY(s.canvas->picturesDrawn() > drawn);
    }

    void itIsSharpAtEveryScale()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        QVERIFY(s.settle());
        const double ratio = s.canvas->devicePixelRatioF();
        QCOMPARE(double(s.scale), s.canvas->zoom() * ratio);
        QCOMPARE(s.canvas->grab().size(), s.canvas->size() * ratio);
        s.canvas->zoomTo(2);
        QVERIFY(s.settle());
        QCOMPARE(double(s.scale), 2 * ratio);
        // And it lies on the device's pixels: an edge of the picture is not smeared over two of them.
        const QImage seen = s.canvas->grab().toImage();
        const QPointF inside = QPointF(s.at(150, 125) * ratio);
        QCOMPARE(seen.pixelColor(inside.toPoint()), Theme::light().accentTint);
        int between = 0;
        for (int x = 0; x < seen.width(); ++x) {
            const QColor color = seen.pixelColor(x, int(inside.y()));
            if (color != Theme::light().accentTint && color != Theme::light().canvas &&
                color != Theme::light().border)
                ++between;
        }
        QCOMPARE(between, 0);
    }

    /// A picture that takes its time holds nobody up, and only the last of many is drawn to the end.
    void aSlowPictureHoldsNobodyUp()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        QVERIFY(s.settle());
        QSemaphore go;
        std::atomic<int> begun = 0;
        s.picture.paint = [&](QPainter &painter) {
            ++begun;
            go.acquire();
            painter.fillRect(QRectF(0, 0, 600, 400), Theme::light().okTint);
        };
        s.canvas->setPicture(s.picture);
        s.canvas->grab();
        s.canvas->setTool(AnnotationTool::Callout);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(300, 300));
        QCOMPARE(s.canvas->marks().size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(int(begun), 1, 60000);
        const QPoint seen = s.at(150, 125) * s.canvas->devicePixelRatioF();
        // The older one stands in.
        QCOMPARE(s.canvas->grab().toImage().pixelColor(seen), Theme::light().accentTint);
        for (int i = 0; i < 5; ++i) {
            s.canvas->setPicture(s.picture);
            s.canvas->grab();
        }
        go.release(10);
        QVERIFY(s.settle());
        QCOMPARE(s.canvas->grab().toImage().pixelColor(seen), Theme::light().okTint);
        QCOMPARE(int(begun), 2);
        QVERIFY(QThreadPool::globalInstance()->waitForDone(60000));
    }

    void theWheelZoomsWhereThePointerIs()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.canvas->setTool(AnnotationTool::Callout);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(310, 210));
        const QPointF under = s.canvas->markRect(0).center();
        QWheelEvent wheel(under, s.canvas->mapToGlobal(under), {}, QPoint(0, 360), Qt::NoButton,
                          Qt::ControlModifier, Qt::NoScrollPhase, false);
        QSignalSpy zoomed(s.canvas, &AnnotationCanvas::zoomChanged);
        QApplication::sendEvent(s.canvas, &wheel);
        QCOMPARE(zoomed.count(), 1);
        QVERIFY(s.canvas->zoom() > 1.3);
        QVERIFY(isAbout(s.canvas->markRect(0).center(), under));
        s.canvas->fit();
        QCOMPARE(s.canvas->zoom(), 1.0);
    }

    void hintsSayWhatToDo()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        QCOMPARE(s.canvas->hint(), QStringLiteral("Choose a tool and drag on the picture"));
        s.canvas->setTool(AnnotationTool::Arrow);
        QCOMPARE(s.canvas->hint(), QStringLiteral("Drag to where the arrow points"));
        s.canvas->setEnabled(false);
        QVERIFY(s.canvas->hint().isEmpty());
        s.canvas->setEnabled(true);
        s.drag(s.at(100, 100), s.at(200, 200));
        QVERIFY(s.canvas->hint().isEmpty());
        s.canvas->setMarks(QList<Annotation>(annotation::mostMarks + 5, s.mark(0)));
        QCOMPARE(s.canvas->marks().size(), annotation::mostMarks);
        s.canvas->setTool(AnnotationTool::Callout);
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(300, 300));
        QCOMPARE(s.canvas->marks().size(), annotation::mostMarks);
        QVERIFY(s.canvas->hint().contains(QStringLiteral("200")));
        s.canvas->setPicture({});
        s.canvas->grab();
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, QPoint(50, 50)); // Nothing to hit, nothing breaks.
    }

    void theBarShowsAndChoosesTools()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        const QList<QToolButton *> buttons = s.bar->findChildren<QToolButton *>();
        const auto named = [&](const char *name) {
            for (QToolButton *button : buttons) {
                if (button->accessibleName() == QLatin1String(name))
                    return button;
            }
            return static_cast<QToolButton *>(nullptr);
        };
        QVERIFY(named("Select")->isChecked());
        QTest::mouseClick(named("Box"), Qt::LeftButton);
        QCOMPARE(s.canvas->tool(), AnnotationTool::Box);
        QVERIFY(s.canvas->hasFocus());
        s.canvas->setTool(AnnotationTool::Callout);
        QVERIFY(named("Callout")->isChecked() && !named("Box")->isChecked());
        for (const char *name :
             {"Select", "Arrow", "Box", "Text", "Callout", "Undo", "Redo", "Duplicate", "Remove"}) {
            QVERIFY2(named(name), name);
            QVERIFY(!named(name)->icon().isNull());
            QVERIFY(named(name)->toolTip().contains(u'('));
            QVERIFY(named(name)->width() >= 24 && named(name)->height() >= 24);
        }
        QVERIFY(!named("Undo")->isEnabled() && !named("Remove")->isEnabled());
        QTest::mouseClick(s.canvas, Qt::LeftButton, {}, s.at(100, 100));
        QVERIFY(named("Undo")->isEnabled() && named("Remove")->isEnabled());
        QCOMPARE(named("Undo")->toolTip(), QStringLiteral("Undo drawing (Ctrl+Z)"));
        QTest::mouseClick(named("Duplicate"), Qt::LeftButton);
        QCOMPARE(s.canvas->marks().size(), 2);
        QTest::mouseClick(named("Remove"), Qt::LeftButton);
        QTest::mouseClick(named("Undo"), Qt::LeftButton);
        QTest::mouseClick(named("Redo"), Qt::LeftButton);
        QCOMPARE(s.canvas->marks().size(), 1);
        s.canvas->setEnabled(false);
        QVERIFY(!named("Box")->isEnabled() && !named("Undo")->isEnabled());
        s.canvas->setEnabled(true);
        QVERIFY(named("Box")->isEnabled() && named("Undo")->isEnabled());
        // Words where there is room for them, and never a button that is cut off.
        QVERIFY(s.bar->showsWords());
        s.window.resize(s.window.minimumSizeHint().width(), 560);
        const auto allFit = [&] {
            return std::all_of(buttons.cbegin(), buttons.cend(), [&](const QToolButton *button) {
                return (!button->isCheckable() || button->width() >= button->sizeHint().width()) &&
                       s.bar->rect().contains(QRect(button->mapTo(s.bar, QPoint()), button->size()));
            });
        };
        for (int width = s.window.minimumSizeHint().width(); width < 940; width += 20) {
            s.window.resize(width, 560);
            QTRY_VERIFY_WITH_TIMEOUT(allFit(), 30000);
            QTRY_VERIFY_WITH_TIMEOUT(s.canvas->geometry().top() > s.bar->geometry().bottom(), 30000);
        }
        s.window.resize(640, 560);
        QTRY_VERIFY(!s.bar->showsWords());
        s.window.resize(900, 560);
        QTRY_VERIFY(s.bar->showsWords());
    }

    void howItLooks()
    {
        if (qEnvironmentVariable("UNDERSTUDY_SHOTS").isEmpty())
            QSKIP("UNDERSTUDY_SHOTS names no folder.");
        for (const int percent : {100, 200}) {
            QFont font = applicationFont();
            font.setPixelSize(13 * percent / 100);
            QApplication::setFont(font);
            FocusRing ring(nullptr);
            AnnotationScene s;
            const auto graph = samples::incident();
            s.window.resize(1100, 760);
            QVERIFY(s.show());
            const auto dress = [&](ThemeKind kind) {
                CanvasPicture picture;
                picture.size = {1200, 700};
                picture.theme = kind;
                picture.font = font;
                picture.paint = [graph, kind, font](QPainter &painter) {
                    painter.fillRect(QRectF(0, 0, 1200, 700), Theme::of(kind).canvas);
                    GraphStyle style;
                    style.theme = &Theme::of(kind);
                    style.font = font;
                    paintGraph(painter, QRectF(16, 16, 1168, 668), graph.topology, graph.extras, style);
                };
                s.canvas->setPicture(picture);
            };
            const auto shoot = [&](const char *name) {
                for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
                    Style::instance().apply(kind == ThemeKind::Dark ? Style::Choice::Dark
                                                                    : Style::Choice::Light);
                    QApplication::setFont(font);
                    dress(kind);
                    QVERIFY(s.settle());
                    s.window.grab().save(
                        QStringLiteral("%1/canvas-%2-%3-%4-%5x.png")
                            .arg(qEnvironmentVariable("UNDERSTUDY_SHOTS"), QString::fromLatin1(name))
                            .arg(percent)
                            .arg(kind == ThemeKind::Dark ? QStringLiteral("dark") : QStringLiteral("light"))
                            .arg(s.window.devicePixelRatioF()));
                }
            };
            dress(ThemeKind::Light);
            shoot("empty");
            Annotation arrow{Kind::Arrow, {760, 560}, {640, 480}, {}, 0, 0};
            Annotation box{Kind::Box, {380, 60}, {720, 220}, {}, 0, 0};
            Annotation text{Kind::Text, {770, 560},
                            {},         QStringLiteral("Replay is 2 min 51 s behind: a report ran here"),
                            0,          0};
            Annotation one{Kind::Callout, {380, 60}, {}, {}, 0, 0};
            Annotation two{Kind::Callout, {640, 300}, {}, QStringLiteral("Promote this one"), 0, 0};
            s.canvas->setMarks({box, arrow, text, one, two});
            for (int i = 0; i < 5; ++i) {
                s.canvas->edits().select(i);
                if (i == 0 || i == 1 || i == 2 || i == 4)
                    shoot(qPrintable(QStringLiteral("selected%1").arg(i)));
            }
            QVERIFY(s.settle());
            s.canvas->editText(2);
            shoot("editing");
            s.canvas->editText(4);
            s.window.grab().save(QStringLiteral("%1/canvas-editing4-%2.png")
                                     .arg(qEnvironmentVariable("UNDERSTUDY_SHOTS"))
                                     .arg(percent));
            s.canvas->finishEditing();
            s.after->setFocus();
            s.canvas->setFocus(Qt::TabFocusReason);
            s.window.grab().save(QStringLiteral("%1/canvas-focus-%2.png")
                                     .arg(qEnvironmentVariable("UNDERSTUDY_SHOTS"))
                                     .arg(percent));
            s.canvas->zoomTo(2);
            shoot("zoomed");
            s.canvas->fit();
            s.window.resize(s.window.minimumSizeHint());
            s.canvas->setEnabled(false);
            shoot("small");
        }
        Style::instance().apply(Style::Choice::Light);
    }
};

QTEST_MAIN(TestAnnotationCanvas)
#include "tst_annotation_canvas.moc"
