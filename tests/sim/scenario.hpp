#pragma once

#include "support/trace.hpp"
#include "support/world.hpp"
#include "traffic.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace gof::test {

/// A serving member, a guest with its ticket, and the traffic between them. Writes a trace if the test
/// failed.
class scenario : public ::testing::Test {
 protected:
  explicit scenario(std::uint64_t seed = 1) : w(seed), record(w) {}

  /// Starts both with these settings. Call it first.
  void start(duration survive = 60s, duration connect_timeout = 10s);
  void start_at(duration delay, double bits_per_second, duration survive = 60s);
  void TearDown() override;

  /// Runs until the session is up at both ends.
  void bring_up();
  conversation& converse(const traffic::plan& p) { return said.open(*client, grant.issuer, p); }
  void expect_intact(const conversation& c) const;
  /// Neither end holds anything for streams any more.
  void expect_freed() const;
  double seconds() const { return std::chrono::duration<double>(w.since_start()).count(); }
  void kill(host& h);

  world w;
  trace record;
  traffic said{w};
  host* server = nullptr;
  host* client = nullptr;
  wire::ticket grant;
};

}  // namespace gof::test
