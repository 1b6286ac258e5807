// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ScriptPlace.h"

#include "gui/wizard/FieldError.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>

namespace understudy {

ScriptPlace::ScriptPlace(QWidget *parent)
    : QWidget(parent), m_machine(new QLineEdit), m_address(new QLineEdit), m_addressLabel(new QLabel),
      m_error(new FieldError)
{
    setObjectName(QStringLiteral("scriptPlace"));
    auto *machineLabel = new QLabel(tr("Its name"));
    machineLabel->setBuddy(m_machine);
    m_addressLabel->setBuddy(m_address);
    m_machine->setObjectName(QStringLiteral("scriptMachine"));
    m_machine->setPlaceholderText(tr("db5"));
    m_machine->setAccessibleDescription(tr("What people call the machine; it stands in the script."));
    m_address->setObjectName(QStringLiteral("scriptAddress"));
    m_address->setPlaceholderText(tr("db1.example or db1.example:5432"));
    m_error->setObjectName(QStringLiteral("scriptError"));
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(28, 0, 0, 8);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->addWidget(machineLabel, 0, 0);
    grid->addWidget(m_machine, 0, 1);
    grid->addWidget(m_addressLabel, 1, 0);
    grid->addWidget(m_address, 1, 1);
    grid->addWidget(m_error, 2, 1);
    grid->setColumnStretch(1, 3);
    grid->setColumnStretch(2, 2);
    setFocusProxy(m_machine);
    setUpstream({});
    connect(m_machine, &QLineEdit::textEdited, this, &ScriptPlace::edited);
    connect(m_address, &QLineEdit::textEdited, this, [this] {
        m_visited = true;
        Q_EMIT edited();
    });
    connect(m_address, &QLineEdit::editingFinished, this, [this] {
        m_visited = true;
        Q_EMIT edited();
    });
}

QString ScriptPlace::place() const
{
    const QString machine = m_machine->text().trimmed();
    return machine.isEmpty() ? QStringLiteral("script") : QStringLiteral("script:") + machine;
}

QString ScriptPlace::address() const
{
    return m_address->text().trimmed();
}

void ScriptPlace::setUpstream(const QString &name)
{
    m_addressLabel->setText(name.isEmpty() ? tr("The upstream from there") : tr("%1 from there").arg(name));
    m_address->setAccessibleDescription(
        tr("The address by which that machine reaches the upstream, with the port if it is another one."));
}

void ScriptPlace::setProblem(const QString &message)
{
    m_error->setMessage(m_visited ? message : QString());
}

void ScriptPlace::comeAfter(QWidget *widget)
{
    setTabOrder(widget, m_machine);
    setTabOrder(m_machine, m_address);
}

QWidget *ScriptPlace::lastStop() const
{
    return m_address;
}

} // namespace understudy
