#pragma once

#include <string>

#include "lib/probe/peer.h"
#include "lib/probe/requests.h"

namespace ks::probe {

// A name from the run's id: letters, digits, '.', '_' and '-', with random characters at the end
// that tell two runs with one id apart.
std::string own_name(const tool::Session& session);

// What a run made on the broker. Goes away with it, also after a failure or a signal; each call is
// bounded.
class OwnThings {
 public:
  OwnThings(Peer& peer, const wire::ApiVersions& versions, const std::string& name);
  ~OwnThings();
  OwnThings(const OwnThings&) = delete;
  OwnThings& operator=(const OwnThings&) = delete;

  // Creates the topic, one partition, and waits for its leader. Without CreateTopics the first
  // Metadata or Produce may create it.
  cli::Result<void> create_topic();

  // Makes the subject a member of its group in a stable generation, if the broker lets it: as what
  // else the calls of a member's APIs would be, they are valid either way.
  void join();
  bool is_member() const { return synced_; }

  // Waits for the subject's transaction coordinator, and for its producer id.
  void begin_transactions();

  // Takes what a response changes: member, generation, producer id.
  void learn(wire::ApiKey api, const wire::Value& response);

  const Subject& subject() const { return subject_; }

  // Where the topic's leader says that it is; the peer, where that is not known.
  const wire::Address& leader() const { return leader_; }

 private:
  cli::Result<wire::Value> ask(wire::ApiKey api, const wire::Value& fields);
  cli::Result<wire::Value> ask_validly(wire::ApiKey api);
  bool has_leader();
  bool sync();
  void leave(wire::ApiKey heartbeat, const char* group_suffix);

  Peer& peer_;
  const wire::ApiVersions& versions_;
  Subject subject_;
  wire::Address leader_;
  bool synced_ = false;
};

}  // namespace ks::probe
