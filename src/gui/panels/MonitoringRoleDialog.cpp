// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/MonitoringRoleDialog.h"

#include "gui/Style.h"
#include "model/MonitoringRole.h"
#include "ui_MonitoringRoleDialog.h"

#include <QApplication>
#include <QClipboard>

namespace understudy {

MonitoringRoleDialog::MonitoringRoleDialog(int versionNum, QWidget *parent)
    : QDialog(parent), m_versionNum(versionNum), m_ui(std::make_unique<Ui::MonitoringRoleDialog>())
{
    m_ui->setupUi(this);
    setAttribute(Qt::WA_DeleteOnClose);
    m_ui->script->document()->setDocumentMargin(12);
    connect(m_ui->nameEdit, &QLineEdit::textChanged, this, &MonitoringRoleDialog::refresh);
    connect(m_ui->addsStandbys, &QCheckBox::toggled, this, &MonitoringRoleDialog::refresh);
    connect(m_ui->comparesCounts, &QCheckBox::toggled, this, &MonitoringRoleDialog::refresh);
    connect(m_ui->close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_ui->copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_ui->script->toPlainText()); });
    connect(&Style::instance(), &Style::changed, this, &MonitoringRoleDialog::dress);
    dress();
    refresh();
}

MonitoringRoleDialog::~MonitoringRoleDialog() = default;

void MonitoringRoleDialog::dress()
{
    m_ui->script->setFont(textFont(TextRole::Mono, QApplication::font()));
}

void MonitoringRoleDialog::refresh()
{
    MonitoringRole role;
    role.name = m_ui->nameEdit->text().trimmed();
    role.versionNum = m_versionNum;
    role.addsStandbys = m_ui->addsStandbys->isChecked();
    role.comparesCounts = m_ui->comparesCounts->isChecked();
    const auto script = monitoringRoleScript(role);
    m_ui->copy->setEnabled(script.has_value());
    // What stands beside the button is why it cannot be pressed, or what the script is for.
    m_ui->version->setText(!script ? script.error().text()
                           : m_versionNum
                               ? tr("For PostgreSQL %1, the oldest node here.").arg(m_versionNum / 10000)
                               : tr("For PostgreSQL 12 and later: no node has told its version yet."));
    m_ui->script->setPlainText(script ? *script : QString());
}

} // namespace understudy
