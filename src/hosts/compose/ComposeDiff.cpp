// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeEditParts.h"
#include "hosts/compose/YamlExtent.h"

#include <QRegularExpression>

namespace understudy {

namespace {

constexpr qsizetype context = 3;

bool isSecretName(const QByteArray &name)
{
    static const QRegularExpression secret(QStringLiteral("pass|pwd|secret|token|credential|key"),
                                           QRegularExpression::CaseInsensitiveOption);
    return !name.toUpper().endsWith("_FILE") && secret.match(QString::fromUtf8(name)).hasMatch();
}

/// Which bytes of a file a person's screen does not show.
class Hidden
{
public:
    Hidden(const QByteArray &bytes, const YamlFile &read, const QStringList &secrets)
        : m_bytes(bytes), m_hidden(bytes.size(), 0)
    {
        hideIn(read.root(), {});
        hidePatterns();
        for (const QString &secret : secrets) {
            const QByteArray text = secret.toUtf8();
            for (qsizetype at = 0; !text.isEmpty() && (at = bytes.indexOf(text, at)) >= 0; ++at)
                hide(at, at + text.size());
        }
    }

    QString line(qsizetype from, qsizetype to) const
    {
        QByteArray out;
        bool was = false;
        for (qsizetype i = from; i < to; ++i) {
            // Blanks around stay: a hidden text over several lines keeps its shape.
            const bool hidden = m_hidden.at(i) != 0;
            if (hidden && !was)
                out += "(hidden)";
            else if (!hidden)
                out += m_bytes.at(i);
            was = hidden;
        }
        return QString::fromUtf8(out);
    }

private:
    void hide(qsizetype from, qsizetype to)
    {
        for (qsizetype i = qMax<qsizetype>(from, 0); i < qMin(to, m_bytes.size()); ++i)
            m_hidden[i] = 1;
    }

    void hideIn(const YamlSource &node, const QByteArray &name)
    {
        for (qsizetype i = 0; i < node.items.size(); ++i) {
            const YamlSource &item = *node.items.at(i);
            if (node.isMap() && item.isScalar() && isSecretName(node.keys.at(i)->text))
                hide(item.body, item.end);
            const QByteArray raw = m_bytes.mid(item.body, item.end - item.body);
            const qsizetype equals = raw.indexOf('=');
            if (node.isSequence() && name == "environment" && item.isScalar() && equals > 0 &&
                isSecretName(raw.left(equals)))
                hide(item.body + equals + 1,
                     item.end - (raw.startsWith('"') || raw.startsWith('\'') ? 1 : 0));
            hideIn(item, node.isMap() ? node.keys.at(i)->text : name);
        }
    }

    /// In commands, connection strings and comments.
    void hidePatterns()
    {
        static const QList<QRegularExpression> patterns{
            QRegularExpression(
                QStringLiteral(
                    "[A-Za-z0-9_]*(?:pass|pwd|secret|token|credential)[A-Za-z0-9_]*(?<!_file)[ ]*=[ ]*"
                    "(\\\\?\"[^\"\\n]*|'[^'\\n]*|[^\\s\"',]+)"),
                QRegularExpression::CaseInsensitiveOption),
            QRegularExpression(QStringLiteral("://[^\\s:/@]*:([^\\s@]+)@")),
            QRegularExpression(
                QStringLiteral("#[^\\n]*?(?:pass|pwd|secret|token|credential|key)[A-Za-z0-9_]*[\"']?"
                               "\\s*[:=][ \\t]*([^\\r\\n]+)"),
                QRegularExpression::CaseInsensitiveOption),
        };
        const QString text = QString::fromLatin1(m_bytes); // One character a byte.
        for (const QRegularExpression &pattern : patterns) {
            for (auto it = pattern.globalMatch(text); it.hasNext();) {
                const auto match = it.next();
                hide(match.capturedStart(1), match.capturedEnd(1));
            }
        }
    }

    const QByteArray &m_bytes;
    QByteArray m_hidden;
};

struct Line
{
    qsizetype from, to; ///< Without its ending.
    bool added = false;
    qsizetype cutFrom = 0, cutTo = 0; ///< What was inserted into a line that was there before.
};

QList<Line> linesOf(const QByteArray &bytes)
{
    QList<Line> lines;
    for (qsizetype at = 0; at < bytes.size(); at = nextLine(bytes, at)) {
        qsizetype to = nextLine(bytes, at);
        while (to > at && (bytes.at(to - 1) == '\n' || bytes.at(to - 1) == '\r'))
            --to;
        lines << Line{at == 0 && bytes.startsWith("\xef\xbb\xbf") ? 3 : at, to};
    }
    return lines;
}

} // namespace

QList<DiffLine> diffLines(const QByteArray &after, const YamlFile &read, const QList<InsertedText> &inserted,
                          const QStringList &secrets)
{
    QList<Line> lines = linesOf(after);
    qsizetype moved = 0;
    for (const InsertedText &piece : inserted) {
        const qsizetype from = piece.offset + moved, to = from + piece.bytes.size();
        for (Line &line : lines) {
            const bool empty = line.from == line.to && line.from >= from && line.to < to;
            const bool behindEnd =
                line.from == line.to && line.from == from && from > 0 && after.at(from - 1) != '\n';
            const bool touched = line.from < to && line.to > from;
            line.added = line.added || (empty && !behindEnd) || touched;
            if (touched && (line.from < from || line.to > to)) {
                line.cutFrom = qMax(from, line.from);
                line.cutTo = qMin(to, line.to);
            }
        }
        moved += piece.bytes.size();
    }
    const Hidden hidden(after, read, secrets);
    QList<DiffLine> out;
    qsizetype shown = -1;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        bool near = false;
        for (qsizetype j = qMax<qsizetype>(0, i - context); j <= qMin(lines.size() - 1, i + context); ++j)
            near = near || lines.at(j).added;
        if (!near)
            continue;
        if (i != shown + 1)
            out << DiffLine{DiffLine::Kind::Gap, 0, {}};
        shown = i;
        const Line &line = lines.at(i);
        if (line.cutTo > line.cutFrom)
            out << DiffLine{DiffLine::Kind::Removed, int(i) + 1,
                            hidden.line(line.from, line.cutFrom) + hidden.line(line.cutTo, line.to)};
        out << DiffLine{line.added ? DiffLine::Kind::Added : DiffLine::Kind::Same, int(i) + 1,
                        hidden.line(line.from, line.to)};
    }
    return out;
}

} // namespace understudy
