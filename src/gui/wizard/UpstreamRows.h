// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/ChoiceRow.h"
#include "gui/wizard/WizardState.h"

#include <QWidget>

class QVBoxLayout;

namespace understudy {

/// The servers that can be copied and followed, a row each, the primary first. One that cannot be says why.
/// Object names: "upstream_" with the node's id.
class UpstreamRows final : public QWidget
{
    Q_OBJECT
public:
    explicit UpstreamRows(QWidget *parent = nullptr);

    void setState(const WizardState &state); ///< Makes the rows anew from the facts.
    void choose(const NodeId &id);
    /// @p wanted where it can be chosen, else the first that can; empty: none.
    NodeId possible(const NodeId &wanted) const;

Q_SIGNALS:
    void chosen(const understudy::NodeId &id); ///< By the person

private:
    QVBoxLayout *m_layout;
    QList<std::pair<NodeId, ChoiceRow *>> m_rows;
};

} // namespace understudy
