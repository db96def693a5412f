#pragma once

#include <gof/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace gof::forward {

/// Buffers that a connection holds only while it has bytes in flight: a thousand idle connections need none.
class buffer_pool {
 public:
  static constexpr std::size_t buffer_size = stream::message_size;
  static constexpr std::size_t most_kept = 64;  ///< 4 MiB are kept for reuse, the rest is freed
  /// Avoids 4K aliasing. Large blocks begin on a page, and a message's bytes a few bytes into their block. A
  /// copy whose destination is a few bytes further into its page than its source takes up to five times as
  /// long, because each load seems to depend on the store before it.
  static constexpr std::size_t ahead = 64;
  using storage = std::array<std::uint8_t, ahead + buffer_size>;

  /// One buffer, or none.
  class lease {
   public:
    lease() = default;
    lease(std::shared_ptr<buffer_pool> from, std::unique_ptr<storage> held)
        : from_(std::move(from)), held_(std::move(held)) {}
    lease(lease&& other) noexcept = default;
    lease& operator=(lease&& other) noexcept {
      give_back();
      from_ = std::move(other.from_);
      held_ = std::move(other.held_);
      return *this;
    }
    ~lease() { give_back(); }

    explicit operator bool() const { return held_ != nullptr; }
    /// To read messages into.
    std::uint8_t* data() const { return held_->data(); }
    /// The same buffer, to write messages from.
    std::uint8_t* source() const { return held_->data() + ahead; }
    void give_back() {
      if (held_ && from_) from_->keep(std::move(held_));
      held_ = nullptr;
    }

   private:
    std::shared_ptr<buffer_pool> from_;
    std::unique_ptr<storage> held_;
  };

  static lease take(const std::shared_ptr<buffer_pool>& from) {
    ++from->lent_;
    if (from->kept_.empty()) return {from, std::unique_ptr<storage>(new storage)};  // not zeroed
    auto one = std::move(from->kept_.back());
    from->kept_.pop_back();
    return {from, std::move(one)};
  }

  std::size_t lent() const { return lent_; }
  std::size_t kept() const { return kept_.size(); }

 private:
  void keep(std::unique_ptr<storage> one) {
    --lent_;
    if (kept_.size() < most_kept) kept_.push_back(std::move(one));
  }

  std::vector<std::unique_ptr<storage>> kept_;
  std::size_t lent_ = 0;
};

}  // namespace gof::forward
