// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ShellWords.h"

namespace understudy {

QStringList shellWords(const QString &line)
{
    QStringList words;
    QString word;
    bool inWord = false, escaped = false;
    QChar quote;
    for (const QChar c : line) {
        if (escaped) {
            word += c;
            escaped = false;
        } else if (c == u'\\' && quote != u'\'') {
            escaped = inWord = true;
        } else if (!quote.isNull()) {
            if (c == quote)
                quote = QChar();
            else
                word += c;
        } else if (c == u'\'' || c == u'"') {
            quote = c;
            inWord = true;
        } else if (c.isSpace()) {
            if (inWord)
                words << word;
            word.clear();
            inWord = false;
        } else {
            word += c;
            inWord = true;
        }
    }
    if (inWord)
        words << word;
    return words;
}

} // namespace understudy
