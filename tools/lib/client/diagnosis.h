#pragma once

#include <string>
#include <vector>

#include "lib/client/trouble.h"

namespace ks::client {

// Why clients that were given these addresses do not get to work: nothing listens; what listens
// does not answer ApiVersions; Metadata has no brokers; brokers do not answer where they advertise
// that they are. Empty: none of that was seen.
//
// Everything is asked by the wire client; what that is not allowed to ask (the broker wants another
// authentication than it knows) is not judged. Takes three seconds at most, and those only where an
// answer is missing.
std::vector<Trouble> diagnose(const std::vector<std::string>& brokers, const wire::Access& access,
                              cli::Deadline deadline);

// The same of consumer groups: whether there is a coordinator, and where. Takes five seconds at
// most. It is apart because a Kafka makes its topic of commits for the first who asks.
std::vector<Trouble> diagnose_coordinator(const std::vector<std::string>& brokers,
                                          const wire::Access& access, cli::Deadline deadline);

}  // namespace ks::client
