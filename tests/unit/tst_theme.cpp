// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Theme.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QGuiApplication>
#include <QTest>
#include <QTextLayout>

#include <cmath>

using namespace understudy;

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

using Token = QColor Theme::*;

struct Pair
{
    const char *name;
    Token front, back;
    double least;
};

const QList<Pair> &pairs()
{
    static const QList<Pair> all = [] {
        QList<Pair> list;
        const QList<std::pair<const char *, Token>> words{
            {"text", &Theme::text},      {"text2", &Theme::text2}, {"text3", &Theme::text3},
            {"accent", &Theme::accent},  {"ok", &Theme::ok},       {"info", &Theme::info},
            {"warn", &Theme::warn},      {"crit", &Theme::crit},   {"held", &Theme::held},
            {"neutral", &Theme::neutral}};
        for (const auto &[name, token] : words) {
            for (const Token back : {&Theme::panel, &Theme::window, &Theme::canvas})
                list << Pair{name, token, back, 4.5};
        }
        for (const Token back : {&Theme::panel, &Theme::window, &Theme::canvas}) {
            list << Pair{"ctl", &Theme::ctl, back, 3} << Pair{"warnG", &Theme::warnG, back, 3};
        }
        list << Pair{"text3 on hover", &Theme::text3, &Theme::hover, 4.5}
             << Pair{"text3 on sunken", &Theme::text3, &Theme::sunken, 4.5}
             << Pair{"text3 on accentTint", &Theme::text3, &Theme::accentTint, 4.5}
             << Pair{"accent on accentTint", &Theme::accent, &Theme::accentTint, 4.5}
             << Pair{"onFill on fill", &Theme::onFill, &Theme::fill, 4.5}
             << Pair{"onFill on fillHover", &Theme::onFill, &Theme::fillHover, 4.5}
             << Pair{"addText on add", &Theme::addText, &Theme::add, 4.5}
             << Pair{"ok on tint", &Theme::ok, &Theme::okTint, 4.5}
             << Pair{"info on tint", &Theme::info, &Theme::infoTint, 4.5}
             << Pair{"warn on tint", &Theme::warn, &Theme::warnTint, 4.5}
             << Pair{"warnG on tint", &Theme::warnG, &Theme::warnTint, 3}
             << Pair{"crit on tint", &Theme::crit, &Theme::critTint, 4.5}
             << Pair{"held on tint", &Theme::held, &Theme::heldTint, 4.5}
             << Pair{"neutral on tint", &Theme::neutral, &Theme::neutralTint, 4.5};
        for (const Token tint : {&Theme::okTint, &Theme::infoTint, &Theme::warnTint, &Theme::critTint,
                                 &Theme::heldTint, &Theme::neutralTint, &Theme::accentTint}) {
            list << Pair{"text on a tint", &Theme::text, tint, 6.5}
                 << Pair{"text2 on a tint", &Theme::text2, tint, 6.5};
        }
        for (const Token shape :
             {&Theme::ok, &Theme::info, &Theme::warnG, &Theme::crit, &Theme::held, &Theme::neutral})
            list << Pair{"mark in a shape", &Theme::mark, shape, 3};
        return list;
    }();
    return all;
}

/// What is really drawn for a text: the numbers of its glyphs in the font's file.
QList<quint32> glyphsOf(const QString &text, const QFont &font)
{
    QTextLayout layout(text, font);
    layout.beginLayout();
    layout.createLine();
    layout.endLayout();
    QList<quint32> glyphs;
    const QList<QGlyphRun> runs = layout.glyphRuns();
    for (const QGlyphRun &run : runs)
        glyphs += run.glyphIndexes();
    return glyphs;
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyPairCanBeRead_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("light") << int(ThemeKind::Light);
        QTest::newRow("dark") << int(ThemeKind::Dark);
    }
    void everyPairCanBeRead()
    {
        QFETCH(int, kind);
        const Theme &theme = Theme::of(ThemeKind(kind));
        for (const Pair &pair : pairs()) {
            const double measured = contrast(theme.*pair.front, theme.*pair.back);
            QVERIFY2(measured >= pair.least,
                     qPrintable(QStringLiteral("%1: %2 on %3 has %4, wants %5")
                                    .arg(QString::fromLatin1(pair.name), (theme.*pair.front).name(),
                                         (theme.*pair.back).name())
                                    .arg(measured)
                                    .arg(pair.least)));
        }
    }

    void seriesStandOutAndDiffer_data() { everyPairCanBeRead_data(); }
    void seriesStandOutAndDiffer()
    {
        QFETCH(int, kind);
        const Theme &theme = Theme::of(ThemeKind(kind));
        QSet<QRgb> seen;
        for (int slot = 0; slot < 10; ++slot) {
            for (const QColor &back : {theme.panel, theme.canvas})
                QVERIFY2(contrast(theme.series(slot), back) >= 3.3, qPrintable(QString::number(slot)));
            QVERIFY(!seen.contains(theme.series(slot).rgb()));
            seen.insert(theme.series(slot).rgb());
            QCOMPARE(Theme::hollowMark(slot), slot >= 5);
        }
        QCOMPARE(theme.series(10), theme.neutral);
        QCOMPARE(theme.series(-1), theme.neutral);
        QVERIFY(!Theme::hollowMark(10));
    }

    void thePaletteIsTheTheme()
    {
        const QPalette palette = Theme::dark().palette();
        QCOMPARE(palette.color(QPalette::Window), Theme::dark().window);
        QCOMPARE(palette.color(QPalette::Disabled, QPalette::Text), Theme::dark().text3);
        QCOMPARE(palette.color(QPalette::Highlight), Theme::dark().fill);
    }

    void textGrowsWithTheApplicationsFont()
    {
        QFont base = applicationFont();
        QVERIFY(!base.family().isEmpty());
        base.setPixelSize(13);
        QCOMPARE(textFont(TextRole::Title, base).pixelSize(), 15);
        QCOMPARE(textFont(TextRole::Label, base).pixelSize(), 11);
        QCOMPARE(textFont(TextRole::Page, base).pixelSize(), 20);
        QFont twice = base;
        twice.setPixelSize(26);
        QCOMPARE(textFont(TextRole::Title, twice).pixelSize(), 30);
        QCOMPARE(textFont(TextRole::Label, twice).pixelSize(), 22);
        QCOMPARE(textFont(TextRole::SmallStrong, base).weight(), QFont::DemiBold);
    }

    void aCommandShowsTheCharactersItIsMadeOf_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"--", ">=", "::", "//", "!=", "->", "=>", "||"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }

    void aCommandShowsTheCharactersItIsMadeOf()
    {
        QFETCH(QString, text);
        QFont base = applicationFont();
        base.setPixelSize(13);
        for (const TextRole role : {TextRole::Mono, TextRole::MonoSmall}) {
            const QFont font = textFont(role, base);
            QList<quint32> single;
            double wide = 0;
            for (const QChar one : text) {
                single += glyphsOf(QString(one), font);
                wide += QFontMetricsF(font).horizontalAdvance(one);
            }
            QCOMPARE(glyphsOf(text, font), single);
            QCOMPARE(QFontMetricsF(font).horizontalAdvance(text), wide);
        }
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
