// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/Annotation.h"

#include <QObject>
#include <QUndoStack>

namespace understudy {

/// The marks of a picture while a person works on them: which one is selected, and what can be undone.
/// GUI thread.
class AnnotationEdits final : public QObject
{
    Q_OBJECT
public:
    /// What a change did, for the words of Undo; several of the same kind in a row by key are one.
    enum class Change { Draw, Move, Resize, Text, Remove, Duplicate, Nudge, Stretch };
    Q_ENUM(Change)

    explicit AnnotationEdits(QObject *parent = nullptr);

    const QList<Annotation> &marks() const { return m_marks; }
    const Annotation *mark(qsizetype index) const;
    qsizetype selected() const { return m_selected; } ///< -1: none
    const Annotation *selectedMark() const { return mark(m_selected); }
    bool isFull() const { return m_marks.size() >= annotation::mostMarks; }
    QUndoStack *undoStack() { return &m_undo; }

    void reset(const QList<Annotation> &marks);                     ///< Another list; nothing can be undone
    void select(qsizetype index);                                   ///< -1, or what is no mark: none
    void add(const Annotation &mark, Change change = Change::Draw); ///< And selects it
    void replace(qsizetype index, const Annotation &mark, Change change);
    void remove(qsizetype index);

Q_SIGNALS:
    void changed(); ///< The marks; not the selection
    void selectionChanged();

private:
    friend class AnnotationCommand;
    void push(QList<Annotation> marks, qsizetype selected, Change change);
    void show(const QList<Annotation> &marks, qsizetype selected);

    QList<Annotation> m_marks;
    qsizetype m_selected = -1;
    QUndoStack m_undo;
};

} // namespace understudy
