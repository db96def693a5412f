#pragma once

#include "secure/secret.hpp"
#include "state/kept_file.hpp"

#include <optional>
#include <string_view>

namespace gof::state {

/// 32 secret bytes as a word in a file: base32 of them and of a CRC-32C, which detects a byte lost or changed
/// on disk.
secret_text to_key_text(const secure::secret32& key);

/// Empty if it is not exactly what to_key_text() writes.
std::optional<secure::secret32> from_key_text(std::string_view word);

}  // namespace gof::state
