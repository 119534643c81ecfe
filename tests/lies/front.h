#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "lib/wire/address.h"
#include "lib/wire/message.h"

// A front stands between clients and the brokers of a real Kafka, understands what passes, and lets
// a Persona change it. Clients stay with it: the addresses that Metadata and FindCoordinator name
// are replaced by its own. A thread for each direction of each connection: it is for tests.
namespace ks::lies {

// One request on its way, and later its response.
struct Exchange {
  wire::ApiKey api{};
  std::int16_t version = 0;
  std::int32_t correlation_id = 0;
  std::uint64_t connection = 0;  // the client's; they are counted
  wire::Frame request;           // header and body; their views live as long as the exchange
  std::string request_bytes;
};

// What a front does to the traffic. Called from several threads.
class Persona {
 public:
  virtual ~Persona() = default;

  enum class Verdict { kForward, kAnswer, kClose };

  // kAnswer: `bytes` is the response frame to send instead, kForward: the request to forward.
  virtual Verdict on_request(const Exchange& exchange, std::string& bytes) = 0;

  // How a response goes out.
  struct Sending {
    enum class How {
      kFrame,         // behind its length
      kRaw,           // as it is
      kRawThenClose,  // the same; nothing comes after it
      kReset,         // nothing of it: the connection ends at once, by a reset
      kNever,         // neither it nor any later response on its connection
    };
    How how = How::kFrame;
    std::chrono::milliseconds delay{};  // also of what comes after it
  };

  // May change the response frame.
  virtual Sending on_response(const Exchange& exchange, std::string& bytes) = 0;
};

class Front {
 public:
  // Listens on a loopback port for each of the brokers.
  Front(const std::vector<wire::Address>& brokers, Persona& persona);
  ~Front();

  std::string addresses() const;  // comma-separated, in the order of the brokers

 private:
  struct Door {
    wire::Address broker;
    wire::Address here;
    int listener = -1;
  };

  void serve(const Door& door);
  void relay(int client, int broker);
  void rename_brokers(const Exchange& exchange, std::string& response) const;

  Persona& persona_;
  std::vector<Door> doors_;
  std::atomic<std::uint64_t> connections_ = 0;
};

}  // namespace ks::lies
