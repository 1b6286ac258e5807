// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/FileListing.h"

#include "gui/Style.h"

#include <QApplication>
#include <QPaintEvent>
#include <QPainter>
#include <QRegularExpression>

namespace understudy {

namespace {

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

void FileListing::setPlan(const Plan &plan)
{
    m_lines.clear();
    m_files = m_added = 0;
    for (const Step &step : plan.steps) {
        for (const Action &action : step.actions) {
            const auto *file = std::get_if<FileAction>(&action);
            if (!file)
                continue;
            ++m_files;
            m_lines.append(
                {true, 0,
                 tr("%1, mode %2%3")
                     .arg(shownText(file->path), QString::number(file->mode, 8).rightJustified(4, u'0'),
                          file->append ? tr(", added at the end") : QString())});
            int number = 0;
            for (const QString &line : shownText(file->content).split(u'\n')) {
                ++number;
                m_lines.append({false, number, line});
            }
            if (m_lines.last().text.isEmpty() && number > 1)
                m_lines.removeLast(); // the newline at the end of the file
        }
    }
    for (const Line &line : std::as_const(m_lines))
        m_added += !line.head;
    setAccessibleName(tr("Files this plan writes"));
    setAccessibleDescription(lines().join(u'\n'));
    updateGeometry();
    update();
}

QStringList FileListing::lines() const
{
    QStringList found;
    for (const Line &line : m_lines)
        found << (line.head ? line.text : QStringLiteral("+ ") + line.text);
    return found;
}

int FileListing::lineHeight() const
{
    return qMax(18, QFontMetrics(textFont(TextRole::MonoSmall, QApplication::font())).height() + 4);
}

QSize FileListing::sizeHint() const
{
    return {400, int(m_lines.size()) * lineHeight() + 6};
}

void FileListing::paintEvent(QPaintEvent *event)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setFont(textFont(TextRole::MonoSmall, QApplication::font()));
    const int high = lineHeight();
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        const QRect row(0, 3 + int(i) * high, width(), high);
        if (!row.intersects(event->rect()))
            continue;
        const Line &line = m_lines.at(i);
        painter.fillRect(row, line.head ? theme.sunken : theme.add);
        painter.setPen(theme.text3);
        if (!line.head) {
            painter.drawText(row.adjusted(0, 0, 32 - row.width(), 0), Qt::AlignRight | Qt::AlignVCenter,
                             QString::number(line.number));
            painter.setPen(theme.addText);
            painter.drawText(row.adjusted(40, 0, 0, 0), Qt::AlignVCenter, QStringLiteral("+"));
        }
        const QRect words = row.adjusted(line.head ? 16 : 56, 0, -8, 0);
        painter.drawText(words, Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(
                             line.text, line.head ? Qt::ElideMiddle : Qt::ElideRight, words.width()));
    }
}

} // namespace understudy
