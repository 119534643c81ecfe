#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/wire/call.h"
#include "lib/wire/findings.h"

namespace ks::client {

// Why clients of a cluster do not get to work. Some of them know only one word for all of it:
// kafka-python's is NoBrokersAvailable.
struct Trouble {
  std::optional<wire::FindingId> id;  // none: nothing but the error is to be told
  cli::Error error;                   // with an id, `where` is the evidence
  bool stops_everything = true;       // nothing can work

  std::optional<wire::Finding> finding() const;
};

// Where none of several addresses answered ApiVersions, each with its error: whether that is
// because nothing listens, or because what listens does not answer as a Kafka broker. Whoever is
// not let in (a password, a certificate) is told just that.
Trouble nobody_answers(const std::vector<cli::Error>& failures);

// The versions of the first broker that answers. Each address has an equal share of the time that
// is left: a silent one must not use up that of the others.
tl::expected<wire::ApiVersions, Trouble> first_versions(const std::vector<std::string>& brokers,
                                                        const wire::Access& access,
                                                        cli::Deadline deadline);

}  // namespace ks::client
