// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/TableChoice.h"

#include <QCheckBox>
#include <QListWidget>
#include <QVBoxLayout>

namespace understudy {

TableChoice::TableChoice(const WizardState &state, QWidget *parent)
    : Card(parent), m_state(state),
      m_words(new TextLabel(TextRole::Body, {}, nullptr, TextLabel::Tone::Text2)), m_tables(new QListWidget),
      m_checksums(new QCheckBox(tr("Compare the &content of tables up to 64 MB")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_words->setText(tr("Tables to verify. Without a mark: twenty small ones and the largest."));
    column->addWidget(m_words);
    m_tables->setObjectName(QStringLiteral("tablesList"));
    m_tables->setAccessibleName(tr("Tables to verify"));
    m_tables->setMaximumHeight(m_tables->fontMetrics().lineSpacing() * 8);
    column->addWidget(m_tables);
    m_checksums->setObjectName(QStringLiteral("checksumsCheck"));
    column->addWidget(m_checksums);
}

VerifyOptions TableChoice::options() const
{
    VerifyOptions out;
    for (int i = 0; i < m_tables->count(); ++i)
        if (m_tables->item(i)->checkState() == Qt::Checked)
            out.tables << m_tables->item(i)->text();
    out.checksums = m_checksums->isChecked();
    return out;
}

void TableChoice::setTables(const QStringList &tables)
{
    const QStringList marked = options().tables;
    m_tables->clear();
    for (const QString &table : tables) {
        auto *item = new QListWidgetItem(table, m_tables);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(marked.contains(table) ? Qt::Checked : Qt::Unchecked);
    }
}

void TableChoice::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    if (!m_asked)
        ask();
}

void TableChoice::ask()
{
    if (!m_state.book.run)
        return;
    m_asked = true;
    m_worker.start([this, plan = m_state.book.run->plan,
                    secrets = m_state.secrets](std::stop_token stop, const WizardWorker::Post &post) {
        const Endpoint primary = plan.endpoints.value(plan.lockNode);
        const auto tables =
            countableTables(primary, primary.database,
                            secrets ? *secrets : static_cast<const SecretSource &>(LibpqSecrets()), stop);
        post([this, tables] {
            if (tables)
                setTables(*tables);
            else
                m_words->setText(tr("The tables could not be listed: %1").arg(tables.error().text()));
            m_asked = tables.has_value();
        });
    });
}

} // namespace understudy
