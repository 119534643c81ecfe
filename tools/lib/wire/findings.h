#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

// What can be observed of a broker's or a client's protocol that is worth a name. The catalogue is
// in findings.cc; what was seen, frames and version ranges, is the evidence.
namespace ks::wire {

enum class FindingId : std::uint8_t {
  kNoListener,
  kNoApiVersions,
  kNoBrokersInMetadata,
  kAdvertisedUnreachable,
  kCoordinatorMissing,
  kGroupApisUnreachable,
  kMessageFormatDowngraded,
  kVersionMismatch,
  kCoordinatorNotInMetadata,
  kAdvertisedElsewhere,
  kAdvertisedVersionUnanswered,
  kAdvertisedVersionRefused,
  kAdvertisedForOldClients,
  kUnadvertisedVersionUnanswered,
  kUnadvertisedVersionServed,
  kApiVersionsWithoutFallback,
  kUnknownTagRefused,
  kAnswersOutOfOrder,
  kMalformedResponse,
  kUnexpectedErrorCode,
  kBrokerDownAfterMalformed,
  kMalformedRequestAnswered,
  kMalformedBatchAccepted,
  kNullRecords,
  kRebalanceChurn,
  kSilentBroker,
  kMemberFenced,
  kAssignmentNotTheLeaders,
  kLeaveRefused,
  kNoCommitAnsweredAsZero,
  kAssignmentsUndescribed,
  kPromisedVersionMissing,
};

enum class Severity : std::uint8_t {
  kInfo,       // worth knowing
  kWarning,    // some clients or uses will suffer
  kViolation,  // the check that saw it fails
};
const char* to_string(Severity severity);

struct FindingKind {
  FindingId id;
  const char* name;  // stable: the charter and reports refer to it
  Severity severity;
  const char* summary;
};

std::span<const FindingKind> all_findings();
const FindingKind& kind_of(FindingId id);

struct Finding {
  FindingId id;
  std::string evidence;  // the API, the ranges, the counts or the bytes that show it
};
using OnFinding = std::function<void(Finding)>;

}  // namespace ks::wire
