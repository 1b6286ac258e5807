// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphAccessibleParts.h"

#include "gui/graph/GraphWords.h"
#include "paint/FoldChip.h"

namespace understudy {

QRect PartAccessible::rect() const
{
    if (!m_view)
        return {};
    const QRect shown = shownRect().toAlignedRect();
    return {m_view->mapToGlobal(shown.topLeft()), shown.size()};
}

void *PartAccessible::interface_cast(QAccessible::InterfaceType type)
{
    return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface *>(this) : nullptr;
}

QString NodeAccessible::text(QAccessible::Text which) const
{
    const Node *node = m_view ? m_view->scene().node(m_id) : nullptr;
    if (!node)
        return {};
    switch (which) {
    case QAccessible::Name:
        return node->name.isEmpty() ? node->id : node->name;
    case QAccessible::Description: {
        QString words = graphwords::nodeDescription(*node, m_view->scene().topology());
        if (m_view->isCollapsed(m_id)) {
            const GraphScene &scene = m_view->scene();
            const FoldedTree tree =
                foldedTree(scene.layout().hidden.value(m_id), scene.nodes(), scene.links());
            words += QLatin1Char(' ') + GraphView::tr("Folded: %1.").arg(understudy::words(tree));
        }
        return words;
    }
    default:
        return {};
    }
}

QAccessible::State NodeAccessible::state() const
{
    QAccessible::State state;
    if (!isValid()) {
        state.invalid = true;
        return state;
    }
    state.focusable = state.selectable = true;
    state.selected = m_view->selected() == m_id;
    state.focused = m_view->hasFocus() && m_view->current() == m_id && m_view->selectedLink().isEmpty();
    state.offscreen = !QRectF(m_view->rect()).intersects(shownRect());
    state.expandable = m_view->canCollapse(m_id);
    state.collapsed = m_view->isCollapsed(m_id);
    state.expanded = state.expandable && !state.collapsed;
    return state;
}

QStringList NodeAccessible::actionNames() const
{
    QStringList names{pressAction(), setFocusAction(), showMenuAction()};
    if (m_view && m_view->canCollapse(m_id))
        names << toggleAction();
    return names;
}

void NodeAccessible::doAction(const QString &name)
{
    if (!isValid())
        return;
    if (name == pressAction())
        m_view->open(m_id);
    else if (name == setFocusAction())
        m_view->setSelected(m_id);
    else if (name == showMenuAction())
        Q_EMIT m_view->contextMenuRequested(m_id, rect().center());
    else if (name == toggleAction())
        m_view->setCollapsed(m_id, !m_view->isCollapsed(m_id));
}

QStringList NodeAccessible::keyBindingsForAction(const QString &name) const
{
    if (name == pressAction())
        return {QStringLiteral("Return")};
    return name == toggleAction() ? QStringList{QStringLiteral("-"), QStringLiteral("+")} : QStringList();
}

QString LinkAccessible::text(QAccessible::Text which) const
{
    const Link *link = isValid() ? m_view->scene().linkTo(m_id) : nullptr;
    if (!link)
        return {};
    if (which == QAccessible::Name)
        return graphwords::linkName(*link, m_view->scene().topology());
    if (which == QAccessible::Description)
        return graphwords::linkDescription(*link, m_view->scene().topology());
    return {};
}

QAccessible::State LinkAccessible::state() const
{
    QAccessible::State state;
    if (!isValid()) {
        state.invalid = true;
        return state;
    }
    state.focusable = state.selectable = true;
    state.selected = m_view->selectedLink() == m_id;
    state.focused = m_view->hasFocus() && state.selected;
    state.offscreen = !QRectF(m_view->rect()).intersects(shownRect());
    return state;
}

void LinkAccessible::doAction(const QString &name)
{
    if (!isValid())
        return;
    if (name == pressAction())
        m_view->openLink(m_id);
    else if (name == setFocusAction())
        m_view->setSelectedLink(m_id);
    else if (name == showMenuAction())
        Q_EMIT m_view->linkMenuRequested(m_id, rect().center());
}

QStringList LinkAccessible::keyBindingsForAction(const QString &name) const
{
    if (name == pressAction())
        return {QStringLiteral("Return")};
    return name == setFocusAction() ? QStringList{QStringLiteral("L")} : QStringList();
}

} // namespace understudy
