// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/NodeProbe.h"

#include "model/Format.h"

#include <algorithm>
#include <chrono>

namespace understudy {

namespace {

// Threads stuck in QSqlDatabase::open(), beyond the reach of a cut. One is replaced; when the replacements
// are stuck as well, more of them would not help.
constexpr qsizetype mostLeftBehind = 3;
// libpq gives up connecting after 2 s; what lasts longer than that and the deadline hangs in the driver's
// first queries, or in the resolver.
constexpr qint64 connectUs = 2000000;
constexpr qint64 stuckMarginUs = 1000000;

} // namespace

void Mailbox::put(Letter letter)
{
    const std::lock_guard lock(m_mutex);
    m_letters << std::move(letter);
    m_changed.notify_all();
    if (m_wake)
        m_wake();
}

QList<Mailbox::Letter> Mailbox::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_letters, {});
}

void Mailbox::waitForLetter(int timeoutMs)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::chrono::milliseconds(timeoutMs), [&] { return !m_letters.isEmpty(); });
}

void Mailbox::onLetter(std::function<void()> wake)
{
    const std::lock_guard lock(m_mutex);
    m_wake = std::move(wake);
}

void Mailbox::silence()
{
    onLetter({});
}

NodeProbe::NodeProbe(WatchedNode node, std::shared_ptr<const SecretSource> secrets, const ProbePace &pace,
                     std::shared_ptr<Mailbox> mailbox)
    : m_node(std::move(node)), m_secrets(std::move(secrets)), m_pace(pace), m_mailbox(std::move(mailbox))
{
    replaceThread();
}

void NodeProbe::replaceThread()
{
    if (m_thread)
        m_leftBehind << std::shared_ptr<SqlThread>(std::move(m_thread));
    m_look = std::make_shared<NodeLook>(m_node, m_secrets, m_pace);
    m_thread = std::make_unique<SqlThread>();
    ++m_ticket; // Whatever the old thread still says is nobody's answer.
}

void NodeProbe::ask(qint64 nowUs)
{
    m_leftBehind.removeIf([](const std::shared_ptr<SqlThread> &thread) { return !thread->isBusy(); });
    if (m_pending) {
        const qint64 patienceUs = std::max(connectUs, qint64(m_pace.deadlineMs) * 1000) + stuckMarginUs;
        if (!m_overdue || nowUs - m_askedUs < patienceUs || m_leftBehind.size() >= mostLeftBehind)
            return;
        replaceThread();
    }
    const quint64 ticket = m_ticket + 1;
    const auto job = [look = m_look, mailbox = m_mailbox, id = m_node.id,
                      ticket](Connection &connection, const std::shared_ptr<SocketCut> &cut) {
        mailbox->put({id, ticket, look->look(connection, cut)});
    };
    if (!m_thread->post(job))
        return; // The last answer lies in the mailbox, its thread is a moment from being idle.
    m_ticket = ticket;
    m_pending = true;
    m_overdue = false;
    m_askedUs = nowUs;
}

NodeProbe::Accepted NodeProbe::accept(const Mailbox::Letter &letter)
{
    if (letter.ticket != m_ticket || !m_pending)
        return Accepted::Nothing;
    m_pending = false;
    // An answer after the deadline is news if the node is back; if not, it only tells of our own cut.
    const bool useful = !m_overdue || letter.snapshot.answered();
    m_overdue = false;
    return useful ? Accepted::News : Accepted::Freed;
}

std::optional<qint64> NodeProbe::dueUs() const
{
    if (!m_pending || m_overdue)
        return std::nullopt;
    return m_askedUs + qint64(m_pace.deadlineMs) * 1000;
}

std::optional<NodeSnapshot> NodeProbe::judge(qint64 nowUs, qint64 wallUs)
{
    if (!m_pending || nowUs - m_askedUs < qint64(m_pace.deadlineMs) * 1000)
        return std::nullopt;
    if (!m_overdue) {
        m_overdue = true;
        m_look->giveUp();
        m_thread->cut();
    }
    NodeSnapshot silent;
    silent.id = m_node.id;
    silent.name = m_node.name;
    silent.endpoint = m_node.endpoint;
    silent.startedUs = wallUs - (nowUs - m_askedUs);
    silent.finishedUs = wallUs;
    silent.answer = Answer::NotResponding;
    silent.error = QStringLiteral("No answer within %1.").arg(format::seconds(m_pace.deadlineMs / 1000.0));
    return silent;
}

} // namespace understudy
