#include "dial/socket_share.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <algorithm>
#include <sys/resource.h>

namespace gof::dial {
namespace {

std::size_t part_of_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return socket_share::least;
  return std::max<std::size_t>(socket_share::least, limit.rlim_cur / socket_share::part);
}

struct service final : boost::asio::execution_context::service {
  inline static boost::asio::execution_context::id id;
  explicit service(boost::asio::execution_context& loop) : boost::asio::execution_context::service(loop) {}
  void shutdown() override {}
  std::shared_ptr<socket_share> share = std::make_shared<socket_share>(&part_of_descriptors);
};

}  // namespace

std::shared_ptr<socket_share> socket_share::of(const boost::asio::any_io_executor& on) {
  auto& loop = boost::asio::query(on, boost::asio::execution::context);
  return boost::asio::use_service<service>(loop).share;
}

bool socket_share::has_room(const destination& whose) const {
  if (open_ + whose.open < few) return true;
  const auto most = most_();
  return open_ < most && whose.open < most - open_;
}

std::optional<socket_share::place> socket_share::take(const std::string& whose) {
  const auto its = destinations_.try_emplace(whose).first;
  if (!has_room(its->second)) {
    forget_idle(its);
    return std::nullopt;
  }
  ++its->second.open;
  ++open_;
  if (waiting_ > 0) wake();
  return place(shared_from_this(), its);
}

void socket_share::give_back(destinations::iterator whose) {
  --whose->second.open;
  --open_;
  forget_idle(whose);
  if (waiting_ > 0) wake();
}

socket_share::number socket_share::wait(const boost::asio::any_io_executor& on, const std::string& whose,
                                        std::function<bool()> ready) {
  const auto which = next_++;
  destinations_[whose].waiting.emplace(which, waiter{on, std::move(ready)});
  ++waiting_;
  return which;
}

void socket_share::leave(const std::string& whose, number which) {
  const auto found = destinations_.find(whose);
  if (found == destinations_.end()) return;
  waiting_ -= found->second.waiting.erase(which);
  forget_idle(found);
}

/// If there is room, calls one waiter: at the destination with the fewest open sockets, the one that has
/// waited longest.
void socket_share::wake() {
  destination* best = nullptr;
  for (auto& [name, one] : destinations_)
    if (!one.waiting.empty() && (!best || one.open < best->open)) best = &one;
  if (!best || !has_room(*best)) return;
  auto first = best->waiting.extract(best->waiting.begin());
  --waiting_;
  boost::asio::post(first.mapped().on, [self = shared_from_this(), ready = std::move(first.mapped().ready)] {
    if (!ready()) self->wake();
  });
}

void socket_share::forget_idle(destinations::iterator whose) {
  if (whose->second.open == 0 && whose->second.waiting.empty()) destinations_.erase(whose);
}

}  // namespace gof::dial
