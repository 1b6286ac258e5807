// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardState.h"

#include <QObject>

namespace Ui {
class NamesPage;
}

class QLineEdit;

namespace understudy {

class TextLabel;

/// The fields of the page of names that say how the copy is made and how the standby replays: they write
/// into the request's choices and show them. The fields that have a text are told by the page.
class ChoiceFields final : public QObject
{
    Q_OBJECT
public:
    ChoiceFields(WizardState &state, Ui::NamesPage &ui, QObject *parent);

    /// Names of the fields with a text.
    static const QStringList &texts();
    /// Its line; null for another field.
    QLineEdit *edit(const QString &field) const;
    /// What was typed there is what is asked for; false for another field.
    bool take(const QString &field, const QString &text);
    /// Shows what the request has, and the fields that its place has.
    void show();
    /// Takes over what was suggested, where nobody has said anything else.
    void suggested(const StandbyChoices &full);
    /// What to ask suggestions for: what a person did not say is left open.
    StandbyChoices asked() const;

Q_SIGNALS:
    void changed();

private:
    void showTablespaces();

    WizardState &m_state;
    Ui::NamesPage &m_ui;
    QMap<QString, QLineEdit *> m_tablespaces; ///< By the directory on the upstream
    TextLabel *m_checkpointWords, *m_verifyWords, *m_slotWords;
};

} // namespace understudy
