// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/SshDialog.h"

#include <memory>

namespace Ui {
class SshSecretDialog;
}

namespace understudy {

/// A passphrase, a password, or whatever else a login asks for.
class SshSecretDialog final : public SshDialog
{
    Q_OBJECT
public:
    explicit SshSecretDialog(const SshQuestion &question, QWidget *parent = nullptr);
    ~SshSecretDialog() override;

private:
    std::unique_ptr<Ui::SshSecretDialog> m_ui;
};

} // namespace understudy
