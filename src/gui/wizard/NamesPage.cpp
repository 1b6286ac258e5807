// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/NamesPage.h"

#include "gui/wizard/ChoiceFields.h"
#include "gui/wizard/ComposeFileChoice.h"
#include "gui/wizard/FieldError.h"
#include "gui/wizard/OtherStandbys.h"
#include "operations/UnseenMachine.h"
#include "ui_NamesPage.h"

#include <QFileDialog>
#include <QSignalBlocker>
#include <QSpinBox>

namespace understudy {

namespace {

/// All that can be wrong at a field of its own.
QStringList allFields()
{
    return NamesPage::fields() + ChoiceFields::texts() +
           QStringList{QStringLiteral("tablespaces"), QStringLiteral("verifyBackup")};
}

} // namespace

NamesPage::NamesPage(WizardState &state, QWidget *parent)
    : WizardPage(state, tr("Names"), parent), m_ui(std::make_unique<Ui::NamesPage>()),
      m_side(new PlanSide(false)), m_mode(new Segment({tr("Asynchronous"), tr("Synchronous")})),
      m_modeWords(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2)),
      m_fold(new QToolButton), m_others(new OtherStandbys(state))
{
    setObjectName(QStringLiteral("namesPage"));
    setSentence(tr("Everything is filled in; change what you want to be different."));
    buildForm();
    m_settle.setSingleShot(true);
    m_settle.setInterval(200);
    connect(&m_settle, &QTimer::timeout, this, &NamesPage::suggestAgain);
    connect(&m_worker, &WizardWorker::busyChanged, this, &WizardPage::changed);
}

NamesPage::~NamesPage() = default;

const QStringList &NamesPage::fields()
{
    static const QStringList names{
        QStringLiteral("name"),    QStringLiteral("service"),         QStringLiteral("slot"),
        QStringLiteral("port"),    QStringLiteral("dataDirectory"),   QStringLiteral("volume"),
        QStringLiteral("maxRate"), QStringLiteral("replicationUser"), QStringLiteral("password")};
    return names;
}

void NamesPage::enter()
{
    // What was typed stays; only what we had suggested follows a new upstream.
    if (m_suggestedFor != placeNow() || m_state.request.name.isEmpty())
        suggestAgain();
    else
        showRequest();
    m_ui->nameEdit->setFocus();
}

QStringList NamesPage::placeNow() const
{
    return {m_state.request.upstream, m_state.request.on, m_state.request.keeper};
}

QLineEdit *NamesPage::editOf(const QString &field) const
{
    const QHash<QString, QLineEdit *> edits{{QStringLiteral("name"), m_ui->nameEdit},
                                            {QStringLiteral("service"), m_ui->serviceEdit},
                                            {QStringLiteral("volume"), m_ui->volumeEdit},
                                            {QStringLiteral("slot"), m_ui->slotEdit},
                                            {QStringLiteral("port"), m_ui->portEdit},
                                            {QStringLiteral("dataDirectory"), m_ui->dataDirectoryEdit},
                                            {QStringLiteral("maxRate"), m_ui->maxRateEdit},
                                            {QStringLiteral("replicationUser"), m_ui->replicationUserEdit},
                                            {QStringLiteral("password"), m_ui->passwordEdit}};
    QLineEdit *edit = edits.value(field);
    return edit ? edit : m_choices->edit(field);
}

FieldError *NamesPage::errorOf(const QString &field) const
{
    return findChild<FieldError *>(field + QStringLiteral("Error"));
}

