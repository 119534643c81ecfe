#pragma once

#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/wire/apart.h"
#include "lib/wire/schema.h"
#include "lib/wire/value.h"

namespace ks::wire {

// Appends a message to `out`. Where `apart` is given, large records go there instead of being
// copied.
cli::Result<void> encode_onto(std::string& out, const MessageSchema& schema, std::int16_t version,
                              const Value& message, std::vector<Apart>* apart = nullptr);

}  // namespace ks::wire
