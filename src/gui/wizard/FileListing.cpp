// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/FileListing.h"

#include "gui/Style.h"
#include "model/Format.h"

#include <QApplication>
#include <QPaintEvent>
#include <QPainter>
#include <QRegularExpression>

namespace understudy {

namespace {

constexpr int textLeft = 56;

QString shownText(QString text)
{
    static const QRegularExpression secret(QStringLiteral("\\$\\{secret:[^}]*\\}"));
    static const QRegularExpression later(QStringLiteral("\\$\\{([^}]*)\\}"));
    text.replace(secret, QStringLiteral("(hidden)"));
    text.replace(later, QStringLiteral("(\\1, known when it runs)"));
    return text;
}

} // namespace

FileListing::FileListing(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
}

void FileListing::addFile(const FileAction &file)
{
    ++m_files;
    m_lines.append({Kind::Head, 0,
                    tr("%1, mode %2%3")
                        .arg(shownText(file.path), QString::number(file.mode, 8).rightJustified(4, u'0'),
                             file.append ? tr(", added at the end") : QString())});
    int number = 0;
    for (const QString &line : shownText(file.content).split(u'\n')) {
        ++number;
        m_lines.append({Kind::Added, number, line});
    }
    if (m_lines.last().text.isEmpty() && number > 1)
        m_lines.removeLast(); // the newline at the end of the file
}

void FileListing::addEdit(const EditAction &edit)
{
    ++m_edits;
    m_lines.append({Kind::Head, 0, tr("%1, +%2").arg(edit.path).arg(edit.lines())});
    int next = 1; // of the new file: what is before it is shown or folded
    for (const EditAction::Insertion &insertion : edit.insertions) {
        if (const int folded = insertion.line - next; folded > 0)
            m_lines.append(
                {Kind::Fold, 0, tr("… %1 as they are").arg(format::plural(folded, QStringLiteral("line")))});
        next = qMax(next, insertion.line);
        for (const QString &line : insertion.shown.split(u'\n'))
            m_lines.append({Kind::Added, next++, line});
    }
}

void FileListing::setPlan(const Plan &plan)
{
    m_lines.clear();
    m_files = m_edits = m_added = 0;
    for (const Step &step : plan.steps) {
        for (const Action &action : step.actions) {
            if (const auto *file = std::get_if<FileAction>(&action))
                addFile(*file);
            else if (const auto *edit = std::get_if<EditAction>(&action))
                addEdit(*edit);
        }
    }
    for (const Line &line : std::as_const(m_lines))
        m_added += line.kind == Kind::Added;
    setAccessibleName(tr("Files this plan writes"));
    setAccessibleDescription(lines().join(u'\n'));
    wrap();
}

void FileListing::wrap()
{
    const QFontMetricsF metrics(textFont(TextRole::MonoSmall, QApplication::font()));
    const auto fit =
        qMax<qsizetype>(20, qsizetype((width() - textLeft - 8) / metrics.horizontalAdvance(u'0')));
    m_rows.clear();
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        const qsizetype size = m_lines.at(i).text.size();
        if (m_lines.at(i).kind != Kind::Added || size <= fit) {
            m_rows.append({i, 0, size});
            continue;
        }
        for (qsizetype from = 0; from < size; from += fit)
            m_rows.append({i, from, qMin(fit, size - from)});
    }
    updateGeometry();
    update();
}

void FileListing::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        wrap();
}

QStringList FileListing::lines() const
{
    QStringList found;
    for (const Line &line : m_lines)
        found << (line.kind == Kind::Added ? QStringLiteral("+ ") + line.text : line.text);
    return found;
}

int FileListing::lineHeight() const
{
    return qMax(18, QFontMetrics(textFont(TextRole::MonoSmall, QApplication::font())).height() + 4);
}

QSize FileListing::sizeHint() const
{
    return {400, int(m_rows.size()) * lineHeight() + 6};
}

void FileListing::paintEvent(QPaintEvent *event)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setFont(textFont(TextRole::MonoSmall, QApplication::font()));
    const int high = lineHeight();
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const QRect row(0, 3 + int(i) * high, width(), high);
        if (!row.intersects(event->rect()))
            continue;
        const Row &part = m_rows.at(i);
        const Line &line = m_lines.at(part.line);
        const bool added = line.kind == Kind::Added;
        painter.fillRect(row, added ? theme.add : theme.sunken);
        painter.setPen(theme.text3);
        if (added && part.from == 0) {
            painter.drawText(row.adjusted(0, 0, 32 - row.width(), 0), Qt::AlignRight | Qt::AlignVCenter,
                             QString::number(line.number));
            painter.setPen(theme.addText);
            painter.drawText(row.adjusted(40, 0, 0, 0), Qt::AlignVCenter, QStringLiteral("+"));
        }
        if (added)
            painter.setPen(theme.addText);
        const QRect words = row.adjusted(line.kind == Kind::Head ? 16 : textLeft, 0, -8, 0);
        const QString text = line.text.mid(part.from, part.length);
        painter.drawText(words, Qt::AlignVCenter,
                         added ? text
                               : painter.fontMetrics().elidedText(text, Qt::ElideMiddle, words.width()));
    }
}

} // namespace understudy
