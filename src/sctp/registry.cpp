#include "sctp/registry.hpp"

#include "sctp/clock.hpp"
#include "sctp/endpoint.hpp"
#include "sctp/settings.hpp"

#include <usrsctp.h>

#include <algorithm>

namespace gof::sctp {
namespace {

endpoint* named(void* number) {
  const stack::registry* table = stack::registry::present;
  return table ? table->find(reinterpret_cast<std::uintptr_t>(number)) : nullptr;
}

}  // namespace

stack::registry* stack::registry::present = nullptr;

int handle_output(void* number, void* data, std::size_t size, std::uint8_t, std::uint8_t) {
  if (endpoint* from = named(number)) from->handle_output({static_cast<const std::uint8_t*>(data), size});
  return 0;
}

// usrsctp holds its locks here, so this only sets a flag.
void handle_upcall(struct ::socket*, void* number, int) {
  if (endpoint* on = named(number)) on->readable = true;
}

std::uintptr_t stack::registry::enter(endpoint& one) {
  const std::uintptr_t number = ++last_number;
  endpoints.emplace(number, &one);
  return number;
}

void stack::registry::leave(std::uintptr_t number) {
  endpoints.erase(number);
  busy.erase(number);
}

endpoint* stack::registry::find(std::uintptr_t number) const {
  const auto found = endpoints.find(number);
  return found == endpoints.end() ? nullptr : found->second;
}

void stack::registry::tell(instant now) {
  clock::tell(now);
  if (!told) told = now;
  while (now - *told >= settings::tick) {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - *told);
    const auto step = std::min(passed, settings::largest_step);
    *told += step;
    usrsctp_handle_timers(static_cast<std::uint32_t>(step.count()));
  }
}

void stack::registry::mark(instant now, std::uintptr_t number, bool is_busy) {
  if (!is_busy) {
    busy.erase(number);
    return;
  }
  busy.insert(number);
  busy_until = now + settings::ticks_after_busy;
  if (!due) due = now + settings::tick;
}

bytes stack::registry::take_buffer() {
  if (spare.empty()) return {};
  bytes taken = std::move(spare.back());
  spare.pop_back();
  return taken;
}

buffer stack::registry::take_scratch(std::size_t size) {
  scratch.grow(size);
  buffer taken = std::move(scratch);
  scratch.reserve(largest_packet);
  return taken;
}

void stack::registry::give_buffer(bytes&& spent) {
  if (spare.size() < settings::spare_buffers && spent.capacity() > 0) spare.push_back(std::move(spent));
}

}  // namespace gof::sctp
