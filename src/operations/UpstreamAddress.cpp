// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/UpstreamAddress.h"

#include "model/Quote.h"
#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"

#include <QRegularExpression>

namespace understudy {

Result<std::pair<QString, int>> parseUpstreamAddress(const QString &text, int port)
{
    static const QRegularExpression form(QStringLiteral(
        "^(?:\\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?)\\]|([A-Za-z0-9_.-]+))(?::([0-9]{1,5}))?\\z"));
    static const QRegularExpression bareV6(QStringLiteral("^[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\\z"));
    const auto bad = [&] {
        return fail(
            QStringLiteral("\"%1\" is no address of a server.").arg(quote::visible(text.left(80))),
            QStringLiteral("Give HOST or HOST:PORT, for example db1.example:5432; an IPv6 address with "
                           "a port in brackets, [2001:db8::1]:5432."),
            QStringLiteral("upstreamAddress"));
    };
    if (bareV6.match(text).hasMatch())
        return std::pair(text, port);
    const auto match = form.match(text);
    if (!match.hasMatch() || match.captured(2).startsWith(u'-'))
        return bad();
    if (!match.captured(3).isEmpty())
        port = match.captured(3).toInt();
    if (port < 1 || port > 65535)
        return bad();
    return std::pair(match.captured(1).isEmpty() ? match.captured(2) : match.captured(1), port);
}

QList<Error> upstreamAddressErrors(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const QString field = QStringLiteral("upstreamAddress");
    const bool compose = request.on == QLatin1String("compose");
    if (!request.upstreamAddress.isEmpty()) {
        if (compose)
            return {Error{
                QStringLiteral("A service of a Compose project reaches its upstream as its model does."),
                QStringLiteral("Leave it out."), field}};
        const auto address = parseUpstreamAddress(request.upstreamAddress, 5432);
        return address ? QList<Error>() : QList<Error>{address.error()};
    }
    const Node *upstream = facts.upstreamOf(request);
    const WatchedNode *watched = upstream ? facts.watched(upstream->id) : nullptr;
    if (!watched || compose)
        return {};
    const Endpoint &e = watched->endpoint;
    const QString machine = quote::visible(placeWords(request.on)), address = quote::visible(e.address());
    const QString fix =
        QStringLiteral("Give the address by which %1 reaches it, HOST or HOST:PORT.").arg(machine);
    if (!e.ssh.isEmpty() && !facts.target.seenHosts.contains(upstream->id))
        return {
            Error{QStringLiteral("%1 is watched through ssh %2, and a standby would have no such way to it.")
                      .arg(address, quote::visible(e.ssh)),
                  fix, field}};
    if (isScriptPlace(request.on) && isLoopback(e.host))
        return {
            Error{QStringLiteral("%1 is watched at %2, which would be %3 itself when the script runs there.")
                      .arg(quote::visible(upstream->name), address, machine),
                  fix, field}};
    return {};
}

} // namespace understudy
