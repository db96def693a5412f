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

/// A peer's public name: its Ed25519 public key. As text it is base32, 52 characters.
///
/// A peer is not a process. One peer may run any number of nodes at a time.
///
/// @par Thread safety
/// A value: distinct objects may be used by any threads.
///
/// @see gof-protocol(7), PEERS AND NODES.
class peer {
 public:
  /// All zero: nobody's key.
  peer() = default;
  /// The peer with this public key. The key is not checked.
  explicit peer(const std::array<std::uint8_t, 32>& key) : key_(key) {}

  /// The peer that text() names, in upper or lower case; empty if this is no such text.
  static std::optional<peer> parse(std::string_view text);
  /// 52 characters of base32, lower case.
  std::string text() const;
  /// The public key.
  const std::array<std::uint8_t, 32>& key() const { return key_; }

  /// By the bytes of the key.
  auto operator<=>(const peer&) const = default;

 private:
  std::array<std::uint8_t, 32> key_{};
};

/// A peer's private key: what a node proves itself with. Copies share it.
///
/// @par Thread safety
/// Distinct objects may be used by any threads, also copies of one. One that was moved from may only be
/// assigned to or destroyed.
///
/// @par Example
/// @code
/// #include <stdexcept>
///
/// gof::identity own_key() {
///   std::string why;
///   if (auto kept = gof::identity::load_or_create("greeter.key", why)) return *kept;
///   throw std::runtime_error(why);
/// }
/// @endcode
class identity {
 public:
  /// A new key that no file holds: the peer is gone with the process.
  static identity generate();

  /// Reads the key file, or makes one (mode 0600) if there is none. A file that exists is never overwritten.
  ///
  /// Blocks while it reads or writes the file.
  ///
  /// @param path The key file; its folder must exist.
  /// @param why On failure: what is wrong with the file (corrupt, empty, readable by others, a directory, a
  /// dangling link), with its path. Otherwise unchanged.
  /// @returns Empty on failure.
  static std::optional<identity> load_or_create(const std::string& path, std::string& why);

  /// The public half.
  peer id() const;

  /// @cond
  struct impl;
  explicit identity(std::shared_ptr<const impl> made) : impl_(std::move(made)) {}
  const impl& parts() const { return *impl_; }
  /// @endcond

 private:
  std::shared_ptr<const impl> impl_;
};

}  // namespace gof
