#include "daemon/node_command.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

namespace gof::daemon {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

/// Records its steps, fails at a chosen one, and ends as soon as it has begun.
class noted final : public node_command {
 public:
  explicit noted(const settings& all, std::string fails_at = {})
      : node_command("", all, {}), fails_at_(std::move(fails_at)) {}

  std::vector<std::string> steps;

 private:
  std::optional<failure> step(const char* name) {
    steps.emplace_back(name);
    if (fails_at_ != name) return std::nullopt;
    return failure{no_service, fails_at_};
  }
  std::optional<failure> read() override { return step("read"); }
  outcome<network_key> prepare() override {
    if (auto wrong = step("prepare")) return *wrong;
    return network_key();
  }
  std::optional<failure> open() override { return step("open"); }
  outcome<std::vector<listening>> listen() override {
    if (auto wrong = step("listen")) return *wrong;
    return std::vector<listening>();
  }
  std::optional<failure> begin() override {
    process_.end(3);
    return step("begin");
  }
  void abort_all() override { steps.emplace_back("abort"); }

  std::string fails_at_;
};

class NodeCommand : public testing::Test {
 protected:
  NodeCommand() { all.node.ephemeral = true; }

  settings all;
};

TEST_F(NodeCommand, takes_its_steps_in_order_and_ends_with_the_code_it_is_given) {
  noted command(all);
  const auto code = command.run();
  ASSERT_TRUE(code);
  EXPECT_EQ(*code, 3);
  EXPECT_THAT(command.steps, ElementsAre("read", "prepare", "open", "listen", "abort", "begin"));
}

TEST_F(NodeCommand, listens_nowhere_when_it_is_told_so) {
  all.address.no_listen = true;
  noted command(all);
  EXPECT_TRUE(command.run());
  EXPECT_THAT(command.steps, ElementsAre("read", "prepare", "open", "abort", "begin"));
}

TEST_F(NodeCommand, takes_no_step_after_one_that_failed) {
  for (const std::string last : {"read", "prepare", "open", "listen"}) {
    noted command(all, last);
    const auto code = command.run();
    ASSERT_FALSE(code);
    EXPECT_EQ(code.error().code, no_service);
    EXPECT_EQ(code.error().what, last);
    EXPECT_EQ(command.steps.back(), last);
  }
}

TEST_F(NodeCommand, keeps_nothing_when_a_name_to_listen_on_does_not_resolve) {
  std::string name = (std::filesystem::temp_directory_path() / "gof-node-command-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::filesystem::path folder = name;
  all.node.ephemeral = false;
  all.node.key = folder / "key";
  all.address.listen = {{"no..such..name", 0}};
  noted command(all);
  const auto code = command.run();
  EXPECT_TRUE(std::filesystem::is_empty(folder)) << "not even the peer's own key";
  std::filesystem::remove_all(folder);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, failed);
  EXPECT_THAT(code.error().what, StartsWith("cannot listen on no..such..name:0: "));
  EXPECT_THAT(command.steps, ElementsAre("read"));
}

}  // namespace
}  // namespace gof::daemon
