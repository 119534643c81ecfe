#include <algorithm>
#include <map>

#include "lib/admin/commands.h"
#include "lib/admin/selection.h"

namespace ks::admin {
namespace {

using client::Admin;
using client::Operation;
using client::Position;
using client::TopicPartition;
using Kind = OffsetWord::Kind;
using Positions = std::vector<Position>;

// The words, and -t -p -o together, each partition once.
cli::Result<Positions> read_positions(const Context& context) {
  Positions positions;
  for (const std::string& word : context.names) {
    const auto position = parse_position(word);
    if (!position) return tl::make_unexpected(position.error());
    positions.push_back(*position);
  }
  const tool::Session& session = context.session;
  if (session.has("topic") || session.has("partition") || session.has("offset")) {
    const auto selection = read_selection(session, Group::kNeeded);
    if (!selection || selection->partitions.size() != 1 || !session.has("offset")) {
      return cli::fail("a commit needs -t, one -p and -o together", {},
                       "several positions are words like orders[0]=42");
    }
    const auto offset = parse_offset(session.option<std::string>("offset", ""));
    if (!offset || offset->kind != Kind::kNumber) {
      return cli::fail("not a position", "-o", "give a whole number from 0");
    }
    positions.push_back({{selection->topic, selection->partitions.front()}, offset->value});
  }
  if (positions.empty()) {
    return cli::fail("nothing to commit", {}, "give -t -p -o, or words like orders[0]=42");
  }
  std::sort(positions.begin(), positions.end(),
            [](const Position& a, const Position& b) { return a.at < b.at; });
  const auto twice =
      std::adjacent_find(positions.begin(), positions.end(),
                         [](const Position& a, const Position& b) { return a.at == b.at; });
  if (twice != positions.end()) return cli::fail("a partition is given twice", twice->at.text());
  return positions;
}

// Commits and records it. A refusal cannot be told from a lost answer here: unknown is the outcome
// that accuses nobody.
cli::Result<void> commit(Context& context, const std::string& group, const Positions& positions) {
  const std::int64_t began_ns = cli::monotonic_ns();
  auto done = context.ask(&Admin::commit, group, positions);
  const auto outcome = done ? history::Outcome::kOk : history::Outcome::kUnknown;
  for (const Position& position : positions) {
    context.record(history::Kind::kCommit, position, group, outcome, began_ns);
  }
  return done;
}

// The committed offset of each place; -1 where there is none.
cli::Result<std::map<TopicPartition, std::int64_t>> fetch_committed(
    Context& context, const std::string& group, const std::vector<TopicPartition>& places) {
  const std::int64_t began_ns = cli::monotonic_ns();
  const auto positions = context.ask(&Admin::committed, group, places);
  if (!positions) return tl::make_unexpected(positions.error());
  std::map<TopicPartition, std::int64_t> committed;
  for (const TopicPartition& at : places) committed[at] = -1;
  for (const Position& position : *positions) committed[position.at] = position.offset;
  for (const auto& [at, offset] : committed) {
    context.record(history::Kind::kOffsetFetch, {at, offset}, group, history::Outcome::kOk,
                   began_ns);
  }
  return committed;
}

struct SelectedCommits {
  Selection selection;
  std::map<TopicPartition, std::int64_t> offsets;  // -1: none
};

// What the group has committed for the partitions that the options select.
cli::Result<SelectedCommits> fetch_selected(Context& context,
                                            std::initializer_list<Operation> operations) {
  auto selection = read_selection(context.session, Group::kNeeded);
  if (!selection) return tl::make_unexpected(selection.error());
  if (auto ok = context.connect(operations); !ok) return tl::make_unexpected(ok.error());
  const auto places = find_partitions(context, *selection);
  if (!places) return tl::make_unexpected(places.error());
  auto committed = fetch_committed(context, selection->group, *places);
  if (!committed) return tl::make_unexpected(committed.error());
  return SelectedCommits{std::move(*selection), std::move(*committed)};
}

Json shown(std::int64_t offset) { return offset < 0 ? Json(nullptr) : Json(offset); }

void count_committed(std::int64_t offset, report::Metrics& metrics) {
  metrics["partitions"] += 1;
  metrics["partitions_without_commit"] += offset < 0 ? 1 : 0;
  if (offset >= 0) measure(metrics, "committed", offset);
}

cli::Result<void> refuse_members(Context& context, const std::string& group) {
  const auto described = context.ask(&Admin::describe_group, group);
  if (!described) return tl::make_unexpected(described.error());
  if (described->members.empty()) return {};
  return cli::fail("the group has " + std::to_string(described->members.size()) +
                       " member(s) that would not notice",
                   group, "stop them before a reset");
}

// Where a reset to `word` puts the partition.
cli::Result<Position> reset_target(Context& context, const TopicPartition& at,
                                   const OffsetWord& word) {
  const auto wanted = ask_offset(context, at, word);
  if (!wanted) return tl::make_unexpected(wanted.error());
  if (word.kind == Kind::kEarliest || word.kind == Kind::kLatest) return Position{at, *wanted};
  const auto end = ask_offset(context, at, {Kind::kLatest, 0});
  if (!end) return tl::make_unexpected(end.error());
  if (word.kind == Kind::kTimestamp) {
    return Position{at, *wanted == client::kEnd ? *end : *wanted};
  }
  const auto beginning = ask_offset(context, at, {Kind::kEarliest, 0});
  if (!beginning) return tl::make_unexpected(beginning.error());
  if (auto ok = client::check_in_log(at, *wanted, *beginning, *end); !ok) {
    return tl::make_unexpected(ok.error());
  }
  return Position{at, *wanted};
}

void add_commit_ahead(Context& context, const TopicPartition& at, std::int64_t committed,
                      std::int64_t end, Answer& answer) {
  answer.metrics["partitions_commit_ahead"] += 1;
  if (!answer.violation.empty() || context.session.judges("partitions_commit_ahead")) return;
  answer.violation = "the commit " + std::to_string(committed) + " of " + at.text() +
                     " is ahead of the end " + std::to_string(end);
}

}  // namespace

cli::Result<Answer> commit_offsets(Context& context) {
  const auto group = context.session.option<std::string>("group", "");
  if (group.empty()) return cli::fail("no group given", {}, "use -G GROUP");
  const auto positions = read_positions(context);
  if (!positions) return tl::make_unexpected(positions.error());
  if (auto ok = context.connect({Operation::kGroupOffsets}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  if (auto done = commit(context, group, *positions); !done) {
    return tl::make_unexpected(done.error());
  }
  Answer answer{{{"group", "topic", "partition", "committed"}, {}}, {}, {}, {}};
  for (const auto& [at, offset] : *positions) {
    answer.table.rows.push_back({group, at.topic, at.partition, offset});
    count_committed(offset, answer.metrics);
  }
  return answer;
}

cli::Result<Answer> fetch_offsets(Context& context) {
  const auto commits = fetch_selected(context, {Operation::kMetadata, Operation::kGroupOffsets});
  if (!commits) return tl::make_unexpected(commits.error());
  Answer answer{{{"group", "topic", "partition", "committed"}, {}}, {}, {}, {}};
  for (const auto& [at, offset] : commits->offsets) {
    answer.table.rows.push_back({commits->selection.group, at.topic, at.partition, shown(offset)});
    count_committed(offset, answer.metrics);
  }
  return answer;
}

cli::Result<Answer> reset_offsets(Context& context) {
  const auto selection = read_selection(context.session, Group::kNeeded);
  if (!selection) return tl::make_unexpected(selection.error());
  if (!context.session.has("offset")) {
    return cli::fail("no offset given", {}, "use -o beginning, end, s@MILLISECONDS or a number");
  }
  const auto word = parse_offset(context.session.option<std::string>("offset", ""));
  if (!word) return tl::make_unexpected(word.error());
  if (auto ok = context.connect(
          {Operation::kListOffsets, Operation::kGroupOffsets, Operation::kDescribeGroups});
      !ok) {
    return tl::make_unexpected(ok.error());
  }
  if (auto ok = refuse_members(context, selection->group); !ok) {
    return tl::make_unexpected(ok.error());
  }
  const auto places = find_partitions(context, *selection);
  if (!places) return tl::make_unexpected(places.error());
  const auto before = fetch_committed(context, selection->group, *places);
  if (!before) return tl::make_unexpected(before.error());
  Positions targets;
  for (const TopicPartition& at : *places) {
    auto position = reset_target(context, at, *word);
    if (!position) return tl::make_unexpected(position.error());
    targets.push_back(std::move(*position));
  }
  if (auto done = commit(context, selection->group, targets); !done) {
    return tl::make_unexpected(done.error());
  }
  Answer answer{{{"group", "topic", "partition", "before", "committed"}, {}}, {}, {}, {}};
  for (const auto& [at, offset] : targets) {
    answer.table.rows.push_back(
        {selection->group, at.topic, at.partition, shown(before->at(at)), offset});
    count_committed(offset, answer.metrics);
  }
  return answer;
}

cli::Result<Answer> measure_lag(Context& context) {
  const auto commits = fetch_selected(context, {Operation::kListOffsets, Operation::kGroupOffsets});
  if (!commits) return tl::make_unexpected(commits.error());
  Answer answer;
  answer.table.columns = {"group", "topic", "partition", "committed", "end", "lag"};
  auto& metrics = answer.metrics;
  metrics = {{"lag_records_total", 0}, {"lag_records_max", 0}, {"partitions_commit_ahead", 0}};
  for (const auto& [at, offset] : commits->offsets) {
    // The end comes last: it only grows, so that no lag is below zero by chance.
    const auto from = offset < 0 ? ask_offset(context, at, {Kind::kEarliest, 0}) : offset;
    if (!from) return tl::make_unexpected(from.error());
    const auto end = ask_offset(context, at, {Kind::kLatest, 0});
    if (!end) return tl::make_unexpected(end.error());
    const std::int64_t lag = *end - *from;
    answer.table.rows.push_back(
        {commits->selection.group, at.topic, at.partition, shown(offset), *end, lag});
    count_committed(offset, metrics);
    measure(metrics, "end", *end);
    if (lag < 0) add_commit_ahead(context, at, offset, *end, answer);
    const auto behind = static_cast<double>(std::max<std::int64_t>(lag, 0));
    metrics["lag_records_total"] += behind;
    metrics["lag_records_max"] = std::max(metrics["lag_records_max"], behind);
  }
  if (metrics["partitions_without_commit"] == metrics["partitions"] &&
      !context.session.judges("partitions_without_commit")) {
    answer.missing = "group " + commits->selection.group + " has committed nothing in " +
                     commits->selection.topic;
  }
  return answer;
}

}  // namespace ks::admin
