#pragma once

#include "base/problem.hpp"
#include "base/random.hpp"
#include "secure/identity.hpp"

#include <filesystem>

namespace gof::state {

/// The identity kept at `path`, in one line `gof-key-1 WORD`; created with mode 0600 if there is none.
/// Processes that start at once agree on one key. An existing file is never overwritten: one that cannot be
/// used is a problem, which ends the program with exit code 78.
result<secure::identity> load_or_create_key(const std::filesystem::path& path, random_source& random);

}  // namespace gof::state
