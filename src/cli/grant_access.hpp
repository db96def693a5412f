#pragma once

#include "forward/access.hpp"
#include "state/grant_file.hpp"

namespace gof::cli {

/// The grants file as the forwarder asks it.
class grant_access final : public forward::access {
 public:
  explicit grant_access(const state::grant_file& grants) : grants_(grants) {}

  std::optional<known> find(const grant_id& grant) const override;
  bool is_withdrawn(const grant_id& grant) const override;

 private:
  const state::grant_file& grants_;
};

}  // namespace gof::cli
