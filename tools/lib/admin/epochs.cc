#include "lib/admin/commands.h"
#include "lib/admin/selection.h"

namespace ks::admin {
namespace {

// --epoch, or the partitions' present one.
cli::Result<std::int32_t> read_epoch(const tool::Session& session) {
  if (!session.has("epoch")) return client::kPresentEpoch;
  const std::uint64_t number = session.option<cli::CountArg>("epoch", {}).value;
  constexpr std::uint64_t kMost = 0x7fffffff;
  if (number <= kMost) return static_cast<std::int32_t>(number);
  return cli::fail("not a leader epoch", "--epoch", "give a number up to 2147483647");
}

}  // namespace

cli::Result<Answer> list_epoch_ends(Context& context) {
  const auto selection = read_selection(context.session, Group::kNotNeeded);
  if (!selection) return tl::make_unexpected(selection.error());
  const auto epoch = read_epoch(context.session);
  if (!epoch) return tl::make_unexpected(epoch.error());
  if (auto ok = context.connect({client::Operation::kEpochEnds}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  const auto places = find_partitions(context, *selection);
  if (!places) return tl::make_unexpected(places.error());
  Answer answer{{{"topic", "partition", "epoch", "end_offset"}, {}}, {}, {}, {}};
  answer.metrics["partitions"] = static_cast<double>(places->size());
  for (const client::TopicPartition& at : *places) {
    const auto end = context.ask(&client::Admin::epoch_end, at, *epoch);
    if (!end) return tl::make_unexpected(end.error());
    answer.table.rows.push_back({at.topic, at.partition, end->epoch, end->end_offset});
    measure(answer.metrics, "epoch", end->epoch);
    measure(answer.metrics, "end_offset", end->end_offset);
  }
  return answer;
}

}  // namespace ks::admin
