// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Numbers.h"
#include "paint/StateGlyph.h"

#include <QTest>

using namespace understudy;

namespace {

/// Black shape, grey mark: colour can tell nothing here.
QImage shapeOf(Glyph glyph)
{
    QImage image(32, 32, QImage::Format_Grayscale8);
    image.fill(255);
    QPainter painter(&image);
    paintGlyph(painter, QRectF(0, 0, 32, 32), glyph, Qt::black, Qt::white);
    return image;
}

int difference(const QImage &a, const QImage &b)
{
    int pixels = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x)
            pixels += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > 96;
    }
    return pixels;
}

} // namespace

class TestGlyphs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyShapeIsItsOwn()
    {
        // One of each meaning: a fail and a disconnected standby share the octagon on purpose.
        const QList<Glyph> all{Glyph::CaughtUp,     Glyph::Replaying,     Glyph::Lagging,
                               Glyph::Idle,         Glyph::ReplayPaused,  Glyph::LinkStalled,
                               Glyph::Disconnected, Glyph::NotResponding, Glyph::Down,
                               Glyph::Ghost,        Glyph::Planned,       Glyph::NoPermission,
                               Glyph::CheckWaived,  Glyph::CheckWaiting,  Glyph::FindingNotice,
                               Glyph::Cylinder,     Glyph::CylinderFilled};
        for (int i = 0; i < all.size(); ++i) {
            const QImage one = shapeOf(all.at(i));
            QImage blank(one.size(), one.format());
            blank.fill(255);
            QVERIFY2(difference(one, blank) > 40, qPrintable(glyphWord(all.at(i))));
            for (int j = i + 1; j < all.size(); ++j)
                QVERIFY2(difference(one, shapeOf(all.at(j))) >= 8,
                         qPrintable(glyphWord(all.at(i)) + QStringLiteral(" and ") + glyphWord(all.at(j))));
        }
    }

    void theSameMeaningHasTheSameShape()
    {
        QCOMPARE(shapeOf(Glyph::Up), shapeOf(Glyph::CaughtUp));
        QCOMPARE(shapeOf(Glyph::Unknown), shapeOf(Glyph::Ghost));
        QCOMPARE(shapeOf(Glyph::CheckFail), shapeOf(Glyph::Disconnected));
        QCOMPARE(shapeOf(Glyph::NoReceiver), shapeOf(Glyph::Disconnected));
    }

    void everyGlyphHasAWord()
    {
        for (int i = 0; i <= int(Glyph::CylinderFilled); ++i)
            QVERIFY(!glyphWord(Glyph(i)).isEmpty());
    }

    void aNodesOwnStateComesBeforeItsLinks()
    {
        Node node;
        node.role = Role::Standby;
        node.state = NodeState::Up;
        Link link;
        link.lag = LagState::CaughtUp;
        QCOMPARE(glyphFor(node, &link), Glyph::CaughtUp);
        link.lag = LagState::Replaying;
        QCOMPARE(glyphFor(node, &link), Glyph::Replaying);
        link.lagging = true;
        QCOMPARE(glyphFor(node, &link), Glyph::Lagging);
        QCOMPARE(glyphFor(node, nullptr), Glyph::Unknown);
        node.state = NodeState::Down;
        QCOMPARE(glyphFor(node, &link), Glyph::Down);
        node.role = Role::Primary;
        node.state = NodeState::Up;
        QCOMPARE(glyphFor(node, nullptr), Glyph::Up);
    }

    void troubleIsToldFromHealth()
    {
        QVERIFY(isAbnormal(Glyph::Lagging));
        QVERIFY(isAbnormal(Glyph::ReplayPaused));
        QVERIFY(isAbnormal(Glyph::Disconnected));
        QVERIFY(!isAbnormal(Glyph::Replaying));
        QVERIFY(!isAbnormal(Glyph::Idle));
        QVERIFY(!isAbnormal(Glyph::Unknown));
        QCOMPARE(glyphColor(Glyph::Lagging, Theme::light()), Theme::light().warnG);
        QCOMPARE(glyphTextColor(Glyph::Lagging, Theme::light()), Theme::light().warn);
    }

    void pixmapsAreSharpAtEveryScale()
    {
        const QPixmap one = glyphPixmap(Glyph::CaughtUp, 16, Theme::light(), 1);
        const QPixmap two = glyphPixmap(Glyph::CaughtUp, 16, Theme::light(), 2);
        QCOMPARE(one.size(), QSize(16, 16));
        QCOMPARE(two.size(), QSize(32, 32));
        QCOMPARE(two.devicePixelRatio(), 2.0);
        QVERIFY(glyphPixmap(Glyph::CaughtUp, 16, Theme::dark(), 1).toImage() != one.toImage());
    }

    void numbersDoNotDance()
    {
        QFont font = applicationFont();
        font.setPixelSize(13);
        QCOMPARE(tabularWidth(font, QStringLiteral("111.1 kB")),
                 tabularWidth(font, QStringLiteral("808.8 kB")));
        QVERIFY(tabularWidth(font, QStringLiteral("1000 B")) > tabularWidth(font, QStringLiteral("100 B")));
    }
};

QTEST_MAIN(TestGlyphs)
#include "tst_glyphs.moc"
