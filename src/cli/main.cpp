#include "cli/app.hpp"

int main(int count, char** words) {
  return gof::cli::run_app(count, words);
}
