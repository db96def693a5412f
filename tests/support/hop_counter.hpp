#pragma once

#include "support/world.hpp"
#include "wire/frame.hpp"

#include <map>
#include <string>
#include <unordered_map>
#include <utility>

namespace gof::test {

/// Counts how many links each sealed packet crosses. Its payload is the same on every hop and ends with a
/// unique tag, so no key is needed. Altered bytes confuse it; then it ignores that direction.
class hop_counter final : public observer {
 public:
  /// Passes everything on to `next`, the observer before.
  hop_counter(world& of, observer& next) : next_(next) { of.watch(this); }

  void handle_connected(instant now, const connection& c) override { next_.handle_connected(now, c); }
  void handle_sent(instant now, const connection& c, int from, std::uint64_t offset,
                   const_bytes data) override;
  void handle_ended(instant now, const connection& c, int from, const std::string& words) override;
  void handle_event(instant now, const host& at, const core::event& e) override {
    next_.handle_event(now, at, e);
  }
  void handle_note(instant now, const std::string& text) override { next_.handle_note(now, text); }

  unsigned most_links() const { return most_; }  ///< crossed by any packet with data
  /// The same for other packets; handshake packets are repeated unchanged.
  unsigned most_control_links() const { return most_control_; }
  std::size_t packets() const { return data_.size() + controls_.size(); }

 private:
  struct direction {
    bool opened = false;  ///< the greeting or hello has passed
    bool lost = false;
    bytes partial;
  };
  using tag = std::uint64_t;  ///< half of the tag is enough

  observer& next_;
  std::map<std::pair<std::size_t, int>, direction> directions_;
  std::unordered_map<tag, unsigned> data_, controls_;
  unsigned most_ = 0;
  unsigned most_control_ = 0;

  /// How many bytes of `data` were read; 0: more must arrive first.
  std::size_t read(direction& d, int from, const_bytes data);
  void count(const wire::frame& f, const_bytes body);
};

}  // namespace gof::test
