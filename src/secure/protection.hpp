#pragma once

#include "base/bytes.hpp"
#include "secure/tls.hpp"

#include <memory>
#include <span>

namespace gof::secure {

constexpr std::size_t tag_size = 16;

/// Seals packets of one direction with one key (AEAD; nonce = IV xor number). The caller must never repeat a
/// number.
class sealer {
 public:
  sealer(cipher aead, const direction_keys& keys);
  ~sealer();
  sealer(sealer&&) noexcept;
  sealer& operator=(sealer&&) noexcept;

  /// Writes the parts of `plain`, sealed as one, and tag_size bytes after them to `out`. A part may already
  /// be at its place in `out`, but must not overlap `out` otherwise.
  void seal(std::uint64_t number, const_bytes associated, std::span<const const_bytes> plain,
            mutable_bytes out);
  void seal(std::uint64_t number, const_bytes associated, const_bytes plain, mutable_bytes out);

 private:
  struct context;
  std::unique_ptr<context> context_;
};

class opener {
 public:
  opener(cipher aead, const direction_keys& keys);
  ~opener();
  opener(opener&&) noexcept;
  opener& operator=(opener&&) noexcept;

  /// Writes sealed.size() - tag_size bytes to `out`, which may be the same place as `sealed`. False: not
  /// authentic; the contents of `out` must not be used.
  [[nodiscard]] bool open(std::uint64_t number, const_bytes associated, const_bytes sealed,
                          mutable_bytes out);

 private:
  struct context;
  std::unique_ptr<context> context_;
};

}  // namespace gof::secure
