#include "forward/pump_set.hpp"

#include <set>

namespace gof::forward {

pump_set::pump_set(const boost::asio::any_io_executor& on, const keep_alive& alive)
    : watch_(std::make_shared<socket_watch>(on, alive)), timer_(on) {}

pump_set::~pump_set() {
  for (const auto& one : all(nullptr)) one->disown();
}

pump& pump_set::add(local_socket socket, gof::stream stream, std::string label,
                    std::shared_ptr<connection_stats> counts, over_handler over, pump::beyond left) {
  pump::owner& self = *this;
  auto made =
      std::make_shared<pump>(self, std::move(socket), std::move(stream), std::move(counts), std::move(left));
  auto& there = *made;
  pumps_.emplace(&there, member{std::move(made), std::move(label), std::move(over)});
  return there;
}

std::uint64_t pump_set::under_way() const {
  std::uint64_t bytes = 0;
  for (const auto& [who, one] : pumps_) bytes += one.held->under_way();
  return bytes;
}

std::size_t pump_set::abort(const std::string& label) {
  const auto chosen = all(&label);
  for (const auto& one : chosen) one->abort();
  return chosen.size();
}

void pump_set::abort_all() {
  for (const auto& one : all(nullptr)) one->abort();
}

std::vector<std::string> pump_set::labels() const {
  std::set<std::string> labels;
  for (const auto& [who, one] : pumps_) labels.insert(one.label);
  return {labels.begin(), labels.end()};
}

std::vector<std::shared_ptr<pump>> pump_set::all(const std::string* label) const {
  std::vector<std::shared_ptr<pump>> chosen;
  for (const auto& [who, one] : pumps_)
    if (!label || one.label == *label) chosen.push_back(one.held);
  return chosen;
}

void pump_set::handle_over(pump& who, const pump::end& how) {
  const auto gone = pumps_.extract(&who);
  if (!gone) return;
  if (gone.mapped().due) due_.erase(*gone.mapped().due);
  if (gone.mapped().over) gone.mapped().over(how);
}

void pump_set::schedule(pump& who, pump::duration in) {
  auto& its = pumps_.at(&who).due;
  const auto at = clock::now() + in;
  if (its && (*its)->first <= at) return;
  if (its) due_.erase(*its);
  its = due_.emplace(at, &who);
  if (at < waits_until_) wait();
}

void pump_set::wait() {
  waits_until_ = due_.begin()->first;
  timer_.expires_at(waits_until_);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

void pump_set::tick() {
  waits_until_ = clock::time_point::max();
  const auto now = clock::now();
  while (!due_.empty() && due_.begin()->first <= now) {
    auto& one = pumps_.at(due_.begin()->second);
    due_.erase(due_.begin());
    one.due.reset();
    const auto held = one.held;  // may end in tick()
    held->tick();
  }
  if (!due_.empty() && waits_until_ == clock::time_point::max()) wait();
}

}  // namespace gof::forward
