// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleGraphs.h"

#include "paint/AnnotationShapes.h"

#include <QFontMetricsF>
#include <QRandomGenerator>
#include <QTest>

#include <cmath>

using namespace understudy;
using Kind = Annotation::Kind;

namespace {

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a), y = luminance(b);
    return (qMax(x, y) + 0.05) / (qMin(x, y) + 0.05);
}

/// Distance in OKLab: what the eye tells apart.
double apart(const QColor &a, const QColor &b)
{
    const auto lab = [](const QColor &color) {
        const double r = linear(color.redF()), g = linear(color.greenF()), b = linear(color.blueF());
        const double l = std::cbrt(.4122214708 * r + .5363325363 * g + .0514459929 * b);
        const double m = std::cbrt(.2119034982 * r + .6806995451 * g + .1073969566 * b);
        const double s = std::cbrt(.0883024619 * r + .2817188376 * g + .6299787005 * b);
        return std::array<double, 3>{.2104542553 * l + .7936177850 * m - .0040720468 * s,
                                     1.9779984951 * l - 2.4285922050 * m + .4505937099 * s,
                                     .0259040371 * l + .7827717662 * m - .8086757660 * s};
    };
    const auto x = lab(a), y = lab(b);
    return std::hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

Annotation arrow(QPointF from, QPointF to)
{
    return {Kind::Arrow, from, to, {}, 0, 0};
}
Annotation box(QPointF from, QPointF to)
{
    return {Kind::Box, from, to, {}, 0, 0};
}
Annotation words(QPointF at, const QString &text)
{
    return {Kind::Text, at, at, text, 0, 0};
}
Annotation callout(QPointF at, const QString &text = {})
{
    return {Kind::Callout, at, at, text, 1, 0};
}

QFont usual()
{
    QFont font = applicationFont();
    font.setPixelSize(13);
    return font;
}

constexpr QSize size(400, 300);
const QRectF page(0, 0, 400, 300);

AnnotationPlace place(const QTransform &toPicture = {})
{
    return {toPicture, usual(), page};
}

QImage painted(const QList<Annotation> &marks, const QColor &ground, const Theme &theme = Theme::light(),
               double scale = 1, const QTransform &toPicture = {})
{
    QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(ground);
    QPainter painter(&image);
    paintAnnotations(painter, marks, toPicture, theme, usual(), page);
    return image;
}

/// Where something was painted.
QRect inked(const QImage &image, const QColor &ground)
{
    QRect all;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixel(x, y) != ground.rgb())
                all |= QRect(x, y, 1, 1);
        }
    }
    return all;
}

bool isNear(const QColor &a, const QColor &b)
{
    return std::abs(a.red() - b.red()) < 12 && std::abs(a.green() - b.green()) < 12 &&
           std::abs(a.blue() - b.blue()) < 12;
}

/// Over every sort of ground that a graph has.
QList<QColor> grounds(const Theme &theme)
{
    return {theme.panel,    theme.canvas,   theme.window,   theme.sunken,   theme.hover,     theme.okTint,
            theme.infoTint, theme.warnTint, theme.critTint, theme.heldTint, theme.accentTint};
}

} // namespace

