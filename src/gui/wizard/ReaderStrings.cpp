// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ReaderStrings.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace understudy {

QList<WatchedNode> readableStandbys(const WizardState &state)
{
    QList<WatchedNode> found;
    QSet<NodeId> fresh;
    if (state.book.run) {
        for (const WatchedNode &node : state.newNodes())
            fresh.insert(node.id);
    }
    for (const WatchedNode &watched : state.spec.nodes) {
        const Node *node = state.node(watched.id);
        if (fresh.contains(watched.id) ||
            (node && node->role == Role::Standby && node->state == NodeState::Up))
            found << watched;
    }
    return found;
}

ReaderStringsCard::ReaderStringsCard(QWidget *parent)
    : Card(parent), m_head(new QHBoxLayout), m_code(new CodeBox),
      m_words(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 14, 16, 14);
    layout->setSpacing(10);
    m_head->addWidget(new TextLabel(TextRole::BodyStrong, tr("Spread your readers")));
    m_head->addStretch(1);
    layout->addLayout(m_head);
    layout->addWidget(m_code);
    m_words->setWordWrap(true);
    layout->addWidget(m_words);
    m_words->hide();
    m_code->setObjectName(QStringLiteral("readerString"));
}

void ReaderStringsCard::setState(const WizardState &state)
{
    QList<Endpoint> endpoints;
    for (const WatchedNode &standby : readableStandbys(state))
        endpoints << standby.endpoint;
    QString database = QStringLiteral("postgres");
    for (const WatchedNode &watched : state.spec.nodes) {
        if (watched.id == state.request.upstream)
            database = watched.endpoint.database;
    }
    m_strings = readerStrings(endpoints, database, QStringLiteral("app"));
    if (!m_segment && !m_strings.isEmpty()) {
        QStringList labels;
        for (const ReaderString &string : std::as_const(m_strings))
            labels << string.label;
        m_segment = new Segment(labels);
        m_segment->setAccessibleName(tr("Client library"));
        m_head->addWidget(m_segment);
        connect(m_segment, &Segment::changed, this, &ReaderStringsCard::showCurrent);
    }
    showCurrent();
}

void ReaderStringsCard::showCurrent()
{
    const int index = m_segment ? m_segment->current() : -1;
    m_code->setText(index >= 0 && index < m_strings.size() ? m_strings.at(index).text : QString());
}

void ReaderStringsCard::setWords(const QString &words)
{
    m_words->setText(words);
    // Where words will come there is room for a line before they do: nothing above moves then.
    m_words->setMinimumHeight(m_words->fontMetrics().lineSpacing());
    m_words->show();
}

} // namespace understudy
