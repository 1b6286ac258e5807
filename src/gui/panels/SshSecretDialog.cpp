// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/SshSecretDialog.h"

#include "gui/Style.h"
#include "gui/parts/Parts.h"
#include "ui_SshSecretDialog.h"

namespace understudy {

SshSecretDialog::SshSecretDialog(const SshQuestion &question, QWidget *parent)
    : SshDialog(parent), m_ui(std::make_unique<Ui::SshSecretDialog>())
{
    m_ui->setupUi(this);
    for (QLabel *label : {m_ui->question, m_ui->wrong, m_ui->hint})
        label->setTextFormat(Qt::PlainText);
    switch (question.kind) {
    case SshQuestion::Kind::Passphrase:
        setWindowTitle(tr("Passphrase"));
        m_ui->question->setText(tr("Passphrase of the key %1").arg(question.keyFile));
        m_ui->hint->setText(
            tr("For the connection to %1. ssh takes it and forgets it; ssh-add would keep the "
               "key unlocked.")
                .arg(question.destination));
        m_ui->use->setText(tr("Unlock"));
        break;
    case SshQuestion::Kind::SudoPassword:
        setWindowTitle(tr("sudo"));
        m_ui->question->setText(tr("Your password on %1, for sudo").arg(question.host));
        m_ui->hint->setText(
            tr("Commands will run there as %1. Kept in memory until this window closes.").arg(question.user));
        m_ui->use->setText(tr("Use password"));
        break;
    default:
        setWindowTitle(tr("ssh to %1").arg(question.destination));
        m_ui->question->setText(question.text);
        m_ui->hint->setText(
            tr("Asked by the login to %1. ssh takes the answer and forgets it.").arg(question.host));
        m_ui->use->setText(tr("Log in"));
        break;
    }
    m_ui->field->setAccessibleName(m_ui->question->text());
    m_ui->wrong->setText(tr("That was not right. Try again."));
    m_ui->wrong->setVisible(question.attempt > 1);
    m_ui->use->setEnabled(false);
    connect(m_ui->field, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_ui->use->setEnabled(!text.isEmpty()); });
    connect(m_ui->cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_ui->use, &QPushButton::clicked, this, [this] {
        Q_EMIT answered(m_ui->field->text());
        m_ui->field->clear();
        accept();
    });
    m_ui->field->setFocus();
}

SshSecretDialog::~SshSecretDialog() = default;

} // namespace understudy
