// Runs a target on given inputs without libFuzzer, so that every input worth keeping is tested in every
// build. Arguments are packs (corpus.py) or files with one input.
#include "check.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

namespace {

// The limits for a target, above what fuzz_corpus leaves. A corpus that exceeds them was not merged.
constexpr std::size_t most_inputs = 400;
constexpr std::size_t largest_input = 8192;

/// Takes the input at the front of a pack off it. Empty: the pack is damaged, or the input is too long.
std::optional<std::string> take(std::string& pack) {
  constexpr std::size_t head = 4;
  if (pack.size() < head) return std::nullopt;
  std::size_t size = 0;
  for (const char c : pack.substr(0, head)) size = size << 8 | static_cast<std::uint8_t>(c);
  if (size > largest_input || size > pack.size() - head) return std::nullopt;
  auto input = pack.substr(head, size);
  pack.erase(0, head + size);
  return input;
}

void run(const std::string& input) {
  // A block of exactly its size, so that the address sanitizer sees a read beyond the end.
  const gof::bytes data(input.begin(), input.end());
  LLVMFuzzerTestOneInput(data.data(), data.size());
}

}  // namespace

int main(int count, char** words) {
  std::size_t runs = 0;
  for (int i = 1; i < count; ++i) {
    const std::filesystem::path path(words[i]);
    std::ifstream file(path, std::ios::binary);
    std::string rest((std::istreambuf_iterator<char>(file)), {});
    if (path.extension() != ".pack") {
      run(rest);
      ++runs;
      continue;
    }
    for (std::size_t number = 0; !rest.empty(); ++number) {
      const auto input = take(rest);
      if (!input) {
        std::cerr << path << ": input " << number << " is cut, or longer than " << largest_input
                  << " bytes\n";
        return 1;
      }
      // Flushed, so that the last input printed is the one that failed.
      std::cout << path.filename().string() << " input " << number << ", " << input->size() << " bytes"
                << std::endl;
      run(*input);
      ++runs;
    }
  }
  std::cout << runs << " inputs of at most " << most_inputs << "\n";
  return runs > 0 && runs <= most_inputs ? 0 : 1;
}
