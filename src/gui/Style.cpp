// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Style.h"

#include "gui/BaseStyle.h"
#include "gui/FocusRing.h"
#include "gui/IconEngine.h"
#include "gui/StyleSheet.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QFontInfo>
#include <QKeyEvent>
#include <QLoggingCategory>
#include <QStyleHints>
#include <QToolTip>
#include <QWidget>

// Outside every namespace, as Qt asks: a static library's resources are not registered by themselves.
static void initIcons()
{
    Q_INIT_RESOURCE(breeze_icons);
}

namespace understudy {

Q_LOGGING_CATEGORY(logStyle, "understudy.style")

namespace {

bool systemIsDark()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    // Only the platform's own palette tells, and only before ours replaces it.
    static const bool dark = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
    return dark;
#endif
}

} // namespace

Style &Style::instance()
{
    static Style style;
    return style;
}

Style::Style()
{
    initIcons();
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, [this] {
        if (m_choice == Choice::System)
            apply(m_choice);
    });
#endif
}

void Style::apply(Choice choice)
{
    const bool dark = choice == Choice::System ? systemIsDark() : choice == Choice::Dark;
    const ThemeKind kind = dark ? ThemeKind::Dark : ThemeKind::Light;
    m_choice = choice;
    if (m_applied && kind == m_kind)
        return;
    m_kind = kind;
    if (!m_applied) {
        QApplication::setStyle(new BaseStyle);
        QApplication::setFont(applicationFont());
        new FocusRing(qApp);
        qApp->installEventFilter(this);
        m_applied = true;
    }
    const QPalette palette = theme().palette();
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    refreshSheet();
    Q_EMIT changed();
}

void Style::refreshSheet()
{
    m_sheetPixels = QFontInfo(QApplication::font()).pixelSize();
    qApp->setStyleSheet(styleSheet(theme(), m_sheetPixels));
}

void Style::setShowsMnemonics(bool on)
{
    if (m_mnemonics == on)
        return;
    m_mnemonics = on;
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget *window : windows)
        window->update();
}

bool Style::eventFilter(QObject *watched, QEvent *event)
{
    // The letters that Alt reaches are underlined while it is held.
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Alt)
            setShowsMnemonics(event->type() == QEvent::KeyPress);
    } else if (event->type() == QEvent::ApplicationDeactivate || event->type() == QEvent::WindowDeactivate) {
        setShowsMnemonics(false);
    }
    // The sheet's sizes follow the text; a new sheet sends font events itself, hence the comparison.
    if (watched == qApp && event->type() == QEvent::ApplicationFontChange &&
        !qFuzzyCompare(m_sheetPixels, double(QFontInfo(QApplication::font()).pixelSize()))) {
        refreshSheet();
        Q_EMIT changed();
    }
    return false;
}

Style::Choice Style::choice() const
{
    return m_choice;
}

const Theme &Style::theme() const
{
    return Theme::of(m_kind);
}

namespace {

QIcon makeIcon(const QString &name, IconEngine::Token token, const QColor &fixed)
{
    const QString path = QStringLiteral(":/icons/%1.svg").arg(name);
    if (!QFile::exists(path)) {
        qCWarning(logStyle) << "There is no icon" << name << "in the binary; see gui/CMakeLists.txt.";
        return {};
    }
    return QIcon(new IconEngine(path, token, fixed));
}

} // namespace

QIcon Style::icon(const QString &breezeName) const
{
    return makeIcon(breezeName, &Theme::text2, {});
}

QIcon Style::icon(const QString &breezeName, const QColor &color) const
{
    return makeIcon(breezeName, &Theme::text2, color);
}

QIcon Style::icon(const QString &breezeName, QColor Theme::*token) const
{
    return makeIcon(breezeName, token, {});
}

} // namespace understudy
