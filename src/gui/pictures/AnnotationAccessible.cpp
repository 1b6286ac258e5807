// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationAccessible.h"

#include "gui/pictures/AnnotationCanvas.h"

#include <QAccessibleWidget>
#include <QPointer>
#include <QWindow>

namespace understudy {

namespace {

class MarkAccessible final : public QAccessibleInterface, public QAccessibleActionInterface
{
public:
    MarkAccessible(AnnotationCanvas *canvas, qsizetype index) : m_canvas(canvas), m_index(index) {}

    bool isValid() const override { return mark() != nullptr; }
    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return m_canvas ? m_canvas->window()->windowHandle() : nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_canvas); }
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    qsizetype index() const { return m_index; }

    QRect rect() const override
    {
        if (!m_canvas)
            return {};
        const QRect area = m_canvas->markRect(m_index).toAlignedRect();
        return {m_canvas->mapToGlobal(area.topLeft()), area.size()};
    }

    QString text(QAccessible::Text which) const override
    {
        const Annotation *one = mark();
        if (!one)
            return {};
        if (which == QAccessible::Name)
            return annotationwords::nameOf(*one);
        return which == QAccessible::Description ? m_canvas->describe(m_index) : QString();
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
        state.disabled = !m_canvas->isEnabled();
        state.selected = m_canvas->edits().selected() == m_index;
        state.focused = state.selected && m_canvas->hasFocus();
        state.offscreen = !QRectF(m_canvas->rect()).intersects(m_canvas->markRect(m_index));
        return state;
    }

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface *>(this)
                                                    : nullptr;
    }
    QStringList actionNames() const override
    {
        QStringList names{setFocusAction()};
        if (isValid() && mark()->hasText())
            names << pressAction();
        return names;
    }
    void doAction(const QString &name) override
    {
        if (!isValid() || !m_canvas->isEnabled())
            return;
        m_canvas->edits().select(m_index);
        if (name == pressAction())
            m_canvas->editText(m_index);
    }
    QStringList keyBindingsForAction(const QString &name) const override
    {
        return name == pressAction() ? QStringList{QStringLiteral("Return")} : QStringList();
    }

private:
    const Annotation *mark() const { return m_canvas ? m_canvas->edits().mark(m_index) : nullptr; }
    QPointer<AnnotationCanvas> m_canvas;
    qsizetype m_index;
};

class CanvasAccessible final : public QAccessibleWidget
{
public:
    explicit CanvasAccessible(AnnotationCanvas *canvas)
        : QAccessibleWidget(canvas, QAccessible::List), m_canvas(canvas)
    {
    }
    ~CanvasAccessible() override { forgetFrom(0); }

    int childCount() const override { return m_canvas ? int(m_canvas->edits().marks().size()) : 0; }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        const auto *mark = dynamic_cast<const MarkAccessible *>(child);
        return mark && mark->isValid() ? int(mark->index()) : -1;
    }
    QAccessibleInterface *child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        while (m_children.size() <= index)
            m_children << QAccessible::registerAccessibleInterface(
                new MarkAccessible(m_canvas, m_children.size()));
        return QAccessible::accessibleInterface(m_children.at(index));
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        if (!m_canvas)
            return nullptr;
        const QPointF at = m_canvas->mapFromGlobal(QPoint(x, y));
        for (int i = childCount() - 1; i >= 0; --i) {
            if (m_canvas->markRect(i).contains(at))
                return child(i);
        }
        return nullptr;
    }
    QAccessibleInterface *focusChild() const override
    {
        return m_canvas && m_canvas->hasFocus() ? child(int(m_canvas->edits().selected())) : nullptr;
    }

    bool wasAskedForMarks() const { return !m_children.isEmpty(); }
    /// Marks that are gone must not be found any more.
    void forgetFrom(qsizetype count)
    {
        while (m_children.size() > count)
            QAccessible::deleteAccessibleInterface(m_children.takeLast());
    }

private:
    QPointer<AnnotationCanvas> m_canvas;
    mutable QList<QAccessible::Id> m_children; ///< By index
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    auto *canvas = qobject_cast<AnnotationCanvas *>(object);
    return canvas ? new CanvasAccessible(canvas) : nullptr;
}

/// The canvas as somebody listens to it; null while nobody does.
CanvasAccessible *of(AnnotationCanvas *canvas)
{
    auto *all = dynamic_cast<CanvasAccessible *>(QAccessible::queryAccessibleInterface(canvas));
    return all && (QAccessible::isActive() || all->wasAskedForMarks()) ? all : nullptr;
}

annotationaccess::Teller teller = QAccessible::updateAccessibility;

void tell(QAccessibleInterface *who, QAccessible::Event what)
{
    if (!who)
        return;
    QAccessibleEvent event(who, what);
    teller(&event);
}

} // namespace

namespace annotationaccess {

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

void marksChanged(AnnotationCanvas *canvas)
{
    CanvasAccessible *all = of(canvas);
    if (!all)
        return;
    all->forgetFrom(canvas->edits().marks().size());
    QAccessibleEvent event(canvas, QAccessible::ObjectReorder);
    teller(&event);
    // Text, number or place of what the person works on is another one.
    tell(all->child(int(canvas->edits().selected())), QAccessible::NameChanged);
    tell(all->child(int(canvas->edits().selected())), QAccessible::DescriptionChanged);
}

void selectionChanged(AnnotationCanvas *canvas, qsizetype mark)
{
    CanvasAccessible *all = of(canvas);
    if (!all || mark < 0)
        return;
    tell(all->child(int(mark)), QAccessible::Selection);
    if (canvas->hasFocus())
        tell(all->child(int(mark)), QAccessible::Focus);
}

} // namespace annotationaccess
} // namespace understudy
