// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationBar.h"

#include "gui/Style.h"
#include "gui/graph/GraphControls.h"

#include <QButtonGroup>
#include <QEvent>
#include <QFontInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QStyle>
#include <QToolButton>

namespace understudy {

namespace {

constexpr double zoomStep = 1.25;
constexpr int gap = 8;
constexpr int wordGap = 4; ///< More than the style has between icon and text

/// Icons grow with the text.
int iconSide(const QWidget *widget)
{
    return qRound(16 * qMax(1.0, QFontInfo(widget->font()).pixelSize() / 13.0));
}

QString withKey(const QString &words, const QKeySequence &key)
{
    return QStringLiteral("%1 (%2)").arg(words, key.toString(QKeySequence::NativeText));
}

} // namespace

AnnotationBar::AnnotationBar(AnnotationCanvas *canvas, QWidget *parent) : QWidget(parent), m_canvas(canvas)
{
    m_layout = new QGridLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(gap);
    m_tools = new QFrame(this);
    m_tools->setProperty("kind", QStringLiteral("segment"));
    m_tools->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_tools->setAccessibleName(tr("Tools for marks"));
    auto *row = new QHBoxLayout(m_tools);
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(0);
    m_group = new QButtonGroup(this);
    for (int i = 0; i < annotationTools; ++i) {
        const auto tool = AnnotationTool(i);
        auto *button = new QToolButton(m_tools);
        button->setCheckable(true);
        button->setText(annotationwords::nameOf(tool));
        button->setAccessibleName(annotationwords::nameOf(tool));
        const QString doing = tool == AnnotationTool::Select ? tr("Select, move and resize marks")
                                                             : annotationwords::doingOf(tool);
        button->setAccessibleDescription(doing);
        button->setToolTip(withKey(tool == AnnotationTool::Select
                                       ? doing
                                       : QStringLiteral("%1: %2").arg(annotationwords::nameOf(tool), doing),
                                   QKeySequence(annotationwords::keyOf(tool))));
        button->setIcon(Style::instance().icon(annotationwords::iconOf(tool)));
        button->setProperty("place", i == 0                     ? QStringLiteral("first")
                                     : i == annotationTools - 1 ? QStringLiteral("last")
                                                                : QStringLiteral("middle"));
        // A click leaves the keyboard with the picture, where what was chosen is used.
        button->setFocusPolicy(Qt::TabFocus);
        m_group->addButton(button, i);
        row->addWidget(button);
    }
    m_actions = new QWidget(this);
    auto *actions = new QHBoxLayout(m_actions);
    actions->setContentsMargins(0, 0, 0, 0);
    actions->setSpacing(gap);
    m_undo = addAction(QStringLiteral("edit-undo"), tr("Undo"), QKeySequence(Qt::CTRL | Qt::Key_Z));
    m_redo =
        addAction(QStringLiteral("edit-redo"), tr("Redo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    m_duplicate = addAction(QStringLiteral("edit-copy"), tr("Duplicate"), QKeySequence(Qt::CTRL | Qt::Key_D));
    m_remove = addAction(QStringLiteral("edit-delete"), tr("Remove"), QKeySequence(Qt::Key_Delete));
    m_zoom = new ZoomControl(this, tr("Fit the picture into the window"));
    arrange(1);

    connect(m_group, &QButtonGroup::idClicked, m_canvas, [this](int tool) {
        m_canvas->setTool(AnnotationTool(tool));
        QWidget *button = m_group->button(tool);
        if (!button->hasFocus())
            m_canvas->setFocus(Qt::MouseFocusReason);
    });
    connect(m_undo, &QToolButton::clicked, m_canvas, [this] { m_canvas->edits().undoStack()->undo(); });
    connect(m_redo, &QToolButton::clicked, m_canvas, [this] { m_canvas->edits().undoStack()->redo(); });
    connect(m_duplicate, &QToolButton::clicked, m_canvas, &AnnotationCanvas::duplicateSelected);
    connect(m_remove, &QToolButton::clicked, m_canvas, &AnnotationCanvas::removeSelected);
    connect(m_zoom, &ZoomControl::zoomIn, m_canvas, [this] { m_canvas->zoomBy(zoomStep); });
    connect(m_zoom, &ZoomControl::zoomOut, m_canvas, [this] { m_canvas->zoomBy(1 / zoomStep); });
    connect(m_zoom, &ZoomControl::reset, m_canvas, [this] { m_canvas->zoomTo(1); });
    connect(m_zoom, &ZoomControl::fit, m_canvas, &AnnotationCanvas::fit);
    for (const auto signal : {&AnnotationCanvas::changed, &AnnotationCanvas::selectionChanged,
                              &AnnotationCanvas::toolChanged, &AnnotationCanvas::zoomChanged})
        connect(m_canvas, signal, this, &AnnotationBar::refresh);
    connect(m_canvas->edits().undoStack(), &QUndoStack::indexChanged, this, &AnnotationBar::refresh);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    canvas->installEventFilter(this);
    showWords(true);
    refresh();
}

QToolButton *AnnotationBar::addAction(const QString &icon, const QString &name, const QKeySequence &key)
{
    auto *button = new QToolButton(m_actions);
    button->setIcon(Style::instance().icon(icon));
    button->setAccessibleName(name);
    button->setToolTip(withKey(name, key));
    button->setFocusPolicy(Qt::TabFocus);
    m_actions->layout()->addWidget(button);
    return button;
}

void AnnotationBar::refresh()
{
    if (!m_canvas)
        return;
    m_group->button(int(m_canvas->tool()))->setChecked(true);
    const QUndoStack &undo = *m_canvas->edits().undoStack();
    const auto words = [](const QString &verb, const QString &what) {
        return what.isEmpty() ? verb : verb + u' ' + what;
    };
    const bool enabled = m_canvas->isEnabled();
    m_tools->setEnabled(enabled);
    m_undo->setEnabled(enabled && undo.canUndo());
    m_undo->setToolTip(withKey(words(tr("Undo"), undo.undoText()), QKeySequence(Qt::CTRL | Qt::Key_Z)));
    m_redo->setEnabled(enabled && undo.canRedo());
    m_redo->setToolTip(
        withKey(words(tr("Redo"), undo.redoText()), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)));
    const bool selected = enabled && m_canvas->edits().selected() >= 0;
    m_duplicate->setEnabled(selected && !m_canvas->edits().isFull());
    m_remove->setEnabled(selected);
    m_zoom->setZoom(m_canvas->zoom());
}

void AnnotationBar::showWords(bool words)
{
    m_words = words;
    const int side = iconSide(this);
    const QList<QAbstractButton *> buttons = m_group->buttons();
    for (QAbstractButton *one : buttons) {
        auto *button = static_cast<QToolButton *>(one);
        button->setToolButtonStyle(words ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
        // A box wider than high is an icon with a gap before its text.
        button->setIconSize(words ? QSize(side + wordGap, side) : QSize(side, side));
        // Less around an icon that stands alone.
        button->setProperty("shape", words ? QVariant() : QStringLiteral("icon"));
        button->style()->unpolish(button);
        button->style()->polish(button);
    }
    for (QToolButton *button : {m_undo, m_redo, m_duplicate, m_remove})
        button->setIconSize({side, side});
    updateGeometry();
}

/// From how wide the buttons are now: what is around icon and words is the style's and stays the same.
int AnnotationBar::widthOfTools(bool words) const
{
    int wide = 2;
    const double k = QFontInfo(font()).pixelSize() / 13.0;
    const int around = 2 * (qRound(10 * k) - qRound(6 * k)); // The style sheet's, with words and without
    const QList<QAbstractButton *> buttons = m_group->buttons();
    for (const QAbstractButton *button : buttons) {
        const int text = wordGap + 4 + button->fontMetrics().horizontalAdvance(button->text());
        wide += button->sizeHint().width() + (int(words) - int(m_words)) * (text + around);
    }
    return wide;
}

/// What follows goes into the next row where there is no room for it, as words do in a line.
void AnnotationBar::arrange(int rows)
{
    if (rows == m_rows)
        return;
    m_rows = rows;
    for (QWidget *part : {static_cast<QWidget *>(m_tools), m_actions, static_cast<QWidget *>(m_zoom)})
        m_layout->removeWidget(part);
    m_layout->addWidget(m_tools, 0, 0, 1, rows == 1 ? 1 : 3, Qt::AlignLeft);
    m_layout->addWidget(m_actions, rows == 1 ? 0 : 1, rows == 1 ? 1 : 0, Qt::AlignLeft | Qt::AlignVCenter);
    m_layout->addWidget(m_zoom, rows - 1, rows == 3 ? 0 : 2, rows == 3 ? Qt::AlignLeft : Qt::AlignRight);
    m_layout->setColumnStretch(2, 1);
    updateGeometry();
}

void AnnotationBar::chooseWords()
{
    const int zoom = m_zoom->sizeHint().width(), actions = m_actions->sizeHint().width();
    const auto inOneRow = [&](bool words) {
        return widthOfTools(words) + actions + zoom + 2 * gap <= width();
    };
    const int rows = inOneRow(false) ? 1 : actions + gap + zoom <= width() ? 2 : 3;
    const bool words = rows == 1 ? inOneRow(true) : widthOfTools(true) <= width();
    if (words != m_words)
        showWords(words);
    arrange(rows);
}

QSize AnnotationBar::minimumSizeHint() const
{
    const int widest =
        qMax(widthOfTools(false), qMax(m_actions->sizeHint().width(), m_zoom->sizeHint().width()));
    return {widest, QWidget::minimumSizeHint().height()};
}

bool AnnotationBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_canvas && event->type() == QEvent::EnabledChange)
        refresh();
    return QWidget::eventFilter(watched, event);
}

void AnnotationBar::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    // The picture comes after its tools, whichever was made first.
    if (m_canvas && m_canvas->window() == window())
        setTabOrder(m_zoom->findChildren<QToolButton *>().constLast(), m_canvas);
}

void AnnotationBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    chooseWords();
}

void AnnotationBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    // Also comes while the bar is being made.
    if (m_zoom && (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)) {
        showWords(m_words);
        chooseWords();
    }
}

} // namespace understudy
