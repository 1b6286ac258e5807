// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ComposeFileChoice.h"

#include "gui/parts/Parts.h"
#include "gui/wizard/WizardState.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace understudy {

ComposeFileChoice::ComposeFileChoice(int labelWidth, QWidget *parent)
    : QWidget(parent), m_choice(new Segment({tr("Your Compose file"), tr("A file of its own")})),
      m_words(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2))
{
    auto *label = new QLabel(tr("Written into"));
    label->setMinimumSize(labelWidth, 28);
    label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_choice->setObjectName(QStringLiteral("composeFileSegment"));
    m_choice->setAccessibleName(tr("Written into"));
    m_words->setWordWrap(true);
    // Room for two lines, so that nothing moves and nothing is cut when the choice changes.
    m_words->setMinimumHeight(2 * m_words->fontMetrics().lineSpacing());
    m_words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_words->setObjectName(QStringLiteral("composeFileWords"));
    auto *column = new QVBoxLayout;
    column->setSpacing(6);
    column->addWidget(m_choice, 0, Qt::AlignLeft);
    column->addWidget(m_words);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(label, 0, Qt::AlignTop);
    row->addLayout(column, 1);
    connect(m_choice, &Segment::changed, this, [this](int index) { Q_EMIT chosen(index == 1); });
}

void ComposeFileChoice::show(const WizardState &state)
{
    const auto &project = state.facts ? state.facts->compose : std::nullopt;
    setVisible(state.inCompose() && project.has_value());
    if (!project)
        return;
    {
        const QSignalBlocker quiet(m_choice);
        m_choice->setCurrent(state.request.overrideFile ? 1 : 0);
    }
    const QString own = QFileInfo(project->file).fileName();
    if (!state.request.overrideFile) {
        m_words->setText(tr("Lines are added to %1; no other byte of it changes.").arg(own));
        return;
    }
    const auto place = project->overrideFor(state.request.service);
    if (!place) {
        m_words->setText(place.error().text());
        return;
    }
    const QString name = QFileInfo(place->path).fileName();
    m_words->setText(place->readByItself
                         ? tr("%1 is made, and %2 is not touched. Compose reads it by itself; where you name "
                              "files with -f, name it too.")
                               .arg(name, own)
                         : tr("%1 is made, and %2 is not touched. From then on call Compose like this: %3")
                               .arg(name, own, project->callWith(place->path)));
}

} // namespace understudy
