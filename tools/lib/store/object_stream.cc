#include "lib/store/object_stream.h"

#include <algorithm>

namespace ks::store {

cli::Result<std::string_view> ObjectStream::peek(std::size_t bytes) {
  constexpr std::uint64_t kChunkBytes = 4UL << 20;
  const std::uint64_t end = std::max(at_, buffer_at_ + buffer_.size());
  if (at_ + bytes > end) {
    buffer_.erase(0, buffer_.size() - (end - at_));
    buffer_at_ = at_;
    const std::uint64_t wanted = std::max<std::uint64_t>(at_ + bytes - end, kChunkBytes);
    const auto more = store_.read(object_.key, end, std::min(wanted, object_.bytes - end));
    if (!more) return tl::make_unexpected(more.error());
    buffer_ += *more;
  }
  return std::string_view(buffer_).substr(at_ - buffer_at_, bytes);
}

}  // namespace ks::store
