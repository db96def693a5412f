// The state folder: grants, and the files of keys and ports, whatever happened to them on disk.
#include "base/base32.hpp"
#include "check.hpp"
#include "state/grant_book.hpp"
#include "state/key_file.hpp"
#include "state/key_text.hpp"
#include "state/network_key.hpp"
#include "state/port_file.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace gof;
namespace fs = std::filesystem;

namespace {

/// Must not be used, as the file exists.
struct no_random final : random_source {
  void fill(mutable_bytes) override { std::abort(); }
};

/// A folder of this process, removed at the end.
class folder {
 public:
  folder() {
    std::string name = (fs::temp_directory_path() / "gof-fuzz-XXXXXX").string();
    fuzz::check(::mkdtemp(name.data()) != nullptr);
    at_ = name;
  }
  ~folder() {
    std::error_code ignored;
    fs::remove_all(at_, ignored);
  }

  /// Writes the only file.
  fs::path write(std::string_view text) const {
    const auto path = at_ / "file";
    fs::remove(path);
    std::ofstream(path, std::ios::binary) << text;
    ::chmod(path.c_str(), 0600);
    return path;
  }

 private:
  fs::path at_;
};

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void check_grants(std::string_view text) {
  const auto book = state::grant_book::parse(text);
  if (!book) return fuzz::check(book.error().what.starts_with("line "));
  fuzz::check(book->grants().size() <= state::grant_book::most_grants);
  fuzz::check(book->withdrawn().size() <= state::grant_book::most_withdrawn);
  const auto written = book->text();
  fuzz::check(written.view().size() == text.size());
  const auto again = state::grant_book::parse(written.view());
  fuzz::check(again && *again == *book);
  for (const auto& one : book->grants()) {
    fuzz::check(!book->is_withdrawn(one.id));
    fuzz::check(book->find(one.services) == book->find(one.id));
  }
}

/// A key word from 32 bytes of the input, with the checksum that no fuzzer finds; then the rest of it.
std::string with_key(std::string_view format, const_bytes input) {
  const secure::secret32 key(input.first(std::min<std::size_t>(input.size(), 32)));
  const auto word = state::to_key_text(key);
  const auto back = state::from_key_text(word.view());
  fuzz::check(back && *back == key);
  return std::string(format) + std::string(word.view()) +
         std::string(as_text(input.subspan(std::min<std::size_t>(input.size(), 32))));
}

void check_network_key(const folder& in, const std::string& text) {
  const auto path = in.write(text);
  const auto key = state::load_named_network_key(path);
  fuzz::check(text_of(path) == text);
  if (!key) return fuzz::check(key.error().what.find(path.string()) != std::string::npos);
  const auto kept = state::keep_joined_network_key(path, key->key);
  fuzz::check(kept && kept->what == state::joined_key::outcome::same);
  secure::secret32 other = key->key;
  other.writable()[0] ^= 1;
  const auto joined = state::keep_joined_network_key(path, other);
  fuzz::check(static_cast<bool>(joined));
  const auto now = state::load_named_network_key(path);
  const bool ours = key->from == state::network_key::origin::made_here;
  fuzz::check(now && now->key == (ours ? other : key->key));
}

void check_key(const folder& in, const std::string& text) {
  const auto path = in.write(text);
  no_random none;
  const auto key = state::load_or_create_key(path, none);
  fuzz::check(text_of(path) == text);
  if (!key) return fuzz::check(key.error().what.find(path.string()) != std::string::npos);
  const auto again = state::load_or_create_key(path, none);
  fuzz::check(again && again->id() == key->id());
}

void check_port(const folder& in, const std::string& text) {
  const auto path = in.write(text);
  const auto port = state::load_port(path);
  if (!port) return fuzz::check(port.error().what.find(path.string()) != std::string::npos);
  fuzz::check(*port && **port != 0);
  const auto kept = state::keep_port(path, 1);
  fuzz::check(kept && !*kept && text_of(path) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const folder here;
  const auto [which, input] = fuzz::split({data, size});
  const std::string text(as_text(input));
  switch (which % 8) {
    case 0:
    case 1: check_grants(text); break;
    case 2: check_network_key(here, text); break;
    case 3: check_network_key(here, with_key("gof-network-key-1 ", input)); break;
    case 4: check_key(here, text); break;
    case 5: check_key(here, with_key("gof-key-1 ", input)); break;
    case 6: check_port(here, text); break;
    default: check_port(here, "gof-port-1 " + text);
  }
  return 0;
}
