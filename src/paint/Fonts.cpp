// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Theme.h"

#include <QFontDatabase>
#include <QFontInfo>

#include <cmath>

namespace understudy {

namespace {

constexpr int basePixels = 13;

QString monoFamily()
{
    static const QString family = [] {
        for (const auto &name : {QStringLiteral("JetBrains Mono"), QStringLiteral("DejaVu Sans Mono")}) {
            if (QFontDatabase::hasFamily(name))
                return name;
        }
        return QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    }();
    return family;
}

double pixelsOf(const QFont &font)
{
    return font.pixelSize() > 0 ? font.pixelSize() : QFontInfo(font).pixelSize();
}

struct RoleShape
{
    double ratio;
    QFont::Weight weight;
};

RoleShape shapeOf(TextRole role)
{
    switch (role) {
    case TextRole::Page:
        return {20. / 13, QFont::DemiBold};
    case TextRole::Title:
        return {15. / 13, QFont::DemiBold};
    case TextRole::Node:
        return {14. / 13, QFont::DemiBold};
    case TextRole::Body:
        return {1, QFont::Normal};
    case TextRole::BodyStrong:
        return {1, QFont::DemiBold};
    case TextRole::BodyMedium:
        return {1, QFont::Medium};
    case TextRole::Small:
        return {12. / 13, QFont::Normal};
    case TextRole::SmallStrong:
        return {12. / 13, QFont::DemiBold};
    case TextRole::Label:
    case TextRole::MonoSmall:
        return {11. / 13, QFont::Normal};
    case TextRole::LabelStrong:
        return {11. / 13, QFont::DemiBold};
    case TextRole::Mono:
        return {11.5 / 13, QFont::Normal};
    }
    return {1, QFont::Normal};
}

} // namespace

QFont textFont(TextRole role, const QFont &base)
{
    const RoleShape shape = shapeOf(role);
    QFont font = base;
    const double pixels = pixelsOf(base) * shape.ratio;
    if (role == TextRole::Mono || role == TextRole::MonoSmall) {
        font.setFamilies({monoFamily()});
        font.setStyleHint(QFont::Monospace);
        // JetBrains Mono joins "--", ">=" and "::" by contextual alternates, which Qt has no switch for
        // before 6.7. A command has to show the characters it is made of.
        font.setStyleStrategy(QFont::StyleStrategy(font.styleStrategy() | QFont::PreferNoShaping));
    }
    // Pixel sizes are whole in QFont; only mono text needs the half pixel, and points can say it.
    if (std::abs(pixels - std::round(pixels)) > 0.3)
        font.setPointSizeF(pixels * 72 / 96);
    else
        font.setPixelSize(qMax(1, int(std::round(pixels))));
    font.setWeight(shape.weight);
    return font;
}

QFont applicationFont()
{
    const QFont system = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    QFont font = system;
    if (QFontDatabase::hasFamily(QStringLiteral("Inter")))
        font.setFamilies({QStringLiteral("Inter")});
    font.setStyleName({});
    font.setWeight(QFont::Normal);
    font.setItalic(false);
    // Desktops ship with 9 to 12 points; a person who asks for more gets as much more here.
    const double usual = 16;
    const double asked = QFontInfo(system).pixelSize();
    font.setPixelSize(int(std::round(basePixels * qMax(1.0, asked / usual))));
    return font;
}

} // namespace understudy
