#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace gof::dial {

/// How many of the process's descriptors may be sockets that are still connecting, and which destinations use
/// them: a quarter of RLIMIT_NOFILE. One destination may use at most as many as it leaves to others, so that
/// a silent one cannot keep the rest from being reached. One for each loop; not thread safe.
class socket_share : public std::enable_shared_from_this<socket_share> {
 public:
  using number = std::uint64_t;

 private:
  struct waiter {
    boost::asio::any_io_executor on;
    std::function<bool()> ready;
  };
  struct destination {
    std::size_t open = 0;
    std::map<number, waiter> waiting;
  };
  using destinations = std::map<std::string, destination>;

 public:
  static constexpr std::size_t part = 4;   ///< of RLIMIT_NOFILE: 1/part
  static constexpr std::size_t least = 8;  ///< even if that is smaller
  static constexpr std::size_t few = 4;    ///< up to this many, without asking for the limit

  /// Room for one socket, given back on destruction.
  class place {
   public:
    place(std::shared_ptr<socket_share> of, destinations::iterator whose)
        : of_(std::move(of)), whose_(whose) {}
    ~place() {
      if (of_) of_->give_back(whose_);
    }
    place(place&&) noexcept = default;
    place& operator=(place&& other) noexcept {
      std::swap(of_, other.of_);
      std::swap(whose_, other.whose_);
      return *this;
    }

   private:
    std::shared_ptr<socket_share> of_;
    destinations::iterator whose_;
  };

  /// The share of the loop that the executor runs on.
  static std::shared_ptr<socket_share> of(const boost::asio::any_io_executor& on);
  /// `most` gives the limit, and is called only beyond `few` places. Its result must not be less than `few`.
  explicit socket_share(std::function<std::size_t()> most) : most_(std::move(most)) {}

  /// `whose`: the destination. Empty: there is no room now.
  std::optional<place> take(const std::string& whose);

  /// `ready` is called on the executor once take() is worth another try. If it returns false it had no use
  /// for the room, and the next waiter is called. No cap: one waits for each attempt at most.
  number wait(const boost::asio::any_io_executor& on, const std::string& whose, std::function<bool()> ready);
  void leave(const std::string& whose, number which);

  std::size_t open() const { return open_; }

 private:
  bool has_room(const destination& whose) const;
  void give_back(destinations::iterator whose);
  void wake();
  void forget_idle(destinations::iterator whose);

  std::function<std::size_t()> most_;
  destinations destinations_;  ///< those with open sockets or waiters
  std::size_t open_ = 0;
  std::size_t waiting_ = 0;
  number next_ = 0;
};

}  // namespace gof::dial
