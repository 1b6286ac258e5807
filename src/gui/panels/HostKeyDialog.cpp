// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/HostKeyDialog.h"

#include "gui/parts/Parts.h"
#include "ui_HostKeyDialog.h"

namespace understudy {

HostKeyDialog::HostKeyDialog(const SshQuestion &question, QWidget *parent)
    : SshDialog(parent), m_ui(std::make_unique<Ui::HostKeyDialog>())
{
    m_ui->setupUi(this);
    for (QLabel *label : {m_ui->question, m_ui->meaning, m_ui->compare})
        label->setTextFormat(Qt::PlainText);
    m_ui->question->setText(tr("Accept the host key of %1?").arg(question.hostInWords()));
    m_ui->meaning->setText(
        tr("This machine has not met %1 before, so only you can tell that it is the right one and nobody in "
           "between. The fingerprint of its %2 key:")
            .arg(question.host, question.keyType));
    auto *fingerprint = new CodeBox(question.fingerprint, this);
    fingerprint->setObjectName(QStringLiteral("fingerprint"));
    fingerprint->setAccessibleName(tr("Fingerprint"));
    m_ui->column->insertWidget(m_ui->column->indexOf(m_ui->meaning) + 1, fingerprint);
    m_ui->compare->setText(
        tr("On %1 itself, at its console or over a way you trust, this prints the same:").arg(question.host));
    auto *command = new CodeBox(
        QStringLiteral("ssh-keygen -lf /etc/ssh/ssh_host_%1_key.pub").arg(question.keyType.toLower()), this);
    command->setObjectName(QStringLiteral("compareCommand"));
    command->setAccessibleName(tr("Command to compare it with"));
    m_ui->column->insertWidget(m_ui->column->indexOf(m_ui->compare) + 1, command);
    connect(m_ui->no, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_ui->yes, &QPushButton::clicked, this, [this] {
        Q_EMIT answered(QStringLiteral("yes"));
        accept();
    });
    m_ui->no->setFocus();
}

HostKeyDialog::~HostKeyDialog() = default;

} // namespace understudy
