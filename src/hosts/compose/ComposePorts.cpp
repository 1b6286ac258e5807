// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeProject.h"

#include <utility>

namespace understudy {

namespace {

constexpr int widestRange = 1000;

/// "5432" or "5432-5440"; {0, 0} if it is empty.
std::optional<std::pair<int, int>> rangeOf(const QString &text)
{
    if (text.isEmpty())
        return std::pair(0, 0);
    const qsizetype dash = text.indexOf(u'-');
    bool okFirst = false, okLast = false;
    const int first = text.left(dash).toInt(&okFirst);
    const int last = dash < 0 ? first : text.mid(dash + 1).toInt(&okLast);
    const bool ok = okFirst && (dash < 0 || okLast);
    if (!ok || first < 0 || last < first || last > 65535 || last - first > widestRange)
        return std::nullopt;
    return std::pair(first, last);
}

} // namespace

QList<ComposePort> parseShortPort(const QString &given)
{
    QString text = given.trimmed();
    ComposePort shape;
    if (const qsizetype slash = text.indexOf(u'/'); slash >= 0) {
        shape.protocol = text.mid(slash + 1);
        text.truncate(slash);
    }
    // From the right: an address of IPv6 has colons of its own, with brackets or (v1's own words) without.
    const qsizetype beforeTarget = text.lastIndexOf(u':');
    const auto target = rangeOf(text.mid(beforeTarget + 1));
    if (!target || target->first == 0)
        return {};
    const QString rest = text.left(qMax<qsizetype>(beforeTarget, 0));
    const qsizetype beforePublished = rest.lastIndexOf(u':');
    const auto published = rangeOf(rest.mid(beforePublished + 1));
    if (!published)
        return {};
    shape.hostAddress = rest.left(qMax<qsizetype>(beforePublished, 0));
    if (shape.hostAddress.startsWith(u'[') && shape.hostAddress.endsWith(u']'))
        shape.hostAddress = shape.hostAddress.mid(1, shape.hostAddress.size() - 2);

    const int targets = target->second - target->first + 1;
    const int places = published->second - published->first + 1;
    if (targets > 1 && published->first > 0 && places != targets)
        return {};
    QList<ComposePort> out;
    for (int i = 0; i < targets; ++i) {
        ComposePort port = shape;
        port.target = target->first + i;
        const bool paired = targets > 1 && published->first > 0;
        port.published = paired ? published->first + i : published->first;
        port.publishedEnd = paired ? port.published : published->second;
        out << port;
    }
    return out;
}

} // namespace understudy
