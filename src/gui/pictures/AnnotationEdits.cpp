// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationEdits.h"

#include <QUndoCommand>

namespace understudy {

namespace {

using Change = AnnotationEdits::Change;

QString wordsOf(Change change)
{
    switch (change) {
    case Change::Draw:
        return AnnotationEdits::tr("drawing");
    case Change::Move:
    case Change::Nudge:
        return AnnotationEdits::tr("moving");
    case Change::Resize:
    case Change::Stretch:
        return AnnotationEdits::tr("resizing");
    case Change::Text:
        return AnnotationEdits::tr("text");
    case Change::Remove:
        return AnnotationEdits::tr("removing");
    case Change::Duplicate:
        return AnnotationEdits::tr("duplicating");
    }
    return {};
}

bool growsTogether(Change change)
{
    return change == Change::Nudge || change == Change::Stretch;
}

} // namespace

/// The lists before and after: they share what is the same in both, and nothing can be put together wrongly.
class AnnotationCommand final : public QUndoCommand
{
public:
    AnnotationCommand(AnnotationEdits *edits, QList<Annotation> after, qsizetype selectedAfter, Change change)
        : QUndoCommand(wordsOf(change)), m_edits(edits), m_before(edits->m_marks), m_after(std::move(after)),
          m_selectedBefore(edits->m_selected), m_selectedAfter(selectedAfter), m_change(change)
    {
    }
    void undo() override { m_edits->show(m_before, m_selectedBefore); }
    void redo() override { m_edits->show(m_after, m_selectedAfter); }
    int id() const override { return growsTogether(m_change) ? 1 + int(m_change) : -1; }
    bool mergeWith(const QUndoCommand *later) override
    {
        const auto *other = static_cast<const AnnotationCommand *>(later);
        if (other->m_selectedBefore != m_selectedAfter || other->m_selectedAfter != m_selectedAfter)
            return false;
        m_after = other->m_after;
        return true;
    }

private:
    AnnotationEdits *m_edits;
    QList<Annotation> m_before, m_after;
    qsizetype m_selectedBefore, m_selectedAfter;
    Change m_change;
};

AnnotationEdits::AnnotationEdits(QObject *parent) : QObject(parent) {}

const Annotation *AnnotationEdits::mark(qsizetype index) const
{
    return index >= 0 && index < m_marks.size() ? &m_marks.at(index) : nullptr;
}

void AnnotationEdits::reset(const QList<Annotation> &marks)
{
    m_undo.clear();
    QList<Annotation> shown = marks.mid(0, annotation::mostMarks);
    annotation::renumber(shown);
    show(shown, -1);
}

void AnnotationEdits::select(qsizetype index)
{
    const qsizetype wanted = mark(index) ? index : -1;
    if (wanted == m_selected)
        return;
    m_selected = wanted;
    Q_EMIT selectionChanged();
}

void AnnotationEdits::add(const Annotation &mark, Change change)
{
    if (isFull())
        return;
    QList<Annotation> marks = m_marks;
    marks << mark;
    push(marks, marks.size() - 1, change);
}

void AnnotationEdits::replace(qsizetype index, const Annotation &mark, Change change)
{
    if (!this->mark(index) || m_marks.at(index) == mark)
        return;
    QList<Annotation> marks = m_marks;
    marks[index] = mark;
    push(marks, index, change);
}

void AnnotationEdits::remove(qsizetype index)
{
    if (!mark(index))
        return;
    QList<Annotation> marks = m_marks;
    marks.removeAt(index);
    // The next one, so that several can be removed in a row.
    push(marks, qMin(index, marks.size() - 1), Change::Remove);
}

void AnnotationEdits::push(QList<Annotation> marks, qsizetype selected, Change change)
{
    annotation::renumber(marks);
    m_undo.push(new AnnotationCommand(this, std::move(marks), selected, change));
}

void AnnotationEdits::show(const QList<Annotation> &marks, qsizetype selected)
{
    const bool other = marks != m_marks;
    const bool moved = selected != m_selected;
    m_marks = marks;
    m_selected = mark(selected) ? selected : -1;
    if (other)
        Q_EMIT changed();
    if (moved)
        Q_EMIT selectionChanged();
}

} // namespace understudy
