// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "gui/wizard/WizardState.h"

class QGridLayout;
class QLineEdit;

namespace understudy {

class FieldError;

/// What belongs to each further standby of the same plan alone: a row a standby, every field filled and
/// editable. All else they have from the first. Object names: "other_1_name", "other_2_port"...
class OtherStandbys final : public Card
{
    Q_OBJECT
public:
    explicit OtherStandbys(WizardState &state, QWidget *parent = nullptr);

    void showRequests(); ///< From the state; hidden where there are no others.
    /// What is wrong with each, the first standby's among them.
    void showErrors(const QList<QList<Error>> &errors);
    /// @p field of standby @p index, counted from the first of all; null if there is none.
    QLineEdit *edit(int index, const QString &field) const;

Q_SIGNALS:
    void edited(bool suggests); ///< By the person; @p suggests: other fields may follow.

private:
    struct Row
    {
        QMap<QString, QLineEdit *> edits;
        FieldError *error = nullptr;
    };
    QStringList fields() const;
    void makeRows();
    void addRow(int index);
    void typed(int index, const QString &field, const QString &text);

    WizardState &m_state;
    QWidget *m_table = nullptr;
    QGridLayout *m_grid = nullptr;
    QStringList m_fields; ///< Of the rows that are shown
    QList<Row> m_rows;
};

} // namespace understudy
