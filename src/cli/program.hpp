#pragma once

namespace gof::cli {

/// The whole program; its exit code.
int run_program(int count, char** words);

}  // namespace gof::cli
