// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ChoiceFields.h"

#include "gui/parts/Parts.h"
#include "gui/wizard/FieldError.h"
#include "ui_NamesPage.h"

#include <QSignalBlocker>

namespace understudy {

namespace {

TextLabel *words()
{
    auto *label = new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2);
    label->setWordWrap(true);
    return label;
}

} // namespace

ChoiceFields::ChoiceFields(WizardState &state, Ui::NamesPage &ui, QObject *parent)
    : QObject(parent), m_state(state), m_ui(ui), m_checkpointWords(words()), m_verifyWords(words()),
      m_slotWords(words())
{
    const auto head = [](QHBoxLayout *place, const QString &text) {
        place->setContentsMargins(0, place->objectName() == QLatin1String("copyHead") ? 0 : 8, 0, 0);
        place->addWidget(new TextLabel(TextRole::BodyStrong, text));
    };
    head(m_ui.copyHead, tr("The copy"));
    head(m_ui.placesHead, tr("Where it keeps things"));
    head(m_ui.replayHead, tr("How it follows"));
    head(m_ui.loginHead, tr("How it logs in"));
    m_ui.fastCheckpointBox->insertWidget(1, m_checkpointWords);
    m_ui.verifyBackupBox->insertWidget(1, m_verifyWords);
    m_ui.useSlotBox->insertWidget(1, m_slotWords);
    m_verifyWords->setText(
        tr("The copy is read once more before it starts: as long as its disk needs for that."));
    m_ui.compressEdit->setToolTip(tr("What travels is packed by the upstream and unpacked here (PostgreSQL "
                                     "15). It costs CPU on both sides and "
                                     "helps where the network is the slow part."));
    m_ui.applyDelayEdit->setToolTip(tr("Replays that much later than the upstream "
                                       "(recovery_min_apply_delay): time to stop before a mistake."));
    m_ui.restoreCommandEdit->setToolTip(tr("Fetches WAL from an archive; %f is the file, %p where it goes."));

    connect(m_ui.verifyBackupCheck, &QCheckBox::toggled, this, [this](bool on) {
        m_state.request.choices.verifyBackup = on;
        m_state.edited.insert(QStringLiteral("verifyBackup"));
        Q_EMIT changed();
    });
    connect(m_ui.useSlotCheck, &QCheckBox::toggled, this, [this](bool on) {
        m_state.request.choices.slot = on;
        if (!on)
            m_state.request.slot.clear();
        show();
        Q_EMIT changed();
    });
}

const QStringList &ChoiceFields::texts()
{
    static const QStringList all{QStringLiteral("compress"), QStringLiteral("walDirectory"),
                                 QStringLiteral("applyDelay"), QStringLiteral("restoreCommand")};
    return all;
}

QLineEdit *ChoiceFields::edit(const QString &field) const
{
    if (field == QLatin1String("compress"))
        return m_ui.compressEdit;
    if (field == QLatin1String("walDirectory"))
        return m_ui.walDirectoryEdit;
    if (field == QLatin1String("applyDelay"))
        return m_ui.applyDelayEdit;
    if (field == QLatin1String("restoreCommand"))
        return m_ui.restoreCommandEdit;
    if (field == QLatin1String("tablespaces") && !m_tablespaces.isEmpty())
        return m_tablespaces.first();
    return nullptr;
}

bool ChoiceFields::take(const QString &field, const QString &typed)
{
    StandbyChoices &choices = m_state.request.choices;
    QString text = typed.trimmed();
    if (text.isNull())
        text = QLatin1String(""); // emptied on purpose
    if (field == QLatin1String("compress"))
        choices.compress = text;
    else if (field == QLatin1String("walDirectory"))
        choices.walDirectory = text;
    else if (field == QLatin1String("applyDelay"))
        choices.applyDelay = text;
    else if (field == QLatin1String("restoreCommand"))
        choices.restoreCommand = text;
    else
        return false;
    return true;
}

