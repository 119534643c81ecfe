#pragma once

#include <string>

#include "lib/cli/error.h"
#include "lib/wire/schema.h"
#include "lib/wire/value.h"

namespace ks::wire {

// Appends a message to `out`.
cli::Result<void> encode_onto(std::string& out, const MessageSchema& schema, std::int16_t version,
                              const Value& message);

}  // namespace ks::wire
