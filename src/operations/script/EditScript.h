// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

namespace understudy::script {

/// The call that makes an edit of a file, or takes it out again.
QString editLines(const EditAction &);

} // namespace understudy::script
