// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Annotation.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>
#include <cmath>
#include <optional>

namespace understudy::annotation {

namespace {

constexpr int format = 1;
constexpr qsizetype mostBytes = 1 << 20;

struct KindName
{
    Annotation::Kind kind;
    const char *name;
};
constexpr std::array<KindName, 4> kinds{{{Annotation::Kind::Arrow, "arrow"},
                                         {Annotation::Kind::Box, "box"},
                                         {Annotation::Kind::Text, "text"},
                                         {Annotation::Kind::Callout, "callout"}}};

QString nameOf(Annotation::Kind kind)
{
    for (const KindName &one : kinds) {
        if (one.kind == kind)
            return QString::fromLatin1(one.name);
    }
    return {};
}

std::optional<Annotation::Kind> kindOf(const QString &name)
{
    for (const KindName &one : kinds) {
        if (name == QLatin1String(one.name))
            return one.kind;
    }
    return std::nullopt;
}

QJsonArray pointJson(const QPointF &point)
{
    return {point.x(), point.y()};
}

std::optional<QPointF> pointOf(const QJsonValue &value)
{
    const QJsonArray pair = value.toArray();
    if (pair.size() != 2 || !pair.at(0).isDouble() || !pair.at(1).isDouble())
        return std::nullopt;
    const QPointF point(pair.at(0).toDouble(), pair.at(1).toDouble());
    // Written so that what is no number fails too.
    if (!(std::abs(point.x()) <= farthest && std::abs(point.y()) <= farthest))
        return std::nullopt;
    return point;
}

std::optional<Annotation> markOf(const QJsonObject &object)
{
    Annotation mark;
    const auto kind = kindOf(object.value(QLatin1String("kind")).toString());
    const auto at = pointOf(object.value(QLatin1String("at")));
    if (!kind || !at)
        return std::nullopt;
    mark.kind = *kind;
    mark.at = mark.end = *at;
    if (!mark.hasText()) {
        const auto end = pointOf(object.value(QLatin1String("end")));
        if (!end)
            return std::nullopt;
        mark.end = *end;
        return mark;
    }
    const QJsonValue text = object.value(QLatin1String("text"));
    const QJsonValue width = object.value(QLatin1String("width"));
    if (!text.isString() || text.toString().size() > mostText || !(width.isUndefined() || width.isDouble()))
        return std::nullopt;
    mark.text = harmless(text.toString());
    mark.width = width.toDouble();
    if (!(mark.width == 0 || (mark.width >= narrowestText && mark.width <= widestText)))
        return std::nullopt;
    return mark;
}

} // namespace

QByteArray toJson(const QList<Annotation> &marks)
{
    QJsonArray list;
    for (const Annotation &mark : marks) {
        QJsonObject object{{QStringLiteral("kind"), nameOf(mark.kind)},
                           {QStringLiteral("at"), pointJson(mark.at)}};
        if (mark.hasText()) {
            object.insert(QStringLiteral("text"), harmless(mark.text));
            if (mark.width > 0)
                object.insert(QStringLiteral("width"), mark.width);
        } else {
            object.insert(QStringLiteral("end"), pointJson(mark.end));
        }
        list << object;
    }
    const QJsonObject all{{QStringLiteral("format"), format}, {QStringLiteral("marks"), list}};
    return QJsonDocument(all).toJson(QJsonDocument::Compact);
}

Result<QList<Annotation>> fromJson(const QByteArray &json)
{
    const auto refuse = [](const QString &why) {
        return fail(QStringLiteral("The marks cannot be read: %1.").arg(why));
    };
    if (json.size() > mostBytes)
        return refuse(QStringLiteral("they are too large"));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject())
        return refuse(QStringLiteral("this is no JSON object"));
    const QJsonObject all = document.object();
    if (all.value(QLatin1String("format")).toInt(-1) != format)
        return refuse(QStringLiteral("they are of another version"));
    const QJsonValue list = all.value(QLatin1String("marks"));
    if (!list.isArray() || list.toArray().size() > mostMarks)
        return refuse(QStringLiteral("there is no list of at most %1 marks").arg(mostMarks));
    QList<Annotation> marks;
    const QJsonArray entries = list.toArray();
    for (const auto &entry : entries) {
        const auto mark = markOf(entry.toObject());
        if (!mark)
            return refuse(QStringLiteral("mark %1 is not complete").arg(marks.size() + 1));
        marks << *mark;
    }
    renumber(marks);
    return marks;
}

} // namespace understudy::annotation
