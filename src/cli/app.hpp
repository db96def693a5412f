#pragma once

namespace gof::cli {

/// The whole program; its exit code.
int run_app(int count, char** words);

}  // namespace gof::cli
