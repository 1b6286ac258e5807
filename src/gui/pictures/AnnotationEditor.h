// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace understudy {

/// The text of a mark, typed where it will stand. Enter and Escape leave it, Shift+Enter begins a line.
/// GUI thread.
class AnnotationEditor final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit AnnotationEditor(QWidget *canvas);
    /// @p at: where the text begins; @p wraps: how wide its lines are, both in the canvas.
    void open(const QString &text, const QPointF &at, double wraps, const QFont &font);
    void finish(); ///< Nothing happens where nothing is edited.

Q_SIGNALS:
    void finished(const QString &text);

protected:
    void keyPressEvent(QKeyEvent *) override;
    void focusOutEvent(QFocusEvent *) override;
    void insertFromMimeData(const QMimeData *) override;
    bool focusNextPrevChild(bool next) override;

private:
    void keepShort();
    void grow();
    bool m_open = false;
    QPoint m_at;
};

} // namespace understudy
