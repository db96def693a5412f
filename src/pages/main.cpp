#include "pages/completions.hpp"
#include "pages/manual.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

namespace {

namespace fs = std::filesystem;
using gof::pages::parts;

const fs::path sources = "src/pages";

/// Generates the files of one source tree, in that tree or in another folder.
class maker {
 public:
  maker(fs::path from, fs::path to) : from_(std::move(from)), to_(std::move(to)) {}

  /// Loads a text that several pages share: FROM/src/pages/<name>.mdoc replaces the marker of that name.
  void share(const std::string& name) { shared_[name] = read(sources / (name + ".mdoc")).value_or(""); }
  /// `page`: NAME.SECTION
  void make_page(const std::string& page, parts lists) {
    const auto text = read(sources / (page + ".in"), false).value_or("");
    // Each page gets only the shared texts that it has a marker for.
    for (const auto& [shared, words] : shared_)
      if (text.find("\n@" + shared + '\n') != text.npos) lists.emplace(shared, words);
    make("man/" + page, lists);
  }
  /// TO/name from FROM/src/pages/<file name>.in. Reports the first mistake, but makes the rest.
  void make(const fs::path& name, const parts& lists) {
    const auto source = sources / (name.filename().string() + ".in");
    const auto text = read(source);
    if (!text) return;
    const auto made = gof::pages::splice(*text, lists);
    if (!made) return tell(source.string() + ':' + made.error().what);
    fs::create_directories((to_ / name).parent_path());
    std::ofstream out(to_ / name);
    out << *made;
    if (!out.flush()) tell(name.string() + ": cannot be written");
  }

  bool all_well() const { return all_well_; }

 private:
  std::optional<std::string> read(const fs::path& source, bool must = true) {
    std::ifstream in(from_ / source);
    if (in) return std::string{std::istreambuf_iterator<char>(in), {}};
    if (must) tell(source.string() + ": cannot be read; each command has a page of its own");
    return std::nullopt;
  }
  void tell(const std::string& what) {
    std::cerr << "gof_pages: " << what << '\n';
    all_well_ = false;
  }

  fs::path from_;
  fs::path to_;
  parts shared_;
  bool all_well_ = true;
};

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::cerr << "usage: gof_pages SOURCE-TREE FOLDER\n";
    return 2;
  }
  maker pages(words[1], words[2]);
  for (const auto* name : {"config-variables", "folder-variables", "run-variables", "manager-variables",
                           "state-files", "control-files", "config-files"})
    pages.share(name);
  pages.make_page("gof.1", gof::pages::program_parts());
  for (const auto& command : gof::cli::commands())
    pages.make_page("gof-" + std::string(command.name) + ".1", gof::pages::command_parts(command));
  pages.make_page("gof.conf.5", gof::pages::file_parts());
  pages.make("completions/gof.bash", gof::pages::bash_parts());
  pages.make("completions/_gof", gof::pages::zsh_parts());
  pages.make("completions/gof.fish", gof::pages::fish_parts());
  return pages.all_well() ? 0 : 1;
}
