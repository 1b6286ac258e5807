// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "operations/Journal.h"

class QHBoxLayout;

namespace understudy {

QString outcomeWords(const JournalEntry &entry);
Glyph outcomeGlyph(const JournalEntry &entry);

/// One plan of the journal: how it ended, and what can be done about it if it was cut off. To undo asks once
/// and names what goes. Object names: "continueButton", "undoButton", "undoConfirm", "undoKeep".
class OperationRow final : public QWidget
{
    Q_OBJECT
public:
    explicit OperationRow(QWidget *parent = nullptr);
    void set(const JournalEntry &entry);
    const JournalEntry &entry() const { return m_entry; }
    void setOffered(bool offered);       ///< No: another one is being picked up.
    void setDoing(const QString &words); ///< What is being done now, or why it could not be; empty: nothing

Q_SIGNALS:
    void continueWanted();
    void undoWanted();

private:
    void showActions();
    QString whatGoes() const;

    JournalEntry m_entry;
    bool m_offered = true, m_asking = false;
    GlyphLabel *m_glyph;
    TextLabel *m_title, *m_when, *m_made, *m_id, *m_doing;
    QWidget *m_actions, *m_question;
    TextLabel *m_sentence;
    QPushButton *m_confirm;
};

} // namespace understudy
