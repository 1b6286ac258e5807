// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/RedactionForms.h"

#include <QRegularExpression>

namespace understudy::redaction {

QString folded(const QString &text)
{
    QString out = text;
    for (QChar &c : out)
        c = c.toLower();
    return out;
}

bool isPlain(const QString &name)
{
    // Names come from outside: nothing here may be tried twice.
    static const QRegularExpression plain(
        QStringLiteral("^(?:(?:primary|standby|replica|slot|physical|logical)[0-9]*+"
                       "(?:[-_]?(?:primary|standby|replica|slot|physical|logical)[0-9]*+|[-_][0-9]++)*+"
                       "|walreceiver|walsender|pg_basebackup|pg_receivewal|psql|[0-9]{1,2}/main)\\z"),
        QRegularExpression::CaseInsensitiveOption);
    return name.size() < 64 && plain.match(name).hasMatch();
}

bool isEverywhere(const QString &label)
{
    static const QStringList everywhere{QStringLiteral("cluster"),  QStringLiteral("default"),
                                        QStringLiteral("svc"),      QStringLiteral("local"),
                                        QStringLiteral("internal"), QStringLiteral("com"),
                                        QStringLiteral("corp"),     QStringLiteral("docker")};
    return everywhere.contains(label, Qt::CaseInsensitive);
}

bool isAddress(const QString &host)
{
    static const QRegularExpression numbers(QStringLiteral("^[0-9.]+$"));
    return host.contains(u':') || numbers.match(host).hasMatch();
}

QString hostOfId(const NodeId &id)
{
    static const QRegularExpression form(QStringLiteral("^(?:ghost:)?(\\[[^\\]]*\\]|.*?):[0-9]+(?::|$)"));
    QString host = form.match(id).captured(1);
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.mid(1, host.size() - 2);
    return host;
}

QStringList addressesIn(const QString &text)
{
    static const QList<QRegularExpression> forms{
        // 10.0.3.4
        QRegularExpression(QStringLiteral("(?<![\\w.])([0-9]{1,3}(?:\\.[0-9]{1,3}){3})(?!\\w|\\.[0-9])")),
        // ::1, fe80::1%eth0, all eight groups; never 13:40:07
        QRegularExpression(
            QStringLiteral("(?<![\\w:])(?=[0-9a-fA-F:]*?::|(?:[0-9a-fA-F]{1,4}:){7})"
                           "([0-9a-fA-F:]{2,}+(?:\\.[0-9]{1,3}){0,3}+(?:%[\\w.-]*\\w)?)(?![\\w:])")),
        // db7.example.com, but no file of PostgreSQL
        QRegularExpression(
            QStringLiteral("(?<![\\w.-])((?:[\\p{L}0-9](?:[\\p{L}0-9-]*[\\p{L}0-9])?\\.)+"
                           "(?!(?:conf|signal|json|ya?ml|pid|sql|log|auto|ini|pem|crt|key|sh|service)\\b)"
                           "\\p{L}[\\p{L}0-9-]+)(?![\\w-])")),
        // How libpq, the server and ssh speak of a host.
        QRegularExpression(QStringLiteral("\\b(?:host(?: name)?|hostaddr|server at|address)\\s*=?\\s*"
                                          "[\"'\u201c]([^\"'\u201c\u201d]+)[\"'\u201d]"),
                           QRegularExpression::CaseInsensitiveOption),
        QRegularExpression(QStringLiteral("\\bhost(?:addr)?\\s*=\\s*([^\\s\"',;]+)"),
                           QRegularExpression::CaseInsensitiveOption),
        QRegularExpression(QStringLiteral("[\\w.+-]@([\\p{L}0-9](?:[\\p{L}0-9.-]*[\\p{L}0-9])?)"))};
    QStringList found;
    for (const QRegularExpression &form : forms) {
        for (auto it = form.globalMatch(text); it.hasNext();)
            found << it.next().captured(1);
    }
    return found;
}

} // namespace understudy::redaction
