// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphView.h"

#include <QAccessible>
#include <QPointer>

namespace understudy {

/// What a screen reader finds inside the graph: something that is painted, has a place and can be pressed.
/// GUI thread.
class PartAccessible : public QAccessibleInterface, public QAccessibleActionInterface
{
public:
    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text, const QString &) override {}
    QRect rect() const override;
    void *interface_cast(QAccessible::InterfaceType type) override;
    const NodeId &id() const { return m_id; }

protected:
    PartAccessible(GraphView *view, const NodeId &id) : m_view(view), m_id(id) {}
    virtual QRectF shownRect() const = 0; ///< In the view's coordinates
    QPointer<GraphView> m_view;
    NodeId m_id;
};

/// A node's card.
class NodeAccessible final : public PartAccessible
{
public:
    NodeAccessible(GraphView *view, const NodeId &node) : PartAccessible(view, node) {}
    bool isValid() const override { return m_view && !shownRect().isEmpty(); }
    QString text(QAccessible::Text which) const override;
    QAccessible::State state() const override;
    QStringList actionNames() const override;
    void doAction(const QString &name) override;
    QStringList keyBindingsForAction(const QString &name) const override;

protected:
    QRectF shownRect() const override { return m_view ? m_view->cardRect(m_id) : QRectF(); }
};

/// A link, by its downstream: what flows between two nodes.
class LinkAccessible final : public PartAccessible
{
public:
    LinkAccessible(GraphView *view, const NodeId &downstream) : PartAccessible(view, downstream) {}
    bool isValid() const override { return m_view && m_view->scene().drawsLink(m_id); }
    QString text(QAccessible::Text which) const override;
    QAccessible::State state() const override;
    QStringList actionNames() const override { return {pressAction(), setFocusAction(), showMenuAction()}; }
    void doAction(const QString &name) override;
    QStringList keyBindingsForAction(const QString &name) const override;

protected:
    QRectF shownRect() const override { return m_view ? m_view->linkRect(m_id) : QRectF(); }
};

} // namespace understudy
