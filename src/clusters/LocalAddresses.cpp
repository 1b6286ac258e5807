// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/LocalAddresses.h"

#include <QDir>

#include <arpa/inet.h>
#include <cstring>
#include <ifaddrs.h>
#include <netinet/in.h>

namespace understudy {

namespace {

struct Address
{
    int family = AF_UNSPEC;
    in6_addr bytes; ///< IPv4 in the first four.
    bool operator==(const Address &other) const
    {
        return family == other.family && std::memcmp(&bytes, &other.bytes, family == AF_INET ? 4 : 16) == 0;
    }
};

Address parse(const QString &text)
{
    Address out;
    std::memset(&out.bytes, 0, sizeof out.bytes);
    const QByteArray bytes = text.section(QLatin1Char('%'), 0, 0).toLatin1();
    for (const int family : {AF_INET, AF_INET6}) {
        if (::inet_pton(family, bytes.constData(), &out.bytes) == 1) {
            out.family = family;
            break;
        }
    }
    return out;
}

} // namespace

bool isLocalAddress(const QString &address)
{
    if (address.startsWith(QLatin1Char('/')))
        return true;
    const Address wanted = parse(address);
    if (wanted.family == AF_UNSPEC)
        return false;
    if (wanted.family == AF_INET && address.startsWith(QLatin1String("127.")))
        return true;
    ifaddrs *all = nullptr;
    if (::getifaddrs(&all) != 0)
        return false;
    bool found = false;
    for (const ifaddrs *entry = all; entry && !found; entry = entry->ifa_next) {
        if (!entry->ifa_addr || entry->ifa_addr->sa_family != wanted.family)
            continue;
        Address own;
        own.family = wanted.family;
        std::memset(&own.bytes, 0, sizeof own.bytes);
        if (wanted.family == AF_INET)
            std::memcpy(&own.bytes, &reinterpret_cast<const sockaddr_in *>(entry->ifa_addr)->sin_addr, 4);
        else
            std::memcpy(&own.bytes, &reinterpret_cast<const sockaddr_in6 *>(entry->ifa_addr)->sin6_addr, 16);
        found = own == wanted;
    }
    ::freeifaddrs(all);
    return found;
}

QList<int> portsOfLocalSockets()
{
    QList<int> out;
    for (const char *directory : {"/run/postgresql", "/var/run/postgresql", "/tmp"}) {
        const QStringList names = QDir(QLatin1String(directory))
                                      .entryList({QStringLiteral(".s.PGSQL.*")}, QDir::System | QDir::Hidden);
        for (const QString &name : names) {
            const int port = name.section(QLatin1Char('.'), 3).toInt();
            if (port > 0 && port < 65536 && !out.contains(port))
                out << port;
        }
    }
    return out;
}

} // namespace understudy
