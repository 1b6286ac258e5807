// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "model/ReattachAdvice.h"

#include <QDialog>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTableView>

class QLineEdit;

namespace understudy {

/// The nodes that a standby could be hung below, each with its verdict and reason: the same as dragging its
/// card, for the keyboard and for a screen reader. Safe ones first. Not modal. Object names: "targetFilter",
/// "targetTable", "targetReasons", "reviewButton".
class ReattachChooser final : public QDialog
{
    Q_OBJECT
public:
    ReattachChooser(const ReattachScene &scene, const NodeId &standby, QWidget *parent = nullptr);
    NodeId chosen() const;
    /// A newer look: verdicts change in place, the order stays.
    void follow(const ReattachScene &scene);

Q_SIGNALS:
    void reviewWanted(const understudy::NodeId &standby, const understudy::NodeId &target);

private:
    void fill();
    void showChosen();
    void review();

    ReattachScene m_scene;
    NodeId m_standby;
    QStandardItemModel *m_nodes;
    QSortFilterProxyModel *m_found;
    QLineEdit *m_filter;
    QTableView *m_table;
    TextLabel *m_reasons;
    QPushButton *m_review;
};

} // namespace understudy
