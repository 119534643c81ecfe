#pragma once

#include <string>
#include <string_view>

// What the fuzzer and its replay feed: all that decodes what somebody else wrote.
namespace ks::fuzz {

// The first byte of an input says what the rest is.
enum Kind : char {
  kRequest,       // a request's frame
  kResponse,      // API key and version (16 bits each), then the frame
  kRecords,       // what a Fetch response has for a partition
  kSubscription,  // of the consumer protocol
  kAssignment,
  kKinds,
};

// Decodes, and where that succeeds encodes again and compares. Whatever is wrong with the code ends
// the process.
void decode(std::string_view input);

}  // namespace ks::fuzz
