#pragma once

#include "support/frame_names.hpp"
#include "support/world.hpp"

#include <deque>
#include <string>

namespace gof::test {

/// One event. Only the first sent bytes are kept, since the payload is sealed anyway.
struct trace_record {
  enum class kind { connected, sent, ended, event, note };
  static constexpr std::size_t kept_bytes = 96;

  instant when;
  kind what{};
  std::size_t from = 0;  ///< hosts, by index
  std::size_t to = 0;
  std::size_t connection = 0;
  int end = 0;               ///< of the connection
  std::uint64_t offset = 0;  ///< in its direction
  std::uint64_t heard = 0;   ///< bytes that the other direction had carried
  std::size_t size = 0;
  bytes head;
  std::string text;
};

/// Keeps the latest events of a world, and writes them as a capture file and a sequence diagram.
class trace final : public observer {
 public:
  /// About 100 MB; a longer run forgets its beginning.
  static constexpr std::size_t most_records = 400'000;

  explicit trace(world& of) : world_(of), start_(of.now()) { of.watch(this); }
  ~trace() override { world_.watch(nullptr); }

  void handle_connected(instant now, const connection& c) override;
  void handle_sent(instant now, const connection& c, int from, std::uint64_t offset,
                   const_bytes data) override;
  void handle_ended(instant now, const connection& c, int from, const std::string& words) override;
  void handle_event(instant now, const host& at, const core::event& e) override;
  void handle_note(instant now, const std::string& text) override;

  const std::deque<trace_record>& records() const { return records_; }
  std::vector<std::string> names() const;
  instant start() const { return start_; }

  /// Writes NAME.pcap and NAME.txt to the working folder. Returns where they are, for people.
  std::string write(const std::string& name) const;

 private:
  world& world_;
  instant start_;
  std::deque<trace_record> records_;
  frame_names frames_;

  void keep(trace_record r);
};

}  // namespace gof::test
