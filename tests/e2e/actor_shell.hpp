#pragma once

#include "support/actor.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gof::test {

/// Runs on real sockets what otherwise speaks in a world of the simulation. One thread; ends the process when
/// the system refuses what every system gives.
class actor_shell {
 public:
  explicit actor_shell(actor& of) : actor_(of) {}
  ~actor_shell();

  /// Dials come from these IPv4 addresses in turn; none: from whichever the system takes.
  void dial_from(std::vector<std::string> sources) { sources_ = std::move(sources); }
  void listen(const wire::address& at);
  /// Until `done` holds (true) or the time is over. Lines of the standard input go to `heard`, its end to
  /// `ended`.
  bool run(duration time, const std::function<bool()>& done);

  std::function<void(const std::string& line)> heard;
  bool input_ended() const { return input_ended_; }

 private:
  struct socket {
    int fd = -1;
    bool connecting = false;
    bool over = false;  ///< nothing more is read; closed once `out` is written
    bytes out;
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
