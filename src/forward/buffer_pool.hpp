#pragma once

#include <gof/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace gof::forward {

/// Buffers that connections hold while bytes of theirs are in flight, and at no other time: a thousand idle
/// connections cost none.
class buffer_pool {
 public:
  static constexpr std::size_t buffer_size = stream::message_size;
  static constexpr std::size_t most_kept = 64;  ///< 4 MiB wait for the next use, the rest is freed
  /// Large blocks begin with a page, and a message's bytes a few behind its block's. A copy between two
  /// places of which the one that is written stands a few bytes further into its page takes up to five times
  /// as long: each load seems to want what was stored just before, and waits for it (4K aliasing).
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
    /// To be filled out of messages.
    std::uint8_t* data() const { return held_->data(); }
    /// The same room, to be copied into messages.
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
