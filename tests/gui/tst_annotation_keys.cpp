// SPDX-License-Identifier: GPL-3.0-or-later
#include "AnnotationScene.h"
#include "OwnPlaces.h"

#include "gui/Style.h"
#include "gui/pictures/AnnotationAccessible.h"

#include <QAccessible>
#include <QAction>
#include <QDialog>
#include <QSignalSpy>
#include <QStandardPaths>

using namespace understudy;
using test::AnnotationScene, test::isAbout;
using Kind = Annotation::Kind;

namespace {

struct Heard
{
    QAccessible::Event what;
    QString name;
};
QList<Heard> heard;

void listen(QAccessibleEvent *event)
{
    QAccessibleInterface *who = event->accessibleInterface();
    heard << Heard{event->type(), who ? who->text(QAccessible::Name) : QString()};
}

bool wasHeard(QAccessible::Event what, const QString &name)
{
    return std::any_of(heard.cbegin(), heard.cend(),
                       [&](const Heard &one) { return one.what == what && one.name == name; });
}

} // namespace

/// Marks on a picture by keyboard alone, and what a screen reader finds.
class TestAnnotationKeys : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(Style::Choice::Light);
        annotationaccess::setTeller(listen);
    }
    void cleanupTestCase() { annotationaccess::setTeller(nullptr); }
    void init() { heard.clear(); }

    void everyToolPlacesOneInTheMiddle_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("arrow") << int(Qt::Key_A) << Kind::Arrow;
        QTest::newRow("box") << int(Qt::Key_B) << Kind::Box;
        QTest::newRow("text") << int(Qt::Key_T) << Kind::Text;
        QTest::newRow("callout") << int(Qt::Key_C) << Kind::Callout;
    }
    void everyToolPlacesOneInTheMiddle()
    {
        QFETCH(int, key);
        QFETCH(Kind, kind);
        AnnotationScene s;
        QVERIFY(s.show());
        s.key(key);
        QCOMPARE(s.canvas->tool(), annotationwords::toolFor(kind));
        s.key(Qt::Key_Return);
        if (kind == Kind::Text) {
            s.type(QStringLiteral("held"));
            QTest::keyClick(s.editor(), Qt::Key_Return);
        }
        QCOMPARE(s.canvas->marks().size(), 1);
        QCOMPARE(s.mark(0).kind, kind);
        QCOMPARE(s.selected(), 0);
        QCOMPARE(s.canvas->tool(), AnnotationTool::Select);
        QVERIFY(s.canvas->hasFocus());
        const QRectF middle = QRectF(QRectF(s.canvas->rect()).center() - QPointF(60, 40), QSizeF(120, 80));
        QVERIFY(middle.intersects(s.canvas->markRect(0)));
        // A second one does not hide the first.
        s.key(key);
        s.key(Qt::Key_Return);
        if (kind == Kind::Text) {
            s.type(QStringLiteral("held"));
            QTest::keyClick(s.editor(), Qt::Key_Return);
        }
        QVERIFY(!isAbout(s.mark(0).at, s.mark(1).at, 20));
    }

    void arrowsMoveAndShiftResizes()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.key(Qt::Key_B);
        s.key(Qt::Key_Return);
        const Annotation placed = s.mark(0);
        const QSizeF size = QRectF(placed.at, placed.end).size();
        s.key(Qt::Key_Right);
        s.key(Qt::Key_Right);
        s.key(Qt::Key_Down, Qt::ControlModifier);
        // 10 and 1 picture pixels, of which the scene has two.
        QVERIFY(isAbout(s.mark(0).at, placed.at + QPointF(40, 2), .01));
        QCOMPARE(QRectF(s.mark(0).at, s.mark(0).end).size(), size);
        s.key(Qt::Key_Right, Qt::ShiftModifier);
        s.key(Qt::Key_Down, Qt::ShiftModifier | Qt::ControlModifier);
        QVERIFY(isAbout(s.mark(0).at, placed.at + QPointF(40, 2), .01));
        const QSizeF now = QRectF(s.mark(0).at, s.mark(0).end).size();
        QVERIFY(qAbs(now.width() - size.width() - 20) < .01);
        QVERIFY(qAbs(now.height() - size.height() - 2) < .01);
        // Steps of one kind in a row are one to undo.
        s.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(isAbout(s.mark(0).end - s.mark(0).at, placed.end - placed.at, .01));
        s.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(s.mark(0), placed);
        s.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(s.canvas->marks().isEmpty());
    }

    void anArrowIsTurnedAndATextIsNarrowed()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.key(Qt::Key_A);
        s.key(Qt::Key_Return);
        const Annotation placed = s.mark(0);
        s.key(Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(s.mark(0).at, placed.at);
        QVERIFY(isAbout(s.mark(0).end, placed.end - QPointF(20, 0), .01));
        s.key(Qt::Key_C);
        s.key(Qt::Key_Return);
        s.key(Qt::Key_F2);
        s.type(QStringLiteral("words that want some room"));
        QTest::keyClick(s.editor(), Qt::Key_Escape);
        const double wide = s.canvas->markRect(1).width();
        for (int i = 0; i < 5; ++i)
            s.key(Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(s.canvas->markRect(1).width() < wide);
        QVERIFY(s.mark(1).width >= annotation::narrowestText);
    }

    void tabGoesThroughTheMarksAndOn()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        for (const int key : {Qt::Key_A, Qt::Key_B, Qt::Key_C}) {
            s.key(key);
            s.key(Qt::Key_Return);
        }
        s.canvas->edits().select(-1);
        for (int i = 0; i < 3; ++i) {
            s.key(Qt::Key_Tab);
            QCOMPARE(s.selected(), i);
            QVERIFY(s.canvas->hasFocus());
        }
        s.key(Qt::Key_Tab);
        QVERIFY(s.after->hasFocus());
        QCOMPARE(s.selected(), -1);
        QTest::keyClick(s.after, Qt::Key_Backtab);
        QVERIFY(s.canvas->hasFocus());
        QCOMPARE(s.selected(), 2);
        for (const int wanted : {1, 0, -1}) {
            s.key(Qt::Key_Backtab);
            QCOMPARE(s.selected(), wanted);
            QVERIFY(s.canvas->hasFocus());
        }
        s.key(Qt::Key_Backtab);
        QVERIFY(!s.canvas->hasFocus());
    }

    void removeAndDuplicate()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.key(Qt::Key_C);
        s.key(Qt::Key_Return);
        s.key(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(s.canvas->marks().size(), 2);
        QCOMPARE(s.selected(), 1);
        QCOMPARE(s.mark(1).number, 2);
        QVERIFY(isAbout(s.mark(1).at, s.mark(0).at + QPointF(32, 32), .01));
        s.key(Qt::Key_Tab, Qt::NoModifier);
        s.canvas->setFocus();
        s.canvas->edits().select(0);
        s.key(Qt::Key_Delete);
        QCOMPARE(s.canvas->marks().size(), 1);
        QCOMPARE(s.mark(0).number, 1);
        QCOMPARE(s.selected(), 0); // The next one
        s.key(Qt::Key_Backspace);
        QVERIFY(s.canvas->marks().isEmpty());
        s.key(Qt::Key_Delete); // Nothing there: nothing happens.
        s.key(Qt::Key_Z, Qt::ControlModifier);
        s.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(s.canvas->marks().size(), 2);
    }

    void escapeGoesOneStepAtATimeAndThenClosesTheDialog()
    {
        QDialog dialog;
        auto *canvas = new AnnotationCanvas(&dialog);
        CanvasPicture picture;
        picture.size = {400, 300};
        picture.paint = [](QPainter &) {};
        canvas->setPicture(picture);
        canvas->resize(500, 400);
        dialog.resize(500, 400);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        canvas->setFocus();
        QSignalSpy closed(&dialog, &QDialog::rejected), accepted(&dialog, &QDialog::accepted);
        QTest::keyClick(canvas, Qt::Key_C);
        QTest::keyClick(canvas, Qt::Key_Return);
        QTest::keyClick(canvas, Qt::Key_B);
        QCOMPARE(canvas->edits().selected(), 0);
        QTest::keyClick(canvas, Qt::Key_Escape);
        QCOMPARE(canvas->edits().selected(), -1);
        QTest::keyClick(canvas, Qt::Key_Escape);
        QCOMPARE(canvas->tool(), AnnotationTool::Select);
        QCOMPARE(closed.count(), 0);
        QTest::keyClick(canvas, Qt::Key_Escape);
        QCOMPARE(closed.count(), 1);
        QCOMPARE(accepted.count(), 0); // Nor does Enter end the dialog.
    }

    void aWindowsShortcutsDoNotTakeTheKeys()
    {
        AnnotationScene s;
        QAction undo(&s.window), letter(&s.window);
        undo.setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z));
        letter.setShortcut(QKeySequence(Qt::Key_B));
        s.window.addAction(&undo);
        s.window.addAction(&letter);
        QSignalSpy undone(&undo, &QAction::triggered), typed(&letter, &QAction::triggered);
        QVERIFY(s.show());
        s.key(Qt::Key_B);
        s.key(Qt::Key_Return);
        QCOMPARE(s.mark(0).kind, Kind::Box);
        s.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(s.canvas->marks().isEmpty());
        QCOMPARE(undone.count(), 0);
        QCOMPARE(typed.count(), 0);
    }

    void zoomByKeysKeepsTheMarkInView()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        s.key(Qt::Key_C);
        s.key(Qt::Key_Return);
        for (int i = 0; i < 25; ++i)
            s.key(Qt::Key_Left);
        for (int i = 0; i < 5; ++i)
            s.key(Qt::Key_Plus);
        QVERIFY(s.canvas->zoom() > 2);
        QVERIFY(QRectF(s.canvas->rect()).contains(s.canvas->markRect(0)));
        for (int i = 0; i < 60; ++i)
            s.key(Qt::Key_Right); // Out of what is seen: it comes along.
        QVERIFY(QRectF(s.canvas->rect()).contains(s.canvas->markRect(0)));
        s.key(Qt::Key_0);
        QCOMPARE(s.canvas->zoom(), 1.0);
    }

    void everyMarkIsAChild()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        QAccessibleInterface *all = QAccessible::queryAccessibleInterface(s.canvas);
        QVERIFY(all);
        QCOMPARE(all->role(), QAccessible::List);
        QCOMPARE(all->text(QAccessible::Name), QStringLiteral("Picture, no marks"));
        QCOMPARE(all->text(QAccessible::Description),
                 QStringLiteral("Choose a tool and drag on the picture"));
        QCOMPARE(all->childCount(), 0);
        s.canvas->setPlaceName(
            [](const QPointF &at) { return at.x() > 300 ? QStringLiteral("standby1") : QString(); });
        Annotation text{Kind::Text, s.scene(30, 30), {}, QStringLiteral("held\non purpose"), 0, 0};
        text.end = text.at;
        s.canvas->setMarks({{Kind::Arrow, s.scene(100, 100), s.scene(300, 100), {}, 0, 0},
                            {Kind::Box, s.scene(50, 140), s.scene(90, 180), {}, 0, 0},
                            text,
                            {Kind::Callout, s.scene(300, 200), {}, {}, 0, 0},
                            {Kind::Callout, s.scene(330, 300), {}, QStringLiteral("Promote"), 0, 0}});
        QCOMPARE(all->text(QAccessible::Name),
                 QStringLiteral("Picture, 5 marks: 1 arrow, 1 box, 1 text, 2 callouts"));
        QCOMPARE(all->childCount(), 5);
        const QStringList names{QStringLiteral("Arrow"), QStringLiteral("Box"),
                                QStringLiteral("Text: held on purpose"), QStringLiteral("Callout 1"),
                                QStringLiteral("Callout 2: Promote")};
        for (int i = 0; i < 5; ++i) {
            QAccessibleInterface *child = all->child(i);
            QVERIFY(child && child->isValid());
            QCOMPARE(child->role(), QAccessible::ListItem);
            QCOMPARE(child->text(QAccessible::Name), names.at(i));
            QVERIFY(!child->text(QAccessible::Description).isEmpty());
            QCOMPARE(child->parent(), all);
            QCOMPARE(all->indexOfChild(child), i);
            const QPoint middle = child->rect().center();
            QCOMPARE(all->childAt(middle.x(), middle.y()), child);
        }
        QCOMPARE(all->child(5), nullptr);
        QCOMPARE(all->child(0)->text(QAccessible::Description),
                 QStringLiteral(
                     "Points at standby1. Points right. Its tip is 50 % from the left, 25 % from the top."));
        QCOMPARE(all->child(1)->text(QAccessible::Description),
                 QStringLiteral("Its middle is 12 % from the left, 40 % from the top. 40 by 40 pixels."));
    }

    void aScreenReaderHearsWhatHappens()
    {
        AnnotationScene s;
        QVERIFY(s.show());
        QAccessibleInterface *all = QAccessible::queryAccessibleInterface(s.canvas);
        s.key(Qt::Key_C);
        s.key(Qt::Key_Return);
        QVERIFY(all->child(0));
        heard.clear();
        s.key(Qt::Key_C);
        s.key(Qt::Key_Return);
        QVERIFY(wasHeard(QAccessible::ObjectReorder, QStringLiteral("Picture, 2 marks: 2 callouts")));
        QVERIFY(wasHeard(QAccessible::Focus, QStringLiteral("Callout 2")));
        QVERIFY(all->child(1)->state().selected && all->child(1)->state().focused);
        QVERIFY(!all->child(0)->state().selected);
        QCOMPARE(all->focusChild(), all->child(1));
        heard.clear();
        s.key(Qt::Key_Backtab);
        QVERIFY(wasHeard(QAccessible::Selection, QStringLiteral("Callout 1")));
        // Pressed, it asks for its text.
        QAccessibleActionInterface *actions = all->child(1)->actionInterface();
        QVERIFY(actions->actionNames().contains(QAccessibleActionInterface::pressAction()));
        actions->doAction(QAccessibleActionInterface::pressAction());
        QVERIFY(s.canvas->isEditing());
        heard.clear();
        s.type(QStringLiteral("Promote"));
        QTest::keyClick(s.editor(), Qt::Key_Return);
        QVERIFY(wasHeard(QAccessible::NameChanged, QStringLiteral("Callout 2: Promote")));
        // One that is gone is not found any more.
        const QPointer<AnnotationCanvas> canvas = s.canvas;
        s.key(Qt::Key_Delete);
        QCOMPARE(all->childCount(), 1);
        QCOMPARE(all->child(1), nullptr);
        QVERIFY(all->child(0)->isValid());
    }
};

QTEST_MAIN(TestAnnotationKeys)
#include "tst_annotation_keys.moc"
