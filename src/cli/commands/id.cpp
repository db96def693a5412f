#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "daemon/state_dir.hpp"
#include "log/json_text.hpp"

namespace gof::cli {

int run(const id_command& what, const os::environment& variables) {
  const auto self = daemon::identity_of(daemon::store_of(what.key, false, variables));
  if (!self) return tell_failure(self.error());
  const auto id = self->id().text();
  return print((what.json ? log::json_text({{"version", 1}, {"id", id}}) : id) + '\n');
}

}  // namespace gof::cli
