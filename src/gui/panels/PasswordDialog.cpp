// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/PasswordDialog.h"

#include "gui/parts/Parts.h"
#include "model/Quote.h"
#include "ui_PasswordDialog.h"

namespace understudy {

namespace {

/// As libpq looks it up, without what only its owner may write there.
QString passfileLine(const Endpoint &endpoint)
{
    static const QStringList builtIn{QStringLiteral("/var/run/postgresql"), QStringLiteral("/tmp")};
    const QString host = builtIn.contains(endpoint.host) ? QStringLiteral("localhost") : endpoint.host;
    return QStringLiteral("%1:%2:*:%3:")
        .arg(quote::passfileField(host), QString::number(endpoint.port), quote::passfileField(endpoint.user));
}

} // namespace

PasswordDialog::PasswordDialog(const Endpoint &endpoint, QWidget *parent)
    : QDialog(parent), m_endpoint(endpoint), m_ui(std::make_unique<Ui::PasswordDialog>())
{
    m_ui->setupUi(this);
    setAttribute(Qt::WA_DeleteOnClose);
    m_ui->question->setTextFormat(Qt::PlainText);
    m_ui->question->setText(tr("Password of %1 at %2").arg(endpoint.user, endpoint.address()));
    m_passfileLine = new CodeBox(passfileLine(endpoint), this);
    m_passfileLine->setObjectName(QStringLiteral("passfileLine"));
    m_passfileLine->hide();
    m_ui->column->insertWidget(m_ui->column->indexOf(m_ui->hint) + 1, m_passfileLine);
    m_ui->use->setEnabled(false);
    connect(m_ui->field, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_ui->use->setEnabled(!text.isEmpty()); });
    connect(m_ui->keep, &QCheckBox::toggled, this, &PasswordDialog::explain);
    connect(m_ui->cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_ui->use, &QPushButton::clicked, this, [this] {
        Q_EMIT entered(m_ui->field->text(), m_ui->keep->isChecked());
        m_ui->field->clear();
        accept();
    });
    m_ui->hint->setText(tr("Kept in memory until this window closes."));
}

PasswordDialog::~PasswordDialog() = default;

void PasswordDialog::setKeyringRuns(bool runs)
{
    m_keyringRuns = runs;
    m_ui->keep->setEnabled(runs);
    m_passfileLine->setVisible(!runs);
    explain();
    adjustSize();
}

void PasswordDialog::setForOnce(const QString &hint)
{
    m_ui->keep->hide();
    m_ui->hint->setText(hint);
    adjustSize();
}

void PasswordDialog::explain()
{
    m_ui->hint->setText(
        !m_keyringRuns
            ? tr("No keyring runs in this session: the password is kept in memory until this window "
                 "closes. To keep it longer, add this line with the password at its end to ~/.pgpass, "
                 "with mode 0600:")
        : m_ui->keep->isChecked() ? tr("Kept in the keyring under Understudy, and read from there next time.")
                                  : tr("Kept in memory until this window closes."));
}

} // namespace understudy
