// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Style.h"
#include "gui/graph/GraphPanePrivate.h"

#include <QAction>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QShortcut>
#include <QVBoxLayout>

namespace understudy {

namespace {

constexpr int sideMargin = 16, headTop = 12;

/// The canvas behind a control that paints no background of its own: cards pass below it.
class Backing final : public QWidget
{
public:
    Backing(QWidget *control, QWidget *parent) : QWidget(parent)
    {
        auto *layout = new QHBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addWidget(control);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter(this).fillRect(rect(), Style::instance().theme().canvas);
    }
};

QToolButton *makeMoreButton(QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(QStringLiteral("graphMore"));
    button->setProperty("kind", QStringLiteral("icon"));
    button->setProperty("floats", true);
    button->setIcon(Style::instance().icon(QStringLiteral("overflow-menu")));
    button->setToolTip(GraphPane::tr("More for this picture"));
    button->setAccessibleName(button->toolTip());
    return button;
}

} // namespace

GraphPane::GraphPane(QWidget *parent) : QWidget(parent), d(std::make_shared<Private>())
{
    d->view = new GraphView(this);
    d->table = new NodeTable(this);
    auto *tablePage = new QWidget(this);
    auto *tableLayout = new QVBoxLayout(tablePage);
    tableLayout->setContentsMargins(0, 52, 0, 0);
    tableLayout->addWidget(d->table);
    d->stack = new QStackedWidget(this);
    d->stack->addWidget(d->view);
    d->stack->addWidget(tablePage);

    auto *head = new QWidget(this);
    auto *headLayout = new QHBoxLayout(head);
    headLayout->setContentsMargins(sideMargin, headTop, sideMargin, 0);
    headLayout->setSpacing(8);
    d->kind = new Segment({tr("Graph"), tr("Table")}, head);
    d->kind->setIcon(0, QStringLiteral("view-list-tree"));
    d->kind->setIcon(1, QStringLiteral("table"));
    d->kind->setAccessibleName(tr("Show as"));
    d->filter = new QLineEdit(head);
    d->filter->setProperty("kind", QStringLiteral("small"));
    d->filter->setObjectName(QStringLiteral("graphFilter"));
    d->filter->setPlaceholderText(tr("Filter by name, state or finding"));
    d->filter->setAccessibleName(tr("Filter by name, state or finding"));
    d->filter->setToolTip(tr("Words that must all be found. In one field alone: state:lagging, "
                             "finding:slot, severity:critical, role:primary, slot:dr, sync:quorum. "
                             "Enter shows what was found."));
    d->filter->setClearButtonEnabled(true);
    d->filter->addAction(Style::instance().icon(QStringLiteral("view-filter"), &Theme::text3),
                         QLineEdit::LeadingPosition);
    // As wide as what it says, and the first to give way where large text needs the room.
    d->filter->setMaximumWidth(
        qMax(200, d->filter->fontMetrics().horizontalAdvance(d->filter->placeholderText()) + 64));
    d->filter->setMinimumWidth(96);
    d->filter->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    d->kind->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    d->direction = new QComboBox(head);
    d->direction->setFrame(false);
    d->direction->setProperty("kind", QStringLiteral("flat"));
    d->direction->setAccessibleName(tr("Direction of the graph"));
    d->direction->addItem(tr("Top to bottom"));
    d->direction->addItem(tr("Left to right"));
    d->found = new TextLabel(TextRole::Small, {}, head, TextLabel::Tone::Text3);
    d->more = makeMoreButton(head);
    d->found->setWordWrap(false);
    d->found->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    headLayout->addWidget(d->kind);
    headLayout->addWidget(d->filter, 1000);
    headLayout->addWidget(d->found);
    headLayout->addStretch(1);
    headLayout->addWidget(new Backing(d->direction, head));
    headLayout->addWidget(d->more);
    d->head = headLayout;

    auto *foot = new QWidget(this);
    auto *footLayout = new QHBoxLayout(foot);
    footLayout->setContentsMargins(sideMargin, 0, sideMargin, 10);
    footLayout->setSpacing(16);
    d->legend = new GraphLegend(foot);
    d->zoom = new ZoomControl(foot);
    footLayout->addWidget(d->legend, 1, Qt::AlignLeft | Qt::AlignVCenter);
    footLayout->addWidget(d->zoom);
    foot->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    head->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);

    d->map = new GraphMiniMap(d->view, this);

