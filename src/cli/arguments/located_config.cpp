#include "cli/arguments/located_config.hpp"

#include "base/pasted_ticket.hpp"
#include "cli/arguments/config_plan.hpp"
#include "cli/arguments/mesh_values.hpp"
#include "cli/arguments/node_values.hpp"
#include "wire/ticket.hpp"

#include <algorithm>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;
using forward::in_quotes;

outcome<std::filesystem::path> config_path(verb of, const option_values& values, const config_reader& files,
                                           bool& named) {
  const auto given = values.path("config");
  if (!given) return failure{bad_command_line, given.error().what};
  if (of == verb::run && values.words().size() > 1)
    return failure{bad_command_line, in_quotes(values.words()[1]) + ": gof run takes one FILE"};
  const bool word = of == verb::run && !values.words().empty();
  if (word && values.on_command_line("config"))
    return failure{bad_command_line,
                   "two configurations: " + in_quotes(values.words().front()) + " and --config"};
  if (word && begins_like_ticket(values.words().front()))
    return failure{bad_command_line,
                   in_quotes(values.words().front()) + ": a ticket is not the name of a file"};
  named = word || given->has_value();
  return word ? std::filesystem::path(values.words().front()) : given->value_or(files.standard);
}

}  // namespace

result<void> check_node(verb of, const option_values& node) {
  if (const auto read = read_node(node); !read) return read.error();
  const auto mesh = read_mesh(of, node);
  if (!mesh) return mesh.error();
  // A missing join may still be given on the command line.
  if (mesh->join.empty()) return {};
  if (const auto place = read_address(of, node, *mesh); !place) return place.error();
  return {};
}

outcome<located_config> locate_config(verb of, const option_values& values, const config_reader& files) {
  located_config found;
  const auto& all = options();
  const bool knows =
      std::any_of(all.begin(), all.end(), [&](const auto& o) { return o.name == "config" && o.fits(of); });
  if (!knows || !files.load) return found;
  bool named = false;
  auto path = config_path(of, values, files, named);
  if (!path) return path.error();
  found.path = std::move(*path);
  auto loaded = files.load(found.path);
  if (!loaded) return loaded.error();
  if (!*loaded) {
    if (named || of == verb::run)
      return failure{bad_file,
                     "configuration " + found.path.string() + ": there is no such file" +
                         (named ? "" : "; write it, as gof.conf(5) tells, or name another: gof run FILE")};
    return found;
  }
  found.what = std::move(**loaded);
  auto node = option_values::of_file(of, *found.what, named);
  if (!node) return failure{bad_file, node.error().what};
  // Checked by itself first, so that its mistakes are not blamed on the command line.
  if (overlap(of, node_verbs))
    if (const auto checked = check_node(of, *node); !checked) return failure{bad_file, checked.error().what};
  if (const auto planned = plan_of(*found.what); !planned) return failure{bad_file, planned.error().what};
  found.node = std::move(*node);
  return found;
}

}  // namespace gof::cli
