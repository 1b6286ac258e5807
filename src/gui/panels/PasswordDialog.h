// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"

#include <QDialog>
#include <memory>

namespace Ui {
class PasswordDialog;
}

namespace understudy {

/// Asks for one password. Not modal to the application; show it with open().
class PasswordDialog final : public QDialog
{
    Q_OBJECT
public:
    PasswordDialog(const Endpoint &endpoint, QWidget *parent = nullptr);
    ~PasswordDialog() override;

Q_SIGNALS:
    void entered(const QString &password);

private:
    std::unique_ptr<Ui::PasswordDialog> m_ui;
};

} // namespace understudy
