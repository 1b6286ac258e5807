// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationWords.h"

#include <QCoreApplication>

#include <array>
#include <cmath>

namespace understudy::annotationwords {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Annotations", text);
}

constexpr qsizetype longestName = 80;

/// Screens have y downwards.
QString directionOf(const QPointF &way)
{
    static const std::array<const char *, 8> names{
        QT_TRANSLATE_NOOP("Annotations", "right"), QT_TRANSLATE_NOOP("Annotations", "down and right"),
        QT_TRANSLATE_NOOP("Annotations", "down"),  QT_TRANSLATE_NOOP("Annotations", "down and left"),
        QT_TRANSLATE_NOOP("Annotations", "left"),  QT_TRANSLATE_NOOP("Annotations", "up and left"),
        QT_TRANSLATE_NOOP("Annotations", "up"),    QT_TRANSLATE_NOOP("Annotations", "up and right")};
    const int eighth = int(std::lround(std::atan2(way.y(), way.x()) / (M_PI / 4)));
    return tr(names.at(size_t((eighth + 8) % 8)));
}

QString percentPlace(const QPointF &point, const QRectF &page)
{
    if (page.isEmpty())
        return {};
    return tr("%1 % from the left, %2 % from the top")
        .arg(qRound(100 * (point.x() - page.left()) / page.width()))
        .arg(qRound(100 * (point.y() - page.top()) / page.height()));
}

} // namespace

QString nameOf(const Annotation &mark)
{
    QString text = annotation::harmless(mark.text).simplified();
    if (text.size() > longestName)
        text = text.left(longestName) + QChar(0x2026);
    switch (mark.kind) {
    case Annotation::Kind::Arrow:
        return tr("Arrow");
    case Annotation::Kind::Box:
        return tr("Box");
    case Annotation::Kind::Text:
        return tr("Text: %1").arg(text);
    case Annotation::Kind::Callout:
        break;
    }
    const QString number = tr("Callout %1").arg(mark.number);
    return text.isEmpty() ? number : number + QStringLiteral(": ") + text;
}

QString describe(const Annotation &mark, const AnnotationPlace &place, const PlaceName &placeName)
{
    const QPointF at = place.toPicture.map(mark.at), end = place.toPicture.map(mark.end);
    const bool line = mark.kind == Annotation::Kind::Arrow, frame = mark.kind == Annotation::Kind::Box;
    const QPointF middle = (mark.at + mark.end) / 2;
    const QString name = placeName ? placeName(line ? mark.end : frame ? middle : mark.at) : QString();
    QStringList words;
    if (!name.isEmpty())
        words << (line ? tr("Points at %1") : frame ? tr("Around %1") : tr("On %1")).arg(name);
    if (line)
        words << tr("Points %1").arg(directionOf(end - at));
    const QString where = percentPlace(line ? end : frame ? (at + end) / 2 : at, place.page);
    if (!where.isEmpty())
        words << (line ? tr("Its tip is %1") : frame ? tr("Its middle is %1") : tr("It is %1")).arg(where);
    if (frame)
        words
            << tr("%1 by %2 pixels").arg(qRound(qAbs(end.x() - at.x()))).arg(qRound(qAbs(end.y() - at.y())));
    return words.isEmpty() ? QString() : words.join(QStringLiteral(". ")) + u'.';
}

QString count(const QList<Annotation> &marks)
{
    std::array<int, 4> kinds{};
    for (const Annotation &mark : marks)
        ++kinds[size_t(mark.kind)];
    const std::array<std::pair<QString, QString>, 4> names{{{tr("%1 arrow"), tr("%1 arrows")},
                                                            {tr("%1 box"), tr("%1 boxes")},
                                                            {tr("%1 text"), tr("%1 texts")},
                                                            {tr("%1 callout"), tr("%1 callouts")}}};
    if (marks.isEmpty())
        return tr("no marks");
    QStringList parts;
    for (size_t i = 0; i < kinds.size(); ++i) {
        if (kinds.at(i) > 0)
            parts << (kinds.at(i) == 1 ? names.at(i).first : names.at(i).second).arg(kinds.at(i));
    }
    const QString all = marks.size() == 1 ? tr("1 mark") : tr("%1 marks").arg(marks.size());
    return all + QStringLiteral(": ") + parts.join(QStringLiteral(", "));
}

QString nameOf(AnnotationTool tool)
{
    switch (tool) {
    case AnnotationTool::Select:
        return tr("Select");
    case AnnotationTool::Arrow:
        return tr("Arrow");
    case AnnotationTool::Box:
        return tr("Box");
    case AnnotationTool::Text:
        return tr("Text");
    case AnnotationTool::Callout:
        return tr("Callout");
    }
    return {};
}

QString doingOf(AnnotationTool tool)
{
    switch (tool) {
    case AnnotationTool::Select:
        return tr("Choose a tool and drag on the picture");
    case AnnotationTool::Arrow:
        return tr("Drag to where the arrow points");
    case AnnotationTool::Box:
        return tr("Drag a box around what matters");
    case AnnotationTool::Text:
        return tr("Click where the text begins");
    case AnnotationTool::Callout:
        return tr("Click where the number goes");
    }
    return {};
}

QString iconOf(AnnotationTool tool)
{
    switch (tool) {
    case AnnotationTool::Select:
        return QStringLiteral("edit-select");
    case AnnotationTool::Arrow:
        return QStringLiteral("draw-arrow");
    case AnnotationTool::Box:
        return QStringLiteral("draw-rectangle");
    case AnnotationTool::Text:
        return QStringLiteral("insert-text");
    case AnnotationTool::Callout:
        return QStringLiteral("callout-shape");
    }
    return {};
}

Qt::Key keyOf(AnnotationTool tool)
{
    switch (tool) {
    case AnnotationTool::Select:
        return Qt::Key_V;
    case AnnotationTool::Arrow:
        return Qt::Key_A;
    case AnnotationTool::Box:
        return Qt::Key_B;
    case AnnotationTool::Text:
        return Qt::Key_T;
    case AnnotationTool::Callout:
        return Qt::Key_C;
    }
    return Qt::Key_unknown;
}

AnnotationTool toolFor(Annotation::Kind kind)
{
    return AnnotationTool(int(kind) + 1);
}

Annotation::Kind kindFor(AnnotationTool tool)
{
    return Annotation::Kind(qMax(0, int(tool) - 1));
}

} // namespace understudy::annotationwords
