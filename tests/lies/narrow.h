#pragma once

#include <string>

#include "front.h"
#include "lib/wire/api_versions.h"

namespace ks::lies {

// Makes a broker serve only the versions of a table, as another product would: ApiVersions names
// them, a request of any other version finds its connection closed.
class Narrow final : public Persona {
 public:
  explicit Narrow(wire::ApiVersions table) : table_(std::move(table)) {}

  Verdict on_request(const Exchange& exchange, std::string& bytes) override;
  Sending on_response(const Exchange& exchange, std::string& bytes) override;

 private:
  const wire::ApiVersions table_;
};

// The versions of the first ApiVersions answer in a file of recorded exchanges.
cli::Result<wire::ApiVersions> recorded_versions(const std::string& path);

}  // namespace ks::lies
