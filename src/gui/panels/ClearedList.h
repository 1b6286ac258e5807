// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "model/Topology.h"

#include <QVBoxLayout>

namespace understudy {

/// What was wrong and is well again, a quiet line each; takes no room while there is nothing to say.
class ClearedList final : public QWidget
{
    Q_OBJECT
public:
    explicit ClearedList(QWidget *parent = nullptr);
    void set(const QList<Cleared> &cleared);
    QStringList lines() const; ///< As shown, the newest first.

private:
    QVBoxLayout *m_rows;
    QList<std::pair<TextLabel *, TextLabel *>> m_lines; ///< Title and when, one a row; spare ones are hidden.
};

} // namespace understudy
