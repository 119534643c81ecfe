#pragma once

#include <nlohmann/json.hpp>

#include "lib/cli/error.h"
#include "lib/wire/schema.h"
#include "lib/wire/value.h"

// Messages as JSON: fields by their names in the protocol guide, bytes and records in base64, a
// uuid as Kafka prints it (22 characters of URL-safe base64), tagged fields without a schema as
// "_tagged_fields": [{"tag": 100, "data": "AAE="}].
namespace ks::wire {

// The fields that `version` has; those of other versions are left out. `message` has been decoded,
// or would encode. Strings are as they came, which need not be UTF-8.
nlohmann::ordered_json to_json(const MessageSchema& schema, std::int16_t version,
                               const Value& message);

// Fields may be left out. A name that the schema lacks or a value of another type is an error that
// names it: "topics[0].name". The value owns its bytes.
cli::Result<Value> from_json(const MessageSchema& schema, const nlohmann::ordered_json& json);

}  // namespace ks::wire
