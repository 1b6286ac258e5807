// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Style.h"
#include "gui/wizard/ChoiceFields.h"
#include "gui/wizard/ComposeFileChoice.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/OtherStandbys.h"
#include "ui_NamesPage.h"

#include <QScrollArea>
#include <QSpinBox>

namespace understudy {

namespace {

constexpr int mostAtOnce = 8; // more are rows that nobody reads; the command line takes more

} // namespace

void NamesPage::buildForm()
{
    auto *card = new Card;
    auto *inside = new QVBoxLayout(card);
    inside->setContentsMargins(24, 20, 24, 20);
    auto *form = new QWidget;
    m_ui->setupUi(form);
    inside->addWidget(form);
    m_choices = new ChoiceFields(m_state, *m_ui, this);
    m_fileChoice = new ComposeFileChoice(labelWidth());
    m_ui->columns->insertWidget(1, m_fileChoice);
    m_ui->columns->insertWidget(0, buildCount());
    connect(m_fileChoice, &ComposeFileChoice::chosen, this, [this](bool ownFile) {
        m_state.request.overrideFile = ownFile;
        check();
    });

    auto *modeLabel = new QLabel(tr("Mode"));
    modeLabel->setMinimumSize(labelWidth(), 28);
    modeLabel->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_mode->setObjectName(QStringLiteral("modeSegment"));
    m_mode->setAccessibleName(tr("Mode"));
    m_modeWords->setWordWrap(true);
    m_modeWords->setObjectName(QStringLiteral("modeWords"));
    auto *mode = new QVBoxLayout;
    mode->setSpacing(6);
    mode->addWidget(m_mode, 0, Qt::AlignLeft);
    mode->addWidget(m_modeWords);
    m_ui->syncArea->setSpacing(16);
    m_ui->syncArea->addWidget(modeLabel, 0, Qt::AlignTop);
    m_ui->syncArea->addLayout(mode, 1);

    m_fold->setText(tr("Copy, places, replay and login"));
    m_fold->setCheckable(true);
    m_fold->setAutoRaise(true);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setObjectName(QStringLiteral("advancedFold"));
    m_ui->foldArea->addWidget(m_fold);
    m_ui->foldArea->addStretch(1);
    m_ui->advancedFields->hide();
    const auto fold = [this](bool open) {
        m_ui->advancedFields->setVisible(open);
        m_fold->setIcon(
            Style::instance().icon(open ? QStringLiteral("arrow-down") : QStringLiteral("arrow-right")));
    };
    fold(false);
    connect(m_fold, &QToolButton::toggled, this, fold);

    m_ui->folderButton->setIcon(Style::instance().icon(QStringLiteral("folder-open")));
    m_ui->folderButton->setAccessibleName(tr("Choose the data directory"));
    connect(m_ui->folderButton, &QPushButton::clicked, this, &NamesPage::chooseFolder);
    for (const QString &id : fields() + ChoiceFields::texts())
        connect(editOf(id), &QLineEdit::textEdited, this, [this, id] { typed(id); });
    connect(m_ui->fastCheckpointCheck, &QCheckBox::toggled, this, [this](bool on) {
        m_state.request.fastCheckpoint = on;
        m_choices->show();
        check();
    });
    connect(m_choices, &ChoiceFields::changed, this, [this] {
        // A slot that is wanted again needs a name; a directory may be there already.
        m_settle.start();
        check();
    });
    connect(m_mode, &Segment::changed, this, [this](int index) {
        m_state.request.synchronous = index == 1;
        showMode();
        check();
    });

    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    auto *column = new QWidget;
    auto *columnLayout = new QVBoxLayout(column);
    columnLayout->setContentsMargins(0, 0, 12, 0); // apart from its bar
    columnLayout->setSpacing(16);
    columnLayout->addWidget(card);
    columnLayout->addWidget(m_others);
    columnLayout->addStretch(1);
    scroll->setWidget(column);
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(scroll, 1);
    row->addWidget(m_side, 0, Qt::AlignTop);
    body()->addLayout(row, 1);
}

int NamesPage::labelWidth() const
{
    int width = 150;
    for (const QLabel *label : {m_ui->nameLabel, m_ui->serviceLabel, m_ui->slotLabel, m_ui->portLabel,
                                m_ui->dataDirectoryLabel, m_ui->volumeLabel})
        width = qMax(width, label->sizeHint().width());
    return width;
}

QWidget *NamesPage::buildCount()
{
    auto *line = new QWidget;
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    auto *label = new QLabel(tr("How &many"));
    label->setMinimumSize(labelWidth(), 32);
    m_count = new QSpinBox;
    m_count->setObjectName(QStringLiteral("countSpin"));
    m_count->setRange(1, mostAtOnce);
    m_count->setAccessibleName(tr("How many standbys"));
    label->setBuddy(m_count);
    m_countWords = new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2);
    m_countWords->setWordWrap(true);
    auto *column = new QVBoxLayout;
    column->setSpacing(4);
    column->addWidget(m_count, 0, Qt::AlignLeft);
    column->addWidget(m_countWords);
    row->addWidget(label, 0, Qt::AlignTop);
    row->addLayout(column, 1);
    connect(m_count, &QSpinBox::valueChanged, this, &NamesPage::setCount);
    connect(m_others, &OtherStandbys::edited, this, [this](bool suggests) {
        if (suggests)
            m_settle.start();
        check();
    });
    return line;
}

} // namespace understudy
