// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/SshDialog.h"

#include "gui/panels/HostKeyDialog.h"
#include "gui/panels/SshSecretDialog.h"

namespace understudy {

SshDialog::SshDialog(QWidget *parent) : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
}

SshDialog *SshDialog::of(const SshQuestion &question, QWidget *parent)
{
    if (question.kind == SshQuestion::Kind::HostKey)
        return new HostKeyDialog(question, parent);
    return new SshSecretDialog(question, parent);
}

} // namespace understudy
