// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Quote.h"

#include <algorithm>

namespace understudy::quote {

namespace {

QString doubled(const QString &text, QChar quoteMark)
{
    QString out = text;
    out.replace(quoteMark, QString(2, quoteMark));
    return out;
}

// Characters that no POSIX shell gives a meaning to, anywhere in a word.
bool isPlainForShell(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') ||
           QStringView(u"_-./:=,+@%").contains(c);
}

} // namespace

QString sqlIdentifier(const QString &name)
{
    return u'"' + doubled(name, u'"') + u'"';
}

QString sqlLiteral(const QString &text)
{
    const QString quoted = doubled(text, u'\'');
    // Right whatever standard_conforming_strings says.
    if (text.contains(u'\\'))
        return QStringLiteral("E'") + doubled(quoted, u'\\') + u'\'';
    return u'\'' + quoted + u'\'';
}

QString shellWord(const QString &word)
{
    // "a=b" as the first word would be an assignment: a word with '=' stays bare only as an option.
    const bool assignment = word.contains(u'=') && !word.startsWith(u'-');
    if (!word.isEmpty() && !assignment && std::all_of(word.begin(), word.end(), isPlainForShell))
        return word;
    QString out = word;
    out.replace(u'\'', QStringLiteral("'\\''"));
    return u'\'' + out + u'\'';
}

QString shellCommand(const QStringList &argv)
{
    QStringList words;
    words.reserve(argv.size());
    for (const QString &word : argv)
        words << shellWord(word);
    return words.join(u' ');
}

QString conninfoValue(const QString &value)
{
    const auto plain = [](QChar c) {
        return c > u' ' && c < QChar(0x7f) && c != u'\'' && c != u'\\' && c != u'=';
    };
    if (!value.isEmpty() && std::all_of(value.begin(), value.end(), plain))
        return value;
    QString out = value;
    out.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return u'\'' + out + u'\'';
}

QString confValue(const QString &value)
{
    // guc-file.l understands backslash escapes inside quotes; a raw line end would end the value.
    QString out = value;
    out.replace(u'\\', QStringLiteral("\\\\"))
        .replace(u'\'', QStringLiteral("''"))
        .replace(u'\n', QStringLiteral("\\n"))
        .replace(u'\r', QStringLiteral("\\r"));
    return u'\'' + out + u'\'';
}

QString unitWord(const QString &word)
{
    // C escapes inside quotes; then % begins a specifier and $ a variable, each escaped by doubling it.
    QString out;
    for (const QChar c : word) {
        if (c == u'\\' || c == u'"')
            out += u'\\';
        else if (c == u'%' || c == u'$')
            out += c;
        if (c < u' ' || c == QChar(0x7f))
            out += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
        else
            out += c;
    }
    return u'"' + out + u'"';
}

QString visible(const QString &text)
{
    const auto acts = [](QChar c) {
        const char16_t u = c.unicode();
        // Other_Format: what reorders or hides its neighbours. Some scripts cannot be written without
        // joiners.
        const bool joins = u == 0x00ad || u == 0x200c || u == 0x200d;
        return c.category() == QChar::Other_Control || (c.category() == QChar::Other_Format && !joins) ||
               u == 0x2028 || u == 0x2029;
    };
    if (std::none_of(text.begin(), text.end(), acts))
        return text;
    QString out;
    out.reserve(text.size() + 16);
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        if (!acts(c))
            out += c;
        else if (u == u'\n')
            out += QStringLiteral("\\n");
        else if (u == u'\t')
            out += QStringLiteral("\\t");
        else if (u < 0x100)
            out += QStringLiteral("\\x%1").arg(int(u), 2, 16, QLatin1Char('0'));
        else
            out += QStringLiteral("\\u%1").arg(int(u), 4, 16, QLatin1Char('0'));
    }
    return out;
}

QString passfileField(const QString &value)
{
    QString out = value;
    out.replace(u'\\', QStringLiteral("\\\\")).replace(u':', QStringLiteral("\\:"));
    return out;
}

} // namespace understudy::quote
