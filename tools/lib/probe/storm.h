#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/probe/error_codes.h"
#include "lib/probe/peer.h"
#include "lib/probe/requests.h"

namespace ks::probe {

// Many connections at once, on one thread: each opens, asks for ApiVersions and Metadata, produces
// one record and fetches it.
class Storm {
 public:
  // Everything ends at `until`.
  Storm(Peer& peer, const wire::ApiVersions& versions, const Subject& subject, cli::Deadline until);

  // Encodes the requests, which all connections send.
  cli::Result<void> prepare();

  // Returns when every connection has done all or failed, or a signal came. `sources` are local
  // addresses, taken in turn; an empty one is the system's choice.
  void run(std::size_t connections, const std::vector<std::string>& sources);

  report::Metrics metrics() const;  // times are since run() began, of all connections
  const std::map<std::string, std::size_t>& failures() const { return failures_; }  // by cause

 private:
  struct Step {
    wire::ApiKey api{};
    std::int16_t version = 0;
    std::string frame;
  };
  struct Client {
    std::unique_ptr<wire::Connection> connection;
    std::vector<double> ready_ms;  // when it was open, then when each step had its answer
    std::unique_ptr<wire::Timer> backoff;
    std::size_t tries = 1;  // of the present step
    bool waited = false;    // for the others
    bool ended = false;     // all done, or failed
  };

  // Connections without a first answer at the same time. The system completes connections that the
  // broker has yet to accept; more than fit its backlog (Kafka's has 50) lose their SYN, which is
  // sent again after a second.
  static constexpr std::size_t kMostOpening = 48;

  static constexpr std::size_t kFirstTogether = 2;  // of the steps: Produce

  void open_next();
  void open(Client& client);
  void authenticate(Client& client);
  void step(Client& client, std::size_t index);
  void try_again(Client& client, std::size_t index, const std::string& why);
  void fail(Client& client, const std::string& why);
  void go_on_together();
  double since_start() const;

  Peer& peer_;
  const wire::ApiVersions& versions_;
  const Subject& subject_;
  const cli::Deadline until_;
  wire::Loop loop_;
  std::array<Step, 4> steps_;
  std::vector<Client> clients_;  // after loop_: they go before it
  std::map<std::string, std::size_t> failures_;
  std::vector<Client*> waiting_;  // for all to have asked for metadata: the phases are timed apart
  std::size_t next_ = 0;          // to be opened
  std::size_t done_ = 0;
  std::uint64_t retries_ = 0;  // of answers with a retriable error
  cli::Deadline started_;
};

}  // namespace ks::probe
