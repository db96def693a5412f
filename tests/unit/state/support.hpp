#pragma once

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <sys/stat.h>

namespace gof::state::test {

class seeded_random : public random_source {
 public:
  explicit seeded_random(std::uint64_t seed) : engine_(seed) {}
  void fill(mutable_bytes out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

/// Gives each test a folder of its own, and removes it afterwards.
class in_a_folder : public testing::Test {
 protected:
  in_a_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "gof-state-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~in_a_folder() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path at(const std::string& name) const { return path_ / name; }

  static void write(const std::filesystem::path& path, const std::string& text, mode_t mode = 0600) {
    std::ofstream(path, std::ios::binary) << text;
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }

  static std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static mode_t mode(const std::filesystem::path& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
  }

  /// The names in the folder.
  std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) all.insert(entry.path().filename());
    return all;
  }

  std::filesystem::path path_;
};

/// While it exists, files of this process cannot exceed `most` bytes, which a writer sees as a full disk.
class full_disk {
 public:
  explicit full_disk(std::size_t most);
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;
  ~full_disk();

 private:
  std::size_t before_ = 0;
};

}  // namespace gof::state::test
