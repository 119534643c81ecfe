#include <filesystem>

#include "lib/cli/file.h"
#include "lib/cli/output.h"
#include "lib/scenario/commands.h"

namespace ks::scenario {
namespace {

constexpr const char* kExample =
    R"(# A scenario for ks-run. Change what you like; `ks-run validate` says what does not fit.
title: Five clients send, one reads, nothing is lost
profile: local-service          # where it runs: profiles/NAME.yaml; --profile and K6_PROFILE win
# brokers: [localhost:9092]     # instead of the profile's; -b and KS_BROKERS win
# client: wire                  # or librdkafka; the profile's first, where nothing says
# principal: allowed            # connect as one of the profile's principals; also of one scenario

topics:                         # made before, removed at the end; {{run_id}} makes a name unique
  - {name: "orders-{{run_id}}", partitions: 3}
#   - {name: orders, partitions: 3, recreate: true, keep: true, configs: {retention.ms: 600000}}

scenarios:                      # all at the same time, unless start_delay or after says otherwise
  producer:
    type: produce
    clients: 5                  # processes with a connection each
    messages: 1000              # of all clients together; or duration: 30s
    rate: 200/s                 # of all clients together; left out: as fast as it goes
    value:                      # left out: generated; size: 5KiB says how large
      json: {uuid: "{{uuid}}", at: "{{now}}", number: "{{seq}}", run: "{{run_id}}"}
    headers: {source: ks-run}
    # keys: 100                 # so many different keys; key: one for all
  consumer:
    type: consume               # by partition, unless a group is named
    offset: earliest
    limit: 1000                 # of all clients together
    timeout: 30s                # after everything was sent
    # group: "billing-{{run_id}}"
  # page: {type: metrics, after: consumer}   # the profile's metrics page answers, and is not empty

# faults:                       # at a time from the start; verbs of ks-restart and ks-fault
#   - {at: 2s, verb: kill, random: 1}
#   - {at: 4s, verb: start}
#   - {at: 2s, verb: latency, path: object-store, latency: 200ms, for: 5s}

checks:
  - {name: delivered_all, type: count_equals, expected: 1000}
  - {type: no_loss}
  - {type: no_duplicates}       # explained: true allows what hidden retries explain
  - {type: uuid_match}
  - {type: order}               # the same, where leaders move
  - {type: latency, percentile: p95, max: 1s, scenario: producer}
  - {type: error_rate, max: 0}
#   - {type: count_at_least, metric: produced, expected: 900}
#   - {type: throughput, min: 150/s}
#   - {type: offsets_monotonic}
#   - {type: anomalies, allow: [duplicate=explained, producer-order=explained]}
#   - {type: recovery, max: 5s}
#   - {type: metric, metric: kafscale_s3_error_rate, max: 0}
#   - {name: counted, type: metric, metric: kafscale_produce_rps, moves: true}
#   - {type: authorization, scenario: producer, expected: granted}   # or refused
)";

}  // namespace

Ended init_command(const cli::po::variables_map&, const std::vector<std::string>& words) {
  if (words.size() > 1) return cli::fail("give one file", "init", "see --help");
  if (words.empty()) {
    cli::print(kExample);
    return static_cast<int>(cli::ExitStatus::kPassed);
  }
  std::error_code ignored;
  if (std::filesystem::exists(words.front(), ignored)) {
    return cli::fail("the file is there already", words.front(), "name another one");
  }
  if (auto ok = cli::write_file(words.front(), kExample); !ok) {
    return tl::make_unexpected(ok.error());
  }
  return static_cast<int>(cli::ExitStatus::kPassed);
}

}  // namespace ks::scenario
