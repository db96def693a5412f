#include "cli/program.hpp"

int main(int count, char** words) {
  return gof::cli::run_program(count, words);
}
