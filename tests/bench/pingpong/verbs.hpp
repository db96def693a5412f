#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// The verbs of the command line (main.cpp). Each prints its result and returns the exit code.
namespace pingpong {

using clock_type = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

int serve();
int ask(std::uint16_t port, seconds how_long, unsigned at_once);
int connect(std::uint16_t port, seconds how_long, unsigned at_once);
int bulk(std::uint16_t port);
int hold(std::uint16_t port, unsigned count);
int up(std::uint16_t port, std::size_t bytes);
int down(std::uint16_t port, std::size_t bytes);

/// Returns once standard input has ended.
void wait_for_end_of_input();
/// Says what failed and, by errno, why. 0 stands for an end of the connection.
int failed(const char* what);

}  // namespace pingpong
