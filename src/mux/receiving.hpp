#pragma once

#include "base/buffer.hpp"
#include "base/fifo.hpp"
#include "base/time.hpp"
#include "mux/credit_budget.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace gof::core {

/// The receiving direction of a stream: bytes not read yet, and the window that bounds them. It starts small,
/// and is granted again as bytes are read. It grows when it was used up within a few round trips, or ran dry
/// while the reader kept up. It is small again once its sender gave credit back. gof-protocol(7), STREAMS.
class receiving {
 public:
  static constexpr std::size_t first_window = credit_budget::first_window;
  static constexpr std::size_t near_window = 1024 * 1024;  ///< at most, while the round trip is below `far`
  static constexpr std::size_t dry_window = 2 * 1024 * 1024;   ///< at most, if it grows because it ran dry
  static constexpr std::size_t far_window = 16 * 1024 * 1024;  ///< at most: 1 Gbit/s at 100 ms fills 12 MiB
  static constexpr duration far = 2ms;
  /// At a distance the window grows to this at once. Each doubling takes a round trip in which the sender
  /// waits, and during which the path's own rate cannot grow.
  static constexpr std::size_t far_window_at_first = 512 * 1024;
  /// Not two: what a link lost arrives a round trip later. Not four: a queue on the path makes the round trip
  /// longer, and the window would grow with it.
  static constexpr int quick_round_trips = 3;
  static constexpr int soon_round_trips = 8;  ///< while TCP's own window opens
  static constexpr std::size_t small_piece =
      4096;  ///< smaller ones are appended to the last piece: a buffer for each costs too much
  static constexpr std::size_t joined_piece = 65536;  ///< no larger than this by appending
  static constexpr duration shortest_measure =
      10ms;  ///< two loopback round trips are too short for the system's scheduler

  /// Counts `window` in the share, which must outlive this object: the first window, or 0 for a probe.
  receiving(instant now, credit_share& share, std::size_t window);
  ~receiving();
  receiving(const receiving&) = delete;
  receiving& operator=(const receiving&) = delete;

  /// Takes over a message whose data starts at `head`. False: the data is beyond the credit or after the end,
  /// which no honest peer sends.
  [[nodiscard]] bool handle_data(instant now, buffer&& message, std::size_t head);
  [[nodiscard]] bool handle_finish();
  /// Handles RETURN. It is void if the sender had not yet seen the present limit: the CREDIT with it is on
  /// its way, and counts at both ends. False: it names credit that the sender does not have.
  [[nodiscard]] bool handle_return(std::uint64_t seen, std::uint64_t keeps);
  void discard();

  const_bytes front() const;
  /// The first pieces that were not consumed, as many as `into` has room for. Returns how many.
  std::size_t front(std::span<const_bytes> into) const;
  void consume(instant now, std::size_t size, duration round_trip);
  bool credit_due() const { return credit_due_; }
  /// Whether a window at a distance was used up soon, once for each that was used.
  std::optional<bool> poll_quick() { return std::exchange(quick_, std::nullopt); }
  void handle_credit_sent() { credit_due_ = false; }

  /// The local end has taken this many of the bytes that were consumed.
  void handle_taken(std::uint64_t offset) { taken_ = std::max(taken_, std::min(offset, consumed_)); }

  bool at_end() const { return finished_ && held_ == 0; }
  std::uint64_t received() const { return received_; }
  std::uint64_t consumed() const { return consumed_; }
  std::uint64_t taken() const { return taken_; }
  bool finished() const { return finished_; }
  std::size_t held() const { return held_; }
  std::uint64_t limit() const { return limit_; }

 private:
  struct piece {
    buffer data;
    std::size_t read;
  };

  credit_share& share_;
  fifo<piece> pieces_;
  std::size_t held_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t consumed_ = 0;
  std::uint64_t taken_ = 0;
  std::size_t window_;               ///< how much to grant beyond what was read
  std::uint64_t limit_;              ///< how much is granted; more than the window allows after that shrank
  std::size_t counted_ = 0;          ///< bytes counted in the share
  std::uint64_t last_limit_ = 0;     ///< the one before; CREDIT with the present one may be under way
  bool rested_ = true;               ///< nothing came since the start, or since credit was given back
  std::uint64_t measured_from_ = 0;  ///< consumed_ when the present measurement began
  instant measured_at_;
  bool used_up_ = false;  ///< since then a message ended exactly where the credit did
  std::optional<bool> quick_;
  bool credit_due_ = false;
  bool finished_ = false;

  void grow(instant now, duration round_trip);
  std::size_t growth(bool at_once) const;
  void count();
};

}  // namespace gof::core
