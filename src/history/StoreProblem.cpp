// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreProblem.h"

#include <QSqlError>
#include <QStringList>

namespace understudy {

namespace {

// Result codes of SQLite; the lowest byte of an extended one. https://www.sqlite.org/rescode.html
enum Primary {
    Error = 1,
    Permission = 3,
    Busy = 5,
    TableLocked = 6,
    ReadOnly = 8,
    InputOutput = 10,
    Corrupt = 11,
    Full = 13,
    CannotOpen = 14,
    Constraint = 19,
    Mismatch = 20,
    NotADatabase = 26,
};

StoreProblem::Kind kindOf(int code)
{
    switch (code & 0xff) {
    case Busy:
    case TableLocked:
        return StoreProblem::Kind::Locked;
    case Full:
    case InputOutput: // Also what a quota, a limit of file sizes and a broken disk say.
        return StoreProblem::Kind::Full;
    case ReadOnly:
    case Permission:
    case CannotOpen:
        return StoreProblem::Kind::ReadOnly;
    // Our statements fit the schema that the file says it has: where they do not, it is not what it was.
    case Error:
    case Constraint:
    case Mismatch:
    case Corrupt:
    case NotADatabase:
        return StoreProblem::Kind::Corrupt;
    default:
        return StoreProblem::Kind::Other;
    }
}

} // namespace

QString StoreProblem::text() const
{
    QStringList sentences{what, meaning, action};
    sentences.removeAll(QString());
    return sentences.join(u' ');
}

StoreProblem storeProblem(StoreProblem::Kind kind, const QString &path, const QString &detail)
{
    StoreProblem problem;
    problem.kind = kind;
    problem.path = path;
    problem.detail = detail;
    const auto say = [&problem, &path](const QString &what, const QString &meaning, const QString &action) {
        problem.what = what.arg(path);
        problem.meaning = meaning;
        problem.action = action;
    };
    const QString goesOn = QStringLiteral("Monitoring goes on without it; it is tried again.");
    switch (kind) {
    case StoreProblem::Kind::Locked:
        say(QStringLiteral("Another program holds the history %1 locked."), goesOn,
            QStringLiteral("Close that program."));
        break;
    case StoreProblem::Kind::AnotherWriter:
        say(QStringLiteral("Another Understudy already writes the history %1."),
            QStringLiteral("This one only reads it, and takes over when the other ends."), {});
        break;
    case StoreProblem::Kind::Full:
        say(QStringLiteral("The history %1 could not be written: the disk is full or does not take more."),
            goesOn, QStringLiteral("Make room there."));
        break;
    case StoreProblem::Kind::ReadOnly:
        say(QStringLiteral("The history %1 may not be opened for writing."), goesOn,
            QStringLiteral("Look at the permissions of the file and of its folder."));
        break;
    case StoreProblem::Kind::Corrupt:
        say(QStringLiteral("The history %1 is damaged."), QStringLiteral("What it holds cannot be trusted."),
            {});
        break;
    case StoreProblem::Kind::Foreign:
        say(QStringLiteral("%1 is not a history of Understudy's."),
            QStringLiteral("It is left as it is, and no history is kept."),
            QStringLiteral("Name another file."));
        break;
    case StoreProblem::Kind::Newer:
        say(QStringLiteral("The history %1 was written by a newer Understudy."),
            QStringLiteral("It is left as it is, and no history is kept."),
            QStringLiteral("Use the newer version, or name another file."));
        break;
    case StoreProblem::Kind::Missing:
        say(QStringLiteral("There is no history %1."), QStringLiteral("Nothing was kept there."), {});
        break;
    case StoreProblem::Kind::Other:
        say(QStringLiteral("The history %1 could not be used."), goesOn, {});
        if (!detail.isEmpty())
            problem.what = problem.what.chopped(1) + QStringLiteral(": %1.").arg(detail);
        break;
    }
    return problem;
}

StoreProblem storeProblem(const QSqlError &error, const QString &path)
{
    bool isNumber = false;
    const int code = error.nativeErrorCode().toInt(&isNumber);
    const QString words = error.databaseText().isEmpty() ? error.driverText() : error.databaseText();
    return storeProblem(isNumber ? kindOf(code) : StoreProblem::Kind::Other, path, words);
}

} // namespace understudy
