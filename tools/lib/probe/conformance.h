#pragma once

#include <string>
#include <vector>

#include "lib/probe/notes.h"
#include "lib/probe/own_things.h"
#include "lib/probe/peer.h"

namespace ks::probe {

// One run of `ks-probe conformance` against one broker: what it advertises is served, what it does
// not is refused and not met with silence, and the rules that hold for every API.
class Conformance {
 public:
  Conformance(tool::Session& session, Peer& peer);
  void run();

 private:
  bool may_go_on() const;
  std::string why_not() const;

  // One request, again on a new connection where the broker closed the one before.
  Outcome ask(const std::string& what, std::string frame);

  void cover_advertised();
  void cover(wire::ApiKey api, std::int16_t version);
  void judge_answer(wire::ApiKey api, std::int16_t version, wire::FrameBytes frame);
  void judge_failure(wire::ApiKey api, std::int16_t version, const Outcome& outcome);
  bool is_for_old_clients(wire::ApiKey api, std::int16_t version) const;

  void refuse_unadvertised();
  void refuse(wire::ApiKey api, std::int16_t version);

  void check_fallback();
  void check_unknown_tags();
  void judge_tags(wire::ApiKey api, std::int16_t version, const Outcome& outcome);
  void check_order();
  void publish();

  tool::Session& session_;
  Peer& peer_;
  OwnThings own_;
  const cli::Deadline until_;
  Notes notes_;
  bool gone_ = false;  // no connection any more
  std::size_t covered_ = 0;
  std::size_t advertised_ = 0;
  std::size_t refused_ = 0;
  std::size_t unadvertised_ = 0;
  std::size_t further_ = 0;
  std::vector<std::string> uncovered_;  // each with its reason
};

}  // namespace ks::probe
