// SPDX-License-Identifier: GPL-3.0-or-later
#include "DialogPictures.h"
#include "OwnPlaces.h"
#include "SampleGraphs.h"
#include "WindowFixture.h"
#include "clusters/SessionSecrets.h"
#include "gui/MainWindow.h"
#include "gui/graph/GraphScene.h"
#include "gui/graph/GraphView.h"
#include "gui/pictures/AnnotationCanvas.h"
#include "gui/pictures/PictureDialog.h"
#include "gui/pictures/PicturePreview.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QStatusBar>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

using namespace understudy;
using namespace understudy::fixture;
using understudy::test::child;

namespace {

constexpr int patience = 120000; ///< Milliseconds; whatever the machine does beside this.

const NodeId primaryId = QStringLiteral("127.0.0.1:5432"), standbyId = QStringLiteral("127.0.0.1:5433");

PictureSubject subject()
{
    PictureSubject subject;
    subject.topology = broken(start + 300 * second);
    subject.topology.clusters[0].nodes[1].name = QStringLiteral("pg-ams-2");
    subject.extras[standbyId] = {0, {1, 2, 3}, 1, Severity::Critical};
    subject.window = {1000, 620};
    subject.title = QStringLiteral("orders on pg-ams-2");
    return subject;
}

PictureChoices loud()
{
    PictureChoices choices;
    choices.findings = true;
    return choices;
}

void select(QDialog &dialog, const char *name, int index)
{
    auto *box = child<QComboBox>(dialog, name);
    QVERIFY(box);
    box->setCurrentIndex(index);
}

QString facts(const QDialog &dialog)
{
    return child<QLabel>(dialog, "facts")->text();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString settingsFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/understudy/pictures.ini");
}

/// For people: UNDERSTUDY_SHOTS=folder keeps what it looks like, in both themes.
void picture(PictureDialog &dialog, const QString &name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    const auto *preview = child<PicturePreview>(dialog, "picturePreview");
    for (const auto choice : {Style::Choice::Dark, Style::Choice::Light}) {
        QSignalSpy drawn(preview, &PicturePreview::shown);
        Style::instance().apply(choice);
        const ThemeKind kind = choice == Style::Choice::Dark ? ThemeKind::Dark : ThemeKind::Light;
        QVERIFY(QTest::qWaitFor([&] { return drawn.count() > 0 && preview->picture().theme().kind == kind; },
                                patience));
        dialog.grab().save(
            folder + u'/' + name +
            (kind == ThemeKind::Light ? QStringLiteral("-light.png") : QStringLiteral("-dark.png")));
    }
}

/// A dialog that is shown, with its first preview.
struct Shown
{
    PictureDialog dialog;
    PicturePreview *preview = child<PicturePreview>(dialog, "picturePreview");
    QSignalSpy drawn{preview, &PicturePreview::shown};
    explicit Shown(const PictureSubject &of = subject(), const PictureChoices &choices = loud())
        : dialog(of, choices)
    {
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
    }
    bool wait() { return drawn.count() > 0 || drawn.wait(patience); }
    /// Presses Save, names a file and waits for what is said of it.
    QString save(const QString &path)
    {
        QTest::mouseClick(child<QPushButton>(dialog, "save"), Qt::LeftButton);
        auto *files = dialog.findChild<QFileDialog *>();
        if (!files)
            return {};
        Q_EMIT files->fileSelected(path);
        files->close();
        const auto *result = child<QLabel>(dialog, "result");
        const bool ended = QTest::qWaitFor(
            [&] { return result->text().contains(u'/') || result->text().startsWith(QLatin1String("Not")); },
            patience);
        return ended ? result->text() : QString();
    }
};

} // namespace

/// Pictures of the graph, driven through the window and the dialog's own widgets.
class TestPictureDialog : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

private Q_SLOTS:
    void initTestCase() { fixture::useOwnPlaces(); }
    void init()
    {
        QFile::remove(settingsFile());
        Style::instance().apply(Style::Choice::Light);
    }
    void cleanup() { QApplication::setFont(applicationFont()); }
    void everyFormatIsSaved_data();
    void everyFormatIsSaved();
    void thePreviewIsWhatIsWritten();
    void marksArePartOfWhatIsSaved();
    void choicesChangeThePicture();
    void copyingRespectsRedaction();
    void choicesAreKeptAndTheTitleIsNot();
    void whatCannotBeSavedIsSaid();
    void everythingIsReachedByKeyboard();
    void itFitsWhateverTheSizeOfText_data();
    void itFitsWhateverTheSizeOfText();
    void anIncidentIsShown();
    void theWindowIsDrawnAsItIs();
    void thePastIsMarked();
    void copyingIsOneKey();
};

