// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphAccessible.h"

#include "gui/graph/GraphView.h"
#include "gui/graph/GraphWords.h"
#include "paint/FoldChip.h"

#include <QAccessibleWidget>
#include <QPointer>

namespace understudy {

namespace {

class NodeAccessible final : public QAccessibleInterface, public QAccessibleActionInterface
{
public:
    NodeAccessible(GraphView *view, const NodeId &node) : m_view(view), m_node(node) {}

    bool isValid() const override { return m_view && !cardRect().isEmpty(); }
    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    const NodeId &node() const { return m_node; }

    QRect rect() const override
    {
        if (!m_view)
            return {};
        const QRect card = cardRect().toAlignedRect();
        return {m_view->mapToGlobal(card.topLeft()), card.size()};
    }

    QString text(QAccessible::Text which) const override
    {
        const Node *node = m_view ? m_view->scene().node(m_node) : nullptr;
        if (!node)
            return {};
        switch (which) {
        case QAccessible::Name:
            return node->name.isEmpty() ? node->id : node->name;
        case QAccessible::Description: {
            QString words = graphwords::nodeDescription(*node, m_view->scene().topology());
            if (m_view->isCollapsed(m_node)) {
                const GraphScene &scene = m_view->scene();
                const FoldedTree tree =
                    foldedTree(scene.layout().hidden.value(m_node), scene.nodes(), scene.links());
                words += QLatin1Char(' ') + GraphView::tr("Folded: %1.").arg(understudy::words(tree));
            }
            return words;
        }
        default:
            return {};
        }
    }
    void setText(QAccessible::Text, const QString &) override {}

    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        state.focusable = state.selectable = true;
        state.selected = m_view->selected() == m_node;
        state.focused = m_view->hasFocus() && m_view->current() == m_node;
        state.offscreen = !QRectF(m_view->rect()).intersects(cardRect());
        state.expandable = m_view->canCollapse(m_node);
        state.collapsed = m_view->isCollapsed(m_node);
        state.expanded = state.expandable && !state.collapsed;
        return state;
    }

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface *>(this)
                                                    : nullptr;
    }
    QStringList actionNames() const override
    {
        QStringList names{pressAction(), setFocusAction(), showMenuAction()};
        if (m_view && m_view->canCollapse(m_node))
            names << toggleAction();
        return names;
    }
    void doAction(const QString &name) override
    {
        if (!isValid())
            return;
        if (name == pressAction())
            m_view->open(m_node);
        else if (name == setFocusAction())
            m_view->setSelected(m_node);
        else if (name == showMenuAction())
            Q_EMIT m_view->contextMenuRequested(m_node, rect().center());
        else if (name == toggleAction())
            m_view->setCollapsed(m_node, !m_view->isCollapsed(m_node));
    }
    QStringList keyBindingsForAction(const QString &name) const override
    {
        if (name == pressAction())
            return {QStringLiteral("Return")};
        return name == toggleAction() ? QStringList{QStringLiteral("-"), QStringLiteral("+")} : QStringList();
    }

private:
    QRectF cardRect() const { return m_view ? m_view->cardRect(m_node) : QRectF(); }
    QPointer<GraphView> m_view;
    NodeId m_node;
};

class ViewAccessible final : public QAccessibleWidget
{
public:
    explicit ViewAccessible(GraphView *view) : QAccessibleWidget(view, QAccessible::List), m_view(view) {}
    ~ViewAccessible() override
    {
        for (const QAccessible::Id id : std::as_const(m_children))
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return int(order().size()); }
    QAccessibleInterface *child(int index) const override { return childFor(order().value(index)); }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        const auto *node = dynamic_cast<const NodeAccessible *>(child);
        return node ? int(order().indexOf(node->node())) : -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        if (!m_view)
            return nullptr;
        const QPointF at = m_view->mapFromGlobal(QPoint(x, y));
        for (const NodeId &id : order()) {
            if (m_view->cardRect(id).contains(at))
                return childFor(id);
        }
        return nullptr;
    }
    QAccessibleInterface *focusChild() const override
    {
        return m_view && m_view->hasFocus() ? childFor(m_view->current()) : nullptr;
    }

    QAccessibleInterface *childFor(const NodeId &id) const
    {
        if (!m_view || !m_view->scene().layout().cards.contains(id))
            return nullptr;
        auto known = m_children.constFind(id);
        if (known == m_children.constEnd())
            known = m_children.insert(
                id, QAccessible::registerAccessibleInterface(new NodeAccessible(m_view, id)));
        return QAccessible::accessibleInterface(*known);
    }

    bool wasAskedForNodes() const { return !m_children.isEmpty(); }

    /// Those that are gone must not be found any more.
    void forgetOthers()
    {
        for (auto it = m_children.begin(); it != m_children.end();) {
            if (m_view && m_view->scene().layout().cards.contains(it.key())) {
                ++it;
                continue;
            }
            QAccessible::deleteAccessibleInterface(it.value());
            it = m_children.erase(it);
        }
    }

    /// Nodes whose state is another one than when this was asked last.
    QList<NodeId> changed()
    {
        QList<NodeId> out;
        QHash<NodeId, Glyph> now;
        for (const NodeId &id : order()) {
            const Node *node = m_view->scene().node(id);
            if (!node)
                continue;
            const Glyph glyph = glyphFor(*node, m_view->scene().linkTo(id));
            now.insert(id, glyph);
            const auto before = m_said.constFind(id);
            if (before != m_said.constEnd() && *before != glyph)
                out << id;
        }
        m_said = now;
        return out;
    }

private:
    const QList<NodeId> &order() const
    {
        static const QList<NodeId> none;
        return m_view ? m_view->scene().layout().order : none;
    }
    QPointer<GraphView> m_view;
    mutable QHash<NodeId, QAccessible::Id> m_children;
    QHash<NodeId, Glyph> m_said;
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    auto *view = qobject_cast<GraphView *>(object);
    return view ? new ViewAccessible(view) : nullptr;
}

/// The view as somebody listens to it; null while nobody does.
ViewAccessible *of(GraphView *view)
{
    auto *all = dynamic_cast<ViewAccessible *>(QAccessible::queryAccessibleInterface(view));
    return all && (QAccessible::isActive() || all->wasAskedForNodes()) ? all : nullptr;
}

graphaccess::Teller teller = QAccessible::updateAccessibility;

void tell(GraphView *view, const NodeId &node, QAccessible::Event what)
{
    ViewAccessible *all = of(view);
    QAccessibleInterface *child = all ? all->childFor(node) : nullptr;
    if (!child)
        return;
    QAccessibleEvent event(child, what);
    teller(&event);
}

} // namespace

namespace graphaccess {

void setTeller(Teller wanted)
{
    teller = wanted ? wanted : QAccessible::updateAccessibility;
}

void install()
{
    static const bool once = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(once)
}

void structureChanged(GraphView *view)
{
    ViewAccessible *all = of(view);
    if (!all)
        return;
    all->forgetOthers();
    QAccessibleEvent event(view, QAccessible::ObjectReorder);
    teller(&event);
}

void selectionChanged(GraphView *view, const NodeId &node)
{
    tell(view, node, QAccessible::Selection);
}

void focusChanged(GraphView *view, const NodeId &node)
{
    if (view->hasFocus())
        tell(view, node, QAccessible::Focus);
}

void looked(GraphView *view)
{
    ViewAccessible *all = of(view);
    if (!all)
        return;
    const QList<NodeId> nodes = all->changed();
    for (const NodeId &node : nodes)
        tell(view, node, QAccessible::DescriptionChanged);
}

} // namespace graphaccess
} // namespace understudy
