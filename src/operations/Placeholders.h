// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QMap>
#include <QString>

namespace understudy {

/// Puts values where a plan says `${name}` and `${secret:name}`, and takes secrets out of everything that
/// people or files will see. Not thread safe; lives on the runner's thread (scrub() may be called by several
/// threads while nothing is stored).
class Placeholders
{
public:
    Placeholders(QMap<QString, QString> values, QMap<QString, QString> secrets);
    ~Placeholders(); ///< Overwrites the secrets.
    Placeholders(const Placeholders &) = delete;
    Placeholders &operator=(const Placeholders &) = delete;

    void store(const QString &name, const QString &value);
    const QMap<QString, QString> &values() const { return m_values; }

    Result<QString> inSql(const QString &text) const;  ///< Each value as a quoted literal; no secrets.
    Result<QString> inWord(const QString &text) const; ///< A word of a command: as it is; no secrets.
    Result<QString> inFile(const QString &text) const; ///< As it is; secrets as fields of a passfile.
    QString forPeople(const QString &text) const;      ///< Unknown values stay as they are written.

    /// The text with every secret replaced by "(hidden)".
    QString scrub(QString text) const;

private:
    enum class Use { Sql, Word, File };
    Result<QString> resolve(const QString &text, Use use) const;
    QMap<QString, QString> m_values, m_secrets;
};

} // namespace understudy
