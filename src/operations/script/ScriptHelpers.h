// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Functions that a plan's script begins with, each with its comment.
namespace understudy::script {

QString runningFunctions(); ///< as_user, sql, wait_for, write_file
QString loginFunction();    ///< log_in
QString editFunctions();    ///< edit_file, create_file, remove_created

} // namespace understudy::script
