// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Lsn.h"

#include <limits>

namespace understudy {

namespace {

// QStringView::toUInt takes signs, blanks and "0x": an LSN has none of them.
std::optional<quint64> parseHalf(QStringView text)
{
    if (text.isEmpty() || text.size() > 8)
        return std::nullopt;
    quint64 value = 0;
    for (const QChar c : text) {
        const ushort u = c.unicode();
        quint64 digit = 0;
        if (u >= '0' && u <= '9')
            digit = u - '0';
        else if (u >= 'A' && u <= 'F')
            digit = u - 'A' + 10;
        else if (u >= 'a' && u <= 'f')
            digit = u - 'a' + 10;
        else
            return std::nullopt;
        value = value << 4 | digit;
    }
    return value;
}

} // namespace

std::optional<Lsn> Lsn::parse(QStringView text)
{
    const qsizetype slash = text.indexOf(u'/');
    if (slash < 0)
        return std::nullopt;
    const auto high = parseHalf(text.left(slash));
    const auto low = parseHalf(text.mid(slash + 1));
    if (!high || !low)
        return std::nullopt;
    return Lsn(*high << 32 | *low);
}

QString Lsn::toString() const
{
    return QStringLiteral("%1/%2").arg(QString::number(m_bytes >> 32, 16).toUpper(),
                                       QString::number(m_bytes & 0xFFFFFFFFU, 16).toUpper());
}

qint64 Lsn::bytesTo(Lsn ahead) const
{
    if (ahead.m_bytes <= m_bytes)
        return 0;
    const quint64 distance = ahead.m_bytes - m_bytes;
    constexpr auto most = std::numeric_limits<qint64>::max();
    return distance > quint64(most) ? most : qint64(distance);
}

} // namespace understudy
