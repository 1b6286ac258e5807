// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshAsk.h"

#include <QWidget>

namespace understudy {

/// Puts ssh's questions to the person in front of a window, as dialogs, one after the other. Made on the GUI
/// thread; asked on others. When the window goes, whatever is open is declined.
class GuiAsk final : public SshAsk
{
public:
    explicit GuiAsk(QWidget *window);
    ~GuiAsk() override;
    std::optional<QString> ask(const SshQuestion &question, std::stop_token stop) override;

private:
    struct Desk;
    const std::shared_ptr<Desk> m_desk;
};

} // namespace understudy
