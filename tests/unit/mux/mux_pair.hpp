#pragma once

#include "mux/mux.hpp"
#include "support/polling.hpp"

#include <gtest/gtest.h>

namespace gof::core {

/// Two muxes whose messages arrive in order, when the test passes them on.
struct Mux : ::testing::Test {
  static constexpr std::size_t largest = 64'972;
  credit_budget near_budget;
  credit_budget far_budget;
  mux client{true, 256, largest, near_budget, {}};
  mux server{false, 256, largest, far_budget, {}};
  instant now{50s};

  std::size_t carry(mux& from, mux& to, std::size_t most = SIZE_MAX) const {
    std::size_t count = 0;
    while (count < most) {
      auto m = from.poll_message();
      if (!m) break;
      buffer whole(m->whole());
      const auto stream = m->sctp_stream;
      const auto kind = static_cast<std::uint32_t>(m->kind);
      from.handle_sent();
      to.handle_message(now, stream, kind, std::move(whole));
      ++count;
    }
    from.handle_arrived(now, 0);
    to.handle_arrived(now, 0);
    return count;
  }

  void settle() {
    test::until_silent([&] { return carry(client, server); }, [&] { return carry(server, client); });
  }

  template <class Event>
  static std::optional<Event> next(mux& at) {
    while (auto e = at.poll_event())
      if (auto* found = std::get_if<Event>(&*e)) return std::move(*found);
    return std::nullopt;
  }

  mux::number opened() {
    const auto n = client.open(now, "echo", {}, {});
    settle();
    const auto asked = next<mux::incoming>(server);
    EXPECT_TRUE(asked.has_value());
    server.accept(asked->asked.number);
    settle();
    EXPECT_TRUE(next<mux::accepted>(client).has_value());
    return n;
  }

  bytes read(mux& at, mux::number n) const {
    bytes all;
    for (auto front = at.front(n); !front.empty(); front = at.front(n)) {
      append(all, front);
      at.consume(now, n, front.size());
    }
    return all;
  }
};

}  // namespace gof::core
