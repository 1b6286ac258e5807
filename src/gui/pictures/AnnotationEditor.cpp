// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationEditor.h"

#include "paint/Annotation.h"

#include <QAbstractTextDocumentLayout>
#include <QKeyEvent>
#include <QMimeData>

#include <cmath>

namespace understudy {

namespace {

constexpr int around = 5;     ///< Border and padding of the style sheet
constexpr int mostLines = 12; ///< Then it scrolls

} // namespace

AnnotationEditor::AnnotationEditor(QWidget *canvas) : QPlainTextEdit(canvas)
{
    hide();
    setAccessibleName(tr("Text of the mark"));
    setPlaceholderText(tr("Text"));
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document()->setDocumentMargin(3);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        keepShort();
        grow();
    });
}

void AnnotationEditor::open(const QString &text, const QPointF &at, double wraps, const QFont &font)
{
    m_open = true;
    const double inside = around + document()->documentMargin();
    m_at = (at - QPointF(inside, inside)).toPoint();
    setFont(font);
    const int wide = int(std::ceil(wraps + 2 * (around + document()->documentMargin()))) + 2;
    resize(qBound(120, wide, qMax(120, parentWidget()->width() - 8)), height());
    setPlainText(text);
    document()->clearUndoRedoStacks();
    grow();
    show();
    raise();
    setFocus(Qt::OtherFocusReason);
    selectAll();
}

void AnnotationEditor::finish()
{
    if (!m_open)
        return;
    m_open = false;
    const QString text = toPlainText();
    // Before it is hidden, else the keyboard would go on to the next control.
    if (hasFocus())
        parentWidget()->setFocus(Qt::OtherFocusReason);
    hide();
    Q_EMIT finished(text);
}

void AnnotationEditor::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape || (enter && !(event->modifiers() & Qt::ShiftModifier))) {
        event->accept();
        finish();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void AnnotationEditor::focusOutEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusOutEvent(event);
    // Its own menu, or another window for a moment: the person comes back.
    if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
        finish();
}

void AnnotationEditor::insertFromMimeData(const QMimeData *source)
{
    if (source->hasText())
        insertPlainText(annotation::harmless(source->text()));
}

/// Tab leaves the text, and the next one goes on from its mark.
bool AnnotationEditor::focusNextPrevChild(bool)
{
    finish();
    return true;
}

void AnnotationEditor::keepShort()
{
    const int over = document()->characterCount() - 1 - int(annotation::mostText);
    if (over <= 0)
        return;
    QTextCursor cursor = textCursor();
    // What was typed last is what is too much.
    const int to = cursor.position();
    cursor.setPosition(qMax(0, to - over));
    cursor.setPosition(to, QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
}

void AnnotationEditor::grow()
{
    const double lines =
        qBound(1.0, document()->documentLayout()->documentSize().height(), double(mostLines));
    const int high = int(
        std::ceil(lines * QFontMetricsF(font()).lineSpacing() + 2 * (around + document()->documentMargin())));
    const QSize room = parentWidget()->size();
    const QSize now(width(), qMin(high, room.height() - 8));
    setGeometry(QRect(QPoint(qBound(4, m_at.x(), qMax(4, room.width() - now.width() - 4)),
                             qBound(4, m_at.y(), qMax(4, room.height() - now.height() - 4))),
                      now));
}

} // namespace understudy
