// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QCommandLineParser>
#include <optional>

namespace understudy::cli {

/// The words after a verb: options and positional arguments, read without ending the process.
class Words
{
public:
    Words(const QString &verb, const QString &synopsis, const QString &description);

    void flag(const QString &name, const QString &help);
    void value(const QString &name, const QString &metavariable, const QString &help,
               const QString &standard = {});

    /// Reads @p arguments (without the verb). Gives an exit code when the verb ends here: after --help, or
    /// with a usage error, which was said.
    std::optional<int> read(const QStringList &arguments, qsizetype fewest, qsizetype most);

    bool isSet(const QString &name) const { return m_parser.isSet(name); }
    QString text(const QString &name) const { return m_parser.value(name); }
    QStringList texts(const QString &name) const { return m_parser.values(name); }
    QString positional(qsizetype index) const { return m_parser.positionalArguments().value(index); }
    /// A whole or decimal number within bounds; the error names the option and what it takes.
    Result<double> number(const QString &name, double least, double most) const;
    /// One sentence to stderr, and where to read more; the exit code of a usage error.
    int usage(const QString &sentence) const;
    int usage(const Error &error) const { return usage(error.text()); }

private:
    QString help() const;
    QString m_verb, m_synopsis, m_description;
    QList<QCommandLineOption> m_options;
    QCommandLineParser m_parser;
};

} // namespace understudy::cli
