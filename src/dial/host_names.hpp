#pragma once

#include "dial/lookup.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gof::dial {

/// Hosts whose addresses are needed without delay, as for listening: they are looked up beforehand.
class host_names {
 public:
  /// Of a numeric host, or of one that was looked up; empty: neither.
  std::vector<boost::asio::ip::address> addresses(const std::string& host) const;
  void add(const std::string& host, std::vector<boost::asio::ip::address> found) {
    names_[host] = std::move(found);
  }
  void add(const host_names& others) { names_.insert(others.names_.begin(), others.names_.end()); }

 private:
  std::map<std::string, std::vector<boost::asio::ip::address>> names_;  // as many as the user names
};

/// The result of several look-ups: all addresses, or the first host that failed.
struct looked_up {
  host_names found;
  std::string failed;
  boost::system::error_code error;
};

/// Looks several hosts up in parallel, each within the limit. Keeps itself alive until it has answered.
class host_lookup : public std::enable_shared_from_this<host_lookup> {
 public:
  /// Called once on the loop; never from within start(), and never after cancel().
  using handler = std::function<void(const looked_up&)>;

  static std::shared_ptr<host_lookup> start(const boost::asio::any_io_executor& on,
                                            const std::vector<std::string>& hosts,
                                            std::chrono::milliseconds limit, handler done,
                                            lookup_pool& by = lookup_pool::system());
  explicit host_lookup(handler done) : done_(std::move(done)) {}
  void cancel();

 private:
  void handle(const std::string& host, const lookup_answer& found);
  void answer();

  handler done_;
  looked_up all_;
  std::map<std::string, std::shared_ptr<lookup>> asked_;
};

/// The same for a program that does not run its loop yet: blocks until there is an answer.
looked_up look_up_now(const std::vector<std::string>& hosts, std::chrono::milliseconds limit);

}  // namespace gof::dial
