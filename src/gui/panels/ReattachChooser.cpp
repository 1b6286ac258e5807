// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/ReattachChooser.h"

#include "gui/Style.h"
#include "gui/graph/NodeDelegate.h"
#include "gui/graph/NodeTableModel.h"
#include "gui/wizard/ContentScroll.h"
#include "report/ReattachText.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QVBoxLayout>

namespace understudy {

namespace {

enum Column { NameColumn, VerdictColumn, WhyColumn, ColumnCount };

Glyph glyphOf(DropVerdict verdict)
{
    return verdict == DropVerdict::Safe    ? Glyph::CheckPass
           : verdict == DropVerdict::Risky ? Glyph::CheckWarning
                                           : Glyph::CheckFail;
}

} // namespace

ReattachChooser::ReattachChooser(const ReattachScene &scene, const NodeId &standby, QWidget *parent)
    : QDialog(parent), m_scene(scene), m_standby(standby), m_nodes(new QStandardItemModel(this)),
      m_found(new QSortFilterProxyModel(this)), m_filter(new QLineEdit), m_table(new QTableView),
      m_reasons(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2)),
      m_review(makeButton(tr("Review\u2026"), QStringLiteral("primary")))
{
    setObjectName(QStringLiteral("reattachChooser"));
    setAttribute(Qt::WA_DeleteOnClose);
    const Node *node = scene.topology.node(standby);
    const QString name = node ? reattachName(*node) : standby;
    setWindowTitle(tr("Re-attach %1").arg(name));
    resize(sizeForText({640, 520}));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(12);
    auto *title = new TextLabel(TextRole::Title, tr("Which node shall %1 stream from?").arg(name));
    title->setWordWrap(true);
    column->addWidget(title);
    m_filter->setObjectName(QStringLiteral("targetFilter"));
    m_filter->setPlaceholderText(tr("Filter by name, verdict or reason"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    column->addWidget(m_filter);

    m_nodes->setColumnCount(ColumnCount);
    m_nodes->setHorizontalHeaderLabels({tr("Node"), tr("Verdict"), tr("Why")});
    m_found->setSourceModel(m_nodes);
    m_found->setFilterKeyColumn(-1);
    m_found->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(m_found);
    m_table->setObjectName(QStringLiteral("targetTable"));
    m_table->setAccessibleName(tr("Nodes it could stream from"));
    m_table->setItemDelegate(new NodeDelegate(m_table));
    m_table->setProperty("kind", QStringLiteral("nodes"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    const double scale = qMax(1.0, QGuiApplication::font().pixelSize() / 13.0);
    m_table->setMinimumHeight(qRound(36 * 4 * scale));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(qRound(36 * scale));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setFrameShape(QFrame::NoFrame);
    auto *card = new Card;
    auto *inside = new QVBoxLayout(card);
    inside->setContentsMargins(1, 1, 1, 1);
    inside->addWidget(m_table);
    column->addWidget(card, 1);

    m_reasons->setObjectName(QStringLiteral("targetReasons"));
    m_reasons->setWordWrap(true);
    m_reasons->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_reasons->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *scroll = new ContentScroll(m_reasons);
    scroll->setMinimumHeight(qRound(66 * scale));
    scroll->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    column->addWidget(scroll);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    auto *cancel = makeButton(tr("Cancel"), {});
    m_review->setObjectName(QStringLiteral("reviewButton"));
    m_review->setDefault(true);
    buttons->addWidget(cancel);
    buttons->addWidget(m_review);
    column->addLayout(buttons);

    fill();
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_review, &QPushButton::clicked, this, &ReattachChooser::review);
    connect(m_table, &QTableView::doubleClicked, this, &ReattachChooser::review);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ReattachChooser::showChosen);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_found->setFilterFixedString(text.trimmed());
        if (!m_table->currentIndex().isValid())
            m_table->selectRow(0);
        showChosen();
    });
    m_table->resizeColumnsToContents();
    m_table->selectRow(0);
    m_table->setFocus();
    showChosen();
}

void ReattachChooser::fill()
{
    struct Target
    {
        const Node *node;
        DropAdvice advice;
    };
    QList<Target> targets;
    for (const Cluster &cluster : m_scene.topology.clusters) {
        for (const Node &node : cluster.nodes) {
            if (node.id != m_standby)
                targets << Target{&node, reattachAdvice(m_scene, m_standby, node.id)};
        }
    }
    std::stable_sort(targets.begin(), targets.end(), [](const Target &a, const Target &b) {
        return int(a.advice.verdict) < int(b.advice.verdict);
    });
    for (const Target &target : std::as_const(targets)) {
        QList<QStandardItem *> row;
        for (int i = 0; i < ColumnCount; ++i)
            row << new QStandardItem;
        row[NameColumn]->setText(reattachName(*target.node));
        row[NameColumn]->setData(target.node->id, NodeTableModel::IdRole);
        m_nodes->appendRow(row);
    }
    follow(m_scene);
}

void ReattachChooser::follow(const ReattachScene &scene)
{
    m_scene = scene;
    for (int row = 0; row < m_nodes->rowCount(); ++row) {
        const NodeId id = m_nodes->item(row, NameColumn)->data(NodeTableModel::IdRole).toString();
        const DropAdvice advice = reattachAdvice(scene, m_standby, id);
        const auto set = [](QStandardItem *item, const QVariant &value, int role) {
            if (item->data(role) != value)
                item->setData(value, role);
        };
        const QString why =
            advice.verdict == DropVerdict::Safe ? tr("nothing speaks against it") : advice.reason;
        set(m_nodes->item(row, VerdictColumn), words(advice.verdict), Qt::DisplayRole);
        set(m_nodes->item(row, VerdictColumn), int(glyphOf(advice.verdict)), NodeTableModel::GlyphRole);
        set(m_nodes->item(row, WhyColumn), why, Qt::DisplayRole);
        set(m_nodes->item(row, NameColumn),
            tr("%1, %2: %3")
                .arg(m_nodes->item(row, NameColumn)->text(), words(advice.verdict).toLower(), why),
            Qt::AccessibleTextRole);
    }
    showChosen();
}

NodeId ReattachChooser::chosen() const
{
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() ? index.siblingAtColumn(NameColumn).data(NodeTableModel::IdRole).toString()
                           : NodeId();
}

void ReattachChooser::showChosen()
{
    const NodeId target = chosen();
    const QList<ReattachReason> reasons =
        target.isEmpty() ? QList<ReattachReason>() : reattachReasons(m_scene, m_standby, target);
    QStringList texts;
    for (const ReattachReason &reason : reasons) {
        if (reason.verdict != DropVerdict::Safe)
            texts << reason.text;
    }
    if (texts.isEmpty() && !target.isEmpty())
        texts << tr("Nothing that is known speaks against it. The review says how it is done.");
    const QString text = texts.join(QStringLiteral("\n\n"));
    if (m_reasons->text() != text)
        m_reasons->setText(text);
    m_review->setEnabled(!target.isEmpty() && worstOf(reasons) != DropVerdict::Impossible);
    // Who cannot see the button grey out hears why.
    m_review->setAccessibleDescription(m_review->isEnabled() ? QString() : text);
}

void ReattachChooser::review()
{
    if (!m_review->isEnabled())
        return;
    Q_EMIT reviewWanted(m_standby, chosen());
    accept();
}

} // namespace understudy
