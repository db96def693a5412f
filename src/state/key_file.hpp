#pragma once

#include "base/problem.hpp"
#include "base/random.hpp"
#include "secure/identity.hpp"

#include <filesystem>

namespace gof::state {

/// The identity kept at `path`, one line `gof-key-1 WORD`; drawn and written 0600 when there is none.
/// Processes that start at once agree on one key. Whatever stands there is never overwritten: one that cannot
/// be used is a problem, which ends the program with exit code 78.
result<secure::identity> load_or_create_key(const std::filesystem::path& path, random_source& random);

}  // namespace gof::state
