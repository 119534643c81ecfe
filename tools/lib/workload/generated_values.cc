#include "lib/workload/generated_values.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "lib/cli/crc32c.h"

namespace ks::workload {
namespace {

// Bodies are cut from a text, each record's from another place.
constexpr std::size_t kPlaces = 4096;
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

std::string make_text(std::size_t size) {
  std::string text(size, '\0');
  std::uint64_t state = 0x9e3779b97f4a7c15;  // xorshift needs a start other than zero
  for (char& c : text) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    c = static_cast<char>('!' + state % 94);  // printable, so that a dump can be read
  }
  return text;
}

}  // namespace

GeneratedValues::GeneratedValues(std::size_t size, std::size_t lasting)
    : size_(std::max(size, history::kIdentityBytes)),
      text_(make_text(size_ - history::kIdentityBytes + kPlaces)),
      crcs_(kPlaces),
      values_(size_ * lasting),
      places_(lasting, kNowhere),
      over_body_(size_ - history::kIdentityBytes) {}

std::string_view GeneratedValues::make(std::uint64_t i, const history::Identity& identity) {
  const std::size_t slot = i % places_.size();
  const std::size_t place = (places_.size() == 1 ? i : slot) % kPlaces;
  const std::size_t body_bytes = size_ - history::kIdentityBytes;
  char* const value = values_.data() + slot * size_;
  if (places_[slot] != place) {
    const auto body = std::string_view(text_).substr(place, body_bytes);
    std::memcpy(value + history::kIdentityBytes, body.data(), body.size());
    if (crcs_[place] == 0) crcs_[place] = cli::crc32c(body);
    places_[slot] = place;
  }
  history::stamp(value, identity, crcs_[place], over_body_);
  return {value, size_};
}

}  // namespace ks::workload
