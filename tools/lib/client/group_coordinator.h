#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/client/cluster.h"
#include "lib/client/group_diary.h"

namespace ks::client {

// The coordinator of one group as one member talks to it: looked up when it is needed and not
// known, called over the connection of groups, every call in the member's diary. Destroying it
// calls nobody back. The cluster must outlive it.
class GroupCoordinator {
 public:
  GroupCoordinator(Cluster& cluster, std::string group, GroupDiary& diary);

  // Looks it up, unless it is known: the error code that FindCoordinator answered, 0 where it is
  // known now.
  void find(cli::Deadline deadline, std::function<void(cli::Result<std::int16_t>)> on_found);
  bool is_known() const { return known_; }

  // It moved, or cannot be reached: the next find() asks again.
  void forget() { known_ = false; }

  // The part of an answer that has the error code; null: the answer leaves out what was asked for.
  using PartOf = std::function<const wire::Value*(const wire::Reply&)>;
  struct Answer {
    std::int16_t error_code = 0;
    wire::Reply reply;
  };
  using OnAnswer = std::function<void(cli::Result<Answer>)>;

  // One call to the coordinator, which must be known. An error is no answer, or none that makes
  // sense; the coordinator is forgotten then.
  void call(wire::ApiKey api, Fill fill, const PartOf& part_of, cli::Deadline deadline,
            OnAnswer on_answer);

  // As call, after finding the coordinator, and again until the deadline while it cannot be found
  // or reached, has moved, or refuses for now.
  void settle(wire::ApiKey api, Fill fill, PartOf part_of, cli::Deadline deadline,
              OnAnswer on_answer);

  // What the last coordinator serves; empty: not known yet.
  const wire::ApiVersions& versions() const;
  // Why no version of `api` can be used there; nothing while that is not known.
  std::optional<cli::Error> rule_out(wire::ApiKey api) const;

  // Ends the connection without a word; what is to be settled goes on.
  void drop(const char* why);
  // And what is to be settled fails.
  void abandon(const char* why);

 private:
  struct Errand {
    wire::ApiKey api{-1};
    Fill fill;
    PartOf part_of;
    cli::Deadline deadline;
    OnAnswer on_answer;
    std::uint32_t era = 0;
  };

  void attempt(const Errand& errand);
  void again_or(const Errand& errand, cli::Result<Answer> otherwise);
  void on_failed(wire::ApiKey api, const std::string& broker, cli::Duration waited,
                 const cli::Error& why);
  Link& link() const { return cluster_.link(address_, Cluster::Purpose::kGroup); }

  Cluster& cluster_;
  const std::string group_;
  GroupDiary& diary_;
  wire::Address address_;  // the last that was known
  bool known_ = false;
  std::vector<Errand> postponed_;
  wire::Timer again_;      // for them
  std::uint32_t era_ = 0;  // grows with abandon()
  const std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

// Whether the code says that another broker coordinates the group, or none yet.
bool is_elsewhere(std::int16_t code);

}  // namespace ks::client
