// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <memory>

namespace Ui {
class MonitoringRoleDialog;
}

namespace understudy {

/// The script that makes the role to log in with, by what it shall be able to do. Not modal; changes nothing.
class MonitoringRoleDialog final : public QDialog
{
    Q_OBJECT
public:
    /// @p versionNum is server_version_num of the oldest node; 0: unknown.
    explicit MonitoringRoleDialog(int versionNum, QWidget *parent = nullptr);
    ~MonitoringRoleDialog() override;

private:
    void refresh();
    void dress(); ///< The script in the theme's mono.
    int m_versionNum;
    std::unique_ptr<Ui::MonitoringRoleDialog> m_ui;
};

} // namespace understudy