void TestPictureDialog::everyFormatIsSaved_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<int>("scale");
    for (int scale = 1; scale <= 4; ++scale)
        QTest::newRow(QByteArray("png" + QByteArray::number(scale)).constData()) << 0 << scale;
    QTest::newRow("svg") << 1 << 1;
    QTest::newRow("pdf") << 2 << 1;
}

void TestPictureDialog::everyFormatIsSaved()
{
    QFETCH(int, format);
    QFETCH(int, scale);
    Shown shown;
    select(shown.dialog, "format", format);
    QCOMPARE(child<QComboBox>(shown.dialog, "scale")->isEnabled(), format == 0);
    if (format == 0)
        select(shown.dialog, "scale", scale - 1);
    select(shown.dialog, "size", 1);
    child<QLineEdit>(shown.dialog, "titleEdit")->setText(QStringLiteral("Before the failover"));
    const QString ending = child<QComboBox>(shown.dialog, "format")->currentData().toString();
    const QString path = m_folder.filePath(QStringLiteral("a b'%1.%2").arg(scale).arg(ending));
    QSignalSpy told(&shown.dialog, &PictureDialog::told);
    QCOMPARE(shown.save(path), QStringLiteral("Saved as ") + path);
    if (const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS"); !folder.isEmpty())
        QFile::copy(path, folder + QStringLiteral("/saved.") + ending);
    QCOMPARE(told.count(), 1);
    if (format == 0) {
        QVERIFY(facts(shown.dialog).contains(QStringLiteral("%1 × %2").arg(1200 * scale).arg(700 * scale)));
        QCOMPARE(QImage(path).size(), QSize(1200, 700) * scale);
    } else if (format == 1) {
        const QByteArray svg = contentOf(path);
        QVERIFY(QSvgRenderer(svg).isValid());
        QCOMPARE(QSvgRenderer(svg).viewBox(), QRect(0, 0, 1200, 700));
        for (const char *text : {"Before the failover", "pg-ams-2", "standby1 is down", "Critical", "Down"})
            QVERIFY2(svg.contains(text), text);
    } else {
        QVERIFY(contentOf(path).startsWith("%PDF-"));
        const QString program = QStandardPaths::findExecutable(QStringLiteral("pdftotext"));
        if (program.isEmpty())
            QSKIP("pdftotext is not here (package poppler-utils): the page is not read back.");
        QProcess process;
        process.start(program, {QStringLiteral("-layout"), path, QStringLiteral("-")});
        QVERIFY(process.waitForFinished(patience));
        const QString text = QString::fromUtf8(process.readAllStandardOutput());
        for (const char *words : {"Before the failover", "standby1 is down", "Critical"})
            QVERIFY2(text.contains(QLatin1String(words)), qPrintable(text));
    }
}

void TestPictureDialog::thePreviewIsWhatIsWritten()
{
    Shown shown;
    select(shown.dialog, "scale", 0);
    QVERIFY(shown.wait());
    QTRY_VERIFY_WITH_TIMEOUT(shown.preview->picture().title() == subject().title, patience);
    const QString path = m_folder.filePath(QStringLiteral("as shown.png"));
    QVERIFY(!shown.save(path).isEmpty());
    QImage painted(shown.preview->picture().size(), QImage::Format_ARGB32_Premultiplied);
    QPainter painter(&painted);
    shown.preview->picture().paint(painter);
    painter.end();
    QCOMPARE(QImage(path).convertToFormat(QImage::Format_ARGB32_Premultiplied), painted);

    // Where a card of the scene is on the screen: from one to the next.
    const DrawnPicture &drawn = shown.preview->picture();
    const QRectF card = drawn.layout().cards.value(standbyId);
    const QTransform toWidget = drawn.graphTransform() * shown.preview->pictureTransform();
    const QRectF onScreen = toWidget.mapRect(card);
    QVERIFY(QRectF(shown.preview->rect()).contains(onScreen));
    const QImage screen = shown.preview->grab().toImage();
    const double ratio = screen.devicePixelRatio();
    const auto colorAt = [&](const QPointF &at) { return screen.pixelColor((at * ratio).toPoint()); };
    QCOMPARE(colorAt(onScreen.center() + QPointF(0, onScreen.height() / 3)), Theme::light().panel);
    QCOMPARE(colorAt(onScreen.bottomLeft() + QPointF(-8, 8)), Theme::light().canvas);
}

void TestPictureDialog::marksArePartOfWhatIsSaved()
{
    Shown shown;
    QVERIFY(shown.wait());
    AnnotationCanvas *canvas = shown.preview->canvas();
    const DrawnPicture &drawn = shown.preview->picture();
    const QRectF card = drawn.layout().cards.value(standbyId);
    // A box around the standby, drawn with the mouse, and a text that is still being typed.
    const auto at = [&](const QPointF &scene) {
        return (drawn.graphTransform() * canvas->pictureTransform()).map(scene).toPoint();
    };
    canvas->setTool(AnnotationTool::Box);
    const QPoint from = at(card.topLeft()) - QPoint(8, 8), to = at(card.bottomRight()) + QPoint(8, 8);
    QTest::mousePress(canvas, Qt::LeftButton, {}, from);
    QTest::mouseMove(canvas, (from + to) / 2);
    QTest::mouseMove(canvas, to);
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, to);
    QCOMPARE(canvas->marks().size(), 1);
    QVERIFY(canvas->describe(0).contains(QStringLiteral("Around pg-ams-2")));
    canvas->setTool(AnnotationTool::Text);
    QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->rect().center() - QPoint(60, 60));
    QTest::keyClicks(canvas->findChild<QPlainTextEdit *>(), QStringLiteral("promote pg-ams-2"));
    select(shown.dialog, "format", 0);
    select(shown.dialog, "scale", 0);
    const QString png = m_folder.filePath(QStringLiteral("marked.png"));
    QCOMPARE(shown.save(png), QStringLiteral("Saved as ") + png);
    QCOMPARE(canvas->marks().size(), 2);
    const Annotation box = canvas->marks().at(0);
    const QPointF edge = drawn.graphTransform().map((box.at + QPointF(box.at.x(), box.end.y())) / 2);
    const auto isNote = [](const QColor &color) {
        const QColor note = Theme::light().note;
        return qAbs(color.red() - note.red()) + qAbs(color.green() - note.green()) +
                   qAbs(color.blue() - note.blue()) <
               24;
    };
    QVERIFY(isNote(QImage(png).pixelColor(edge.toPoint())));
    // The mark stays on its card when the picture becomes another one.
    select(shown.dialog, "size", 2);
    QTRY_COMPARE_WITH_TIMEOUT(shown.preview->picture().size(), QSize(1600, 900), patience);
    QCOMPARE(canvas->marks().at(0), box);
    QVERIFY(QRectF(box.at, box.end).normalized().contains(drawn.layout().cards.value(standbyId)));
    // What is typed is redacted like everything else, on the screen too.
    child<QCheckBox>(shown.dialog, "redact")->click();
    QTRY_COMPARE_WITH_TIMEOUT(shown.preview->picture().title(), QStringLiteral("orders on node-1"), patience);
    QCOMPARE(shown.preview->picture().shownMarks(canvas->marks()).at(1).text,
             QStringLiteral("promote node-1"));
    select(shown.dialog, "format", 1);
    const QString svg = m_folder.filePath(QStringLiteral("marked.svg"));
    QCOMPARE(shown.save(svg), QStringLiteral("Saved as ") + svg);
    QVERIFY(contentOf(svg).contains("promote node-1"));
    QVERIFY(!contentOf(svg).contains("pg-ams-2"));
    picture(shown.dialog, QStringLiteral("picture-marked"));
}

