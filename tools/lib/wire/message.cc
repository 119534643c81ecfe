#include "lib/wire/message.h"

#include "lib/wire/bytes.h"
#include "lib/wire/message_decode.h"
#include "lib/wire/message_encode.h"

namespace ks::wire {
namespace {

// A schema at one of its versions.
struct Layout {
  const MessageSchema* schema;
  std::int16_t version;
};

cli::Result<Layout> layout(const MessageSchema& schema, std::int16_t version) {
  if (schema.versions.contains(version)) return Layout{&schema, version};
  return cli::fail(std::string(schema.name) + " has no version " + std::to_string(version),
                   "versions " + schema.versions.text());
}

cli::Result<Layout> layout_of_api(const MessageSchema* schema, ApiKey key, std::int16_t version) {
  if (schema != nullptr) return layout(*schema, version);
  return cli::fail("unknown API key " + std::to_string(static_cast<std::int16_t>(key)));
}

bool is_flexible(const Layout& body) { return body.schema->flexible.contains(body.version); }

// Version 0, without a client id, belongs to the oldest ControlledShutdown alone.
Layout header_of_request(const Layout& body) {
  static const MessageSchema* const kSchema = find_message("RequestHeader");
  if (is_flexible(body)) return {kSchema, 2};
  const bool oldest = body.schema->api_key == ApiKey::kControlledShutdown && body.version == 0;
  return {kSchema, static_cast<std::int16_t>(oldest ? 0 : 1)};
}

// Who asks for the versions cannot tell yet which header the broker will use (KIP-511).
Layout header_of_response(const Layout& body) {
  static const MessageSchema* const kSchema = find_message("ResponseHeader");
  const bool flexible = is_flexible(body) && body.schema->api_key != ApiKey::kApiVersions;
  return {kSchema, static_cast<std::int16_t>(flexible ? 1 : 0)};
}

cli::Result<void> encode(std::string& out, const Layout& layout, const Value& message,
                         std::vector<Apart>* apart = nullptr) {
  return encode_onto(out, *layout.schema, layout.version, message, apart);
}

cli::Result<Value> decode(ByteReader& in, const Layout& layout) {
  return decode_from(in, *layout.schema, layout.version);
}

cli::Result<Value> decode_to_the_end(ByteReader& in, const Layout& layout) {
  auto message = decode(in, layout);
  if (!message || in.left() == 0) return message;
  return cli::fail("malformed " + layout.schema->name_at(layout.version) + ": " +
                       std::to_string(in.left()) + " bytes too many",
                   "at byte " + std::to_string(in.offset()));
}

cli::Result<std::string> encode_frame(const Layout& header, const Layout& body, const Frame& frame,
                                      std::size_t room = 0, std::vector<Apart>* apart = nullptr) {
  std::string bytes(room, '\0');
  if (auto done = encode(bytes, header, frame.header); !done) {
    return tl::make_unexpected(done.error());
  }
  if (auto done = encode(bytes, body, frame.body, apart); !done)
    return tl::make_unexpected(done.error());
  return bytes;
}

cli::Result<Frame> decode_frame(const Layout& header, const Layout& body, std::string_view bytes) {
  ByteReader in(bytes);
  auto decoded_header = decode(in, header);
  if (!decoded_header) return tl::make_unexpected(decoded_header.error());
  auto decoded_body = decode_to_the_end(in, body);
  if (!decoded_body) return tl::make_unexpected(decoded_body.error());
  return Frame{std::move(*decoded_header), std::move(*decoded_body)};
}

std::int16_t number_in(const Value& header, std::string_view name) {
  const Value* value = header.find(name);
  const auto* number = value == nullptr ? nullptr : value->get_if<std::int64_t>();
  return number == nullptr ? std::int16_t{-1} : static_cast<std::int16_t>(*number);
}

}  // namespace

Value request_header(ApiKey key, std::int16_t version, std::int32_t correlation_id,
                     std::string_view client_id) {
  return {{"request_api_key", static_cast<std::int16_t>(key)},
          {"request_api_version", version},
          {"correlation_id", correlation_id},
          {"client_id", client_id}};
}

cli::Result<std::string> encode_request(const Frame& request, std::size_t room,
                                        std::vector<Apart>* apart) {
  const ApiKey key{number_in(request.header, "request_api_key")};
  const auto body =
      layout_of_api(find_request(key), key, number_in(request.header, "request_api_version"));
  if (!body) return tl::make_unexpected(body.error());
  return encode_frame(header_of_request(*body), *body, request, room, apart);
}

cli::Result<Frame> decode_request(std::string_view bytes) {
  ByteReader in(bytes);
  const ApiKey key{in.integer<std::int16_t>()};
  const auto version = in.integer<std::int16_t>();
  if (!in.ok()) {
    return cli::fail("malformed request: " + std::string(in.error()),
                     "API key and version at byte " + std::to_string(in.offset()));
  }
  const auto body = layout_of_api(find_request(key), key, version);
  if (!body) return tl::make_unexpected(body.error());
  return decode_frame(header_of_request(*body), *body, bytes);
}

cli::Result<std::string> encode_response(ApiKey key, std::int16_t version, const Frame& response) {
  const auto body = layout_of_api(find_response(key), key, version);
  if (!body) return tl::make_unexpected(body.error());
  return encode_frame(header_of_response(*body), *body, response);
}

cli::Result<Frame> decode_response(ApiKey key, std::int16_t version, std::string_view bytes) {
  const auto body = layout_of_api(find_response(key), key, version);
  if (!body) return tl::make_unexpected(body.error());
  return decode_frame(header_of_response(*body), *body, bytes);
}

cli::Result<std::string> encode_message(const MessageSchema& schema, std::int16_t version,
                                        const Value& message) {
  std::string bytes;
  return layout(schema, version)
      .and_then([&](const Layout& known) { return encode(bytes, known, message); })
      .map([&] { return std::move(bytes); });
}

cli::Result<Value> decode_message(const MessageSchema& schema, std::int16_t version,
                                  std::string_view bytes) {
  ByteReader in(bytes);
  return layout(schema, version).and_then([&](const Layout& known) {
    return decode_to_the_end(in, known);
  });
}

cli::Result<std::string> encode_versioned(const MessageSchema& schema, std::int16_t version,
                                          const Value& message) {
  return encode_message(schema, version, message).map([&](const std::string& body) {
    std::string bytes;
    ByteWriter(bytes).integer(version);
    return bytes + body;
  });
}

cli::Result<Value> decode_versioned(const MessageSchema& schema, std::string_view bytes) {
  ByteReader in(bytes);
  const auto version = in.integer<std::int16_t>();
  if (version > schema.versions.max) return decode(in, {&schema, schema.versions.max});
  return layout(schema, version).and_then([&](const Layout& known) {
    return decode_to_the_end(in, known);
  });
}

}  // namespace ks::wire
