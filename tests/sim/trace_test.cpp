#include "scenario.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace gof::test {
namespace {

struct Trace : scenario {
  /// Removes what a failed test may have left.
  void SetUp() override {
    start_at(10ms, 0);
    auto& c = converse({1000, 100'000});
    ASSERT_TRUE(w.run(5s, [&] { return c.over(); }));
    w.reset_connections(*server, *client);
    w.run(1ms);
    folder = std::filesystem::temp_directory_path() / ("gof-trace-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    told = record.write((folder / "run").string());
  }
  void TearDown() override {
    std::filesystem::remove_all(folder);
    scenario::TearDown();
  }
  std::string content(const char* name) const {
    std::ifstream from(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(from), {}};
  }
  std::filesystem::path folder;
  std::string told;
};

TEST_F(Trace, tells_where_it_was_written) {
  EXPECT_NE(told.find((folder / "run.pcap").string()), std::string::npos) << told;
  EXPECT_NE(told.find((folder / "run.txt").string()), std::string::npos) << told;
}

TEST_F(Trace, diagram_shows_who_sent_what_and_every_event) {
  const auto text = content("run.txt");
  for (const char* words :
       {"server", "client", "GREETING", "HELLO", "PROOF", "DATA", "session up with", "client opens c0",
        "stream 1 done", "link 1 down", "connection reset by peer", "is reset"})
    EXPECT_NE(text.find(words), std::string::npos) << words;
  EXPECT_NE(text.find("     0.080000 |               *               link 1 up with"), std::string::npos)
      << text;
}

TEST_F(Trace, capture_holds_whole_records_of_tcp_with_running_sequence_numbers) {
  const auto file = content("run.pcap");
  const auto native = [&](std::size_t at) {
    std::uint32_t v;
    std::memcpy(&v, file.data() + at, sizeof v);
    return v;
  };
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(file[at]); };
  const auto be32 = [&](std::size_t at) {
    return std::uint32_t{byte(at)} << 24 | std::uint32_t{byte(at + 1)} << 16 |
           std::uint32_t{byte(at + 2)} << 8 | byte(at + 3);
  };
  ASSERT_GE(file.size(), 24u);
  EXPECT_EQ(native(0), 0xa1b23c4du);
  EXPECT_EQ(native(20), 101u);
  std::map<std::uint8_t, std::uint32_t> next;  // by the sender's address
  std::size_t packets = 0, resets = 0;
  std::size_t at = 24;
  for (; at + 16 <= file.size(); ++packets) {
    const auto kept = native(at + 8);
    const auto whole = native(at + 12);
    const auto ip = at + 16;
    ASSERT_LE(ip + kept, file.size());
    EXPECT_EQ(byte(ip), 0x45);
    EXPECT_EQ(std::uint32_t{byte(ip + 2)} << 8 | byte(ip + 3), whole);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < 20; i += 2) sum += std::uint32_t{byte(ip + i)} << 8 | byte(ip + i + 1);
    EXPECT_EQ((sum & 0xffff) + (sum >> 16), 0xffffu);
    const auto from = byte(ip + 15);
    const auto flags = byte(ip + 33);
    const bool opens = flags & 2;
    if (!opens && next.contains(from)) {
      EXPECT_EQ(be32(ip + 24), next[from]) << "packet " << packets;
    }
    next[from] = be32(ip + 24) + (opens ? 1 : whole - 40);
    resets += (flags & 4) != 0;
    at = ip + kept;
  }
  EXPECT_EQ(at, file.size());
  EXPECT_GT(packets, 20u);
  EXPECT_EQ(resets, 2u);
}

}  // namespace
}  // namespace gof::test
