#include "link/frame_reader.hpp"

#include <utility>

namespace gof::core {

void frame_reader::handle_bytes(mutable_bytes data) {
  keep();
  fresh_ = data;
}

void frame_reader::keep() {
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(std::exchange(taken_, 0)));
  append(kept_, std::exchange(fresh_, {}));
}

/// Copies no more than a partial frame still needs.
mutable_bytes frame_reader::peek(std::size_t size) {
  if (!holds(size)) return {};
  const auto kept = kept_.size() - taken_;
  if (kept == 0) return fresh_.first(size);
  if (kept < size) {
    append(kept_, fresh_.first(size - kept));
    fresh_ = fresh_.subspan(size - kept);
  }
  return mutable_bytes(kept_).subspan(taken_, size);
}

mutable_bytes frame_reader::take(std::size_t size) {
  const auto piece = peek(size);
  if (taken_ < kept_.size())
    taken_ += piece.size();
  else
    fresh_ = fresh_.subspan(piece.size());
  return piece;
}

std::optional<frame_reader::frame> frame_reader::take_frame() {
  const auto start = peek(wire::frame::prefix_size);
  if (start.empty()) return std::nullopt;
  const auto lengths = wire::frame::decode(start);
  broken_ = !lengths;
  if (broken_) return std::nullopt;
  const auto whole = take(start.size() + lengths->length);
  if (whole.empty()) return std::nullopt;
  const auto body = whole.subspan(start.size());
  const auto header = wire::is_clear(lengths->type) ? 0 : lengths->header_length + secure::tag_size;
  return frame{lengths->type, whole.first(start.size()), body.first(header), body.subspan(header)};
}

}  // namespace gof::core
