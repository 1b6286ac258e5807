// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Placeholders.h"

#include "model/Quote.h"

#include <QRegularExpression>

namespace understudy {

namespace {

const QRegularExpression &placeholder()
{
    static const QRegularExpression re(QStringLiteral("\\$\\{(secret:)?([A-Za-z0-9_]+)\\}"));
    return re;
}

} // namespace

Placeholders::Placeholders(QMap<QString, QString> values, QMap<QString, QString> secrets)
    : m_values(std::move(values)), m_secrets(std::move(secrets))
{
}

Placeholders::~Placeholders()
{
    for (QString &secret : m_secrets)
        secret.fill(QChar(0));
}

void Placeholders::store(const QString &name, const QString &value)
{
    m_values.insert(name, value);
}

Result<QString> Placeholders::resolve(const QString &text, Use use) const
{
    // One pass: a value that happens to look like a placeholder stays what it is.
    QString out;
    qsizetype from = 0;
    auto matches = placeholder().globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const QString name = match.captured(2);
        out += QStringView(text).mid(from, match.capturedStart() - from);
        from = match.capturedEnd();
        if (!match.captured(1).isEmpty()) {
            if (use != Use::File)
                return fail(QStringLiteral("The plan puts a secret where others could read it."));
            if (!m_secrets.contains(name))
                return fail(QStringLiteral("The password \"%1\" is not known.").arg(name),
                            QStringLiteral("Type it, or keep it in a passfile."));
            out += quote::passfileField(m_secrets.value(name));
        } else {
            if (!m_values.contains(name))
                return fail(QStringLiteral("The value \"%1\" was never recorded.").arg(name));
            const QString value = m_values.value(name);
            out += use == Use::Sql ? quote::sqlLiteral(value) : value;
        }
    }
    out += QStringView(text).mid(from);
    return out;
}

Result<QString> Placeholders::inSql(const QString &text) const
{
    return resolve(text, Use::Sql);
}

Result<QString> Placeholders::inWord(const QString &text) const
{
    return resolve(text, Use::Word);
}

Result<QString> Placeholders::inFile(const QString &text) const
{
    return resolve(text, Use::File);
}

QString Placeholders::forPeople(const QString &text) const
{
    QString out;
    qsizetype from = 0;
    auto matches = placeholder().globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        out += QStringView(text).mid(from, match.capturedStart() - from);
        from = match.capturedEnd();
        out += match.captured(1).isEmpty() ? m_values.value(match.captured(2), match.captured())
                                           : QStringLiteral("(hidden)");
    }
    out += QStringView(text).mid(from);
    return scrub(out);
}

QString Placeholders::scrub(QString text) const
{
    for (const QString &secret : m_secrets) {
        if (secret.isEmpty())
            continue;
        text.replace(secret, QStringLiteral("(hidden)"));
        // The forms in which a server or a program may echo it, without the quotes around them.
        for (QString form :
             {quote::passfileField(secret), quote::sqlLiteral(secret), quote::confValue(secret),
              quote::conninfoValue(secret), quote::shellWord(secret)}) {
            if (form.startsWith(QStringLiteral("E'")))
                form.remove(0, 1);
            if (form.size() > 2 && form.startsWith(u'\'') && form.endsWith(u'\''))
                form = form.mid(1, form.size() - 2);
            if (form != secret)
                text.replace(form, QStringLiteral("(hidden)"));
        }
    }
    return text;
}

} // namespace understudy
