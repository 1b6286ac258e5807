// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"

#include <QDialog>
#include <memory>

namespace Ui {
class PasswordDialog;
}

namespace understudy {

class CodeBox;

/// Asks for one password. Not modal to the application; show it with open().
class PasswordDialog final : public QDialog
{
    Q_OBJECT
public:
    PasswordDialog(const Endpoint &endpoint, QWidget *parent = nullptr);
    ~PasswordDialog() override;
    /// Whether there is a keyring to keep it in; until this is known nothing is offered.
    void setKeyringRuns(bool runs);
    /// Keeping is not offered at all; @p hint says what becomes of it instead.
    void setForOnce(const QString &hint);

Q_SIGNALS:
    void entered(const QString &password, bool keep);

private:
    void explain();
    const Endpoint m_endpoint;
    bool m_keyringRuns = false;
    CodeBox *m_passfileLine = nullptr;
    std::unique_ptr<Ui::PasswordDialog> m_ui;
};

} // namespace understudy
