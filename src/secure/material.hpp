#pragma once

#include "secure/identity.hpp"
#include "secure/openssl.hpp"

namespace gof::secure {

/// Included by sources of src/secure only.
struct identity::material {
  secret32 private_key;
  peer_id id;
  openssl::pkey_ptr key;
  openssl::x509_ptr certificate;
};

}  // namespace gof::secure
