// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Words.h"

#include "cli/Output.h"

namespace understudy::cli {

Words::Words(const QString &verb, const QString &synopsis, const QString &description)
    : m_verb(verb), m_synopsis(synopsis), m_description(description)
{
    m_parser.setSingleDashWordOptionMode(QCommandLineParser::ParseAsLongOptions);
    const QCommandLineOption option({QStringLiteral("h"), QStringLiteral("help")},
                                    QStringLiteral("Says this."));
    m_options << option;
    m_parser.addOption(option);
}

void Words::flag(const QString &name, const QString &help)
{
    const QCommandLineOption option(name, help);
    m_options << option;
    m_parser.addOption(option);
}

void Words::value(const QString &name, const QString &metavariable, const QString &help,
                  const QString &standard)
{
    QStringList names{name};
    if (name == QLatin1String("output"))
        names.prepend(QStringLiteral("o"));
    const QCommandLineOption option(names, help, metavariable, standard);
    m_options << option;
    m_parser.addOption(option);
}

QString Words::help() const
{
    QList<QStringList> rows;
    for (const QCommandLineOption &option : m_options) {
        QStringList names;
        for (const QString &name : option.names())
            names << (name.size() == 1 ? QStringLiteral("-") : QStringLiteral("--")) + name;
        QString left = QStringLiteral("  ") + names.join(QStringLiteral(", "));
        if (!option.valueName().isEmpty())
            left += u' ' + option.valueName();
        rows << QStringList{left, option.description()};
    }
    qsizetype width = 0;
    for (const QStringList &row : rows)
        width = qMax(width, row.at(0).size());
    QString out = QStringLiteral("Usage: understudy %1\n\n%2\n\nOptions:\n").arg(m_synopsis, m_description);
    for (const QStringList &row : rows)
        out += row.at(0).leftJustified(width + 2) + row.at(1) + u'\n';
    return out + QStringLiteral("\nPasswords are never arguments. They come from the system keyring, a "
                                "passfile (~/.pgpass, or "
                                "passfile=FILE\nin the conninfo), a service file or PGPASSWORD.");
}

std::optional<int> Words::read(const QStringList &arguments, qsizetype fewest, qsizetype most)
{
    // The parser's first word is the program.
    const bool understood = m_parser.parse(QStringList{QStringLiteral("understudy")} + arguments);
    if (m_parser.isSet(QStringLiteral("help"))) {
        print(help());
        return ExitDone;
    }
    if (!understood)
        return usage(m_parser.errorText());
    const qsizetype given = m_parser.positionalArguments().size();
    if (given < fewest)
        return usage(QStringLiteral("%1 needs more: understudy %2.").arg(m_verb, m_synopsis));
    if (given > most)
        return usage(QStringLiteral("\"%1\" is one word too many for %2.").arg(positional(most), m_verb));
    return std::nullopt;
}

Result<double> Words::number(const QString &name, double least, double most) const
{
    bool ok = false;
    const double value = text(name).toDouble(&ok);
    if (!ok || !(value >= least && value <= most))
        return fail(QStringLiteral("--%1 takes a number from %2 to %3, not \"%4\".")
                        .arg(name, QString::number(least),
                             QString::number(most, 'f', most == qRound64(most) ? 0 : 1), text(name)),
                    {}, name);
    return value;
}

int Words::usage(const QString &sentence) const
{
    return complain(sentence.endsWith(u'.')
                        ? sentence + QStringLiteral(" See understudy %1 --help.").arg(m_verb)
                        : sentence + QStringLiteral(". See understudy %1 --help.").arg(m_verb),
                    ExitUsage);
}

} // namespace understudy::cli