class TestAnnotations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachKindLeavesInkInItsBoundsAlone_data()
    {
        QTest::addColumn<Annotation>("mark");
        QTest::newRow("arrow") << arrow({60, 60}, {240, 170});
        QTest::newRow("short arrow") << arrow({60, 60}, {70, 66});
        QTest::newRow("box") << box({60, 60}, {240, 170});
        QTest::newRow("box drawn upwards") << box({240, 170}, {60, 60});
        QTest::newRow("tiny box") << box({60, 60}, {62, 61});
        QTest::newRow("text") << words({60, 60}, QStringLiteral("Replay is held here"));
        QTest::newRow("text that wraps")
            << words({60, 60}, QStringLiteral("This standby replays a quarter of an hour late on purpose"));
        QTest::newRow("callout") << callout({120, 120});
        QTest::newRow("callout with text") << callout({120, 120}, QStringLiteral("Promote this one"));
    }
    void eachKindLeavesInkInItsBoundsAlone()
    {
        QFETCH(Annotation, mark);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            const Theme &theme = Theme::of(kind);
            for (const double scale : {1.0, 2.0}) {
                const QColor ground = theme.accentTint; // Neither the halo's nor the face's
                const QRect ink = inked(painted({mark}, ground, theme, scale), ground);
                QVERIFY(!ink.isEmpty());
                const double rim = annotation::halo + 1.5;
                const QRectF most = annotation::bounds(mark, place()).adjusted(-rim, -rim, rim, rim);
                const QRectF inside(QPointF(ink.topLeft()) / scale, QSizeF(ink.size()) / scale);
                QVERIFY2(most.contains(inside), qPrintable(QStringLiteral("%1,%2 %3x%4")
                                                               .arg(inside.x())
                                                               .arg(inside.y())
                                                               .arg(inside.width())
                                                               .arg(inside.height())));
                // And the bounds are no larger than what is seen.
                QVERIFY(inside.width() >= annotation::bounds(mark, place()).width() - 1);
                QVERIFY(inside.height() >= annotation::bounds(mark, place()).height() - 1);
            }
        }
    }

    void theColourIsWhereItIsExpected()
    {
        const Theme &theme = Theme::light();
        const QImage line = painted({arrow({50, 150}, {350, 150})}, theme.canvas);
        QVERIFY(isNear(line.pixelColor(150, 150), theme.note));
        QVERIFY(isNear(line.pixelColor(345, 150), theme.note));
        QVERIFY(isNear(line.pixelColor(338, 154), theme.note)); // The head is wider than the shaft,
        QVERIFY(!isNear(line.pixelColor(150, 154), theme.note));
        QVERIFY(!isNear(line.pixelColor(62, 154), theme.note)); // and at the tip, not at the tail.
        const QImage frame = painted({box({50, 50}, {350, 250})}, theme.canvas);
        for (const QPoint &at : {QPoint(50, 150), QPoint(349, 150), QPoint(200, 50), QPoint(200, 249)})
            QVERIFY(isNear(frame.pixelColor(at), theme.note));
        QCOMPARE(frame.pixelColor(200, 150), theme.canvas); // What is framed keeps its colours.
        const QImage disc = painted({callout({200, 150})}, theme.canvas);
        QVERIFY(isNear(disc.pixelColor(192, 150), theme.note));
        QCOMPARE(disc.pixelColor(200, 165), theme.canvas);
    }

    void itIsReadOnEveryGround_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("light") << int(ThemeKind::Light);
        QTest::newRow("dark") << int(ThemeKind::Dark);
    }
    void itIsReadOnEveryGround()
    {
        QFETCH(int, kind);
        const Theme &theme = Theme::of(ThemeKind(kind));
        for (const QColor &ground : grounds(theme))
            QVERIFY2(contrast(theme.note, ground) >= 4.5, qPrintable(ground.name()));
        QVERIFY(contrast(theme.note, theme.mark) >= 4.5);
        for (const QColor &state : {theme.ok, theme.info, theme.warn, theme.warnG, theme.crit, theme.held,
                                    theme.neutral, theme.accent})
            QVERIFY2(apart(theme.note, state) >= 0.12, qPrintable(state.name()));
    }

    /// On whatever lies below, its own rim keeps the mark apart: measured in the painted picture.
    void theRimStandsOut_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QColor>("ground");
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            for (const QColor &ground : {QColor(Qt::white), QColor(Qt::black), Theme::of(kind).fill,
                                         Theme::of(kind).note, Theme::of(kind).crit})
                QTest::addRow("%d %s", int(kind), qPrintable(ground.name())) << int(kind) << ground;
        }
    }
    void theRimStandsOut()
    {
        QFETCH(int, kind);
        QFETCH(QColor, ground);
        const Theme &theme = Theme::of(ThemeKind(kind));
        const QImage image = painted({arrow({50, 150}, {350, 150})}, ground, theme, 2);
        // From the shaft outwards: somewhere beside it the picture is 4.5 : 1 away from its colour.
        const QColor shaft = image.pixelColor(300, 300);
        QVERIFY(isNear(shaft, theme.note));
        double best = 0;
        for (int y = 300; y < 300 + 10; ++y)
            best = qMax(best, contrast(shaft, image.pixelColor(300, y)));
        QVERIFY2(best >= 4.5, qPrintable(QString::number(best)));
    }

    void strokesAndTextKeepThePicturesSize()
    {
        // The same card, in a picture where the graph is drawn at a third of its size: the arrow's length
        // follows, its thickness does not.
        const QTransform small = QTransform::fromScale(1 / 3., 1 / 3.);
        const QList<Annotation> marks{arrow({150, 450}, {1050, 450})};
        QCOMPARE(painted(marks, Theme::light().canvas, Theme::light(), 1, small),
                 painted({arrow({50, 150}, {350, 150})}, Theme::light().canvas));
        const Annotation text = words({30, 30}, QStringLiteral("held"));
        const QRectF near = annotation::bounds(text, place());
        const QRectF far = annotation::bounds(text, place(small));
        QCOMPARE(far.size(), near.size());
        QCOMPARE(far.topLeft(), near.topLeft() / 3);
    }

    void largerTextMakesLargerMarks()
    {
        AnnotationPlace large = place();
        large.font.setPixelSize(26);
        const QRectF usually = annotation::bounds(callout({200, 150}), place());
        QCOMPARE(annotation::bounds(callout({200, 150}), large).size(), usually.size() * 2);
    }

    void textWrapsAndStaysOnThePage()
    {
        const QString sentence =
            QStringLiteral("This standby replays a quarter of an hour late on purpose and is no fault");
        const QRectF usually = annotation::bounds(words({20, 20}, sentence), place());
        QVERIFY(usually.width() <= annotation::usualTextWidth + 2 * annotation::paddingX);
        QVERIFY(usually.height() > 40);
        Annotation narrow = words({20, 20}, sentence);
        narrow.width = 100;
        const QRectF column = annotation::bounds(narrow, place());
        QVERIFY(column.width() <= 100 + 2 * annotation::paddingX);
        QVERIFY(column.height() > usually.height());
        for (const QPointF &corner : {QPointF(0, 0), QPointF(399, 0), QPointF(399, 299), QPointF(0, 299)}) {
            for (const Annotation &mark :
                 {words(corner, sentence), callout(corner, sentence), callout(corner)})
                QVERIFY(page.adjusted(-1, -1, 1, 1).contains(annotation::bounds(mark, place())));
        }
    }

    void aCalloutTurnsItsTextWhereThereIsRoom()
    {
        const auto shape = [](QPointF at) {
            return annotation::shapeOf(callout(at, QStringLiteral("Promote this one")), place());
        };
        QVERIFY(shape({100, 150}).textAt.x() > shape({100, 150}).disc.right());
        QVERIFY(shape({380, 150}).textAt.x() < shape({380, 150}).disc.left());
        QCOMPARE(shape({380, 150}).face.right(), shape({380, 150}).disc.right());
    }

    void whatIsHitIsWhatIsSeen()
    {
        const auto hit = [](const Annotation &mark, QPointF at, double reach = 0) {
            return annotation::hits(mark, place(), at, reach);
        };
        const Annotation line = arrow({50, 150}, {350, 150});
        QVERIFY(hit(line, {200, 150}));
        QVERIFY(!hit(line, {200, 156}));
        QVERIFY(hit(line, {200, 156}, 6));
        QVERIFY(!hit(line, {200, 190}, 6));
        const Annotation frame = box({50, 50}, {350, 250});
        QVERIFY(hit(frame, {50, 150}));
        QVERIFY(!hit(frame, {200, 150}, 6));
        QVERIFY(hit(words({50, 50}, QStringLiteral("held")), {60, 60}));
        QVERIFY(!hit(words({50, 50}, QStringLiteral("held")), {45, 60}));
        QVERIFY(hit(callout({200, 150}), {205, 150}));
        // Not in the corner of the square around a disc.
        QVERIFY(!hit(callout({200, 150}), {209.5, 140.5}));
    }

    void theUppermostIsHitAndABoxInsideToo()
    {
        const QList<Annotation> marks{box({10, 10}, {390, 290}), box({100, 100}, {300, 200}),
                                      arrow({150, 150}, {250, 150}), callout({150, 150})};
        const auto at = [&](QPointF point) { return annotation::markAt(marks, place(), point, 4); };
        QCOMPARE(at({150, 150}), 3);
        QCOMPARE(at({200, 150}), 2);
        QCOMPARE(at({200, 180}), 1); // Inside both boxes: the smaller
        QCOMPARE(at({50, 50}), 0);
        QCOMPARE(at({10, 150}), 0);
        QCOMPARE(at({3, 3}), -1);
    }

    void calloutsCountThemselves()
    {
        QList<Annotation> marks{callout({}), arrow({}, {9, 9}), callout({}), callout({})};
        annotation::renumber(marks);
        QCOMPARE(marks.at(0).number, 1);
        QCOMPARE(marks.at(1).number, 0);
        QCOMPARE(marks.at(3).number, 3);
        marks.removeAt(0);
        annotation::renumber(marks);
        QCOMPARE(marks.at(1).number, 1);
        QCOMPARE(marks.at(2).number, 2);
    }

    void hostileTextIsHarmless()
    {
        QCOMPARE(annotation::harmless(QStringLiteral("a\u202Eb\u200Bc\u2066d")), QStringLiteral("abcd"));
        QCOMPARE(annotation::harmless(QString(u'a') + QChar(0x07) + QChar(0x1B) + u'b'),
                 QStringLiteral("a  b"));
        QCOMPARE(annotation::harmless(QStringLiteral("a\r\nb\u2028c\u2029d\re")),
                 QStringLiteral("a\nb\nc\nd\ne"));
        QCOMPARE(annotation::harmless(QString(QChar(0xD800)) + u'x'), QStringLiteral("\uFFFDx"));
        // A tag character, beyond the first plane
        QCOMPARE(annotation::harmless(QStringLiteral("x\U000E0041y")), QStringLiteral("xy"));
        QCOMPARE(annotation::harmless(QStringLiteral("ok \U0001F600")), QStringLiteral("ok \U0001F600"));
        QCOMPARE(annotation::harmless(u'e' + QString(50, QChar(0x301))).size(), 4);
        QCOMPARE(annotation::harmless(QString(100000, u'x')).size(), annotation::mostText);
        QCOMPARE(annotation::harmless(QStringLiteral("na\u0308m\u00E9")), QStringLiteral("na\u0308m\u00E9"));
        // Drawn, it stays on the page however long, with or without places to wrap.
        for (const QString &text :
             {QString(100000, u'W'), QStringLiteral("word ").repeated(20000), QString(5000, u'\n') + u'x',
              QString(u'a') + QString(5000, u'\n') + u'x', QString(4000, QChar(0x301))}) {
            for (const Annotation &mark : {words({20, 10}, text), callout({20, 20}, text)}) {
                const QRectF bounds = annotation::bounds(mark, place());
                QVERIFY2(page.contains(bounds), qPrintable(QString::number(bounds.height())));
                QVERIFY(painted({mark}, Qt::white).width() > 0);
            }
        }
        // What was cut says so.
        const AnnotationText cut = laidOutText(QStringLiteral("word ").repeated(90), usual(), 120);
        QVERIFY(cut.layout->text().endsWith(QChar(0x2026)));
        QVERIFY(cut.layout->lineCount() <= 12);
        // Only blanks and controls: nothing to draw, and no empty label either.
        QCOMPARE(painted({words({20, 20}, QStringLiteral(" \u200F\n "))}, Qt::white), painted({}, Qt::white));
    }

    void marksThatAreNowhereAreHarmless()
    {
        const double far = annotation::farthest;
        for (const Annotation &mark :
             {arrow({-far, -far}, {far, far}), box({-far, -far}, {far, far}), arrow({5, 5}, {5, 5}),
              box({5, 5}, {5, 5}), callout({far, far}, QStringLiteral("x")), words({-far, 0}, {})})
            QCOMPARE(painted({mark}, Qt::white).size(), size);
    }

    void listsComeBackAsTheyWere()
    {
        Annotation wide = words({-5.25, 7}, QStringLiteral("two\nlines \"quoted\" \\ \u00E9 \U0001F600"));
        wide.width = 320;
        QList<Annotation> marks{arrow({1.5, 2}, {3, -4e6}), box({0, 0}, {10, 10}), wide, callout({1, 1}),
                                callout({2, 2}, QStringLiteral("b"))};
        annotation::renumber(marks);
        const auto back = annotation::fromJson(annotation::toJson(marks));
        QVERIFY(back);
        QCOMPARE(*back, marks);
        QCOMPARE(*annotation::fromJson(annotation::toJson({})), QList<Annotation>());
        // What comes back is harmless.
        const auto hostile = annotation::fromJson(
            R"({"format":1,"marks":[{"kind":"text","at":[0,0],"text":"a\u202eb\u0007"}]})");
        QVERIFY(hostile);
        QCOMPARE(hostile->first().text, QStringLiteral("ab "));
    }

    void badListsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("no version") << QByteArray(R"({"marks":[]})");
        QTest::newRow("another version") << QByteArray(R"({"format":2,"marks":[]})");
        QTest::newRow("no marks") << QByteArray(R"({"format":1})");
        const auto one = [](const char *mark) {
            return QByteArray(R"({"format":1,"marks":[)") + mark + "]}";
        };
        QTest::newRow("no mark") << one("7");
        QTest::newRow("unknown kind") << one(R"({"kind":"virus","at":[0,0],"end":[1,1]})");
        QTest::newRow("no place") << one(R"({"kind":"callout","text":""})");
        QTest::newRow("half a place") << one(R"({"kind":"arrow","at":[0],"end":[1,1]})");
        QTest::newRow("words as place") << one(R"({"kind":"arrow","at":["0","0"],"end":[1,1]})");
        QTest::newRow("too far") << one(R"({"kind":"arrow","at":[1e300,0],"end":[1,1]})");
        QTest::newRow("no end") << one(R"({"kind":"box","at":[0,0]})");
        QTest::newRow("no text") << one(R"({"kind":"text","at":[0,0]})");
        QTest::newRow("text is a number") << one(R"({"kind":"text","at":[0,0],"text":7})");
        QTest::newRow("negative width") << one(R"({"kind":"text","at":[0,0],"text":"a","width":-3})");
        QTest::newRow("huge width") << one(R"({"kind":"text","at":[0,0],"text":"a","width":1e9})");
        QTest::newRow("long text") << one(
            (R"({"kind":"text","at":[0,0],"text":")" + QByteArray(501, 'x') + R"("})").constData());
        QByteArray many = R"({"kind":"callout","at":[0,0],"text":""})";
        for (int i = 0; i < 200; ++i)
            many += R"(,{"kind":"callout","at":[0,0],"text":""})";
        QTest::newRow("too many") << one(many.constData());
        QTest::newRow("too large") << one("") + QByteArray(2 << 20, ' ');
        QTest::newRow("too deep") << QByteArray(5000, '[');
    }
    void badListsAreRefused()
    {
        QFETCH(QByteArray, json);
        const auto marks = annotation::fromJson(json);
        QVERIFY(!marks);
        QVERIFY(!marks.error().what.isEmpty());
    }

    /// Bytes changed at random: refused, or something that can be written and read again and painted.
    void randomBytesAreSurvived()
    {
        QList<Annotation> marks{arrow({1.5, 2}, {3, 4}), box({0, 0}, {10, 10}),
                                words({5, 5}, QStringLiteral("text \u00E9")), callout({1, 1})};
        annotation::renumber(marks);
        const QByteArray good = annotation::toJson(marks);
        QRandomGenerator random(20251201);
        int read = 0;
        for (int round = 0; round < 4000; ++round) {
            QByteArray bad = good;
            const int changes = 1 + int(random.bounded(4));
            for (int i = 0; i < changes; ++i) {
                const qsizetype at = random.bounded(int(bad.size()));
                switch (random.bounded(6)) {
                case 0:
                case 1:
                case 2:
                case 3:
                    // Digits mostly become others, else nothing would be read at all.
                    bad[at] = bad.at(at) >= '0' && bad.at(at) <= '9' ? char('0' + random.bounded(10))
                                                                     : char(random.bounded(256));
                    break;
                case 4:
                    bad.remove(at, 1 + random.bounded(5));
                    break;
                default:
                    bad.insert(at, bad.mid(random.bounded(int(bad.size())), 1 + random.bounded(12)));
                }
                if (bad.isEmpty())
                    break;
            }
            const auto got = annotation::fromJson(bad);
            if (!got)
                continue;
            ++read;
            QVERIFY(got->size() <= annotation::mostMarks);
            const auto again = annotation::fromJson(annotation::toJson(*got));
            QVERIFY(again);
            QCOMPARE(*again, *got);
            if (read % 20 == 0)
                QCOMPARE(painted(*got, Qt::white).size(), size);
        }
        QVERIFY(read > 50); // Else nothing was tried.
    }

    /// To be looked at, where UNDERSTUDY_SHOTS names a folder.
    void overAGraph()
    {
        const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
        if (folder.isEmpty())
            QSKIP("UNDERSTUDY_SHOTS names no folder.");
        const auto graph = samples::incident();
        QList<Annotation> marks{
            box({330, 60}, {760, 250}),
            arrow({900, 420}, {760, 330}),
            arrow({500, 560}, {640, 640}),
            arrow({120, 640}, {135, 640}),
            words({900, 400}, QStringLiteral("Replay is 2 min 51 s behind: the report of 13:30 ran here")),
            callout({300, 300}),
            callout({640, 480}, QStringLiteral("Drop this slot once its standby is gone for good")),
            callout({60, 120}, QStringLiteral("Promote"))};
        annotation::renumber(marks);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            for (const int scale : {1, 2}) {
                const QRectF whole(0, 0, 1200, 700);
                QImage image(whole.size().toSize() * scale, QImage::Format_ARGB32_Premultiplied);
                image.setDevicePixelRatio(scale);
                QPainter painter(&image);
                painter.setRenderHints(QPainter::Antialiasing);
                painter.fillRect(whole, Theme::of(kind).canvas);
                GraphStyle style;
                style.theme = &Theme::of(kind);
                style.font = usual();
                paintGraph(painter, whole.adjusted(16, 16, -16, -16), graph.topology, graph.extras, style);
                paintAnnotations(painter, marks, {}, Theme::of(kind), usual(), whole);
                painter.end();
                image.save(QStringLiteral("%1/marks-%2-%3x.png")
                               .arg(folder, kind == ThemeKind::Light ? QStringLiteral("light")
                                                                     : QStringLiteral("dark"))
                               .arg(scale));
            }
        }
    }
};

QTEST_MAIN(TestAnnotations)
#include "tst_annotations.moc"
