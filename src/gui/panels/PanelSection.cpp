// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/PanelSection.h"

#include "gui/Style.h"

#include <QCoreApplication>
#include <QMenu>
#include <QPushButton>

namespace understudy {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("NodePanel", text);
}

} // namespace

QWidget *makePanelSection(QWidget *parent, QVBoxLayout *column, const QString &title, QVBoxLayout **inside)
{
    auto *box = new QWidget(parent);
    auto *outer = new QVBoxLayout(box);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(new Line(box));
    // Padding 16, 12 between the line and its head.
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(16, 12, 16, 12);
    inner->setSpacing(6);
    outer->addLayout(inner);
    if (!title.isEmpty())
        inner->addWidget(new TextLabel(TextRole::LabelStrong, title, box, TextLabel::Tone::Text3));
    column->addWidget(box);
    *inside = inner;
    return box;
}

QPushButton *makeCopyButton(QWidget *parent, const QString &name, QAction **asText, QAction **asSql)
{
    auto *button = makeButton(tr("Copy"), QStringLiteral("small"), {}, parent);
    button->setObjectName(name);
    button->setToolTip(tr("Copy what is said here"));
    button->setIcon(Style::instance().icon(QStringLiteral("edit-copy")));
    auto *menu = new QMenu(button);
    *asText = menu->addAction(tr("As text"));
    *asSql = menu->addAction(tr("As SQL that shows it"));
    button->setMenu(menu);
    return button;
}

} // namespace understudy
