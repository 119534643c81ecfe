#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/probe/requests.h"
#include "lib/wire/api_versions.h"

namespace ks::probe {

// Something that is no valid request.
struct MalformedCase {
  std::string name;            // "ListOffsets v4: array count -2"
  std::string bytes;           // what is sent; where it is framed, room for the length comes first
  bool framed = true;          // the length is right, so that there may be an answer
  wire::ApiKey api{-1};        // to decode an answer by; -1: it has none
  std::int16_t version = 0;    // of api
  bool corrupt_batch = false;  // a Produce request of a batch whose CRC is wrong
  bool may_wait = false;       // the broker may rightly wait for more bytes
};

// The first `count` of a sequence that the seed decides; each kind comes before one comes twice.
// Nothing in it can create, change or delete anything but records of the subject's topic.
std::vector<MalformedCase> malformed_cases(const wire::ApiVersions& versions,
                                           const Subject& subject, const std::string& client_id,
                                           std::uint64_t seed, std::size_t count);

}  // namespace ks::probe
