// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ConninfoText.h"

#include "model/Quote.h"

#include <QSet>
#include <QStringList>
#include <algorithm>

namespace understudy {

namespace {

using Values = QMap<QString, QString>;

const QString field = QStringLiteral("cluster");

tl::unexpected<Error> malformed(const QString &what)
{
    return fail(what, QStringLiteral("Check the connection string."), field);
}

// Misspelled keywords are refused as libpq does, here with the name. "ssh" is our own (see Endpoint).
const QSet<QString> &keywords()
{
    static const QSet<QString> known = [] {
        const QStringList words =
            QStringLiteral(
                "service user password passfile channel_binding connect_timeout dbname host hostaddr "
                "port client_encoding options application_name fallback_application_name keepalives "
                "keepalives_idle keepalives_interval keepalives_count tcp_user_timeout sslmode "
                "sslcompression sslcert sslkey sslcertmode sslpassword sslrootcert sslcrl sslcrldir "
                "sslsni requirepeer require_auth min_protocol_version max_protocol_version "
                "ssl_min_protocol_version ssl_max_protocol_version gssencmode krbsrvname gsslib "
                "gssdelegation replication target_session_attrs load_balance_hosts "
                "sslnegotiation sslkeylogfile scram_client_key scram_server_key oauth_issuer "
                "oauth_client_id oauth_client_secret oauth_scope servicefile ssh")
                .split(u' ');
        return QSet<QString>(words.begin(), words.end());
    }();
    return known;
}

Result<void> put(Values &values, const QString &key, const QString &value)
{
    if (!keywords().contains(key))
        return fail(QStringLiteral("\u201c%1\u201d is not a libpq connection keyword.").arg(key.left(40)),
                    QStringLiteral("Check the connection string."), field);
    values.insert(key, value);
    return {};
}

Result<Values> readKeywordValues(const QString &text)
{
    Values values;
    qsizetype i = 0;
    const qsizetype n = text.size();
    const auto skipBlanks = [&] {
        while (i < n && text[i].isSpace())
            ++i;
    };
    for (skipBlanks(); i < n; skipBlanks()) {
        const qsizetype start = i;
        while (i < n && text[i] != u'=' && !text[i].isSpace())
            ++i;
        const QString key = text.mid(start, i - start);
        skipBlanks();
        if (i >= n || text[i] != u'=' || key.isEmpty())
            return malformed(QStringLiteral("Word %1 of the connection string has no \u201c=\u201d.")
                                 .arg(values.size() + 1));
        ++i;
        skipBlanks();
        QString value;
        const bool quoted = i < n && text[i] == u'\'';
        if (quoted)
            ++i;
        bool closed = !quoted;
        for (; i < n; ++i) {
            const QChar c = text[i];
            if (c == u'\\' && i + 1 < n) {
                value += text[++i];
            } else if (quoted && c == u'\'') {
                closed = true;
                ++i;
                break;
            } else if (!quoted && c.isSpace()) {
                break;
            } else if (c != u'\\') {
                value += c;
            }
        }
        if (!closed)
            return malformed(QStringLiteral("A quoted value in the connection string is not closed."));
        if (const auto ok = put(values, key, value); !ok)
            return tl::unexpected(ok.error());
    }
    return values;
}

Result<QString> percentDecoded(QStringView text)
{
    QByteArray bytes;
    const QByteArray in = text.toUtf8();
    const auto nibble = [](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    for (qsizetype i = 0; i < in.size(); ++i) {
        if (in[i] != '%') {
            bytes += in[i];
            continue;
        }
        const int high = i + 2 < in.size() ? nibble(in[i + 1]) : -1;
        const int low = i + 2 < in.size() ? nibble(in[i + 2]) : -1;
        if (high < 0 || low < 0)
            return malformed(QStringLiteral("The URI has a percent sign without two hexadecimal digits."));
        if (high == 0 && low == 0)
            return malformed(QStringLiteral("The URI has a percent-encoded zero byte."));
        bytes += char(high * 16 + low);
        i += 2;
    }
    return QString::fromUtf8(bytes);
}

Result<void> readHosts(QStringView part, Values &values)
{
    QStringList hosts;
    QStringList ports;
    for (const QStringView one : part.split(u',')) {
        QStringView host = one;
        QStringView port;
        if (one.startsWith(u'[')) {
            const qsizetype end = one.indexOf(u']');
            if (end < 2)
                return malformed(
                    QStringLiteral("An IPv6 address in the URI is not closed with \u201c]\u201d."));
            host = one.mid(1, end - 1);
            const QStringView rest = one.mid(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(u':'))
                return malformed(QStringLiteral("Something else than a port stands behind \u201c]\u201d."));
            port = rest.mid(1);
        } else if (const qsizetype colon = one.indexOf(u':'); colon >= 0) {
            host = one.left(colon);
            port = one.mid(colon + 1);
        }
        const auto plainHost = percentDecoded(host);
        const auto plainPort = percentDecoded(port);
        if (!plainHost)
            return tl::unexpected(plainHost.error());
        if (!plainPort)
            return tl::unexpected(plainPort.error());
        hosts << *plainHost;
        ports << *plainPort;
    }
    if (hosts.size() > 1 || !hosts.first().isEmpty())
        values.insert(QStringLiteral("host"), hosts.join(u','));
    if (ports.size() > 1 || !ports.first().isEmpty())
        values.insert(QStringLiteral("port"), ports.join(u','));
    return {};
}

Result<void> readParameters(QStringView part, Values &values)
{
    for (const QStringView pair : part.split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype equals = pair.indexOf(u'=');
        if (equals < 0)
            return malformed(QStringLiteral("A parameter of the URI has no \u201c=\u201d."));
        auto key = percentDecoded(pair.left(equals));
        auto value = percentDecoded(pair.mid(equals + 1));
        if (!key)
            return tl::unexpected(key.error());
        if (!value)
            return tl::unexpected(value.error());
        if (*key == QLatin1String("ssl") && *value == QLatin1String("true")) { // JDBC's word for it
            *key = QStringLiteral("sslmode");
            *value = QStringLiteral("require");
        }
        if (const auto ok = put(values, *key, *value); !ok)
            return ok;
    }
    return {};
}

Result<Values> readUri(QStringView rest)
{
    Values values;
    // libpq's order: the login ends at the first '@' before any '/', whatever stands in it.
    const auto first = std::find_if(rest.begin(), rest.end(), [](QChar c) { return c == u'@' || c == u'/'; });
    const QStringView login =
        first != rest.end() && *first == u'@' ? rest.left(first - rest.begin()) : QStringView();
    if (!login.isNull())
        rest = rest.mid(login.size() + 1);
    const qsizetype question = rest.indexOf(u'?');
    const QStringView parameters = question < 0 ? QStringView() : rest.mid(question + 1);
    const QStringView front = question < 0 ? rest : rest.left(question);
    const qsizetype slash = front.indexOf(u'/');
    const QStringView path = slash < 0 ? QStringView() : front.mid(slash + 1);
    const QStringView authority = slash < 0 ? front : front.left(slash);
    if (!login.isEmpty()) {
        const qsizetype colon = login.indexOf(u':');
        const auto user = percentDecoded(colon < 0 ? login : login.left(colon));
        if (!user)
            return tl::unexpected(user.error());
        if (!user->isEmpty())
            values.insert(QStringLiteral("user"), *user);
        if (colon >= 0 && colon + 1 < login.size())
            values.insert(QStringLiteral("password"), QStringLiteral("given"));
    }
    if (const auto ok = readHosts(authority, values); !ok)
        return tl::unexpected(ok.error());
    const auto database = percentDecoded(path);
    if (!database)
        return tl::unexpected(database.error());
    if (!database->isEmpty())
        values.insert(QStringLiteral("dbname"), *database);
    if (const auto ok = readParameters(parameters, values); !ok)
        return tl::unexpected(ok.error());
    return values;
}

} // namespace

Result<QMap<QString, QString>> readConninfoText(const QString &text)
{
    for (const auto &scheme : {QStringLiteral("postgresql://"), QStringLiteral("postgres://")}) {
        if (text.startsWith(scheme))
            return readUri(QStringView(text).mid(scheme.size()));
    }
    return readKeywordValues(text);
}

namespace {

bool isSecret(const QString &keyword)
{
    static const QSet<QString> secret{QStringLiteral("password"), QStringLiteral("sslpassword"),
                                      QStringLiteral("scram_client_key"), QStringLiteral("scram_server_key"),
                                      QStringLiteral("oauth_client_secret")};
    return secret.contains(keyword);
}

} // namespace

bool holdsPassword(const QString &conninfo)
{
    const auto values = readConninfoText(conninfo.trimmed());
    return values ? std::any_of(values->keyBegin(), values->keyEnd(), isSecret)
                  : !conninfo.trimmed().isEmpty();
}

QString withoutPassword(const QString &conninfo)
{
    const auto values = readConninfoText(conninfo.trimmed());
    if (!values)
        return {};
    QStringList words;
    for (auto it = values->begin(); it != values->end(); ++it) {
        if (!isSecret(it.key()))
            words << it.key() + u'=' + quote::conninfoValue(it.value());
    }
    return words.join(u' ');
}

} // namespace understudy
