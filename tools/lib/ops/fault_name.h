#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/target/process.h"
#include "lib/target/toxiproxy.h"

// Which toxics are ours. Toxiproxy knows no owner of anything, so a toxic's name says it; a proxy
// that we disabled has a toxic without effect whose name says so.
namespace ks::ops {

// ks-fault-RUN-HOLDER-VERB-STREAM. HOLDER is `kept` for a fault that is to stay until it is healed,
// or the process that holds it: pNUMBER.START.
struct FaultName {
  std::string run;  // other characters than letters, digits, '.', '_' and '-' are '_'
  std::optional<target::ProcessId> holder;
  std::string verb;    // latency, down, …
  std::string stream;  // upstream or downstream

  std::string text() const;
  bool operator==(const FaultName&) const = default;
};

// A run's identity as it stands in names: '/' would make a toxic that no call can address.
std::string run_in_names(std::string_view run_id);

// Nothing where a toxic of that name is not ours.
std::optional<FaultName> parse_fault_name(std::string_view text);

struct OwnToxic {
  std::string proxy;
  std::string toxic;
  FaultName name;
};

// All of ours among `proxies`, in their order.
std::vector<OwnToxic> own_toxics(const std::vector<target::Proxy>& proxies);

// Whether nobody will heal it any more: its holder is gone, or another run left it in place.
bool is_left_over(const FaultName& name, const std::string& run);

// Removes them, and enables the proxies that they say we disabled. Tries again until the deadline,
// also after a stop signal; an error says what is still in place.
cli::Result<void> remove_toxics(const target::Toxiproxy& api, const std::vector<OwnToxic>& toxics,
                                cli::Deadline deadline);

}  // namespace ks::ops
