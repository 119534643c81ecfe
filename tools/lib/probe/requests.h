#pragma once

#include <cstdint>
#include <string>

#include "lib/cli/error.h"
#include "lib/wire/schema.h"
#include "lib/wire/value.h"

namespace ks::probe {

// What the requests of one run are about: its own topic and group, and where the calls before have
// led to.
struct Subject {
  std::string topic;
  std::string topic_id = "AAAAAAAAAAAAAAAAAAAAAA";  // as JSON has it; zeros: the broker has none
  std::string group;
  std::int32_t node_id = 0;
  std::string member_id;  // in `group`; empty: not in it
  std::int32_t generation_id = -1;
  std::int64_t producer_id = -1;
  std::int16_t producer_epoch = -1;
};

// A valid request of a version: it touches nothing but the subject, names what does not exist where
// it could do harm, and asks the broker to wait for 200 ms at most where it may wait.
cli::Result<wire::Value> valid_request(wire::ApiKey api, std::int16_t version,
                                       const Subject& subject);

}  // namespace ks::probe
