// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Style.h"
#include "gui/graph/GraphControls.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/NodeTable.h"
#include "gui/parts/Parts.h"

#include <QAction>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace understudy {

namespace {

constexpr int sideMargin = 16, headTop = 12;

} // namespace

struct GraphPane::Private
{
    GraphView *view = nullptr;
    NodeTable *table = nullptr;
    QStackedWidget *stack = nullptr;
    Segment *kind = nullptr;
    QLineEdit *filter = nullptr;
    QComboBox *direction = nullptr;
    GraphLegend *legend = nullptr;
    ZoomControl *zoom = nullptr;
};

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
    d->filter->setPlaceholderText(tr("Filter by name or state"));
    d->filter->setAccessibleName(tr("Filter by name or state"));
    d->filter->setClearButtonEnabled(true);
    d->filter->addAction(Style::instance().icon(QStringLiteral("view-filter"), &Theme::text3),
                         QLineEdit::LeadingPosition);
    d->filter->setFixedWidth(
        qMax(200, d->filter->fontMetrics().horizontalAdvance(d->filter->placeholderText()) + 64));
    d->direction = new QComboBox(head);
    d->direction->setFrame(false);
    d->direction->setProperty("kind", QStringLiteral("flat"));
    d->direction->setAccessibleName(tr("Direction of the graph"));
    d->direction->addItem(tr("Top to bottom"));
    d->direction->addItem(tr("Left to right"));
    headLayout->addWidget(d->kind);
    headLayout->addWidget(d->filter);
    headLayout->addStretch();
    headLayout->addWidget(d->direction);

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

    // All in one cell: head and foot float over the graph.
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->stack, 0, 0);
    layout->addWidget(head, 0, 0, Qt::AlignTop);
    layout->addWidget(foot, 0, 0, Qt::AlignBottom);

    // The graph fits itself between the two, however large the text is.
    const auto leaveRoom = [view = d->view, head, foot] {
        view->setContentsMargins(sideMargin, head->sizeHint().height() + 12, sideMargin,
                                 foot->sizeHint().height() + 12);
    };
    leaveRoom();
    connect(&Style::instance(), &Style::changed, this, leaveRoom);

    connect(d->kind, &Segment::changed, this, [this](int index) { showTable(index == 1); });
    connect(d->filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        d->view->setFilter(text);
        d->table->setFilter(text);
    });
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
    connect(d->table, &NodeTable::selectedChanged, d->view, &GraphView::setSelected);
    connect(d->view, &GraphView::contextMenuRequested, this, &GraphPane::contextMenuRequested);
    connect(d->table, &NodeTable::contextMenuRequested, this, &GraphPane::contextMenuRequested);
    setFocusProxy(d->view);
    setTabOrder(d->kind, d->filter);
    setTabOrder(d->filter, d->direction);
    setTabOrder(d->direction, d->view);
    setTabOrder(d->view, d->table);
    setTabOrder(d->table, d->zoom);
}

void GraphPane::setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras)
{
    d->view->setTopology(topology, extras);
    d->table->setTopology(topology, extras);
    const int direction = d->view->direction() == Direction::LeftToRight ? 1 : 0;
    if (d->direction->currentIndex() != direction)
        d->direction->setCurrentIndex(direction);
}

GraphView *GraphPane::graph() const
{
    return d->view;
}

void GraphPane::showTable(bool table)
{
    d->stack->setCurrentIndex(table ? 1 : 0);
    d->kind->setCurrent(table ? 1 : 0);
    d->legend->parentWidget()->setVisible(!table);
    d->direction->setVisible(!table);
    setFocusProxy(table ? static_cast<QWidget *>(d->table) : d->view);
    d->table->setSelected(d->view->selected());
}

} // namespace understudy
