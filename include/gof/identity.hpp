#pragma once

#include <boost/system/error_code.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gof {

/// Who: an Ed25519 public key. Its text is base32, 52 characters. A value; thread safe as such.
class peer {
 public:
  peer() = default;
  explicit peer(const std::array<std::uint8_t, 32>& key) : key_(key) {}

  /// Empty: not a peer id.
  static std::optional<peer> parse(std::string_view text);
  std::string text() const;
  const std::array<std::uint8_t, 32>& key() const { return key_; }

  auto operator<=>(const peer&) const = default;

 private:
  std::array<std::uint8_t, 32> key_{};
};

/// A peer's private key. Copies share it. Distinct objects are thread safe.
class identity {
 public:
  /// A new one that no file holds.
  static identity generate();

  /// Reads the key file, or makes one (0600) if there is none. What is wrong with an existing file - corrupt,
  /// empty, readable by others, a directory, a dangling link - is told in `why`; it is never overwritten.
  static std::optional<identity> load_or_create(const std::string& path, std::string& why);

  peer id() const;

  struct impl;
  explicit identity(std::shared_ptr<const impl> made) : impl_(std::move(made)) {}
  const impl& parts() const { return *impl_; }

 private:
  std::shared_ptr<const impl> impl_;
};

}  // namespace gof
