#include "session/pathwatch.hpp"

#include <algorithm>

namespace gof::core {

void pathwatch::start(instant now, duration survive) {
  started_ = true;
  survive_ = survive;
  there_ = true;
  confirmed_ = heard_ = now;
  due_ = now;  // the first probe measures the round trip
}

void pathwatch::handle_demand(instant now, demand wanted) {
  if (wanted == demand_ || !started_) return;
  if (demand_ == demand::none && there_) {  // nobody wanted answers until now: none is missing
    confirmed_ = heard_ = now;
    misses_ = 0;
  }
  demand_ = wanted;
  if (wanted == demand::none || waiting_ || !there_) return;
  due_ = due_ ? std::min(*due_, now + interval()) : now;
}

void pathwatch::handle_path(instant now, bool there) {
  if (there == there_ || !started_) return;
  there_ = there;
  waiting_ = false;
  misses_ = 0;
  due_.reset();
  if (there) {
    heard_ = now;
    due_ = now;
  } else {
    gone_ = now;
    if (demand_ == demand::none) confirmed_ = now;
  }
}

void pathwatch::handle_switch(instant now) {
  if (!started_ || !there_) return;
  waiting_ = false;
  misses_ = 0;
  due_ = now;
}

void pathwatch::ask(instant now) {
  if (!started_) return;
  asked_ = number_ + 1;
  asking_ = true;
  due_ = due_ ? std::min(*due_, now) : now;
}

void pathwatch::handle_reply(instant now, std::uint32_t number) {
  const auto age = number_ - number;
  if (number == 0 || age >= sent_.size() || number > number_) return;
  const duration sample = now - sent_[number % sent_.size()];
  if (smoothed_) {
    const auto off = sample > *smoothed_ ? sample - *smoothed_ : *smoothed_ - sample;
    variation_ = (3 * variation_ + off) / 4;
    smoothed_ = (7 * *smoothed_ + sample) / 8;
  } else {
    smoothed_ = sample;
    variation_ = sample / 2;
  }
  if (asked_ && number >= *asked_) {
    asked_.reset();
    answer_ = sample;
  }
  confirmed_ = now;
  misses_ = 0;
  waiting_ = false;
  due_.reset();
  if (demand_ != demand::none) due_ = std::max(now, next_after(sent_[number % sent_.size()]));
  if (asking_) due_ = now;
}

instant pathwatch::next_after(instant sent) const {
  const auto next = sent + interval();
  return demand_ == demand::kept ? next - next.time_since_epoch() % slot : next;
}

duration pathwatch::patience() const {
  if (!smoothed_) return first_wait;
  return std::clamp<duration>(2 * *smoothed_ + 4 * variation_, shortest_wait, longest_wait);
}

std::optional<std::uint32_t> pathwatch::poll_probe(instant now) {
  if (!there_ || !due_ || now < *due_) return std::nullopt;
  if (std::exchange(asking_, false) && waiting_ && now < verdict_) {  // besides the one under way
    due_ = verdict_;
    sent_[++number_ % sent_.size()] = now;
    return number_;
  }
  if (waiting_) ++misses_;
  waiting_ = false;
  due_.reset();
  if (demand_ == demand::none && smoothed_ && !asked_) return std::nullopt;
  waiting_ = true;
  due_ = verdict_ = now + patience();
  ++number_;
  sent_[number_ % sent_.size()] = now;
  return number_;
}

std::optional<pathwatch::lost> pathwatch::poll_lost(instant now) {
  if (!started_ || lost_at_ || demand_ == demand::none) return std::nullopt;
  if (there_ ? !(doubtful() && now >= heard_ + silence) : now < gone_ + way_grace) return std::nullopt;
  lost_at_ = heard_;
  return lost{std::max(confirmed_ + survive_ - now, duration::zero())};
}

std::optional<pathwatch::resumed> pathwatch::poll_resumed(instant now) {
  if (!lost_at_ || !there_ || confirmed_ <= *lost_at_) return std::nullopt;
  const resumed r{now - *lost_at_};
  lost_at_.reset();
  return r;
}

std::optional<instant> pathwatch::poll_timeout() const {
  auto due = there_ ? due_ : std::nullopt;
  const auto sooner = [&due](instant t) {
    if (!due || t < *due) due = t;
  };
  if (counting()) sooner(confirmed_ + survive_);
  if (started_ && !lost_at_ && demand_ != demand::none) {
    if (!there_) sooner(gone_ + way_grace);
    if (there_ && doubtful()) sooner(heard_ + silence);
  }
  return due;
}

}  // namespace gof::core
