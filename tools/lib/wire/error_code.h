#pragma once

#include <cstdint>
#include <string>

// Kafka's error codes (protocol guide, "Error Codes").
namespace ks::wire {

// Those that clients act upon by themselves; any other is carried as its number.
enum class ErrorCode : std::int16_t {
  kUnknownServerError = -1,
  kNone = 0,
  kOffsetOutOfRange = 1,
  kUnknownTopicOrPartition = 3,
  kLeaderNotAvailable = 5,
  kRequestTimedOut = 7,
  kCoordinatorLoadInProgress = 14,
  kCoordinatorNotAvailable = 15,
  kNotCoordinator = 16,
  kIllegalGeneration = 22,
  kUnknownMemberId = 25,
  kRebalanceInProgress = 27,
  kUnsupportedSaslMechanism = 33,
  kIllegalSaslState = 34,
  kUnsupportedVersion = 35,
  kTopicAlreadyExists = 36,
  kOutOfOrderSequenceNumber = 45,
  kDuplicateSequenceNumber = 46,
  kInvalidProducerEpoch = 47,
  kUnknownProducerId = 59,
  kGroupIdNotFound = 69,
  kMemberIdRequired = 79,
  kFencedInstanceId = 82,
  kInvalidRecord = 87,
  kUnknownTopicId = 100,
};

// "NOT_COORDINATOR", or "error 1234" for a code this toolkit does not know.
std::string error_name(std::int16_t code);

// Whether the protocol guide knows the code.
bool is_known(std::int16_t code);

// Whether the same request may succeed later.
bool is_retriable(std::int16_t code);

// Whether the client's metadata is out of date: retriable after it was asked for anew.
bool is_stale_metadata(std::int16_t code);

inline ErrorCode to_error(std::int64_t code) { return static_cast<ErrorCode>(code); }

}  // namespace ks::wire