void NamesPage::typed(const QString &field)
{
    AddStandbyRequest &request = m_state.request;
    const QString text = editOf(field)->text();
    m_state.edited.insert(field);
    if (field == QLatin1String("password")) {
        m_state.typedPassword = text;
        if (m_state.facts)
            m_state.facts->haveReplicationSecret = !text.isEmpty() || m_state.facts->haveReplicationSecret;
    } else if (field == QLatin1String("port")) {
        bool number = false;
        const int port = text.trimmed().toInt(&number);
        request.port = number ? port : -1;
    } else if (field == QLatin1String("name")) {
        request.name = text.trimmed();
    } else if (field == QLatin1String("service")) {
        request.service = text.trimmed();
    } else if (field == QLatin1String("volume")) {
        request.volume = text.trimmed();
    } else if (field == QLatin1String("slot")) {
        request.slot = text.trimmed();
    } else if (field == QLatin1String("dataDirectory")) {
        request.dataDirectory = text.trimmed();
    } else if (field == QLatin1String("maxRate")) {
        request.maxRate = text.trimmed();
    } else if (m_choices->take(field, text)) {
        if (field == QLatin1String("walDirectory"))
            m_settle.start();
        return check(); // an emptied one is a choice as well
    } else {
        request.replicationUser = text.trimmed();
    }
    if (text.trimmed().isEmpty())
        m_state.edited.remove(field); // an emptied field asks for a suggestion again
    if (field == QLatin1String("name") || field == QLatin1String("service") ||
        field == QLatin1String("dataDirectory") || text.trimmed().isEmpty())
        m_settle.start();
    check();
}

void NamesPage::showRequest()
{
    const AddStandbyRequest &request = m_state.request;
    const auto put = [](QLineEdit *edit, const QString &text) {
        if (!edit->hasFocus() || edit->text().trimmed() != text)
            edit->setText(text);
    };
    {
        const QSignalBlocker quiet(m_count);
        m_count->setValue(m_state.count());
    }
    m_count->setEnabled(!isScriptPlace(m_state.request.on));
    m_count->setToolTip(m_count->isEnabled() ? QString() : tr("One script makes one standby."));
    m_countWords->setVisible(m_state.isSeveral());
    m_countWords->setText(m_state.isSeveral()
                              ? tr("One plan, made one after the other, and one undo: if one fails, none "
                                   "stays. Each has a copy of its own.")
                              : QString());
    m_others->showRequests();
    put(m_ui->nameEdit, request.name);
    put(m_ui->slotEdit, request.slot);
    if (request.port >= 0)
        put(m_ui->portEdit, request.port > 0 ? QString::number(request.port) : QString());
    put(m_ui->dataDirectoryEdit, request.dataDirectory);
    put(m_ui->serviceEdit, request.service);
    put(m_ui->volumeEdit, request.volume);
    showPlace();
    put(m_ui->maxRateEdit, request.maxRate);
    put(m_ui->replicationUserEdit, request.replicationUser);
    {
        const QSignalBlocker quiet(m_ui->fastCheckpointCheck);
        m_ui->fastCheckpointCheck->setChecked(request.fastCheckpoint);
    }
    m_choices->show();
    m_mode->setCurrent(request.synchronous ? 1 : 0);
    showMode();
    check();
}

void NamesPage::showPlace()
{
    const bool compose = m_state.inCompose();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_ui->serviceLabel, m_ui->serviceEdit,
                                                            m_ui->volumeLabel, m_ui->volumeEdit})
        widget->setVisible(compose);
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_ui->dataDirectoryLabel, m_ui->dataDirectoryEdit})
        widget->setVisible(!compose);
    // The dialog shows the folders of this machine.
    m_ui->folderButton->setVisible(!compose && (!m_state.facts || m_state.facts->target.isLocal()));
    // A new service has the credential of the one it is modelled on; there is nothing to type.
    const bool needsRole = !compose || m_askLogin || m_state.request.replicationUser.isEmpty();
    m_ui->replicationUserLabel->setVisible(needsRole);
    m_ui->replicationUserEdit->setVisible(needsRole);
    const auto &project = m_state.facts ? m_state.facts->compose : std::nullopt;
    const bool needsPassword =
        m_state.facts && (!compose || (project && project->givesPassfile())) &&
        (m_askLogin || !m_state.facts->haveReplicationSecret || !m_state.typedPassword.isEmpty());
    m_ui->passwordLabel->setVisible(needsPassword);
    m_ui->passwordEdit->setVisible(needsPassword);
    m_ui->passwordEdit->setPlaceholderText(tr("Kept in memory only, never saved"));
    if (needsPassword && m_state.typedPassword.isEmpty())
        m_fold->setChecked(true);
    m_fold->setText(compose ? needsRole ? tr("Copy, replay and login") : tr("Copy and replay")
                            : tr("Copy, places, replay and login"));
    m_ui->loginHead->itemAt(0)->widget()->setVisible(needsRole || needsPassword);
}

