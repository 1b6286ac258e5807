// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>
#include <tl/expected.hpp>

class QSqlError;

namespace understudy {

/// Why history is not kept, or not read: what happened, what that means, what to do. A value.
struct StoreProblem
{
    enum class Kind {
        Locked,        ///< Another program holds the file; tried again.
        AnotherWriter, ///< Another Understudy writes it; this one only reads.
        Full,          ///< No space left, or a limit reached; tried again.
        ReadOnly,      ///< No right to write the file or its folder; tried again.
        Corrupt,       ///< Damaged.
        Foreign,       ///< Not a history store at all: left alone.
        Newer,         ///< Made by a newer version: left alone.
        Missing,       ///< There is no such file.
        Other,
    };
    Kind kind = Kind::Other;
    QString path;
    QString what;
    QString meaning;
    QString action; ///< May be empty.
    QString detail; ///< The database's own words; may be empty.

    QString text() const; ///< All of it in one line, without the detail.
    bool operator==(const StoreProblem &) const = default;
};

template <typename T>
using Stored = tl::expected<T, StoreProblem>;

/// The words for @p kind. @p detail: the database's or the system's own words.
StoreProblem storeProblem(StoreProblem::Kind kind, const QString &path, const QString &detail = {});
/// What an error of the database means.
StoreProblem storeProblem(const QSqlError &error, const QString &path);

inline tl::unexpected<StoreProblem> storeFail(StoreProblem problem)
{
    return tl::unexpected<StoreProblem>(std::move(problem));
}

} // namespace understudy

Q_DECLARE_METATYPE(understudy::StoreProblem)
