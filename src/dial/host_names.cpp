#include "dial/host_names.hpp"

#include "dial/candidates.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace gof::dial {

std::vector<boost::asio::ip::address> host_names::addresses(const std::string& host) const {
  if (auto known = known_addresses(host); !known.empty()) return known;
  const auto found = names_.find(host);
  if (found == names_.end()) return {};
  return found->second;
}

std::shared_ptr<host_lookup> host_lookup::start(const boost::asio::any_io_executor& on,
                                                const std::vector<std::string>& hosts,
                                                std::chrono::milliseconds limit, handler done,
                                                lookup_pool& by) {
  auto made = std::make_shared<host_lookup>(std::move(done));
  for (const auto& host : hosts)
    if (!made->asked_.contains(host) && known_addresses(host).empty())
      made->asked_[host] = lookup::start(
          on, host, limit, [made, host](const lookup_answer& found) { made->handle(host, found); }, by);
  if (made->asked_.empty()) boost::asio::post(on, [made] { made->answer(); });
  return made;
}

void host_lookup::handle(const std::string& host, const lookup_answer& found) {
  asked_.erase(host);
  if (found.error) {
    all_.failed = host;
    all_.error = found.error;
    return answer();
  }
  all_.found.add(host, found.addresses);
  if (asked_.empty()) answer();
}

void host_lookup::answer() {
  const auto done = std::exchange(done_, nullptr);
  cancel();
  if (done) done(all_);
}

void host_lookup::cancel() {
  done_ = nullptr;
  for (const auto& [host, one] : std::exchange(asked_, {})) one->cancel();
}

looked_up look_up_now(const std::vector<std::string>& hosts, std::chrono::milliseconds limit) {
  boost::asio::io_context io;
  looked_up all;
  host_lookup::start(io.get_executor(), hosts, limit, [&](const looked_up& found) { all = found; });
  io.run();
  return all;
}

}  // namespace gof::dial