void NamesPage::showMode()
{
    const QString name = m_state.request.name.isEmpty() ? tr("the new standby") : m_state.subject();
    if (m_state.isSeveral() && m_state.request.synchronous)
        return m_modeWords->setText(
            tr("Commits wait until all of %1 have written them to disk. Nothing that was committed is lost "
               "with the primary, but while one of them is away commits wait for it.")
                .arg(name));
    m_modeWords->setText(
        m_state.request.synchronous
            ? tr("Commits wait until %1 has written them to disk. Nothing that was committed is lost with "
                 "the "
                 "primary, but while %1 is away commits wait for it.")
                  .arg(name)
            : tr("Commits do not wait for %1. If the primary is lost, the last moments may be missing there.")
                  .arg(name));
}

void NamesPage::check()
{
    m_errors = m_state.facts ? validateSeveral(m_state.requests(), *m_state.facts) : QList<QList<Error>>();
    const QList<Error> own = m_errors.value(0);
    for (const QString &id : allFields()) {
        QString message;
        for (const Error &error : own) {
            if (error.field == id && message.isEmpty())
                message = error.text();
        }
        errorOf(id)->setMessage(message);
        if (QLineEdit *edit = editOf(id))
            edit->setAccessibleDescription(message);
        if (!message.isEmpty() && m_ui->advancedFields->isAncestorOf(errorOf(id)))
            m_fold->setChecked(true);
    }
    m_others->showErrors(m_errors);
    const Error *error = firstError();
    setSentence(error ? error->what : tr("Everything is filled in; change what you want to be different."));
    m_fileChoice->show(m_state);
    m_side->setState(m_state);
    Q_EMIT changed();
}

void NamesPage::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Data directory of the new standby"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    const QString now = m_state.request.dataDirectory;
    dialog->setDirectory(now.left(now.lastIndexOf(u'/')));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) {
        m_ui->dataDirectoryEdit->setText(folder);
        typed(QStringLiteral("dataDirectory"));
    });
    dialog->open();
}

void NamesPage::focusField(const QString &field)
{
    if (field == QLatin1String("replicationUser") && !m_askLogin) {
        // Sent here by a refused login: the password that was found may be the wrong one.
        m_askLogin = true;
        showRequest();
    }
    if (const int other = field.section(u'/', 0, 0).toInt(); other > 0) {
        if (QLineEdit *edit = m_others->edit(other, field.section(u'/', 1))) {
            edit->setFocus();
            edit->selectAll();
        }
        return;
    }
    if (QLineEdit *edit = editOf(field)) {
        if (m_ui->advancedFields->isAncestorOf(edit))
            m_fold->setChecked(true);
        edit->setFocus();
        edit->selectAll();
    }
}

const Error *NamesPage::firstError() const
{
    for (const QList<Error> &errors : m_errors) {
        if (!errors.isEmpty())
            return &errors.constFirst();
    }
    return nullptr;
}

bool NamesPage::canGoNext() const
{
    return !busy() && m_state.facts && !firstError() && !m_state.request.name.isEmpty();
}

QString NamesPage::blockedBy() const
{
    const Error *error = firstError();
    if (busy() || !error)
        return {};
    const QLineEdit *edit = editOf(error->field);
    return edit && !edit->isHidden() ? tr("Correct the marked field to go on.") : error->action;
}

ChangeNote NamesPage::changeNote() const
{
    return noteBeforePlan(tr("These are only names."));
}

} // namespace understudy
