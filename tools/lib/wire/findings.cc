#include "lib/wire/findings.h"

#include <array>

namespace ks::wire {
namespace {

using enum FindingId;
using enum Severity;

// In the order of the enumeration.
constexpr std::array kKinds{
    FindingKind{kNoListener, "no-listener", kWarning, "no listener at any of the addresses given"},
    FindingKind{kNoApiVersions, "no-api-versions", kWarning,
                "a listener, but no answer to ApiVersions"},
    FindingKind{kNoBrokersInMetadata, "no-brokers-in-metadata", kWarning, "no brokers in Metadata"},
    FindingKind{kAdvertisedUnreachable, "advertised-unreachable", kWarning,
                "a broker is not reachable at the address that it advertises"},
    FindingKind{kCoordinatorMissing, "coordinator-missing", kWarning,
                "no coordinator for consumer groups"},
    FindingKind{kGroupApisUnreachable, "group-apis-unreachable", kWarning,
                "the broker serves no version of a group API that this client speaks"},
    FindingKind{kMessageFormatDowngraded, "message-format-downgraded", kWarning,
                "the client would use an old message format, because of the versions advertised"},
    FindingKind{kVersionMismatch, "version-mismatch", kWarning,
                "client and broker have no version of an API in common"},
    FindingKind{kCoordinatorNotInMetadata, "coordinator-not-in-metadata", kWarning,
                "FindCoordinator names a node that Metadata does not list"},
    FindingKind{kAdvertisedElsewhere, "advertised-elsewhere", kWarning,
                "the broker sends clients to an address other than the one they were given"},
    FindingKind{kAdvertisedVersionUnanswered, "advertised-version-unanswered", kViolation,
                "a valid request of an advertised version gets no answer"},
    FindingKind{kAdvertisedVersionRefused, "advertised-version-refused", kViolation,
                "a valid request of an advertised version gets UNSUPPORTED_VERSION or a closed "
                "connection"},
    FindingKind{kAdvertisedForOldClients, "advertised-for-old-clients", kInfo,
                "Produce 0-2 are advertised and refused, as Apache Kafka 4 does for old clients"},
    FindingKind{kUnadvertisedVersionUnanswered, "unadvertised-version-unanswered", kViolation,
                "a request of a version that is not advertised meets silence"},
    FindingKind{kUnadvertisedVersionServed, "unadvertised-version-served", kInfo,
                "a version that is not advertised is served"},
    FindingKind{kApiVersionsWithoutFallback, "api-versions-without-fallback", kViolation,
                "an ApiVersions request of an unknown version is not answered in version 0"},
    FindingKind{kUnknownTagRefused, "unknown-tag-refused", kViolation,
                "a request with an unknown tagged field is not served"},
    FindingKind{kAnswersOutOfOrder, "answers-out-of-order", kViolation,
                "answers to pipelined requests do not come in their order"},
    FindingKind{kMalformedResponse, "malformed-response", kViolation,
                "a response does not follow its schema"},
    FindingKind{kUnexpectedErrorCode, "unexpected-error-code", kWarning,
                "an error code that clients do not expect from this API"},
    FindingKind{kBrokerDownAfterMalformed, "broker-down-after-malformed", kViolation,
                "after a malformed request the broker no longer serves others"},
    FindingKind{kMalformedRequestAnswered, "malformed-request-answered", kInfo,
                "a malformed request is answered as if it were valid"},
    FindingKind{kMalformedBatchAccepted, "malformed-batch-accepted", kViolation,
                "a record batch with a wrong CRC is acknowledged"},
    FindingKind{kNullRecords, "null-records", kInfo,
                "a Fetch answer has null where the protocol has an empty record set"},
    FindingKind{kRebalanceChurn, "rebalance-churn", kWarning,
                "the group keeps rebalancing instead of becoming stable"},
    FindingKind{kSilentBroker, "silent-broker", kWarning,
                "the broker accepts connections and does not answer"},
    FindingKind{kMemberFenced, "member-fenced", kWarning,
                "the coordinator fenced a member that did nothing wrong"},
    FindingKind{kAssignmentNotTheLeaders, "assignment-not-the-leaders", kWarning,
                "members get another assignment than the group's leader sent"},
    FindingKind{kLeaveRefused, "leave-refused", kWarning,
                "LeaveGroup of a member of the group is refused"},
    FindingKind{kNoCommitAnsweredAsZero, "no-commit-answered-as-zero", kWarning,
                "OffsetFetch answers 0 and not -1 for a group without a commit"},
    FindingKind{kAssignmentsUndescribed, "assignments-undescribed", kWarning,
                "DescribeGroups tells no assignment of any member of a stable group"},
    FindingKind{kPromisedVersionMissing, "promised-version-missing", kViolation,
                "the broker does not offer a version that the charter promises"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (static_cast<std::size_t>(kKinds[i].id) != i) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

const char* to_string(Severity severity) {
  switch (severity) {
    case kInfo:
      return "info";
    case kWarning:
      return "warning";
    case kViolation:
      break;
  }
  return "violation";
}

std::span<const FindingKind> all_findings() { return kKinds; }
const FindingKind& kind_of(FindingId id) { return kKinds[static_cast<std::size_t>(id)]; }

}  // namespace ks::wire
