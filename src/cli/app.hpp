#pragma once

namespace gof::cli {

/// Runs the whole program, and returns its exit code.
int run_app(int count, char** words);

}  // namespace gof::cli
