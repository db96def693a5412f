#pragma once

#include "base/buffer.hpp"
#include "secure/protection.hpp"
#include "wire/frame.hpp"

namespace gof::core {

/// Appends a frame that is not sealed: CRYPTO or REFUSED, which contain a MAC of their own.
void append_clear_frame(buffer& to, wire::frame_type type, const_bytes payload);

/// Seals the frames of one direction of a link. TCP keeps their order, so frame numbers are not sent.
class frame_sealer {
 public:
  frame_sealer(const secure::session_keys& keys, secure::side self);

  /// Appends a frame with a sealed header, and returns the place for the `payload_size` bytes after it.
  mutable_bytes append(buffer& to, std::uint8_t type, const_bytes header, std::size_t payload_size);
  /// The same with a given payload.
  void append(buffer& to, std::uint8_t type, const_bytes header, const_bytes payload);

  std::uint64_t count() const { return number_; }

 private:
  secure::sealer sealer_;
  std::uint64_t number_ = 0;

  void append_header(buffer& to, std::uint8_t type, const_bytes header, std::size_t payload_size);
};

class frame_opener {
 public:
  frame_opener(const secure::session_keys& keys, secure::side self);

  /// Opens a frame's sealed header in place. False: it is not authentic.
  [[nodiscard]] bool open(const_bytes prefix, mutable_bytes sealed_header);

 private:
  secure::opener opener_;
  std::uint64_t number_ = 0;
};

}  // namespace gof::core
