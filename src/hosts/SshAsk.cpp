// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshAsk.h"

#include "model/Quote.h"

#include <QRegularExpression>
#include <QStringList>
#include <mutex>

namespace understudy {

namespace {

struct Installed
{
    std::mutex mutex;
    std::shared_ptr<SshAsk> ask;
};

// Never destroyed: a thread that waits for a machine may outlive everything else.
Installed &installed()
{
    static auto *const instance = new Installed; // NOLINT(cppcoreguidelines-owning-memory)
    return *instance;
}

QString harmless(const QString &text)
{
    QStringList lines;
    for (const QString &line : text.split(u'\n'))
        lines << quote::visible(line);
    return lines.join(u'\n').trimmed().left(2000);
}

} // namespace

QString SshQuestion::hostInWords() const
{
    const QString typed = destination.section(u'@', -1);
    return host == typed || host == destination
               ? host
               : QStringLiteral("%1, on the way to %2").arg(host, destination);
}

void setSshAsk(std::shared_ptr<SshAsk> ask)
{
    const std::lock_guard lock(installed().mutex);
    installed().ask.swap(ask);
}

std::shared_ptr<SshAsk> sshAsk()
{
    const std::lock_guard lock(installed().mutex);
    return installed().ask;
}

SshQuestion sshQuestion(const QString &destination, const QString &prompt)
{
    static const QRegularExpression unknown(
        QStringLiteral("^The authenticity of host '([^']*)' can't be established"));
    static const QRegularExpression key(
        QStringLiteral("(?:^|\\n)(\\S+) key fingerprint is:? ?(SHA256:[A-Za-z0-9+/=]+)"));
    static const QRegularExpression passphrase(
        QStringLiteral("^Enter passphrase for (?:key )?'?(.*?)'?: ?$"));
    static const QRegularExpression password(QStringLiteral("^(.+)@(.+)'s password: ?$"));
    static const QRegularExpression interactive(QStringLiteral("^\\(([^()]+)@([^()]+)\\) ?(?:.|\\n)*"));

    SshQuestion question;
    question.destination = destination;
    question.host = destination;
    question.text = harmless(prompt);
    if (const auto match = unknown.match(prompt); match.hasMatch()) {
        const auto keyMatch = key.match(prompt);
        // Without a fingerprint there is nothing to compare and nothing to accept.
        if (keyMatch.hasMatch()) {
            question.kind = SshQuestion::Kind::HostKey;
            question.host = quote::visible(match.captured(1).section(QLatin1String(" ("), 0, 0));
            question.keyType = quote::visible(keyMatch.captured(1));
            question.fingerprint = keyMatch.captured(2);
        }
    } else if (const auto phrase = passphrase.match(prompt); phrase.hasMatch()) {
        question.kind = SshQuestion::Kind::Passphrase;
        question.keyFile = quote::visible(phrase.captured(1));
    } else if (const auto word = password.match(prompt); word.hasMatch()) {
        question.kind = SshQuestion::Kind::Password;
        question.user = quote::visible(word.captured(1));
        question.host = quote::visible(word.captured(2));
    } else if (const auto other = interactive.match(prompt); other.hasMatch()) {
        question.kind = SshQuestion::Kind::Password;
        question.user = quote::visible(other.captured(1));
        question.host = quote::visible(other.captured(2));
    }
    return question;
}

} // namespace understudy
