// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphAccessible.h"

#include "gui/graph/GraphAccessibleParts.h"

#include <QAccessibleWidget>
#include <QPointer>

namespace understudy {

namespace {

/// The nodes in drawing order, then the links in the same.
class ViewAccessible final : public QAccessibleWidget
{
public:
    explicit ViewAccessible(GraphView *view) : QAccessibleWidget(view, QAccessible::List), m_view(view) {}
    ~ViewAccessible() override
    {
        for (const QAccessible::Id id : std::as_const(m_children))
            QAccessible::deleteAccessibleInterface(id);
        for (const QAccessible::Id id : std::as_const(m_linkChildren))
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return int(order().size() + links().size()); }
    QAccessibleInterface *child(int index) const override
    {
        return index < order().size() ? childFor(order().value(index))
                                      : linkFor(links().value(index - order().size()));
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        if (const auto *node = dynamic_cast<const NodeAccessible *>(child))
            return int(order().indexOf(node->id()));
        const auto *link = dynamic_cast<const LinkAccessible *>(child);
        const qsizetype at = link ? links().indexOf(link->id()) : -1;
        return at < 0 ? -1 : int(order().size() + at);
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
        return linkFor(m_view->linkAt(at));
    }
    QAccessibleInterface *focusChild() const override
    {
        if (!m_view || !m_view->hasFocus())
            return nullptr;
        return m_view->selectedLink().isEmpty() ? childFor(m_view->current())
                                                : linkFor(m_view->selectedLink());
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

    QAccessibleInterface *linkFor(const NodeId &downstream) const
    {
        if (!m_view || downstream.isEmpty() || !m_view->scene().drawsLink(downstream))
            return nullptr;
        auto known = m_linkChildren.constFind(downstream);
        if (known == m_linkChildren.constEnd())
            known = m_linkChildren.insert(
                downstream, QAccessible::registerAccessibleInterface(new LinkAccessible(m_view, downstream)));
        return QAccessible::accessibleInterface(*known);
    }

    bool wasAskedForNodes() const { return !m_children.isEmpty() || !m_linkChildren.isEmpty(); }

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
        for (auto it = m_linkChildren.begin(); it != m_linkChildren.end();) {
            if (m_view && m_view->scene().drawsLink(it.key())) {
                ++it;
                continue;
            }
            QAccessible::deleteAccessibleInterface(it.value());
            it = m_linkChildren.erase(it);
        }
    }

    /// Links that are in another state than when this was asked last. Their bytes change with every look:
    /// nobody could listen to that.
    QList<NodeId> changedLinks()
    {
        QList<NodeId> out;
        QHash<NodeId, std::pair<LinkState, LagState>> now;
        for (const NodeId &id : links()) {
            const Link *link = m_view->scene().linkTo(id);
            const std::pair<LinkState, LagState> is{link->state, link->lag};
            now.insert(id, is);
            const auto before = m_linksSaid.constFind(id);
            if (before != m_linksSaid.constEnd() && *before != is)
                out << id;
        }
        m_linksSaid = now;
        return out;
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
    /// A reader asks for each child in turn: the list is made once for each layout.
    const QList<NodeId> &links() const
    {
        const quint64 now = m_view ? m_view->scene().layoutNumber() : 0;
        if (m_linksOf != now)
            m_links = m_view ? m_view->scene().drawnLinks() : QList<NodeId>();
        m_linksOf = now;
        return m_links;
    }
    QPointer<GraphView> m_view;
    mutable quint64 m_linksOf = 0;
    mutable QList<NodeId> m_links;
    mutable QHash<NodeId, QAccessible::Id> m_children, m_linkChildren;
    QHash<NodeId, std::pair<LinkState, LagState>> m_linksSaid;
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

void tell(QAccessibleInterface *child, QAccessible::Event what)
{
    if (!child)
        return;
    QAccessibleEvent event(child, what);
    teller(&event);
}

void tell(GraphView *view, const NodeId &node, QAccessible::Event what)
{
    ViewAccessible *all = of(view);
    tell(all ? all->childFor(node) : nullptr, what);
}

void tellLink(GraphView *view, const NodeId &downstream, QAccessible::Event what)
{
    ViewAccessible *all = of(view);
    tell(all ? all->linkFor(downstream) : nullptr, what);
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
    // Whoever is asked later must not be told of links that are gone.
    auto *known = dynamic_cast<ViewAccessible *>(QAccessible::queryAccessibleInterface(view));
    if (known)
        known->forgetOthers();
    ViewAccessible *all = of(view);
    if (!all)
        return;
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

void linkSelected(GraphView *view, const NodeId &downstream)
{
    tellLink(view, downstream, QAccessible::Selection);
}

void linkFocused(GraphView *view, const NodeId &downstream)
{
    if (view->hasFocus())
        tellLink(view, downstream, QAccessible::Focus);
}

void looked(GraphView *view)
{
    ViewAccessible *all = of(view);
    if (!all)
        return;
    const QList<NodeId> nodes = all->changed();
    for (const NodeId &node : nodes)
        tell(view, node, QAccessible::DescriptionChanged);
    const QList<NodeId> links = all->changedLinks();
    for (const NodeId &link : links)
        tellLink(view, link, QAccessible::NameChanged);
}

} // namespace graphaccess
} // namespace understudy
