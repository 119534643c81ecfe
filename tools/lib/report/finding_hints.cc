#include "lib/report/finding_hints.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ks::report {
namespace {

// The last paragraph of each section of reports/findings.md.
constexpr std::array<std::pair<std::string_view, std::string_view>, 37> kHints{{
    {"advertised-elsewhere", "Give every broker's address, or set what the proxy advertises."},
    {"advertised-for-old-clients", "Nothing; it is told so that nobody takes it for a refusal."},
    {"advertised-unreachable",
     "Advertise what clients reach: advertised.listeners of a Kafka; KAFSCALE_BROKER_ADDR, which a "
     "KafScale also listens on; behind its proxy KAFSCALE_PROXY_ADVERTISED_HOST and _PORT."},
    {"advertised-version-refused", "Serve the version, or take it out of ApiVersions."},
    {"advertised-version-unanswered", "Serve the version, or take it out of ApiVersions."},
    {"answers-out-of-order", "Queue answers by connection."},
    {"api-versions-without-fallback", "Answer as version 0, with the range of ApiVersions in it."},
    {"assignment-not-the-leaders",
     "Keep the bytes of the leader; until then the range assignor is the least to go wrong."},
    {"assignments-undescribed",
     "Wants a group with members. Answer with what SyncGroup gave each of them."},
    {"broker-down-after-malformed",
     "The evidence names the case, and --seed sends the same ones again; close that connection "
     "alone."},
    {"clock-offset",
     "Have each host set its clock by NTP (chrony); a latency that clocks could decide is judged "
     "by "
     "nobody."},
    {"coordinator-missing",
     "See the broker's log for its coordinator and, on a KafScale, for etcd."},
    {"coordinator-not-in-metadata", "Have both answers tell the same nodes."},
    {"counter-reset",
     "Compare kafscale_broker_uptime_seconds of both pages; scrape each broker by its own "
     "address."},
    {"counter-shrinks", "Declare it a gauge, or let it only grow; look at its _max instead."},
    {"group-apis-unreachable",
     "Have the broker offer the older versions, too; until then another client, here --client "
     "wire."},
    {"leave-refused", "Read the list; until then a shorter session.timeout.ms shortens the wait."},
    {"malformed-batch-accepted",
     "Check the CRC-32C of each batch before it is stored; ks-store verify finds those that are "
     "there."},
    {"malformed-request-answered",
     "Refuse a request whose lengths do not fit or that has bytes left."},
    {"malformed-response",
     "Compare with the schema of that version; ks-probe call API --version N shows one answer by "
     "hand."},
    {"member-fenced",
     "See whether a broker was restarted then; keep groups where a restart does not lose them."},
    {"message-format-downgraded",
     "Have the broker offer Fetch 4, or take librdkafka 2.11.1; the executables refuse to begin, "
     "and say so."},
    {"no-api-versions",
     "Compare protocol and port of client and listener; the evidence has how the answer failed."},
    {"no-brokers-in-metadata",
     "See whether the cluster has formed: a KafScale finds its brokers in etcd, a KRaft node in "
     "its quorum."},
    {"no-commit-answered-as-zero",
     "Answer -1; until then commit a group's start before it reads: ks-offsets reset."},
    {"no-listener",
     "Start the broker, or mend the address; ip_local_reserved_ports keeps the port free."},
    {"network-of-the-machine",
     "End what else uses the network, or run the brokers in containers, which have one of their "
     "own."},
    {"null-records", "Answer an empty record set."},
    {"promised-version-missing",
     "Offer it again, or promise less; each API's threshold (missing_versions_NAME) tells how many "
     "are missing."},
    {"rebalance-churn",
     "The reason tells which call was refused, with which code, and how often; see the "
     "coordinator's log."},
    {"resources-unread",
     "The evidence tells why; give the profile a driver, or ks-resources a --pid, --cgroup or "
     "--container."},
    {"silent-broker",
     "The evidence has the API and how long it was waited for; compare with ks-admin brokers."},
    {"unadvertised-version-served", "List the version, or refuse it."},
    {"unadvertised-version-unanswered", "Close the connection, or answer UNSUPPORTED_VERSION."},
    {"unexpected-error-code", "Answer with a code that the protocol guide has for the case."},
    {"unknown-tag-refused",
     "Skip tags by their length, in the request's header and at the end of each structure."},
    {"version-mismatch", "Take a newer client, or have the broker offer the older versions."},
}};

}  // namespace

std::string hint_of_finding(std::string_view id) {
  const auto* const found =
      std::ranges::find(kHints, id, &std::pair<std::string_view, std::string_view>::first);
  return found == kHints.end() ? "" : std::string(found->second);
}

}  // namespace ks::report
