// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Endpoint.h"

#include "model/ConninfoText.h"
#include "model/Quote.h"

#include <QStringList>
#include <QUrl>
#include <algorithm>

namespace understudy {

namespace {

Result<int> parsePort(const QString &text)
{
    if (text.isEmpty())
        return 5432;
    bool ok = false;
    const int port = text.trimmed().toInt(&ok);
    if (!ok || port < 1 || port > 65535)
        // Not repeated: what stands where a port should may be half of a password with a '/' in it.
        return fail(QStringLiteral("A port of the connection string is not a number from 1 to 65535."), {},
                    QStringLiteral("port"));
    return port;
}

// One port for all hosts, or one a host: libpq's own rule.
Result<QList<int>> portsFor(const QStringList &texts, qsizetype hosts)
{
    if (texts.size() > 1 && texts.size() != hosts)
        return fail(QStringLiteral("There are %1 hosts but %2 ports.").arg(hosts).arg(texts.size()),
                    QStringLiteral("Give one port, or one for each host."), QStringLiteral("port"));
    QList<int> ports;
    for (qsizetype i = 0; i < hosts; ++i) {
        const auto port = parsePort(texts.isEmpty() ? QString() : texts.size() == 1 ? texts[0] : texts[i]);
        if (!port)
            return tl::unexpected(port.error());
        ports << *port;
    }
    return ports;
}

bool isAddressV6(const QString &host)
{
    return host.contains(u':') && !host.startsWith(u'/');
}

QString percentEncoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

// It becomes a word of ssh's command line: never an option of it.
bool isSshHost(const QString &host)
{
    return !host.startsWith(u'-') && std::none_of(host.begin(), host.end(), [](QChar c) {
        return c.isSpace() || c.category() == QChar::Other_Control;
    });
}

} // namespace

Result<QList<Endpoint>> Endpoint::fromValues(QMap<QString, QString> values)
{
    if (values.contains(QStringLiteral("password")) || values.contains(QStringLiteral("sslpassword")))
        return fail(
            QStringLiteral("A password stands in the connection string."),
            QStringLiteral("Keep it in a passfile (~/.pgpass, or passfile=FILE) with mode 0600 and leave "
                           "it out here."),
            QStringLiteral("password"));
    const auto list = [&values](const char *key) {
        const QString text = values.take(QLatin1String(key));
        return text.isEmpty() ? QStringList() : text.split(u',');
    };
    const QStringList hosts = list("host");
    const QStringList addresses = list("hostaddr");
    const QStringList ports = list("port");
    if (!hosts.isEmpty() && !addresses.isEmpty() && hosts.size() != addresses.size())
        return fail(QStringLiteral("There are %1 hosts but %2 addresses in hostaddr.")
                        .arg(hosts.size())
                        .arg(addresses.size()),
                    {}, QStringLiteral("host"));
    const qsizetype n = std::max({hosts.size(), addresses.size(), qsizetype(1)});
    const auto numbers = portsFor(ports, n);
    if (!numbers)
        return tl::unexpected(numbers.error());

    Endpoint shape;
    shape.ssh = values.take(QStringLiteral("ssh")).trimmed();
    if (!isSshHost(shape.ssh))
        return fail(QStringLiteral("What stands behind ssh= is not the name of a host."),
                    QStringLiteral("Give one as ssh takes it, such as ssh=admin@gateway, or a Host of "
                                   "~/.ssh/config."),
                    QStringLiteral("ssh"));
    shape.user = values.take(QStringLiteral("user"));
    if (const QString database = values.take(QStringLiteral("dbname")); !database.isEmpty())
        shape.database = database;
    // Which of several hosts to pick is the question libpq answers with these; we go to each of them.
    values.remove(QStringLiteral("target_session_attrs"));
    values.remove(QStringLiteral("load_balance_hosts"));
    shape.options = values;

    QList<Endpoint> out;
    for (qsizetype i = 0; i < n; ++i) {
        Endpoint endpoint = shape;
        const QString host = i < hosts.size() ? hosts[i].trimmed() : QString();
        const QString address = i < addresses.size() ? addresses[i].trimmed() : QString();
        if (!host.isEmpty())
            endpoint.host = host;
        else if (!address.isEmpty())
            endpoint.host = address;
        if (!address.isEmpty() && !host.isEmpty() && host != address)
            endpoint.options.insert(QStringLiteral("hostaddr"), address);
        endpoint.port = (*numbers)[i];
        if (!out.contains(endpoint))
            out << endpoint;
    }
    return out;
}

QString Endpoint::address() const
{
    if (isAddressV6(host))
        return QStringLiteral("[%1]:%2").arg(host).arg(port);
    return QStringLiteral("%1:%2").arg(host).arg(port);
}

QString Endpoint::conninfo(const QMap<QString, QString> &extra) const
{
    QMap<QString, QString> values = options;
    values.insert(QStringLiteral("host"), host);
    values.insert(QStringLiteral("port"), QString::number(port));
    if (!user.isEmpty())
        values.insert(QStringLiteral("user"), user);
    values.insert(QStringLiteral("dbname"), database);
    for (auto it = extra.begin(); it != extra.end(); ++it)
        values.insert(it.key(), it.value());

    // The usual words first, so that a person finds them where they always stand.
    static const QStringList firstWords{QStringLiteral("host"), QStringLiteral("port"),
                                        QStringLiteral("user"), QStringLiteral("dbname")};
    QStringList words;
    const auto add = [&words](const QString &key, const QString &value) {
        words << key + u'=' + quote::conninfoValue(value);
    };
    for (const QString &key : firstWords) {
        if (values.contains(key))
            add(key, values.take(key));
    }
    for (auto it = values.begin(); it != values.end(); ++it) {
        if (it.key() != QLatin1String("password"))
            add(it.key(), it.value());
    }
    return words.join(u' ');
}

QString Endpoint::text() const
{
    const QString libpq = conninfo();
    return ssh.isEmpty() ? libpq : libpq + QStringLiteral(" ssh=") + quote::conninfoValue(ssh);
}

QString Endpoint::uri() const
{
    QString out = QStringLiteral("postgresql://");
    if (!user.isEmpty())
        out += percentEncoded(user) + u'@';
    out += isAddressV6(host) ? u'[' + host + u']' : percentEncoded(host);
    out += u':' + QString::number(port) + u'/' + percentEncoded(database);
    QChar separator = u'?';
    for (auto it = options.begin(); it != options.end(); ++it) {
        if (it.key() == QLatin1String("password"))
            continue;
        out += separator + percentEncoded(it.key()) + u'=' + percentEncoded(it.value());
        separator = u'&';
    }
    return out;
}

Result<QList<Endpoint>> Endpoint::parse(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return fail(QStringLiteral("The connection string is empty."),
                    QStringLiteral("Type one such as postgresql://user@host:5432/postgres."),
                    QStringLiteral("cluster"));
    auto values = readConninfoText(trimmed);
    if (!values)
        return tl::unexpected(values.error());
    return fromValues(std::move(*values));
}

} // namespace understudy
