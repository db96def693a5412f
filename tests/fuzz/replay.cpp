// Runs a target over a folder of inputs where libFuzzer is not at hand: every input that was ever worth
// keeping stays a test of every build.
#include "check.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

namespace {

// Of a target. More than fuzz_corpus leaves; what goes beyond is a corpus that nobody merged.
constexpr std::size_t most_inputs = 400;
constexpr std::size_t largest_input = 8192;

}  // namespace

int main(int count, char** words) {
  std::size_t runs = 0;
  for (const auto& folder : std::vector<std::filesystem::path>(words + 1, words + count)) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<char> text((std::istreambuf_iterator<char>(file)), {});
      if (text.size() > largest_input) {
        std::cerr << entry.path() << " is longer than " << largest_input << " bytes\n";
        return 1;
      }
      // A block of exactly its size, so that the address sanitizer sees a read behind the end.
      const gof::bytes data(text.begin(), text.end());
      std::cout << entry.path().filename().string()
                << std::endl;  // flushed: the last one named is the culprit
      LLVMFuzzerTestOneInput(data.data(), data.size());
      ++runs;
    }
  }
  std::cout << runs << " inputs of at most " << most_inputs << "\n";
  return runs > 0 && runs <= most_inputs ? 0 : 1;
}
