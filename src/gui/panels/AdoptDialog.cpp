// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/AdoptDialog.h"

#include "gui/Background.h"
#include "ui_AdoptDialog.h"

#include <QLayout>

namespace understudy {

AdoptDialog::AdoptDialog(const Adoption &adoption, const QString &reason, const QList<NodeSnapshot> &known,
                         std::shared_ptr<const SecretSource> secrets, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::AdoptDialog>()), m_adoption(adoption), m_known(known),
      m_secrets(std::move(secrets))
{
    m_ui->setupUi(this);
    setAttribute(Qt::WA_DeleteOnClose);
    m_ui->what->setText(reason);
    m_ui->hostEdit->setText(adoption.guess.host);
    m_ui->portEdit->setText(QString::number(adoption.guess.port));
    m_ui->userEdit->setText(adoption.guess.user);
    // The port is what a walsender never tells.
    m_ui->portEdit->setFocus();
    m_ui->portEdit->selectAll();
    connect(m_ui->cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_ui->adopt, &QPushButton::clicked, this, &AdoptDialog::attempt);
}

AdoptDialog::~AdoptDialog() = default;

void AdoptDialog::attempt()
{
    sayWrong({});
    Endpoint endpoint = m_adoption.guess;
    endpoint.host = m_ui->hostEdit->text().trimmed();
    endpoint.user = m_ui->userEdit->text().trimmed();
    bool ok = false;
    endpoint.port = m_ui->portEdit->text().trimmed().toInt(&ok);
    if (endpoint.host.isEmpty())
        return sayWrong({tr("The host is empty."), tr("Give a name or an address."), QStringLiteral("host")});
    if (!ok || endpoint.port < 1 || endpoint.port > 65535)
        return sayWrong({tr("The port is not a number from 1 to 65535."),
                         tr("PostgreSQL's usual one is 5432."), QStringLiteral("port")});
    setBusy(true);
    inBackground(
        this,
        [adoption = m_adoption, endpoint, known = m_known, secrets = m_secrets] {
            return adoptNode(adoption, endpoint, known, secrets);
        },
        [this](const Result<WatchedNode> &node) {
            setBusy(false);
            if (!node)
                return sayWrong(node.error());
            Q_EMIT adopted(*node);
            accept();
        });
}

void AdoptDialog::setBusy(bool busy)
{
    for (QWidget *widget : {static_cast<QWidget *>(m_ui->hostEdit), static_cast<QWidget *>(m_ui->portEdit),
                            static_cast<QWidget *>(m_ui->userEdit), static_cast<QWidget *>(m_ui->adopt)})
        widget->setEnabled(!busy);
    m_ui->adopt->setText(busy ? tr("Looking") : tr("Adopt"));
}

void AdoptDialog::sayWrong(const Error &error)
{
    const QString text = error.what.isEmpty() ? QString() : error.text();
    const bool port = error.field == QLatin1String("port");
    const bool user = error.field == QLatin1String("user");
    m_ui->portError->setMessage(port ? text : QString());
    m_ui->userError->setMessage(user ? text : QString());
    m_ui->hostError->setMessage(port || user ? QString() : text);
    QLineEdit *field = port ? m_ui->portEdit : user ? m_ui->userEdit : m_ui->hostEdit;
    if (!text.isEmpty())
        field->setFocus();
    // Room for the sentence, none for its absence.
    layout()->activate();
    resize(width(),
           layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : sizeHint().height());
}

} // namespace understudy
