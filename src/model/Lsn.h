// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>
#include <compare>
#include <optional>

namespace understudy {

/// A position in the write-ahead log, in bytes since its beginning.
/// https://www.postgresql.org/docs/current/datatype-pg-lsn.html
class Lsn
{
public:
    constexpr Lsn() = default;
    constexpr explicit Lsn(quint64 bytes) : m_bytes(bytes) {}

    /// Reads "16/B374D848". Nothing else is accepted: no spaces, no sign, at most 8 digits on each side.
    static std::optional<Lsn> parse(QStringView text);

    constexpr quint64 bytes() const { return m_bytes; }
    QString toString() const;

    /// Bytes from this position to @p ahead. 0 when @p ahead is behind: two nodes are never read at the same
    /// moment, so a small negative difference is normal. Saturates at the largest qint64.
    qint64 bytesTo(Lsn ahead) const;

    constexpr auto operator<=>(const Lsn &) const = default;

private:
    quint64 m_bytes = 0;
};

} // namespace understudy

Q_DECLARE_METATYPE(understudy::Lsn)
