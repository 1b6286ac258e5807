// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshAsk.h"

#include <QDialog>

namespace understudy {

/// One question of ssh's. Show it with open(); it deletes itself when it is closed. Closing it declines.
class SshDialog : public QDialog
{
    Q_OBJECT
public:
    /// Of the kind that fits @p question.
    static SshDialog *of(const SshQuestion &question, QWidget *parent);

Q_SIGNALS:
    void answered(const QString &answer);

protected:
    explicit SshDialog(QWidget *parent);
};

} // namespace understudy
