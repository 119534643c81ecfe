#include "decode.h"

#include <cstdio>
#include <cstdlib>

#include "lib/wire/bytes.h"
#include "lib/wire/message.h"
#include "lib/wire/record_batch_reader.h"

namespace ks::fuzz {
namespace {

// A megabyte of input may decompress to this much, and is then an error.
constexpr std::size_t kMostDecompressedBytes = 16 << 20;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// Bytes may have been written in a longer way than ours (a padded varint), so what counts is that
// the second decoding sees what the first saw.
void decode_request(std::string_view bytes) {
  const auto request = wire::decode_request(bytes);
  if (!request) return;
  const auto again = wire::encode_request(*request);
  require(again.has_value(), "a decoded request cannot be encoded");
  const auto twice = wire::decode_request(*again);
  require(twice && twice->header == request->header && twice->body == request->body,
          "a request changes when it is encoded again");
}

void decode_response(std::string_view input) {
  wire::ByteReader in(input);
  const wire::ApiKey key{in.integer<std::int16_t>()};
  const auto version = in.integer<std::int16_t>();
  if (!in.ok()) return;
  const auto response = wire::decode_response(key, version, input.substr(in.offset()));
  if (!response) return;
  const auto again = wire::encode_response(key, version, *response);
  require(again.has_value(), "a decoded response cannot be encoded");
  const auto twice = wire::decode_response(key, version, *again);
  require(twice && twice->header == response->header && twice->body == response->body,
          "a response changes when it is encoded again");
}

void read_records(std::string_view bytes, bool check_crcs) {
  static wire::RecordReader reader(kMostDecompressedBytes);
  reader.open(bytes, check_crcs);
  for (std::size_t batches = 0; batches <= bytes.size(); ++batches) {
    const auto has_batch = reader.next_batch();
    if (has_batch && !*has_batch) return;
    wire::Record record;
    std::int64_t last = -1;
    while (has_batch) {
      const auto has_record = reader.next(record);
      if (!has_record || !*has_record) break;
      std::size_t headers = 0;
      for (const wire::Header& header : record.headers) headers += header.key.size() + 1;
      require(headers <= kMostDecompressedBytes, "headers beyond their bytes");
      last = record.offset;
    }
    static_cast<void>(last);
  }
  require(false, "more batches than bytes");
}

void decode_versioned(const char* name, std::string_view bytes) {
  static_cast<void>(wire::decode_versioned(*wire::find_message(name), bytes));
}

}  // namespace

void decode(std::string_view input) {
  if (input.empty()) return;
  const std::string_view rest = input.substr(1);
  switch (static_cast<unsigned char>(input[0]) % kKinds) {
    case kRequest:
      return decode_request(rest);
    case kResponse:
      return decode_response(rest);
    case kRecords:
      read_records(rest, true);
      return read_records(rest, false);
    case kSubscription:
      return decode_versioned("ConsumerProtocolSubscription", rest);
    default:
      return decode_versioned("ConsumerProtocolAssignment", rest);
  }
}

}  // namespace ks::fuzz
