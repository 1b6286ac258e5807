// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/Adoption.h"

#include <QDialog>
#include <memory>

namespace Ui {
class AdoptDialog;
}

namespace understudy {

/// Asks where a node listens that is only known through its walsender, and tries it on a worker. Not modal.
class AdoptDialog final : public QDialog
{
    Q_OBJECT
public:
    AdoptDialog(const Adoption &adoption, const QString &reason, const QList<NodeSnapshot> &known,
                std::shared_ptr<const SecretSource> secrets, QWidget *parent = nullptr);
    ~AdoptDialog() override;

Q_SIGNALS:
    void adopted(const understudy::WatchedNode &node);

private:
    void attempt();
    void setBusy(bool busy);
    void sayWrong(const Error &error);

    std::unique_ptr<Ui::AdoptDialog> m_ui;
    Adoption m_adoption;
    QList<NodeSnapshot> m_known;
    std::shared_ptr<const SecretSource> m_secrets;
};

} // namespace understudy
