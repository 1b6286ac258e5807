// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/KeeperChoice.h"

#include "gui/parts/Parts.h"
#include "hosts/Deployment.h"

#include <QVBoxLayout>

namespace understudy {

namespace {

constexpr int largeText = 26; // height of a line, pixels

QString titleOf(const QString &keeper)
{
    return keeper == QLatin1String("systemd") ? KeeperChoice::tr("systemd unit") : keeper;
}

} // namespace

KeeperChoice::KeeperChoice(QWidget *parent)
    : QWidget(parent), m_line(new QBoxLayout(QBoxLayout::LeftToRight)),
      m_label(new TextLabel(TextRole::Body, tr("Kept by"))),
      m_words(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text2))
{
    setObjectName(QStringLiteral("keeperChoice"));
    m_words->setObjectName(QStringLiteral("keeperWords"));
    m_words->setWordWrap(true);
    m_line->setSpacing(8);
    m_line->addWidget(m_label);
    m_line->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(28, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(m_line);
    column->addWidget(m_words);
    hide();
}

QString KeeperChoice::meaning(const QString &keeper, const QString &name)
{
    const auto deployment = deploymentBy(keeper, {});
    if (!deployment)
        return {};
    if (!deployment->startsOnBoot())
        return tr("Started by %1 alone: when the machine boots, somebody has to start it by hand.")
            .arg(keeper);
    if (keeper == QLatin1String("systemd"))
        return tr("A unit of its own, postgresql-%1.service: it starts with the machine, and its log is in "
                  "the journal.")
            .arg(name.isEmpty() ? tr("NAME") : name);
    return tr("A cluster of Debian's postgresql-common like any other: it starts with the machine, and its "
              "settings are in /etc/postgresql.");
}

void KeeperChoice::setPlace(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    QStringList keepers = facts.target.keepers;
    const QString suggested = keeperFor(request, facts);
    if (keepers.removeOne(suggested))
        keepers.prepend(suggested);
    m_keeper = request.keeper.isEmpty() ? suggested : request.keeper;
    m_name = request.name;
    m_local = facts.target.isLocal();
    if (m_keepers != keepers) {
        m_keepers = keepers;
        makeSegment();
    }
    if (m_segment)
        m_segment->setCurrent(int(m_keepers.indexOf(m_keeper)));
    say();
}

void KeeperChoice::makeSegment()
{
    delete m_segment;
    m_segment = nullptr;
    if (m_keepers.size() < 2)
        return;
    QStringList labels;
    for (const QString &keeper : std::as_const(m_keepers))
        labels << (labels.isEmpty() ? tr("%1 (suggested)").arg(titleOf(keeper)) : titleOf(keeper));
    m_segment = new Segment(labels);
    m_segment->setObjectName(QStringLiteral("keeperSegment"));
    m_segment->setAccessibleName(tr("Kept by"));
    // At large text the label stands above: beside it there is no room.
    const bool large = fontMetrics().height() > largeText;
    m_line->setDirection(large ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_line->insertWidget(1, m_segment, 0, Qt::AlignLeft);
    connect(m_segment, &Segment::changed, this, [this](int index) {
        m_keeper = m_keepers.value(index);
        say();
        Q_EMIT chosen(m_keeper);
    });
}

void KeeperChoice::say()
{
    m_label->setText(m_segment ? tr("Kept by") : tr("Kept by %1").arg(titleOf(m_keeper)));
    QStringList words{meaning(m_keeper, m_name)};
    if (m_keepers.size() == 1)
        words << tr("Nothing else can keep it %1: that takes postgresql-common or systemd, and the right to "
                    "act as root.")
                     .arg(m_local ? tr("here") : tr("there"));
    m_words->setText(words.join(u' '));
    if (m_segment)
        m_segment->setAccessibleDescription(m_words->text());
}

void KeeperChoice::comeAfter(QWidget *widget)
{
    if (!m_segment)
        return;
    for (QToolButton *button : m_segment->findChildren<QToolButton *>()) {
        setTabOrder(widget, button);
        widget = button;
    }
}

} // namespace understudy
