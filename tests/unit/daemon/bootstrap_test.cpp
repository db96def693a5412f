#include "daemon/bootstrap.hpp"

#include "net/system_random.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace gof::daemon {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class kept_lines final : public log::logger {
 public:
  using logger::write;
  void write(log::level, const std::string& line, const log::fields&) override { lines.push_back(line); }
  std::vector<std::string> lines;
};

wire::join_ticket ticket_of(std::uint8_t key, const std::string& host = "192.0.2.1") {
  wire::join_ticket ticket;
  ticket.network_key.fill(key);
  ticket.addresses = {{host, 9999}, {host, 9998}};
  return ticket;
}

secure::secret32 key_of(std::uint8_t key) {
  return secure::secret32(bytes(32, key));
}

class Bootstrap : public testing::Test {
 protected:
  Bootstrap() {
    std::string name = (std::filesystem::temp_directory_path() / "gof-bootstrap-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }
  ~Bootstrap() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  outcome<secure::secret32> key(const std::vector<join_source>& from) {
    asked_.join = from;
    const auto joined = read_bootstrap(from);
    if (!joined) return joined.error();
    return member_key(asked_, *joined, kept_, random_, log_);
  }

  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    std::filesystem::permissions(folder_ / name, std::filesystem::perms(0600));
    return folder_ / name;
  }

  std::filesystem::path folder_;
  state::store kept_ = state::store::in_memory();
  mesh_settings asked_;
  net::system_random random_;
  kept_lines log_;
};

TEST_F(Bootstrap, gathers_addresses_a_list_for_each) {
  const auto joined = read_bootstrap({ticket_of(1), wire::address{"h", 7}, ticket_of(1, "hub")});
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->network_key, key_of(1));
  EXPECT_EQ(joined->places, (std::vector<std::vector<std::string>>{
                                {"192.0.2.1:9999", "192.0.2.1:9998"}, {"h:7"}, {"hub:9999", "hub:9998"}}));
}

TEST_F(Bootstrap, tickets_of_two_meshes_are_told_with_both) {
  const auto joined = read_bootstrap({ticket_of(1), ticket_of(2)});
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, bad_command_line);
  EXPECT_THAT(joined.error().what, AllOf(HasSubstr(mesh_text(key_of(1))), HasSubstr(mesh_text(key_of(2)))));
}

TEST_F(Bootstrap, file_is_read_and_what_is_wrong_in_it_is_78) {
  const auto good = write("good", ticket_of(1).text() + "\n");
  EXPECT_EQ(read_bootstrap({ticket_file{good}})->network_key, key_of(1));
  wire::ticket service;
  for (const auto& path : {write("bad", "gof1abc"), write("service", service.text()), folder_ / "none"}) {
    const auto joined = read_bootstrap({ticket_file{path}});
    ASSERT_FALSE(joined);
    EXPECT_EQ(joined.error().code, bad_file);
    EXPECT_THAT(joined.error().what, HasSubstr(path.string()));
  }
  EXPECT_EQ(read_bootstrap({ticket_of(2), ticket_file{good}}).error().code, bad_file);
}

TEST_F(Bootstrap, without_any_a_key_is_made_once) {
  const auto made = key({});
  ASSERT_TRUE(made);
  EXPECT_EQ(*key({}), *made);
  EXPECT_EQ((*kept_.network_key())->from, state::network_key::origin::made_here);
}

TEST_F(Bootstrap, tickets_key_is_kept) {
  EXPECT_EQ(*key({ticket_of(1)}), key_of(1));
  EXPECT_EQ((*kept_.network_key())->from, state::network_key::origin::join_ticket);
  EXPECT_EQ(*key({}), key_of(1)) << "even without --join";
  EXPECT_EQ(*key({wire::address{"h", 1}}), key_of(1)) << "even with an address";
  EXPECT_TRUE(log_.lines.empty());
}

TEST_F(Bootstrap, ticket_in_the_place_of_a_key_made_here_is_told) {
  const auto made = key({});
  ASSERT_TRUE(made);
  EXPECT_EQ(*key({ticket_of(1)}), key_of(1));
  ASSERT_EQ(log_.lines.size(), 1u);
  EXPECT_THAT(log_.lines[0], AllOf(HasSubstr(mesh_text(key_of(1))), HasSubstr(mesh_text(*made)),
                                   HasSubstr("tickets printed before are void")));
}

TEST_F(Bootstrap, ticket_of_another_mesh_than_that_joined_before_is_refused_naming_both) {
  ASSERT_TRUE(key({ticket_of(1)}));
  const auto refused = key({ticket_of(2)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, bad_command_line);
  EXPECT_THAT(refused.error().what, AllOf(HasSubstr(mesh_text(key_of(1))), HasSubstr(mesh_text(key_of(2)))));
  EXPECT_EQ((*kept_.network_key())->key, key_of(1));
}

TEST_F(Bootstrap, named_network_key_goes_before_the_one_kept_and_agrees_with_the_ticket) {
  auto other = state::store::in(state::folder::of_key_file(folder_ / "key"));
  ASSERT_TRUE(other.keep_joined(key_of(2)));
  ASSERT_TRUE(key({ticket_of(1)}));
  asked_.network_key = folder_ / "network-key";
  EXPECT_EQ(*key({ticket_of(2)}), key_of(2));
  EXPECT_EQ(*key({wire::address{"h", 1}}), key_of(2));
  EXPECT_EQ((*kept_.network_key())->key, key_of(1)) << "the kept key is unchanged";
  EXPECT_EQ(key({ticket_of(3)}).error().code, bad_command_line);
  asked_.network_key = folder_ / "none";
  EXPECT_EQ(key({}).error().code, bad_file);
}

TEST_F(Bootstrap, address_needs_a_key_and_makes_none) {
  const auto refused = key({wire::address{"h", 1}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, bad_command_line);
  EXPECT_THAT(refused.error().what, HasSubstr("--network-key"));
  EXPECT_EQ(*kept_.network_key(), std::nullopt);
}

}  // namespace
}  // namespace gof::daemon
