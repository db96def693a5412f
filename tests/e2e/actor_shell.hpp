#pragma once

#include "support/actor.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gof::test {

/// Runs an actor of the simulation on real sockets, in one thread. Ends the process if the system refuses
/// something basic.
class actor_shell {
 public:
  explicit actor_shell(actor& of) : actor_(of) {}
  ~actor_shell();

  /// Dials come from these IPv4 addresses in turn; empty: from the address that the system chooses.
  void dial_from(std::vector<std::string> sources) { sources_ = std::move(sources); }
  void listen(const wire::address& at);
  /// Runs until `done` holds (true) or the time is over. Each line of standard input is passed to `heard`;
  /// its end is shown by input_ended().
  bool run(duration time, const std::function<bool()>& done);

  std::function<void(const std::string& line)> heard;
  bool input_ended() const { return input_ended_; }

 private:
  struct socket {
    int fd = -1;
    bool connecting = false;
    bool over = false;  ///< nothing more is read; it is closed once `out` is written
    buffer out;
    std::size_t written = 0;  ///< how much of `out`
  };

  actor& actor_;
  std::vector<std::string> sources_;
  std::size_t next_source_ = 0;
  int listener_ = -1;
  std::map<link_id, socket> sockets_;
  std::string line_;
  bool input_ended_ = false;

  void work();
  void dial(const core::dial_wanted& wanted);
  void accept();
  void read(link_id link);
  void write(link_id link);
  void drop(link_id link);
  void read_input();
  void wait(instant until);
};

}  // namespace gof::test
