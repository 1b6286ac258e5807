// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/PictureChoices.h"

#include <QSettings>
#include <QStandardPaths>

namespace understudy {

namespace {

constexpr int leastSide = 200, mostSide = 8000;

QString path()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/understudy/pictures.ini");
}

/// In the order of the enums.
const QStringList &sizeWords()
{
    static const QStringList words{QStringLiteral("window"), QStringLiteral("1200x700"),
                                   QStringLiteral("1600x900"), QStringLiteral("a4"), QStringLiteral("own")};
    return words;
}

const QStringList &lookWords()
{
    static const QStringList words{QStringLiteral("window"), QStringLiteral("light"), QStringLiteral("dark")};
    return words;
}

} // namespace

PictureChoices PictureChoices::load()
{
    QSettings settings(path(), QSettings::IniFormat);
    settings.beginGroup(QStringLiteral("graph"));
    PictureChoices kept;
    const QString format = settings.value(QStringLiteral("format")).toString();
    if (QStringList{QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf")}.contains(format))
        kept.format = format;
    kept.scale = qBound(1, settings.value(QStringLiteral("scale"), kept.scale).toInt(), 4);
    kept.size = Size(qMax(0, sizeWords().indexOf(settings.value(QStringLiteral("size")).toString())));
    const QSize own(settings.value(QStringLiteral("width"), kept.own.width()).toInt(),
                    settings.value(QStringLiteral("height"), kept.own.height()).toInt());
    kept.own = own.expandedTo({leastSide, leastSide}).boundedTo({mostSide, mostSide});
    kept.look = Look(qMax(0, lookWords().indexOf(settings.value(QStringLiteral("theme")).toString())));
    for (const auto &[key, flag] : {std::pair("tidy", &kept.tidy),
                                    {"legend", &kept.legend},
                                    {"title", &kept.title},
                                    {"time", &kept.time},
                                    {"findings", &kept.findings},
                                    {"redact", &kept.redact}})
        *flag = settings.value(QLatin1String(key), *flag).toBool();
    return kept;
}

void PictureChoices::save() const
{
    QSettings settings(path(), QSettings::IniFormat);
    settings.beginGroup(QStringLiteral("graph"));
    settings.setValue(QStringLiteral("format"), format);
    settings.setValue(QStringLiteral("scale"), scale);
    settings.setValue(QStringLiteral("size"), sizeWords().value(int(size)));
    settings.setValue(QStringLiteral("width"), own.width());
    settings.setValue(QStringLiteral("height"), own.height());
    settings.setValue(QStringLiteral("theme"), lookWords().value(int(look)));
    for (const auto &[key, flag] : {std::pair("tidy", tidy),
                                    {"legend", legend},
                                    {"title", title},
                                    {"time", time},
                                    {"findings", findings},
                                    {"redact", redact}})
        settings.setValue(QLatin1String(key), flag);
}

QSize PictureChoices::sizeOf(const PictureSubject &subject) const
{
    switch (size) {
    case Size::Usual:
        return {1200, 700};
    case Size::Wide:
        return {1600, 900};
    case Size::A4:
        return {1123, 794}; // 297 x 210 mm at 96 pixels an inch
    case Size::Own:
        return own;
    case Size::Window:
        break;
    }
    return subject.window.expandedTo({leastSide, leastSide}).boundedTo({mostSide, mostSide});
}

PictureOptions PictureChoices::options(const PictureSubject &subject, const QString &words, bool image) const
{
    PictureOptions options;
    options.size = sizeOf(subject);
    options.scale = image ? scale : 1;
    options.theme = look == Look::Window ? subject.theme
                    : look == Look::Dark ? ThemeKind::Dark
                                         : ThemeKind::Light;
    options.redact = redact;
    options.legend = legend;
    options.time = time;
    options.past = subject.past;
    options.findings = findings;
    if (title)
        options.title = words.trimmed();
    options.arrangement = subject.arrangement;
    if (tidy)
        options.arrangement.places.clear();
    return options;
}

} // namespace understudy
