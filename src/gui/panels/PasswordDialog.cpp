// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/PasswordDialog.h"

#include "ui_PasswordDialog.h"

namespace understudy {

PasswordDialog::PasswordDialog(const Endpoint &endpoint, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::PasswordDialog>())
{
    m_ui->setupUi(this);
    setAttribute(Qt::WA_DeleteOnClose);
    m_ui->question->setTextFormat(Qt::PlainText);
    m_ui->question->setText(tr("Password of %1 at %2").arg(endpoint.user, endpoint.address()));
    m_ui->use->setEnabled(false);
    connect(m_ui->field, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_ui->use->setEnabled(!text.isEmpty()); });
    connect(m_ui->cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_ui->use, &QPushButton::clicked, this, [this] {
        Q_EMIT entered(m_ui->field->text());
        m_ui->field->clear();
        accept();
    });
}

PasswordDialog::~PasswordDialog() = default;

} // namespace understudy
