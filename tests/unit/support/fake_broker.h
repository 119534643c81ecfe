#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lib/wire/address.h"
#include "lib/wire/error_code.h"
#include "lib/wire/message.h"

// A broker on a loopback port that does what a test tells it: it decodes each request and asks the
// API's script for the answer.
namespace ks::test {

struct Request {
  wire::ApiKey api{};
  std::int16_t version = 0;
  int connection = 0;  // 0 is the broker's first
  std::string client_id;
  std::shared_ptr<const std::string> frame;  // what `body` views
  wire::Value body;
};

// What becomes of a request.
struct Answer {
  enum class Kind {
    kBody,
    kBytes,      // `bytes` behind the response's header, instead of a body
    kOvertaken,  // `body`, behind the next answer of the connection
    kNone,       // no answer, ever
    kClose,      // the connection ends
    kHalfClose,  // the client sees it end, and what was sent before is served all the same
    kStall,      // no answer, and nothing more is read
  };
  Kind kind = Kind::kBody;
  wire::Value body;
  std::string bytes;

  Answer(wire::Value with) : body(std::move(with)) {}
  Answer(Kind what) : kind(what) {}
  static Answer overtaken(wire::Value body);
  static Answer malformed(std::string bytes);
};

class FakeBroker {
 public:
  using Script = std::function<Answer(const Request&)>;

  FakeBroker();
  ~FakeBroker();
  FakeBroker(const FakeBroker&) = delete;
  FakeBroker& operator=(const FakeBroker&) = delete;

  const wire::Address& address() const { return address_; }

  // From now on ApiVersions offers `api` in these versions. Scripts run on the broker's threads,
  // one at a time, and not while the test holds lock(). An API without a script ends the
  // connection, but for ApiVersions, which is answered.
  void serve(wire::ApiKey api, wire::VersionRange versions, Script script);

  // From now on a frame that is no request ends its connection, instead of being the test's
  // mistake.
  void expect_nonsense();

  // What came so far, ApiVersions apart where it has no script.
  std::vector<Request> requests(wire::ApiKey api) const;

  void close_connections();

  std::unique_lock<std::mutex> lock() const { return std::unique_lock(mutex_); }

 private:
  struct Api {
    wire::VersionRange versions;
    Script script;
  };
  struct Connection {
    int number;
    int fd;
    std::string overtaken;  // an answer that waits for the next
    std::thread thread;
  };

  void accept_connections();
  void serve(Connection& connection);
  bool answer(Connection& connection, std::shared_ptr<const std::string> frame);
  bool refuse(const Connection& connection, std::string_view frame) const;
  void wait_for_close();
  Answer ask_script(const Request& request);
  wire::Value api_versions(wire::ErrorCode error = wire::ErrorCode::kNone) const;

  mutable std::mutex mutex_;
  std::condition_variable closed_;
  int closings_ = 0;  // calls of close_connections()
  std::map<wire::ApiKey, Api> apis_;
  bool expects_nonsense_ = false;
  std::vector<Request> requests_;
  std::list<Connection> connections_;
  int listener_ = -1;
  wire::Address address_;
  std::thread acceptor_;
};

}  // namespace ks::test
