#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"
#include "lib/wire/apart.h"
#include "lib/wire/schema.h"
#include "lib/wire/value.h"

// Every message of Kafka's protocol, in every version (protocol guide, "Protocol Request Formats").
//
// Encoding takes the fields by name, in any order; one that is not given has its default. A field
// that no version has is an error, and so is one that this version lacks, unless what is given is
// the default or Kafka calls the field ignorable. Errors name the field: "topics[0].name".
//
// Decoding yields every field of the schema, absent ones with their defaults. Bytes and records are
// views of what was given, which must outlive them. Errors name the offset and the field; a byte
// too many is an error, too. Nothing is allocated that the bytes left do not justify, but a value
// takes many times the room of its bytes where these are few: bound what you receive.
//
// Tagged fields that the schema does not know are kept, for the same bytes to come out again, as
// kTaggedFields: an array of {"tag": number, "data": bytes}.
namespace ks::wire {

// A request or response without the 4-byte length in front of it.
struct Frame {
  Value header;
  Value body;
};

// The header of a request, whose version follows from the API and its version.
Value request_header(ApiKey key, std::int16_t version, std::int32_t correlation_id,
                     std::string_view client_id);

// The header says which API it is, in which version. `room` bytes stay free in front of it; large
// records are left out where `apart` is given.
cli::Result<std::string> encode_request(const Frame& request, std::size_t room = 0,
                                        std::vector<Apart>* apart = nullptr);
cli::Result<Frame> decode_request(std::string_view bytes);

// A response does not say what it answers: `key` and `version` are those of the request.
cli::Result<std::string> encode_response(ApiKey key, std::int16_t version, const Frame& response);
cli::Result<Frame> decode_response(ApiKey key, std::int16_t version, std::string_view bytes);

// A message by itself.
cli::Result<std::string> encode_message(const MessageSchema& schema, std::int16_t version,
                                        const Value& message);
cli::Result<Value> decode_message(const MessageSchema& schema, std::int16_t version,
                                  std::string_view bytes);

// A message behind its version, as consumers give them to each other through the group's
// coordinator (ConsumerProtocolSubscription and -Assignment). A version newer than the schema is
// read as far as the schema goes: newer ones only append.
cli::Result<std::string> encode_versioned(const MessageSchema& schema, std::int16_t version,
                                          const Value& message);
cli::Result<Value> decode_versioned(const MessageSchema& schema, std::string_view bytes);

}  // namespace ks::wire
