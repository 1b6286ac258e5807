// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Theme.h"

#include <array>

namespace understudy {

namespace {

QColor rgb(quint32 value)
{
    return QColor::fromRgb(QRgb(0xff000000u | value));
}

Theme makeLight()
{
    Theme t;
    t.kind = ThemeKind::Light;
    t.window = rgb(0xF3F4F6);
    t.panel = rgb(0xFFFFFF);
    t.canvas = rgb(0xF7F8FA);
    t.sunken = rgb(0xF1F3F6);
    t.hover = rgb(0xE9ECF1);
    t.border = rgb(0xDCE0E6);
    t.line2 = rgb(0xC6CCD5);
    t.ctl = rgb(0x828C9B);
    t.text = rgb(0x19202C);
    t.text2 = rgb(0x465063);
    t.text3 = rgb(0x5F6A7C);
    t.accent = rgb(0x2C56C8);
    t.fill = rgb(0x2C56C8);
    t.onFill = rgb(0xFFFFFF);
    t.fillHover = rgb(0x2448AB);
    t.accentTint = rgb(0xE8EEFC);
    t.grid = rgb(0xE7EAEF);
    t.axis = rgb(0xAEB6C2);
    t.add = rgb(0xE2F3EB);
    t.addText = rgb(0x0A5C41);
    t.ok = rgb(0x0A7350);
    t.okTint = rgb(0xE2F3EB);
    t.info = rgb(0x0B6E87);
    t.infoTint = rgb(0xE0F1F5);
    t.warn = rgb(0x8F5200);
    t.warnG = rgb(0xC27400);
    t.warnTint = rgb(0xFCF0DA);
    t.crit = rgb(0xB3261E);
    t.critTint = rgb(0xFBE9E7);
    t.held = rgb(0x6446B4);
    t.heldTint = rgb(0xEEEAFA);
    t.neutral = rgb(0x566073);
    t.neutralTint = rgb(0xE9ECF1);
    t.mark = rgb(0xFFFFFF);
    t.note = rgb(0xAD0F86);
    return t;
}

Theme makeDark()
{
    Theme t;
    t.kind = ThemeKind::Dark;
    t.window = rgb(0x14171C);
    t.panel = rgb(0x1A1E25);
    t.canvas = rgb(0x111419);
    t.sunken = rgb(0x15181E);
    t.hover = rgb(0x262C36);
    t.border = rgb(0x2C333E);
    t.line2 = rgb(0x3A4350);
    t.ctl = rgb(0x6C778A);
    t.text = rgb(0xE7EAF0);
    t.text2 = rgb(0xB7BFCC);
    t.text3 = rgb(0x929CAC);
    t.accent = rgb(0x8BABFF);
    t.fill = rgb(0x3B66D6);
    t.onFill = rgb(0xFFFFFF);
    t.fillHover = rgb(0x345DC8);
    t.accentTint = rgb(0x1E2A47);
    t.grid = rgb(0x232932);
    t.axis = rgb(0x4A5464);
    t.add = rgb(0x15302A);
    t.addText = rgb(0x8FDDBB);
    t.ok = rgb(0x56C596);
    t.okTint = rgb(0x15302A);
    t.info = rgb(0x5DBFD6);
    t.infoTint = rgb(0x14303A);
    t.warn = rgb(0xF2B85C);
    t.warnG = rgb(0xF2B85C);
    t.warnTint = rgb(0x382A12);
    t.crit = rgb(0xFF8A80);
    t.critTint = rgb(0x3D1C1C);
    t.held = rgb(0xBCA5FF);
    t.heldTint = rgb(0x2A2342);
    t.neutral = rgb(0x9AA4B4);
    t.neutralTint = rgb(0x262C36);
    t.mark = rgb(0x14171C);
    t.note = rgb(0xF978D4);
    return t;
}

// Two series with the same mark stay apart under every kind of colour blindness; a solid and a hollow one
// need not, which is why the mark is never dropped.
constexpr std::array<quint32, 10> seriesLight{0x2B6CB0, 0xAB6F41, 0x73305A, 0x32429A, 0x2F8F93,
                                              0x0B7560, 0x5F3490, 0xAA59BF, 0x2C9934, 0x3B5F0A};
constexpr std::array<quint32, 10> seriesDark{0x7DB2F5, 0xFAC59D, 0xC9839F, 0x7388F0, 0x8CE3E6,
                                             0x47D2AE, 0xAE84E2, 0xF0BAFF, 0x86ED86, 0x7DB13C};

} // namespace

const Theme &Theme::light()
{
    static const Theme theme = makeLight();
    return theme;
}

const Theme &Theme::dark()
{
    static const Theme theme = makeDark();
    return theme;
}

const Theme &Theme::of(ThemeKind kind)
{
    return kind == ThemeKind::Dark ? dark() : light();
}

QColor Theme::series(int slot) const
{
    if (slot < 0 || slot >= int(seriesLight.size()))
        return neutral;
    return rgb(kind == ThemeKind::Dark ? seriesDark[size_t(slot)] : seriesLight[size_t(slot)]);
}

QPalette Theme::palette() const
{
    QPalette p;
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::Base, panel);
    p.setColor(QPalette::AlternateBase, sunken);
    p.setColor(QPalette::Button, panel);
    p.setColor(QPalette::ToolTipBase, panel);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText,
                            QPalette::BrightText})
        p.setColor(role, text);
    p.setColor(QPalette::PlaceholderText, text3);
    p.setColor(QPalette::Highlight, fill);
    p.setColor(QPalette::HighlightedText, onFill);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, accent);
    p.setColor(QPalette::Light, panel);
    p.setColor(QPalette::Midlight, border);
    p.setColor(QPalette::Mid, line2);
    p.setColor(QPalette::Dark, ctl);
    p.setColor(QPalette::Shadow, text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, text3);
    for (const auto role : {QPalette::Base, QPalette::Button})
        p.setColor(QPalette::Disabled, role, sunken);
    p.setColor(QPalette::Disabled, QPalette::Highlight, line2);
    return p;
}

} // namespace understudy
