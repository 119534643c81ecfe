#include "lib/client/consumed_record.h"

namespace ks::client {
namespace {

std::vector<Header> copy_of(const wire::HeaderList& headers) {
  std::vector<Header> out;
  for (const wire::Header& header : headers) {
    out.push_back({std::string(header.key), std::string(header.value.value_or(""))});
  }
  return out;
}

}  // namespace

ConsumedRecord consumed_record(std::string_view topic, std::int32_t partition,
                               const wire::Record& record) {
  return {
      topic, partition, record.offset, record.timestamp_ms, record.key, record.value, [&record] {
        return copy_of(record.headers);
      }};
}

}  // namespace ks::client
