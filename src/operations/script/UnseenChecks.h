// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/UnseenTarget.h"

/// What the script of an unseen machine finds out there, as functions of the shell and the values they use.
namespace understudy::script {

QString programFunctions();                   ///< check_user, find_programs
QString loginFunctions();                     ///< prove_replication, prove_login
QString machineFunctions();                   ///< check_directory, check_port, check_keeper, check_files...
QString spaceFunctions(const UnseenTarget &); ///< check_space
/// The function check_machine, which calls those above.
QString checkMachine(const UnseenTarget &);

} // namespace understudy::script
