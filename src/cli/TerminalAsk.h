// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshAsk.h"

#include <mutex>

namespace understudy::cli {

/// Asks on a terminal, whatever stdin and stdout are; nothing that is secret is shown while it is typed.
/// Ctrl-C, Ctrl-D and "no" decline. One question at a time.
class TerminalAsk final : public SshAsk
{
public:
    explicit TerminalAsk(QByteArray terminal) : m_terminal(std::move(terminal)) {}
    std::optional<QString> ask(const SshQuestion &question, std::stop_token stop) override;

private:
    const QByteArray m_terminal;
    std::mutex m_mutex;
};

/// On the terminal this process was started from; null where there is none, or it is somebody else's turn
/// there.
std::shared_ptr<SshAsk> terminalAsk();

/// What stands on the terminal before the answer is typed. Pure.
QString terminalWords(const SshQuestion &question);

} // namespace understudy::cli
