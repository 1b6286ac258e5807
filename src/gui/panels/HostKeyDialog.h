// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/SshDialog.h"

#include <memory>

namespace Ui {
class HostKeyDialog;
}

namespace understudy {

/// Is this the key of the machine that is meant? The default is not to connect.
class HostKeyDialog final : public SshDialog
{
    Q_OBJECT
public:
    explicit HostKeyDialog(const SshQuestion &question, QWidget *parent = nullptr);
    ~HostKeyDialog() override;

private:
    std::unique_ptr<Ui::HostKeyDialog> m_ui;
};

} // namespace understudy
