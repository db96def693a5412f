#include "state/key_file.hpp"

#include "state/kept_file.hpp"
#include "state/key_text.hpp"

#include <future>

namespace gof::state {
namespace {

constexpr std::string_view format = "gof-key-1 ";

kept_file at(const std::filesystem::path& path) {
  return {.path = path,
          .noun = "key file",
          .cure =
              "put a copy of it back, or move it away: a new identity is then made, and tickets printed "
              "before are void"};
}

result<secure::identity> parse(const kept_file& file, std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with(format)) return file.damaged("does not start with 'gof-key-1'");
  const auto key = from_key_text(text.substr(format.size()));
  if (!key) return file.damaged("what follows 'gof-key-1' is not a key: changed or cut");
  return secure::identity(*key);
}

}  // namespace

result<secure::identity> load_or_create_key(const std::filesystem::path& path, random_source& random) {
  const auto file = at(path);
  // Twice: another process may create it after we have looked.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto found = file.read();
    if (!found) return found.error();
    if (*found) return parse(file, (*found)->view());

    secure::secret32 drawn;
    random.fill(drawn.writable());
    const auto word = to_key_text(drawn);
    const secret_text line(std::string(format) + std::string(word.view()) + '\n');
    // Beside each other: the disk takes as long for a file as OpenSSL for its first key.
    auto writing = std::async([&] { return file.create(line.view()); });
    secure::identity self(drawn);
    const auto made = writing.get();
    if (!made) return made.error();
    if (*made) return self;
  }
  return file.wrong("comes and goes while it is read");
}

}  // namespace gof::state