void TestPictureDialog::choicesChangeThePicture()
{
    PictureSubject placed = subject();
    placed.arrangement.direction = Direction::LeftToRight;
    placed.arrangement.places = {{standbyId, QPointF(800, 600)}};
    Shown shown(placed);
    const auto drawn = [&] { return shown.preview->picture(); };
    const auto card = [&] { return drawn().layout().cards.value(standbyId).topLeft(); };
    QTRY_COMPARE_WITH_TIMEOUT(card(), QPointF(800, 600), patience);
    QCOMPARE(drawn().layout().direction, Direction::LeftToRight);
    QCOMPARE(drawn().size(), QSize(1000, 620));
    select(shown.dialog, "arrangement", 1);
    QTRY_VERIFY_WITH_TIMEOUT(card() != QPointF(800, 600), patience);
    QCOMPARE(drawn().layout().direction, Direction::LeftToRight);
    select(shown.dialog, "theme", 2);
    QTRY_COMPARE_WITH_TIMEOUT(drawn().theme().kind, ThemeKind::Dark, patience);
    select(shown.dialog, "size", 3);
    QTRY_COMPARE_WITH_TIMEOUT(drawn().size(), QSize(1123, 794), patience);
    QVERIFY(!child<QWidget>(shown.dialog, "ownSize")->isVisible());
    select(shown.dialog, "size", 4);
    QVERIFY(child<QWidget>(shown.dialog, "ownSize")->isVisible());
    child<QSpinBox>(shown.dialog, "ownWidth")->setValue(640);
    child<QSpinBox>(shown.dialog, "ownHeight")->setValue(480);
    QTRY_COMPARE_WITH_TIMEOUT(drawn().size(), QSize(640, 480), patience);
    auto *title = child<QLineEdit>(shown.dialog, "titleEdit");
    title->setFocus();
    title->clear();
    QTest::keyClicks(title, QStringLiteral("Ours"));
    QTRY_COMPARE_WITH_TIMEOUT(drawn().title(), QStringLiteral("Ours"), patience);
    child<QCheckBox>(shown.dialog, "title")->click();
    QVERIFY(!title->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(drawn().title().isEmpty(), patience);
    // Too much for one file, and it says so before anything is tried.
    select(shown.dialog, "scale", 3);
    child<QSpinBox>(shown.dialog, "ownWidth")->setValue(8000);
    child<QSpinBox>(shown.dialog, "ownHeight")->setValue(8000);
    QVERIFY(!child<QPushButton>(shown.dialog, "save")->isEnabled());
    QVERIFY(facts(shown.dialog).contains(QStringLiteral("too many")));
    select(shown.dialog, "format", 1);
    QVERIFY(child<QPushButton>(shown.dialog, "save")->isEnabled());
}

void TestPictureDialog::copyingRespectsRedaction()
{
    Shown shown;
    QVERIFY(shown.wait());
    QGuiApplication::clipboard()->clear();
    QTest::mouseClick(child<QPushButton>(shown.dialog, "copy"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(QGuiApplication::clipboard()->image().size(), QSize(2000, 1240), patience);
    const QImage open = QGuiApplication::clipboard()->image();
    child<QCheckBox>(shown.dialog, "redact")->click();
    QTRY_COMPARE_WITH_TIMEOUT(shown.preview->picture().title(), QStringLiteral("orders on node-1"), patience);
    QTest::mouseClick(child<QPushButton>(shown.dialog, "copy"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(QGuiApplication::clipboard()->image() != open, patience);
    PictureOptions options = shown.dialog.options();
    QVERIFY(options.redact);
    QCOMPARE(QGuiApplication::clipboard()->image().convertToFormat(QImage::Format_ARGB32_Premultiplied),
             graphImage(subject().topology, subject().extras, options)
                 .convertToFormat(QImage::Format_ARGB32_Premultiplied));
    // The file's name is read by others as well.
    QTest::mouseClick(child<QPushButton>(shown.dialog, "save"), Qt::LeftButton);
    auto *files = shown.dialog.findChild<QFileDialog *>();
    QVERIFY(files);
    QVERIFY2(!files->selectedFiles().value(0).contains(QStringLiteral("ams")),
             qPrintable(files->selectedFiles().value(0)));
    files->close();
}

void TestPictureDialog::choicesAreKeptAndTheTitleIsNot()
{
    QCOMPARE(PictureChoices::load(), PictureChoices());
    {
        Shown shown(subject(), PictureChoices::load());
        select(shown.dialog, "format", 1);
        select(shown.dialog, "size", 4);
        child<QSpinBox>(shown.dialog, "ownWidth")->setValue(777);
        select(shown.dialog, "theme", 2);
        child<QCheckBox>(shown.dialog, "legend")->click();
        child<QCheckBox>(shown.dialog, "redact")->click();
        child<QLineEdit>(shown.dialog, "titleEdit")->setText(QStringLiteral("for today"));
        QVERIFY(shown.wait());
        QTest::keyClick(&shown.dialog, Qt::Key_Escape);
        QVERIFY(!shown.dialog.isVisible());
    }
    PictureChoices expected;
    expected.format = QStringLiteral("svg");
    expected.size = PictureChoices::Size::Own;
    expected.own = {777, 700};
    expected.look = PictureChoices::Look::Dark;
    expected.legend = false;
    expected.redact = true;
    QTRY_COMPARE_WITH_TIMEOUT(PictureChoices::load(), expected, patience);
    QVERIFY(!contentOf(settingsFile()).contains("today"));
    Shown again(subject(), PictureChoices::load());
    QCOMPARE(child<QLineEdit>(again.dialog, "titleEdit")->text(), subject().title);
    QCOMPARE(again.dialog.choices(), expected);
    // Nonsense is as good as nothing.
    QFile file(settingsFile());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[graph]\nformat=exe\nscale=900\nsize=huge\nwidth=-5\nheight=99999999\ntheme=pink\n");
    file.close();
    const PictureChoices kept = PictureChoices::load();
    QCOMPARE(kept.format, QStringLiteral("png"));
    QCOMPARE(kept.scale, 4);
    QCOMPARE(kept.own, QSize(200, 8000));
}

void TestPictureDialog::whatCannotBeSavedIsSaid()
{
    Shown shown;
    const QString said = shown.save(QStringLiteral("/proc/none/x.png"));
    QVERIFY2(said.startsWith(QStringLiteral("Not done: ")), qPrintable(said));
    QVERIFY(child<QPushButton>(shown.dialog, "save")->isEnabled());
    const QString odd = shown.save(m_folder.filePath(QStringLiteral("x.gif")));
    QVERIFY2(odd.contains(QStringLiteral(".png, .svg or .pdf")), qPrintable(odd));
}

void TestPictureDialog::everythingIsReachedByKeyboard()
{
    PictureChoices choices = loud();
    choices.size = PictureChoices::Size::Own;
    Shown shown(subject(), choices);
    QVERIFY(QTest::qWaitForWindowExposed(&shown.dialog));
    shown.dialog.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&shown.dialog));
    const QStringList order{
        QStringLiteral("format"),      QStringLiteral("scale"),     QStringLiteral("size"),
        QStringLiteral("ownWidth"),    QStringLiteral("ownHeight"), QStringLiteral("theme"),
        QStringLiteral("arrangement"), QStringLiteral("title"),     QStringLiteral("titleEdit"),
        QStringLiteral("findings"),    QStringLiteral("legend"),    QStringLiteral("time"),
        QStringLiteral("redact"),      QStringLiteral("close"),     QStringLiteral("copy"),
        QStringLiteral("save")};
    QStringList reached;
    for (qsizetype i = 0; i < order.size(); ++i) {
        const QWidget *at = shown.dialog.focusWidget();
        QVERIFY(at);
        reached << at->objectName();
        const auto *button = qobject_cast<const QAbstractButton *>(at);
        QVERIFY2(!at->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                 qPrintable(at->objectName()));
        QVERIFY2(!at->accessibleDescription().isEmpty() || !at->toolTip().isEmpty() ||
                     at->objectName() == QLatin1String("titleEdit") ||
                     at->objectName() == QLatin1String("close"),
                 qPrintable(at->objectName()));
        QTest::keyClick(shown.dialog.focusWidget(), Qt::Key_Tab);
    }
    QCOMPARE(reached, order);
    // Then the tools, the picture, and round again.
    bool picture = false;
    for (int i = 0; i < 20 && shown.dialog.focusWidget()->objectName() != order.first(); ++i) {
        picture = picture || shown.dialog.focusWidget() == shown.preview->canvas();
        QVERIFY(!shown.dialog.focusWidget()->accessibleName().isEmpty());
        QTest::keyClick(shown.dialog.focusWidget(), Qt::Key_Tab);
    }
    QVERIFY(picture);
    QCOMPARE(shown.dialog.focusWidget()->objectName(), order.first());
    // Letters: each once.
    QString letters;
    for (const QWidget *widget : shown.dialog.findChildren<QWidget *>()) {
        const QString text = widget->property("text").toString();
        const qsizetype at = text.indexOf(u'&');
        if (at >= 0 && !qobject_cast<const QLineEdit *>(widget))
            letters += text.at(at + 1).toLower();
    }
    QCOMPARE(letters.size(), 13);
    QCOMPARE(QSet<QChar>(letters.begin(), letters.end()).size(), letters.size());
    for (const char *name : {"formatLabel", "scaleLabel", "sizeLabel", "themeLabel", "arrangementLabel"})
        QVERIFY2(child<QLabel>(shown.dialog, name)->buddy(), name);
    QTest::keyClick(&shown.dialog, Qt::Key_R, Qt::AltModifier);
    QTRY_VERIFY_WITH_TIMEOUT(child<QCheckBox>(shown.dialog, "redact")->isChecked(), patience);
    QVERIFY(!shown.preview->accessibleName().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(shown.preview->accessibleDescription().contains(QStringLiteral("2 nodes")),
                             patience);
}

void TestPictureDialog::itFitsWhateverTheSizeOfText_data()
{
    QTest::addColumn<int>("pixels");
    QTest::addColumn<QSize>("size");
    QTest::newRow("usual") << 13 << QSize(1180, 720);
    QTest::newRow("small") << 13 << QSize(1040, 700);
    QTest::newRow("large") << 26 << QSize(1440, 900);
    QTest::newRow("large-small") << 26 << QSize(1040, 700);
}

void TestPictureDialog::itFitsWhateverTheSizeOfText()
{
    QFETCH(int, pixels);
    QFETCH(QSize, size);
    QFont font = applicationFont();
    font.setPixelSize(pixels);
    QApplication::setFont(font);
    Style::instance().apply(Style::Choice::Light);
    PictureChoices choices = loud();
    choices.size = pixels == 13 ? PictureChoices::Size::Window : PictureChoices::Size::Own;
    choices.redact = size.width() == 1040;
    Shown shown(subject(), choices);
    QVERIFY(QTest::qWaitForWindowExposed(&shown.dialog));
    shown.dialog.resize(size);
    QVERIFY(shown.wait());
    QTRY_VERIFY_WITH_TIMEOUT(shown.preview->isShown(), patience);
    for (const QComboBox *box : shown.dialog.findChildren<QComboBox *>()) {
        for (int i = 0; i < box->count(); ++i)
            QTRY_VERIFY2_WITH_TIMEOUT(box->fontMetrics().horizontalAdvance(box->itemText(i)) + 24 <=
                                          box->width(),
                                      qPrintable(box->itemText(i)), patience);
    }
    QVERIFY2(shown.dialog.width() <= size.width() && shown.dialog.height() <= size.height(),
             qPrintable(QStringLiteral("%1x%2").arg(shown.dialog.width()).arg(shown.dialog.height())));
    picture(shown.dialog, QStringLiteral("picture-%1").arg(QString::fromLatin1(QTest::currentDataTag())));
    // Nothing of the choices is cut off sideways; what does not fit in height scrolls.
    const auto *scroll = child<QScrollArea>(shown.dialog, "scroll");
    QVERIFY(scroll->widget()->width() <= scroll->viewport()->width());
    for (const QWidget *widget : scroll->widget()->findChildren<QWidget *>(Qt::FindDirectChildrenOnly)) {
        if (!widget->isVisible())
            continue;
        QVERIFY2(widget->geometry().right() <= scroll->viewport()->width(), qPrintable(widget->objectName()));
        if (qobject_cast<const QCheckBox *>(widget))
            QVERIFY2(widget->width() >= widget->sizeHint().width(), qPrintable(widget->objectName()));
    }
    for (const char *name : {"save", "copy", "close"}) {
        const auto *button = child<QPushButton>(shown.dialog, name);
        QVERIFY2(button->width() >= button->sizeHint().width() &&
                     shown.dialog.rect().contains(button->mapTo(&shown.dialog, button->rect().bottomRight())),
                 name);
    }
    QVERIFY(shown.preview->width() >= 240);
}

void TestPictureDialog::anIncidentIsShown()
{
    const samples::Graph graph = samples::incident();
    PictureSubject incident;
    incident.topology = graph.topology;
    incident.extras = graph.extras;
    incident.title = QStringLiteral("orders");
    Cluster &cluster = incident.topology.clusters[0];
    for (const Link &link : cluster.links) {
        if (link.lag == LagState::CaughtUp)
            continue;
        const Node *below = cluster.node(link.downstream);
        Finding found = finding(QStringLiteral("x"),
                                link.lag == LagState::Replaying ? Severity::Warning : Severity::Critical,
                                below->name + QStringLiteral(" is not as it should be"), link.upstream);
        found.evidence = QStringLiteral("No walsender for %1 on pg-ams-1.").arg(below->host);
        cluster.findings << found;
    }
    PictureChoices choices = loud();
    choices.size = PictureChoices::Size::Wide;
    choices.redact = true;
    Shown shown(incident, choices);
    QVERIFY(shown.wait());
    QTRY_VERIFY_WITH_TIMEOUT(shown.preview->isShown(), patience);
    // The fourth of the nodes, in the words about it as well.
    QCOMPARE(shown.preview->picture().topology().clusters[0].findings.constFirst().title,
             QStringLiteral("node-4 is not as it should be"));
    picture(shown.dialog, QStringLiteral("picture-incident"));
}

void TestPictureDialog::theWindowIsDrawnAsItIs()
{
    ClusterSpec spec;
    spec.title = QStringLiteral("appdb demo");
    MainWindow window;
    window.resize(1440, 900);
    auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    cluster->feed(healthy(start));
    window.setCluster(std::move(cluster));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    auto *view = window.findChild<GraphView *>();
    view->setDirection(Direction::LeftToRight);
    view->place(standbyId, QPointF(900, 444));
    child<QAction>(window, "actionSaveGraph")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(window.findChild<PictureDialog *>(), patience);
    auto *dialog = window.findChild<PictureDialog *>();
    const auto *preview = child<PicturePreview>(*dialog, "picturePreview");
    QTRY_VERIFY_WITH_TIMEOUT(preview->isShown(), patience);
    QCOMPARE(preview->picture().layout().cards, view->scene().layout().cards);
    QCOMPARE(preview->picture().layout().direction, Direction::LeftToRight);
    QCOMPARE(preview->picture().size(), view->size());
    QCOMPARE(preview->picture().title(), spec.title);
    // Asked again it is of the moment it is asked at; there is one such window.
    view->setCollapsed(primaryId, true);
    child<QAction>(window, "actionSaveGraph")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(preview->picture().layout().hidden.contains(primaryId), patience);
    QVERIFY(!preview->picture().layout().cards.contains(standbyId));
    QCOMPARE(window.findChildren<PictureDialog *>().size(), 1);
    QVERIFY(preview->picture().pastWords().isEmpty());
}

void TestPictureDialog::thePastIsMarked()
{
    MainWindow window;
    auto cluster = std::make_unique<LiveCluster>(ClusterSpec(), std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    for (int i = 0; i < 60; ++i)
        cluster->feed(healthy(start + i * second));
    window.setCluster(std::move(cluster));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.rewindTo(start + 20 * second);
    child<QAction>(window, "actionSaveGraph")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(window.findChild<PictureDialog *>(), patience);
    auto *dialog = window.findChild<PictureDialog *>();
    const auto *preview = child<PicturePreview>(*dialog, "picturePreview");
    QTRY_COMPARE_WITH_TIMEOUT(preview->picture().pastWords(),
                              QStringLiteral("As it was at 13:35:20 UTC on 17 November 2025"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(preview->isShown(), patience);
    picture(*dialog, QStringLiteral("picture-past"));
}

void TestPictureDialog::copyingIsOneKey()
{
    PictureChoices choices;
    choices.redact = true;
    choices.size = PictureChoices::Size::Usual;
    choices.scale = 1;
    choices.save();
    ClusterSpec spec;
    spec.title = QStringLiteral("appdb");
    MainWindow window;
    auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    cluster->feed(healthy(start));
    window.setCluster(std::move(cluster));
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QGuiApplication::clipboard()->clear();
    QTest::keyClick(&window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(QGuiApplication::clipboard()->image().size(), QSize(1200, 700), patience);
    QTRY_COMPARE_WITH_TIMEOUT(window.statusBar()->currentMessage(),
                              QStringLiteral("Graph copied, without names and addresses"), patience);
    QFile::remove(settingsFile());
}

QTEST_MAIN(TestPictureDialog)
#include "tst_picture_dialog.moc"
