#include "forward/pump_set.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace gof::forward {
namespace {

/// A reset is to be seen within a second, also where no operation waits for it.
constexpr std::chrono::milliseconds tick_every{250};

}  // namespace

pump_set::pump_set(const boost::asio::any_io_executor& on) : timer_(on) {}

pump_set::~pump_set() {
  for (const auto& one : all(nullptr)) one->disown();
}

pump& pump_set::add(local_socket socket, gof::stream stream, std::string label, std::shared_ptr<tally> counts,
                    over_handler over) {
  pump::owner& self = *this;
  auto made = std::make_shared<pump>(self, pool_, std::move(socket), std::move(stream), std::move(counts));
  auto& there = *made;
  pumps_.emplace(&there, member{std::move(made), std::move(label), std::move(over)});
  return there;
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
  if (gone && gone.mapped().over) gone.mapped().over(how);
}

void pump_set::stir() {
  if (std::exchange(ticking_, true)) return;
  timer_.expires_after(tick_every);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

void pump_set::tick() {
  ticking_ = false;
  const auto held = all(nullptr);
  for (const auto& one : held) one->tick();
  if (std::any_of(held.begin(), held.end(), [](const auto& one) { return one->wants_tick(); })) stir();
}

}  // namespace gof::forward
