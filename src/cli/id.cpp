#include "cli/kept_state.hpp"
#include "cli/run.hpp"
#include "log/json_text.hpp"

namespace gof::cli {

int run(const id_command& what, const os::environment& variables) {
  const auto self = identity_of(store_of(what.key, false, variables));
  if (!self) return tell_failure(self.error().code, self.error().what);
  const auto id = self->id().text();
  return print(what.json ? R"({"version":1,"id":)" + log::json_text(id) + "}\n" : id + '\n');
}

}  // namespace gof::cli
