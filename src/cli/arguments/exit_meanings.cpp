#include "cli/arguments/exit_meanings.hpp"

namespace gof::cli {
namespace {

using enum daemon::exit_code;

constexpr verb meeting_verbs =
    forwarding_verbs | verb::connect | verb::ping | verb::trace;  // they connect to a peer

constexpr exit_meaning meanings[] = {
    {done, "done, or drained after a signal", every_verb},
    {failed, "another failure; a port in use at the start, connections cut off after a signal", every_verb},
    {bad_command_line, "something wrong on the command line, tickets included", every_verb},
    {no_service, "no path to the peer, or it has no such service", meeting_verbs},
    {no_service, "no node runs here, or it does not answer; status --check: something does not work",
     verb::status | verb::peers},
    {bad_protocol, "the other side speaks another protocol or version", meeting_verbs},
    {refused, "refused, withdrawn, or not the peer expected", meeting_verbs},
    {bad_file, "something wrong in a file: configuration, key, network key, grants, ticket file", kept_verbs},
    {no_answer, "a path, but no answer in time", meeting_verbs | verb::demo},
    {by_signal, "a signal (number n) ended it; where connections are drained, a second one",
     lasting_verbs | verb::connect | asking_verbs | verb::demo},
};

}  // namespace

std::string exit_meaning::spelled() const {
  return code == by_signal ? std::to_string(code) + "+n" : std::to_string(code);
}

std::span<const exit_meaning> exit_meanings() {
  return meanings;
}

}  // namespace gof::cli