void ChoiceFields::show()
{
    StandbyChoices &choices = m_state.request.choices;
    // A service has one volume: there is no place for anything beside it.
    const bool places = !m_state.inCompose();
    if (!places) {
        choices.walDirectory.clear();
        choices.tablespaces.clear();
    }
    const auto put = [](QLineEdit *edit, const QString &text) {
        if (!edit->hasFocus() || edit->text().trimmed() != text)
            edit->setText(text);
    };
    put(m_ui.compressEdit, choices.compress);
    put(m_ui.walDirectoryEdit, choices.walDirectory);
    put(m_ui.applyDelayEdit, choices.applyDelay);
    put(m_ui.restoreCommandEdit, choices.restoreCommand);
    {
        const QSignalBlocker quietVerify(m_ui.verifyBackupCheck), quietSlot(m_ui.useSlotCheck);
        m_ui.verifyBackupCheck->setChecked(choices.verifyBackup.value_or(false));
        m_ui.useSlotCheck->setChecked(choices.slot);
    }
    m_checkpointWords->setText(
        m_state.request.fastCheckpoint
            ? tr("The upstream writes what is in its memory at once, and the copy begins.")
            : tr("The upstream takes its time, to spare its disk: minutes in which nothing is seen to "
                 "happen."));
    m_slotWords->setText(
        choices.slot ? tr("The upstream throws nothing away that it has not received.")
                     : tr("The upstream keeps only wal_keep_size of WAL for it. Away for longer, it must be "
                          "made anew, unless an archive has what is missing."));
    m_ui.slotLabel->setEnabled(choices.slot);
    m_ui.slotEdit->setEnabled(choices.slot);
    m_ui.slotEdit->setPlaceholderText(choices.slot ? QString() : tr("No slot"));
    m_ui.placesHead->itemAt(0)->widget()->setVisible(places);
    m_ui.walDirectoryLabel->setVisible(places);
    m_ui.walDirectoryEdit->setVisible(places);
    showTablespaces();
}

void ChoiceFields::showTablespaces()
{
    const Node *upstream = m_state.facts ? m_state.facts->upstreamOf(m_state.request) : nullptr;
    const QList<Tablespace> there = upstream && !m_state.inCompose()
                                        ? m_state.facts->tablespaces.value(upstream->id)
                                        : QList<Tablespace>();
    m_ui.tablespacesLabel->setVisible(!there.isEmpty());
    QStringList wanted;
    for (const Tablespace &tablespace : there)
        wanted << tablespace.location;
    if (m_tablespaces.keys() != wanted) {
        while (QLayoutItem *item = m_ui.tablespaceRows->takeAt(0)) {
            delete item->widget();
            delete item;
        }
        m_tablespaces.clear();
        for (const Tablespace &tablespace : there) {
            auto *from = words();
            from->setText(tr("%1, on the upstream in %2").arg(tablespace.name, tablespace.location));
            auto *to = new QLineEdit;
            to->setObjectName(QStringLiteral("tablespaceEdit"));
            to->setPlaceholderText(tr("The same place"));
            to->setAccessibleName(tr("Directory of tablespace %1").arg(tablespace.name));
            m_ui.tablespaceRows->addWidget(from);
            m_ui.tablespaceRows->addWidget(to);
            m_tablespaces.insert(tablespace.location, to);
            connect(to, &QLineEdit::textEdited, this, [this, at = tablespace.location](const QString &text) {
                QMap<QString, QString> &mapped = m_state.request.choices.tablespaces;
                if (text.trimmed().isEmpty())
                    mapped.remove(at);
                else
                    mapped.insert(at, text.trimmed());
                m_state.edited.insert(QStringLiteral("tablespaces"));
                Q_EMIT changed();
            });
        }
    }
    for (auto it = m_tablespaces.begin(); it != m_tablespaces.end(); ++it) {
        const QString text = m_state.request.choices.tablespaces.value(it.key());
        if (!it.value()->hasFocus() || it.value()->text().trimmed() != text)
            it.value()->setText(text);
    }
}

void ChoiceFields::suggested(const StandbyChoices &full)
{
    StandbyChoices &choices = m_state.request.choices;
    if (!m_state.edited.contains(QStringLiteral("verifyBackup")))
        choices.verifyBackup = full.verifyBackup;
    if (!m_state.edited.contains(QStringLiteral("restoreCommand")))
        choices.restoreCommand = full.restoreCommand;
    if (!m_state.edited.contains(QStringLiteral("tablespaces")))
        choices.tablespaces = full.tablespaces;
    choices.emptyDirectories = full.emptyDirectories;
}

StandbyChoices ChoiceFields::asked() const
{
    StandbyChoices open = m_state.request.choices;
    if (!m_state.edited.contains(QStringLiteral("verifyBackup")))
        open.verifyBackup.reset();
    if (!m_state.edited.contains(QStringLiteral("restoreCommand")))
        open.restoreCommand = QString();
    if (!m_state.edited.contains(QStringLiteral("tablespaces")))
        open.tablespaces.clear();
    return open;
}

} // namespace understudy
