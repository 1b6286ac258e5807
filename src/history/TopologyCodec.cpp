// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/TopologyCodec.h"

#include "history/TopologyFields.h"

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>
#include <QtEndian>
#include <array>
#include <type_traits>

namespace understudy {

namespace {

constexpr quint32 mostBytes = 256U << 20; ///< Of one look, unpacked: far beyond a thousand nodes.

QString nameOf(Answer answer)
{
    switch (answer) {
    case Answer::Answered:
        return QStringLiteral("answered");
    case Answer::Refused:
        return QStringLiteral("refused");
    case Answer::StartingUp:
        return QStringLiteral("starting_up");
    case Answer::NotResponding:
        return QStringLiteral("not_responding");
    case Answer::LoginFailed:
        return QStringLiteral("login_failed");
    case Answer::NotPostgres:
        return QStringLiteral("not_postgres");
    case Answer::Failed:
        break;
    }
    return QStringLiteral("failed");
}

template <typename E>
QString nameOf(E value)
{
    // The contract of JSON has no planned nodes: there they are merely not known.
    if constexpr (std::is_same_v<E, NodeState>) {
        if (value == NodeState::Planned)
            return QStringLiteral("planned");
    }
    return stableName(value);
}

/// The value whose stable name is @p name; what is not known stays as it was.
template <typename E>
void setNamed(E &value, const QString &name)
{
    for (int i = 0; i < 16; ++i) {
        if (nameOf(E(i)) == name) {
            value = E(i);
            return;
        }
    }
}

// What has an overload of fieldsOf is a map, the rest is a value.
template <typename T>
concept Plain = std::is_arithmetic_v<T> || std::is_same_v<T, QString> || std::is_same_v<T, Lsn>;
template <typename T>
concept Named = std::is_enum_v<T>;

class Writer
{
public:
    template <typename T>
    void operator()(const char *key, T &field)
    {
        // A missing key is the default again; an enumeration's first value need not be its default.
        if constexpr (!Named<T>) {
            if (field == T())
                return;
        }
        map.insert(QLatin1String(key), value(field));
    }

    template <typename T>
    static QCborValue value(T &field)
    {
        if constexpr (std::is_same_v<T, Lsn>) {
            return qint64(field.bytes());
        } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double> ||
                             std::is_same_v<T, QString>) {
            return field;
        } else if constexpr (Plain<T>) {
            return qint64(field);
        } else if constexpr (Named<T>) {
            return nameOf(field);
        } else {
            Writer inner;
            fieldsOf(inner, field);
            return inner.map;
        }
    }
    template <typename T>
    static QCborValue value(std::optional<T> &field)
    {
        return field ? value(*field) : QCborValue();
    }
    template <typename T>
    static QCborValue value(QList<T> &field)
    {
        QCborArray list;
        for (T &one : field)
            list.append(value(one));
        return list;
    }
    template <typename T>
    static QCborValue value(QMap<QString, T> &field)
    {
        QCborMap named;
        for (auto it = field.begin(); it != field.end(); ++it)
            named.insert(it.key(), value(it.value()));
        return named;
    }

    QCborMap map;
};

class Reader
{
public:
    explicit Reader(const QCborMap &map) : m_map(map) {}

    template <typename T>
    void operator()(const char *key, T &field)
    {
        const QCborValue found = m_map.value(QLatin1String(key));
        if (!found.isUndefined())
            read(found, field);
    }

    template <typename T>
    static void read(const QCborValue &from, T &field)
    {
        if constexpr (std::is_same_v<T, Lsn>) {
            field = Lsn(quint64(from.toInteger()));
        } else if constexpr (std::is_same_v<T, bool>) {
            field = from.toBool(field);
        } else if constexpr (std::is_same_v<T, double>) {
            field = from.toDouble(field);
        } else if constexpr (std::is_same_v<T, QString>) {
            field = from.toString(field);
        } else if constexpr (Plain<T>) {
            field = T(from.toInteger(field));
        } else if constexpr (Named<T>) {
            setNamed(field, from.toString());
        } else {
            Reader inner(from.toMap());
            fieldsOf(inner, field);
        }
    }
    template <typename T>
    static void read(const QCborValue &from, std::optional<T> &field)
    {
        T value{};
        read(from, value);
        field = value;
    }
    template <typename T>
    static void read(const QCborValue &from, QList<T> &field)
    {
        const QCborArray list = from.toArray();
        field.reserve(list.size());
        for (const QCborValue &one : list) {
            T value{};
            read(one, value);
            field.append(value);
        }
    }
    template <typename T>
    static void read(const QCborValue &from, QMap<QString, T> &field)
    {
        const QCborMap named = from.toMap();
        for (const auto &one : named) {
            T value{};
            read(one.second, value);
            field.insert(one.first.toString(), value);
        }
    }

private:
    const QCborMap m_map;
};

} // namespace

QByteArray packTopology(const Topology &topology)
{
    Topology copy = topology; // The list of fields is one for both ways, and so not const.
    return qCompress(Writer::value(copy).toCbor(), 3);
}

Result<Topology> unpackTopology(const QByteArray &bytes)
{
    const auto damaged = [] { return fail(QStringLiteral("This look is damaged.")); };
    // Compressed bytes begin with how long they become; anybody may have written that.
    if (bytes.size() < 5 || qFromBigEndian<quint32>(bytes.constData()) > mostBytes)
        return damaged();
    QCborParserError error;
    const QCborValue whole = QCborValue::fromCbor(qUncompress(bytes), &error);
    if (error.error != QCborError::NoError || !whole.isMap())
        return damaged();
    Topology topology;
    Reader::read(whole, topology);
    return topology;
}

} // namespace understudy
