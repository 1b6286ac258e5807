// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/StyleSheet.h"

#include <QMap>
#include <QRegularExpression>

namespace understudy {

namespace {

/// "@name" is a colour of the theme, "#12px" a size that grows with the text.
constexpr auto buttons = R"(
QPushButton { min-height: #30px; padding: 0 #12px; border: 1px solid @line2; border-radius: 6px;
    background: @panel; color: @text; font-weight: 500; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @accentTint; }
QPushButton:disabled { color: @text3; background: @sunken; border-color: @border; }
QPushButton::menu-indicator { width: 0px; }
QPushButton[kind="primary"] { background: @fill; border-color: @fill; color: @onFill; font-weight: 600; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {
    background: @fillHover; border-color: @fillHover; }
QPushButton[kind="primary"]:disabled { color: @text3; background: @sunken; border-color: @border; }
QPushButton[kind="flat"] { background: transparent; border-color: transparent; color: @text2; }
QPushButton[kind="flat"]:hover { background: @hover; }
QPushButton[kind="danger"] { color: @crit; }
QPushButton[kind="danger"]:hover { background: @critTint; }
QPushButton[kind="danger"]:disabled, QPushButton[kind="flat"]:disabled { color: @text3; }
QPushButton[kind="small"], QPushButton[kind="smallFlat"] { min-height: #24px; padding: 0 #10px;
    border-radius: 5px; font-size: #12px; }
QPushButton[kind="smallFlat"] { background: transparent; border-color: transparent; color: @text2;
    padding: 0 #8px; }
QPushButton[kind="smallFlat"]:hover { background: @hover; }
QPushButton[kind="link"] { min-height: #22px; padding: 0; border-width: 1px 0; border-color: transparent;
    background: transparent; color: @accent; font-weight: 600; font-size: #12px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="icon"] { padding: 0; min-width: #24px; max-width: #24px; min-height: #24px; border-radius: 5px;
    background: transparent; border-color: transparent; }
QPushButton[kind="icon"]:hover { background: @hover; }
QPushButton[kind="icon"]:pressed { background: @accentTint; }
QPushButton[kind="chip"] { min-height: #22px; padding: 0 #10px; border-radius: #11px; font-size: #12px;
    font-weight: 400; color: @text2; }
QPushButton[kind="chip"]:checked { background: @accentTint; border-color: @accent; color: @accent;
    font-weight: 600; }
QToolButton { border: 1px solid transparent; border-radius: 5px; background: transparent; color: @text2;
    min-width: #22px; min-height: #22px; padding: 0 1px; font-size: #12px; font-weight: 500; }
QToolButton:hover { background: @hover; }
QToolButton:pressed, QToolButton:checked { background: @accentTint; color: @accent; }
QToolButton:disabled { color: @text3; background: transparent; }
QToolButton::menu-indicator { image: none; width: 0px; }
QFrame[kind="segment"] { background: @panel; border: 1px solid @line2; border-radius: 6px; }
QFrame[kind="segment"] QToolButton { border: 0; border-radius: 0; min-height: #22px; padding: 0 #10px;
    color: @text2; font-size: #12px; font-weight: 400; border-right: 1px solid @border; }
QFrame[kind="segment"] QToolButton:hover { background: @hover; }
QFrame[kind="segment"] QToolButton:checked { background: @accentTint; color: @accent; font-weight: 600; }
QFrame[kind="segment"] QToolButton[place="first"] { border-top-left-radius: 5px; border-bottom-left-radius: 5px; }
QFrame[kind="segment"] QToolButton[place="last"] { border-top-right-radius: 5px;
    border-bottom-right-radius: 5px; border-right: 0; }
QFrame[kind="segment"] QToolButton[place="only"] { border-radius: 5px; border-right: 0; }
QFrame[kind="segment"] QToolButton[shape="icon"] { padding: 0 #6px; }
)";

constexpr auto fields = R"(
QLineEdit { min-height: #30px; padding: 0 #8px; border: 1px solid @ctl; border-radius: 6px; background: @panel;
    color: @text; selection-background-color: @fill; selection-color: @onFill; }
QLineEdit:focus { border: 2px solid @accent; padding: 0 #7px; min-height: #28px; }
QLineEdit:disabled, QLineEdit:read-only { background: @sunken; border-color: @border; color: @text2; }
QLineEdit[kind="small"] { min-height: #26px; font-size: #12px; border-color: @line2; }
QLineEdit[kind="small"]:focus { min-height: #24px; border-color: @accent; }
QLineEdit[invalid="true"] { border-color: @crit; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus {
    border: 0; background: transparent; min-height: 0px; padding: 0 2px; }
QPlainTextEdit, QTextEdit { border: 1px solid @line2; border-radius: 6px; background: @panel; color: @text;
    selection-background-color: @fill; selection-color: @onFill; padding: 4px; }
QPlainTextEdit:focus, QTextEdit:focus { border-color: @accent; }
QPlainTextEdit[kind="bare"], QTextEdit[kind="bare"] { border: 0; border-radius: 0; }
QProgressBar { min-height: 8px; max-height: 8px; border: 0; border-radius: 4px; background: @neutralTint; }
QProgressBar::chunk { border-radius: 4px; background: @fill; }
QCheckBox, QRadioButton { color: @text; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: @text3; }
QComboBox[kind="flat"] { color: @text2; }
QComboBox[floats="true"], QPushButton[floats="true"], QToolButton[floats="true"] { background: @canvas; }
)";

constexpr auto frames = R"(
QFrame[kind="card"] { background: @panel; border: 1px solid @border; border-radius: 8px; }
QFrame[kind="sunken"] { background: @sunken; border: 1px solid @border; border-radius: 6px; }
QFrame[kind="evidence"] { background: @sunken; border: 0; border-radius: 4px; }
QFrame[kind="line"] { background: @border; border: 0; min-height: 1px; max-height: 1px; }
QFrame[kind="vline"] { background: @border; border: 0; min-width: 1px; max-width: 1px; }
QFrame[kind="canvas"] { background: @canvas; border: 1px solid @border; border-radius: 8px; }
QFrame[kind="banner"] { border: 0; border-bottom: 1px solid @border; }
QFrame[kind="rail"] { background: @sunken; border: 0; border-right: 1px solid @border; }
QFrame[kind="footer"] { background: @window; border: 0; border-top: 1px solid @border; }
QLabel { background: transparent; border: 0; }
QLabel[kind="page"] { font-size: #20px; font-weight: 600; color: @text; }
QLabel[kind="title"] { font-size: #15px; font-weight: 600; color: @text; }
QLabel[kind="node"] { font-size: #14px; font-weight: 600; color: @text; }
QLabel[kind="strong"] { font-weight: 600; color: @text; }
QLabel[kind="text2"] { color: @text2; }
QLabel[kind="small"] { font-size: #12px; color: @text2; }
QLabel[kind="label"] { font-size: #11px; color: @text3; }
QLabel[kind="count"] { font-size: #11px; font-weight: 600; border-radius: 8px; padding: 0 5px; min-height: 16px;
    max-height: 16px; background: @neutralTint; color: @neutral; }
QLabel[kind="countCrit"] { font-size: #11px; font-weight: 600; border-radius: 8px; padding: 0 5px;
    min-height: 16px; max-height: 16px; background: @critTint; color: @crit; }
QLabel[kind="kbd"] { font-size: #11px; color: @text3; border: 1px solid @border; border-radius: 4px;
    padding: 0 5px; background: @sunken; }
QToolTip { background: @panel; color: @text; border: 1px solid @line2; padding: 6px 8px; font-size: #12px; }
)";

constexpr auto window = R"(
QMainWindow, QDialog { background: @window; }
QMainWindow::separator { background: @border; width: 1px; height: 1px; }
QSplitter::handle { background: transparent; }
QMenuBar { background: @window; color: @text2; font-size: #12px; padding: 2px 8px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @panel; color: @text; border: 1px solid @line2; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; min-height: #18px; }
QMenu::item:selected { background: @accentTint; color: @text; }
QMenu::item:disabled { color: @text3; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QToolBar { background: @window; border: 0; border-bottom: 1px solid @border; padding: 0; spacing: 8px; }
QToolBar[kind="banner"] { border: 0; spacing: 0; }
QToolBar::separator { width: 1px; background: @border; margin: #16px 6px; }
QStatusBar { background: @window; color: @text3; border-top: 1px solid @border; font-size: #11px;
    min-height: #23px; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: @text3; font-size: #11px; padding: 0 8px; }
QDockWidget { font-weight: 600; color: @text; }
QDockWidget::title { background: @panel; border-bottom: 1px solid @border; padding: #11px 16px; text-align: left; }
QDockWidget > QWidget { background: @panel; }
QTabBar { background: transparent; border: 0; qproperty-drawBase: 0; qproperty-expanding: 0; }
QTabBar::tab { background: transparent; color: @text2; font-weight: 500; border: 0; border-top: 2px solid transparent;
    border-bottom: 2px solid transparent; padding: 0 1px; margin: 0 #10px; min-height: #36px; }
QTabBar::tab:first { margin-left: 0; }
QTabBar::tab:selected { color: @text; border-bottom-color: @fill; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:disabled { color: @text3; }
QTabWidget::pane { border: 0; border-top: 1px solid @border; }
)";

constexpr auto views = R"(
QHeaderView { background: @sunken; border: 0; }
QHeaderView::section { background: @sunken; color: @text3; font-size: #11px; font-weight: 600; border: 0;
    border-bottom: 1px solid @border; padding: 0 12px; min-height: #31px; }
QTableView[kind="nodes"] QHeaderView::section { padding: 0 9px; }
QHeaderView::down-arrow, QHeaderView::up-arrow { width: 0; height: 0; }
QTableCornerButton::section { background: @sunken; border: 0; border-bottom: 1px solid @border; }
QTableView, QTreeView, QListView { background: @panel; alternate-background-color: @panel; color: @text;
    border: 1px solid @border; border-radius: 8px; gridline-color: @border; outline: 0;
    selection-background-color: @accentTint; selection-color: @text; }
QTableView[kind="bare"], QTableView[kind="nodes"], QTreeView[kind="bare"], QListView[kind="bare"] { border: 0; border-radius: 0; }
QTableView::item, QTreeView::item { border: 0; border-bottom: 1px solid @border; padding: 0 8px; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: @hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: @accentTint;
    color: @text; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @line2; border-radius: 0; padding: 4px;
    selection-background-color: @accentTint; selection-color: @text; outline: 0; }
QScrollArea { border: 0; background: transparent; }
QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: 12px; margin: 0; }
QScrollBar:horizontal { height: 12px; margin: 0; }
QScrollBar::handle { background: @line2; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @ctl; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
)";

QMap<QString, QColor> colors(const Theme &t)
{
    return {{QStringLiteral("window"), t.window},
            {QStringLiteral("panel"), t.panel},
            {QStringLiteral("canvas"), t.canvas},
            {QStringLiteral("sunken"), t.sunken},
            {QStringLiteral("hover"), t.hover},
            {QStringLiteral("border"), t.border},
            {QStringLiteral("line2"), t.line2},
            {QStringLiteral("ctl"), t.ctl},
            {QStringLiteral("text"), t.text},
            {QStringLiteral("text2"), t.text2},
            {QStringLiteral("text3"), t.text3},
            {QStringLiteral("accent"), t.accent},
            {QStringLiteral("accentTint"), t.accentTint},
            {QStringLiteral("fill"), t.fill},
            {QStringLiteral("fillHover"), t.fillHover},
            {QStringLiteral("onFill"), t.onFill},
            {QStringLiteral("crit"), t.crit},
            {QStringLiteral("critTint"), t.critTint},
            {QStringLiteral("neutral"), t.neutral},
            {QStringLiteral("neutralTint"), t.neutralTint}};
}

} // namespace

QString styleSheet(const Theme &theme, double fontPixels)
{
    const QMap<QString, QColor> named = colors(theme);
    const double scale = fontPixels / 13.0;
    QString text;
    for (const char *part : {buttons, fields, frames, window, views})
        text += QString::fromUtf8(part);

    static const QRegularExpression token(QStringLiteral("@(\\w+)|#(\\d+)px"));
    QString out;
    qsizetype last = 0;
    for (auto it = token.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        out += QStringView(text).mid(last, match.capturedStart() - last);
        if (match.capturedLength(1) > 0) {
            Q_ASSERT(named.contains(match.captured(1)));
            out += named.value(match.captured(1)).name();
        } else {
            out += QStringLiteral("%1px").arg(qRound(match.captured(2).toInt() * scale));
        }
        last = match.capturedEnd();
    }
    out += QStringView(text).mid(last);
    return out;
}

} // namespace understudy
