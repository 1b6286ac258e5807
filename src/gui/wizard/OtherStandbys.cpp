// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/OtherStandbys.h"

#include "gui/wizard/FieldError.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace understudy {

namespace {

QString headOf(const QString &field)
{
    const QHash<QString, QString> heads{
        {QStringLiteral("name"), OtherStandbys::tr("Name")},
        {QStringLiteral("service"), OtherStandbys::tr("Service")},
        {QStringLiteral("slot"), OtherStandbys::tr("Replication slot")},
        {QStringLiteral("port"), OtherStandbys::tr("Port")},
        {QStringLiteral("dataDirectory"), OtherStandbys::tr("Data directory")},
        {QStringLiteral("volume"), OtherStandbys::tr("Volume")}};
    return heads.value(field);
}

int stretchOf(const QString &field)
{
    return field == QLatin1String("dataDirectory") ? 4 : field == QLatin1String("port") ? 0 : 2;
}

QString valueOf(const AddStandbyRequest &request, const QString &field)
{
    if (field == QLatin1String("port"))
        return request.port > 0 ? QString::number(request.port) : QString();
    return textField(request, field);
}

} // namespace

OtherStandbys::OtherStandbys(WizardState &state, QWidget *parent) : Card(parent), m_state(state)
{
    setObjectName(QStringLiteral("otherStandbys"));
    auto *inside = new QVBoxLayout(this);
    inside->setContentsMargins(24, 16, 24, 20);
    inside->setSpacing(12);
    inside->addWidget(new TextLabel(TextRole::BodyStrong, tr("The others")));
    hide();
}

QStringList OtherStandbys::fields() const
{
    QStringList all{QStringLiteral("name")};
    if (m_state.inCompose())
        all << QStringLiteral("service");
    if (m_state.request.choices.slot)
        all << QStringLiteral("slot");
    all << QStringLiteral("port")
        << (m_state.inCompose() ? QStringLiteral("volume") : QStringLiteral("dataDirectory"));
    return all;
}

void OtherStandbys::makeRows()
{
    // The row that is typed in stays: only what is too much or missing changes.
    if (m_fields != fields() || !m_table) {
        delete m_table;
        m_rows.clear();
        m_fields = fields();
        m_table = new QWidget;
        m_grid = new QGridLayout(m_table);
        m_grid->setContentsMargins(0, 0, 0, 0);
        m_grid->setHorizontalSpacing(8);
        m_grid->setVerticalSpacing(6);
        for (int column = 0; column < m_fields.size(); ++column) {
            m_grid->addWidget(
                new TextLabel(TextRole::Small, headOf(m_fields.at(column)), nullptr, TextLabel::Tone::Text2),
                0, column);
            m_grid->setColumnStretch(column, stretchOf(m_fields.at(column)));
        }
        layout()->addWidget(m_table);
    }
    while (m_rows.size() > m_state.others.size()) {
        const Row row = m_rows.takeLast();
        for (QLineEdit *edit : row.edits)
            delete edit;
        delete row.error;
    }
    while (m_rows.size() < m_state.others.size())
        addRow(int(m_rows.size()));
}

void OtherStandbys::addRow(int index)
{
    Row row;
    for (int column = 0; column < m_fields.size(); ++column) {
        const QString &field = m_fields.at(column);
        auto *edit = new QLineEdit;
        edit->setObjectName(QStringLiteral("other_%1_%2").arg(index + 1).arg(field));
        edit->setAccessibleName(tr("%1 of standby %2").arg(headOf(field)).arg(index + 2));
        edit->setMaxLength(field == QLatin1String("port")            ? 5
                           : field == QLatin1String("dataDirectory") ? 900
                                                                     : 255);
        if (field == QLatin1String("port"))
            edit->setFixedWidth(edit->fontMetrics().horizontalAdvance(QStringLiteral("00000")) + 28);
        connect(edit, &QLineEdit::textEdited, this,
                [this, index, field](const QString &text) { typed(index, field, text.trimmed()); });
        m_grid->addWidget(edit, 1 + 2 * index, column);
        row.edits.insert(field, edit);
    }
    row.error = new FieldError;
    row.error->setObjectName(QStringLiteral("other_%1_error").arg(index + 1));
    m_grid->addWidget(row.error, 2 + 2 * index, 0, 1, int(m_fields.size()));
    m_rows << row;
}

void OtherStandbys::typed(int index, const QString &field, const QString &text)
{
    AddStandbyRequest &own = m_state.others[index];
    if (field == QLatin1String("port")) {
        bool number = false;
        const int port = text.toInt(&number);
        own.port = number ? port : -1;
    } else {
        textField(own, field) = text;
    }
    // An emptied field asks for a suggestion again.
    if (text.isEmpty())
        m_state.othersEdited[index].remove(field);
    else
        m_state.othersEdited[index].insert(field);
    Q_EMIT edited(text.isEmpty() || field == QLatin1String("name") || field == QLatin1String("service") ||
                  field == QLatin1String("dataDirectory"));
}

void OtherStandbys::showRequests()
{
    setVisible(m_state.isSeveral());
    if (!m_state.isSeveral() && m_rows.isEmpty())
        return;
    makeRows();
    for (int i = 0; i < m_rows.size(); ++i) {
        for (auto it = m_rows.at(i).edits.begin(); it != m_rows.at(i).edits.end(); ++it) {
            const QString value = valueOf(m_state.others.at(i), it.key());
            QLineEdit *edit = it.value();
            if (it.key() == QLatin1String("port") && m_state.others.at(i).port < 0)
                continue; // what was typed is no number
            if (edit->text().trimmed() != value)
                edit->setText(value);
        }
    }
}

void OtherStandbys::showErrors(const QList<QList<Error>> &errors)
{
    for (int i = 0; i < m_rows.size(); ++i) {
        const QList<Error> found = errors.value(i + 1);
        m_rows.at(i).error->setMessage(found.isEmpty() ? QString() : found.constFirst().text());
        for (auto it = m_rows.at(i).edits.begin(); it != m_rows.at(i).edits.end(); ++it) {
            QString message;
            for (const Error &error : found)
                if (error.field == it.key() && message.isEmpty())
                    message = error.text();
            it.value()->setAccessibleDescription(message);
        }
    }
}

QLineEdit *OtherStandbys::edit(int index, const QString &field) const
{
    return index > 0 && index <= m_rows.size() ? m_rows.at(index - 1).edits.value(field) : nullptr;
}

} // namespace understudy
