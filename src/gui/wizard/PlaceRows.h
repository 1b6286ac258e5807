// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/ChoiceRow.h"

#include <QWidget>

class QVBoxLayout;

namespace understudy {

struct AddStandbyFacts;

/// A kind of place for the new standby, as the page shows it.
struct PlaceRow
{
    QString place; ///< "compose", "local", "ssh", "script"
    ChoiceRow::Content content;
    QString note; ///< What choosing it means.
};

/// From what is known. @p connected: the facts are those of the machine whose name stands in the field.
PlaceRow composePlace(const AddStandbyFacts &facts);
PlaceRow localPlace(const AddStandbyFacts &facts);
PlaceRow sshPlace(const AddStandbyFacts &facts, bool connected);
PlaceRow scriptPlace();

/// Where the new standby can run: a row a place and below each what it means and what else it asks. Object
/// names: "methodLocal", "methodCompose"...
class PlaceRows final : public QWidget
{
    Q_OBJECT
public:
    explicit PlaceRows(QWidget *parent = nullptr);

    /// Makes the rows anew; the one that has the focus keeps it.
    void setRows(const QList<PlaceRow> &rows);
    void setContent(const QString &place, const ChoiceRow::Content &content);
    void choose(const QString &place);
    /// Moves @p widget below the place's note and what is there already. It stays when rows are made anew.
    void putBelow(const QString &place, QWidget *widget);
    /// Null where there is no such row.
    ChoiceRow *row(const QString &place) const;

Q_SIGNALS:
    void chosen(const QString &place); ///< By the person

private:
    struct Shown
    {
        QString place;
        ChoiceRow *row;
        QVBoxLayout *below; ///< The note and what was put below it
        QWidget *note;
    };
    QVBoxLayout *m_layout;
    QList<Shown> m_rows;
};

} // namespace understudy