    // All in one cell: head and foot float over the graph.
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->stack, 0, 0);
    layout->addWidget(head, 0, 0, Qt::AlignTop);
    layout->addWidget(foot, 0, 0, Qt::AlignBottom);

    // The graph fits itself between the two, however large the text is.
    const auto leaveRoom = [view = d->view, map = d->map, head, foot] {
        map->setRoom(sideMargin, foot->sizeHint().height() + 12);
        view->setContentsMargins(sideMargin, head->sizeHint().height() + 12, sideMargin,
                                 foot->sizeHint().height() + 12);
    };
    leaveRoom();
    connect(&Style::instance(), &Style::changed, this, leaveRoom);

    connect(d->kind, &Segment::changed, this, [this](int index) { showTable(index == 1); });
    connect(d->filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        d->view->setFilter(text);
        d->table->setFilter(text);
        d->map->refresh();
        tellMatches();
    });
    connect(d->filter, &QLineEdit::returnPressed, this, [this] {
        const QList<NodeId> found = d->view->matches();
        if (found.size() == 1)
            d->view->setSelected(found.constFirst());
        d->view->zoomToMatches();
    });
    connect(d->more, &QToolButton::clicked, this, [this] {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        addViewActions(menu, {});
        menu->popup(d->more->mapToGlobal(QPoint(0, d->more->height())));
    });
    auto *mapKey = new QShortcut(QKeySequence(Qt::Key_M), d->view);
    mapKey->setContext(Qt::WidgetShortcut);
    connect(mapKey, &QShortcut::activated, this, [this] { d->map->setWanted(!d->map->isWanted()); });
    connect(d->view, &GraphView::placesChanged, this, &GraphPane::keepPlaces);
    connect(d->view, &GraphView::foldsChanged, this, &GraphPane::keepPlaces);
    connect(d->direction, &QComboBox::activated, this, [this](int index) {
        d->view->setDirection(index == 1 ? Direction::LeftToRight : Direction::TopToBottom);
    });
    connect(d->zoom, &ZoomControl::zoomOut, d->view, &GraphView::zoomOut);
    connect(d->zoom, &ZoomControl::zoomIn, d->view, &GraphView::zoomIn);
    connect(d->zoom, &ZoomControl::reset, d->view, &GraphView::resetZoom);
    connect(d->zoom, &ZoomControl::fit, d->view, &GraphView::fit);
    connect(d->view, &GraphView::zoomChanged, d->zoom, &ZoomControl::setZoom);
    connect(d->view, &GraphView::selectionChanged, this, [this](const NodeId &node) {
        d->table->setSelected(node);
        Q_EMIT selectionChanged(node);
    });
    connect(d->view, &GraphView::linkSelected, this, [this](const NodeId &downstream) {
        if (downstream.isEmpty())
            return;
        // The table has no rows for links: that of its downstream tells of it.
        d->table->setSelected(downstream);
        Q_EMIT linkSelected(downstream);
    });
    connect(d->table, &NodeTable::selectedChanged, d->view, &GraphView::setSelected);
    connect(d->view, &GraphView::contextMenuRequested, this, [this](const NodeId &node, const QPoint &at) {
        if (!node.isEmpty())
            return Q_EMIT contextMenuRequested(node, at);
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        addViewActions(menu, {});
        menu->popup(at);
    });
    connect(d->table, &NodeTable::contextMenuRequested, this, &GraphPane::contextMenuRequested);
    setFocusProxy(d->view);
    setTabOrder(d->kind, d->filter);
    setTabOrder(d->filter, d->direction);
    setTabOrder(d->direction, d->more);
    setTabOrder(d->more, d->view);
    setTabOrder(d->view, d->table);
    setTabOrder(d->table, d->zoom);
}

void GraphPane::setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras)
{
    d->view->setTopology(topology, extras);
    d->topology = topology;
    d->extras = extras;
    d->tableIsOld = true;
    if (d->stack->currentIndex() == 1)
        refreshTable();
    const int direction = d->view->direction() == Direction::LeftToRight ? 1 : 0;
    if (d->direction->currentIndex() != direction)
        d->direction->setCurrentIndex(direction);
    if (!d->map->isHidden())
        d->map->update();
    if (!d->filter->text().isEmpty())
        tellMatches();
    askForPlaces();
}

/// A table that nobody sees costs nothing.
void GraphPane::refreshTable()
{
    if (!std::exchange(d->tableIsOld, false))
        return;
    d->table->setTopology(d->topology, d->extras);
}

void GraphPane::tellMatches()
{
    const bool filtered = !d->filter->text().trimmed().isEmpty();
    d->found->setVisible(filtered);
    if (filtered)
        d->found->setText(tr("%1 of %2").arg(d->view->matches().size()).arg(d->view->scene().nodes().size()));
}

GraphView *GraphPane::graph() const
{
    return d->view;
}

void GraphPane::addToHead(QWidget *widget)
{
    d->head->addWidget(widget);
}

void GraphPane::showTable(bool table)
{
    if (table)
        refreshTable();
    d->stack->setCurrentIndex(table ? 1 : 0);
    d->kind->setCurrent(table ? 1 : 0);
    d->legend->parentWidget()->setVisible(!table);
    d->direction->parentWidget()->setVisible(!table);
    d->more->setVisible(!table);
    if (table)
        d->map->hide();
    else
        d->map->refresh();
    setFocusProxy(table ? static_cast<QWidget *>(d->table) : d->view);
    d->table->setSelected(d->view->selectedLink().isEmpty() ? d->view->selected() : d->view->selectedLink());
}

} // namespace understudy
