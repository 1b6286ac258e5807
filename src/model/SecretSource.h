// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"

#include <optional>

namespace understudy {

/// Where a password comes from when libpq would not find one by itself. Called on worker threads.
class SecretSource
{
public:
    virtual ~SecretSource() = default;
    /// The password for @p endpoint, or nothing: libpq then looks in its passfile. Never logged, never saved.
    virtual std::optional<QString> password(const Endpoint &endpoint) const = 0;
};

/// Leaves everything to libpq (passfile, service file, PGPASSWORD).
class LibpqSecrets final : public SecretSource
{
public:
    std::optional<QString> password(const Endpoint &) const override { return std::nullopt; }
};

} // namespace understudy
