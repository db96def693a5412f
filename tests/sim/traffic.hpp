#pragma once

#include "support/world.hpp"

#include <map>
#include <string>
#include <vector>

namespace gof::test {

/// One end of a conversation.
struct half {
  enum class fate { open, done, reset, refused, let_go, killed };

  host* at = nullptr;  ///< null: it never came to be
  stream_id id{};
  unsigned key = 0;          ///< of what it sends
  std::uint64_t length = 0;  ///< what it means to send
  std::uint64_t written = 0;
  std::uint64_t received = 0;
  bool answers = false;   ///< sends only once the other side has ended
  bool finishes = true;   ///< ends its direction after `length` bytes
  bool finished = false;  ///< has done so
  bool reading = true;
  bool saw_end = false;
  fate how = fate::open;
  wire::reason why = wire::reason::none;
  instant over_at{};

  bool is_open() const { return at != nullptr && how == fate::open; }
};

struct conversation {
  unsigned number = 0;
  bool accepted = false;
  half asker;
  half answerer;

  bool over() const { return !asker.is_open() && !answerer.is_open(); }
};

/// Conversations over streams, as forwards would have them. Every byte has its value by its place and is
/// checked as it comes; so is that each stream ends once at each end, and never well after a loss. A promise
/// that does not hold fails the running test.
class traffic {
 public:
  explicit traffic(world& in) : world_(in) {}

  /// Answers what is asked of this host; of streams of no ticket that it knows of it accepts none.
  void serve(host& at);
  void allow(host& at, const wire::ticket& ticket) { tickets_[at.index()].push_back(ticket); }

  struct plan {
    std::uint64_t up = 0;    ///< from the one who asks
    std::uint64_t down = 0;  ///< and back
    bool answer = false;     ///< only after the asker's end
    bool hold = false;       ///< neither side ends by itself: say() and finish()
  };
  conversation& open(host& from, const peer_id& to, const plan& p);

  /// So many bytes more.
  void say(half& h, std::uint64_t size);
  void stop_reading(half& h);
  void go_on_reading(half& h);
  /// Ends its direction behind all it means to send.
  void finish(half& h);
  /// Ends its direction with what was written so far.
  void finish_early(half& h);
  void reset(half& h);
  void handle_killed(const host& at);

  /// In the order they were opened; references stay.
  std::vector<std::unique_ptr<conversation>>& all() { return all_; }
  const std::vector<std::unique_ptr<conversation>>& all() const { return all_; }
  bool all_over() const;
  std::vector<conversation*> open_ones() const;
  std::size_t probes_confirmed() const { return probes_confirmed_; }

 private:
  world& world_;
  std::vector<std::unique_ptr<conversation>> all_;
  std::map<std::pair<std::size_t, stream_id>, std::pair<conversation*, half*>> halves_;  ///< open ones
  std::map<std::size_t, std::vector<wire::ticket>> tickets_;
  std::size_t probes_confirmed_ = 0;

  void handle(host& at, const core::event& e);
  void handle_incoming(host& at, const core::stream_incoming& asked);
  void handle_over(host& at, stream_id id, half::fate how, wire::reason why);
  void handle_done(conversation& c, half& h);
  void write(half& h);
  void read(conversation& c, half& h);
  void check(const half& h, std::uint64_t offset, unsigned key, const_bytes data) const;
  void expect(bool holds, const half& h, const std::string& what) const;
  void end(half& h, half::fate how, wire::reason why = wire::reason::none);
  static half& other(conversation& c, const half& h) { return &h == &c.asker ? c.answerer : c.asker; }
};

}  // namespace gof::test
