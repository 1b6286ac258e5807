// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/RunLog.h"

#include "gui/Style.h"
#include "gui/wizard/TextFile.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QEvent>
#include <QHBoxLayout>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextEdit>
#include <QVBoxLayout>

namespace understudy {

namespace {

QString timeOf(const LogLine &line)
{
    return QDateTime::fromMSecsSinceEpoch(line.atUs / 1000).toUTC().toString(QStringLiteral("HH:mm:ss.zzz"));
}

} // namespace

RunLog::RunLog(QWidget *parent)
    : QWidget(parent), m_filter(new Segment({tr("All"), tr("Commands"), tr("Errors")})), m_view(new QTextEdit)
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto *card = new Card;
    outer->addWidget(card);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(0, 0, 0, 8); // the view stays clear of the round corners
    layout->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 5, 16, 5);
    head->setSpacing(8);
    head->addWidget(new TextLabel(TextRole::BodyStrong, tr("Log")));
    head->addSpacing(8);
    head->addWidget(m_filter);
    head->addStretch(1);
    QPushButton *copy = makeButton(tr("Copy"), QStringLiteral("smallFlat"), QStringLiteral("edit-copy"));
    QPushButton *save = makeButton(tr("Save…"), QStringLiteral("smallFlat"), QStringLiteral("document-save"));
    head->addWidget(copy);
    head->addWidget(save);
    layout->addLayout(head);
    layout->addWidget(new Line);
    m_view->setReadOnly(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setProperty("kind", QStringLiteral("bare"));
    m_view->setAcceptRichText(false);
    m_view->setAccessibleName(tr("Log"));
    m_view->setObjectName(QStringLiteral("logView"));
    m_view->document()->setDocumentMargin(12);
    m_view->viewport()->setAutoFillBackground(false);
    layout->addWidget(m_view, 1);
    connect(m_filter, &Segment::changed, this, &RunLog::rebuild);
    connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(text()); });
    connect(save, &QPushButton::clicked, this, [this] {
        saveTextFile(this, &m_worker, tr("Save the log"), m_name + QStringLiteral(".log"),
                     [all = text()] { return all.toUtf8(); });
    });
}

void RunLog::clear()
{
    m_lines.clear();
    m_view->clear();
}

void RunLog::add(const LogLine &line)
{
    m_lines << line;
    if (shown(line))
        append(line);
}

bool RunLog::shown(const LogLine &line) const
{
    switch (m_filter->current()) {
    case 1:
        return line.kind == LogLine::Kind::Command;
    case 2:
        return line.kind == LogLine::Kind::Error;
    default:
        return true;
    }
}

void RunLog::append(const LogLine &line)
{
    const Theme &theme = Style::instance().theme();
    const QFont font = textFont(TextRole::Mono, QApplication::font());
    const double indent = QFontMetricsF(font).horizontalAdvance(QStringLiteral("00:00:00.000   "));
    const bool atEnd = m_view->verticalScrollBar()->value() >= m_view->verticalScrollBar()->maximum() - 4;

    QTextCursor cursor(m_view->document());
    cursor.movePosition(QTextCursor::End);
    QTextBlockFormat block;
    block.setLeftMargin(indent);
    block.setTextIndent(-indent);
    block.setLineHeight(qMax(20.0, QFontMetricsF(font).height() + 5), QTextBlockFormat::FixedHeight);
    if (m_view->document()->isEmpty())
        cursor.setBlockFormat(block);
    else
        cursor.insertBlock(block);
    QTextCharFormat time, words;
    time.setFont(font);
    time.setForeground(theme.text3);
    words.setFont(font);
    words.setForeground(line.kind == LogLine::Kind::Error     ? theme.crit
                        : line.kind == LogLine::Kind::Command ? theme.text3
                        : line.kind == LogLine::Kind::Note    ? theme.text
                                                              : theme.text2);
    cursor.insertText(timeOf(line) + QStringLiteral("   "), time);
    QString text = line.text;
    text.replace(u'\n', QChar::LineSeparator);
    cursor.insertText(text, words);
    if (atEnd)
        m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum());
}

void RunLog::rebuild()
{
    m_view->clear();
    for (const LogLine &line : std::as_const(m_lines)) {
        if (shown(line))
            append(line);
    }
}

QString RunLog::text() const
{
    QString all;
    for (const LogLine &line : m_lines)
        all += timeOf(line) + QStringLiteral("   ") + line.text + u'\n';
    return all;
}

void RunLog::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        rebuild();
}

} // namespace understudy
