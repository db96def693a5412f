#pragma once

#include "support/world.hpp"

#include <map>
#include <string>
#include <vector>

namespace gof::test {

/// One end of a conversation.
struct half {
  enum class fate { open, done, reset, refused, let_go, killed };

  host* at = nullptr;  ///< null: it was never opened there
  stream_id id{};
  unsigned key = 0;          ///< selects the content that it sends
  std::uint64_t length = 0;  ///< bytes that it intends to send
  std::uint64_t written = 0;
  std::uint64_t received = 0;
  bool answers = false;   ///< sends only after the other side has ended
  bool finishes = true;   ///< ends its direction after `length` bytes
  bool finished = false;  ///< has ended its direction
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

/// Conversations over streams, as forwards have them. The value of each byte depends on its place, and is
/// checked on arrival. Also checked: each stream ends once at each end, and never cleanly after a loss. A
/// broken promise fails the running test.
class traffic {
 public:
  explicit traffic(world& in) : world_(in) {}

  /// Answers requests to this host; refuses streams without a ticket that it knows.
  void serve(host& at);
  void allow(host& at, const wire::ticket& ticket) { tickets_[at.index()].push_back(ticket); }

  struct plan {
    std::uint64_t up = 0;    ///< bytes from the asker
    std::uint64_t down = 0;  ///< bytes back
    bool answer = false;     ///< the answer begins only after the asker's end
    bool hold = false;       ///< neither side ends by itself; see say() and finish()
  };
  conversation& open(host& from, const peer_id& to, const plan& p);

  /// Sends this many bytes more.
  void say(half& h, std::uint64_t size);
  void stop_reading(half& h);
  void go_on_reading(half& h);
  /// Ends its direction after all it intends to send.
  void finish(half& h);
  /// Ends its direction after what was written so far.
  void finish_early(half& h);
  void reset(half& h);
  void handle_killed(const host& at);

  /// In the order of opening; references remain valid.
  std::vector<std::unique_ptr<conversation>>& all() { return all_; }
  const std::vector<std::unique_ptr<conversation>>& all() const { return all_; }
  bool all_over() const;
  std::vector<conversation*> open_ones() const;
  std::size_t probes_confirmed() const { return probes_confirmed_; }

 private:
  world& world_;
  std::vector<std::unique_ptr<conversation>> all_;
  std::map<std::pair<std::size_t, stream_id>, std::pair<conversation*, half*>> halves_;  ///< only open ones
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
