// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardState.h"

#include <QWidget>

class QLineEdit;

namespace understudy {

class FieldError;

/// A machine that this program cannot reach: what people call it, and how it reaches the upstream.
class ScriptPlace final : public QWidget
{
    Q_OBJECT
public:
    explicit ScriptPlace(QWidget *parent = nullptr);

    QString place() const;                 ///< As AddStandbyRequest::on: "script:db5"
    QString address() const;               ///< As AddStandbyRequest::upstreamAddress; empty: as it is watched
    void setUpstream(const QString &name); ///< What the upstream is called.
    /// What is wrong with the address, once the person has been there.
    void setProblem(const QString &message);
    void comeAfter(QWidget *widget); ///< For the Tab key
    QWidget *lastStop() const;       ///< Of the Tab key, here

Q_SIGNALS:
    void edited();

private:
    QLineEdit *m_machine, *m_address;
    QLabel *m_addressLabel;
    FieldError *m_error;
    bool m_visited = false;
};

} // namespace understudy
