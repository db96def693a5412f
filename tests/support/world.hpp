#pragma once

#include "sctp/stack.hpp"
#include "secure/derive.hpp"
#include "support/cable.hpp"
#include "support/host.hpp"
#include "support/seeded_random.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gof::test {

/// Sees everything that happens in a world, to report it when a test fails.
class observer {
 public:
  virtual ~observer() = default;
  virtual void handle_connected(instant now, const connection& c) = 0;
  /// `offset` is the number of bytes before these in this direction.
  virtual void handle_sent(instant now, const connection& c, int from, std::uint64_t offset,
                           const_bytes data) = 0;
  virtual void handle_ended(instant now, const connection& c, int from, const std::string& words) = 0;
  virtual void handle_event(instant now, const host& at, const core::event& e) = 0;
  virtual void handle_note(instant now, const std::string& text) = 0;
};

/// Nodes, cables and virtual time. Everything happens in one thread, in an order determined by the seed.
class world {
 public:
  explicit world(std::uint64_t seed);
  ~world();

  host& add_member(const std::string& name, duration survive = 60s, duration connect_timeout = 10s);
  host& add_guest(const std::string& name, duration survive = 60s, duration connect_timeout = 10s);
  /// Another process with the same key.
  host& add_twin(const host& of, const std::string& name);
  /// Something other than a node, which uses this host's sockets from now on.
  host& add_stand_in(const std::string& name, std::unique_ptr<actor> in_its_place);
  /// Kills the process at once (SIGKILL): the system resets its sockets.
  void kill(host& h);
  /// A new process with the same key, after kill().
  void restart(host& h);

  /// From now on `h` dials this member, also after a restart.
  void join(host& h, const host& bootstrap);

  /// A ticket of `issuer` for these services, with its own address.
  wire::ticket ticket(host& issuer, const std::vector<std::string>& services, std::uint8_t number = 1);
  static secure::secret32 token(const wire::ticket& t) { return secure::secret32(t.token); }

  cable& between(const host& a, const host& b);
  /// Both ends of every connection between the two get an error.
  void reset_connections(const host& a, const host& b);
  /// The cable carries nothing, and nothing reports it: TCP retries until heal().
  void cut(const host& a, const host& b);
  /// Only what goes from `from` to `to` is lost, the ACKs of the other direction included.
  void cut_one_way(const host& from, const host& to);
  void heal(const host& a, const host& b);
  /// From now on this share of the packets in each direction is lost. Those in flight are not affected; but
  /// with 0 the next attempt of everything gets through.
  void lose(const host& a, const host& b, double share);
  /// The administrator sets the wall clock.
  void jump_wall_clock(duration by);

  instant now() const { return now_; }
  duration since_start() const { return now_ - start_; }
  seeded_random& random() { return random_; }
  /// Runs until nothing is left to do within the time, or until `done` holds. True: it holds.
  bool run(
      duration for_at_most, const std::function<bool()>& done = [] { return false; });
  /// Lets commands take effect that were given outside an event handler.
  void kick(host& h);
  /// Passes a note to the observer.
  void note(const std::string& text);

  const secure::secret32& network_key() const { return network_key_; }
  const std::vector<std::unique_ptr<host>>& hosts() const { return hosts_; }
  /// How many connections are open at either end.
  std::size_t connections() const { return connections_.size(); }

  /// The host of nodes added from now on; zero: not known.
  host_id next_host{};
  /// Sees every byte between hosts first, and may alter it.
  std::function<void(const host& from, const host& to, bytes& data)> on_bytes;
  void watch(observer* by) { observer_ = by; }

 private:
  /// Far more than can happen at one instant; a node that exceeds it is in a loop.
  static constexpr std::size_t longest_stand = 100'000;
  using action = std::function<void()>;
  struct dialling {
    host* from;
    link_id link;
    host* to;
    instant asked;
    unsigned life;  ///< of `from`: link numbers start again with each process
  };
  using wire_end = std::pair<std::shared_ptr<connection>, int>;

  instant start_;
  instant now_;
  std::size_t standing_still_ = 0;  ///< moves without progress of time
  seeded_random random_;
  secure::secret32 network_key_;
  sctp::stack stack_;
  std::vector<std::unique_ptr<host>> hosts_;
  std::map<std::pair<std::size_t, std::size_t>, cable> cables_;
  std::map<std::pair<std::size_t, link_id>, wire_end> sockets_;  ///< of hosts that have not closed theirs
  std::map<std::size_t, std::shared_ptr<connection>> connections_;
  std::set<std::pair<std::size_t, link_id>> given_up_;  ///< closed while being dialled
  std::size_t next_connection_ = 1;
  std::multimap<instant, action> agenda_;
  std::set<std::size_t> dirty_;  ///< by index, for the same order in every run
  std::uint16_t next_port_ = 10000;
  observer* observer_ = nullptr;

  friend class host;
  host& add(const std::string& name, bool member, duration survive, duration connect_timeout);
  void at(instant when, action what) { agenda_.emplace(when, std::move(what)); }
  void touch(const host& h) { dirty_.insert(h.index_); }
  void move_to(instant when);
  std::optional<instant> next_timeout() const;
  void wake();
  void pump_all();
  void pump(host& h);
  void handle(host& h, const core::event& e);

  // connections (connections.cpp)
  static constexpr duration connect_limit = 3s;  ///< that of the shell
  void dial(host& from, const core::dial_wanted& wanted);
  void knock(const dialling& d);
  bool is_wanted(const dialling& d);
  void connect(const dialling& d);
  void accept(const std::shared_ptr<connection>& c);
  void fail_dial(const dialling& d, const char* why);
  void transmit(host& h);
  void send(const std::shared_ptr<connection>& c, int from, const_bytes data);
  bool is_lost(double share);
  std::vector<instant> tries(const cable& line, std::size_t size, instant left);
  void end(const std::shared_ptr<connection>& c, int from, const std::string& words);
  void deliver(const std::shared_ptr<connection>& c, int from);
  void hand_over(const std::shared_ptr<connection>& c, int from, connection::segment& s);
  void close_socket(const std::shared_ptr<connection>& c, int which);
  void forget_if_over(const connection& c);
  cable& cable_of(const connection& c);
  static int way(const host& from, const host& to) { return from.index_ < to.index_ ? 0 : 1; }
};

}  // namespace gof::test
