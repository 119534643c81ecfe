#include "front.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>

#include "lib/wire/bytes.h"

namespace ks::lies {
namespace {

using wire::ApiKey;
using wire::Value;

int loopback_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

sockaddr_in socket_address(const wire::Address& address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(address.port);
  ::inet_pton(AF_INET, address.host.c_str(), &out.sin_addr);
  return out;
}

bool receive_all(int fd, char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t n = ::recv(fd, out, size, 0);
    if (n <= 0) return false;
    out += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

std::optional<std::string> receive_frame(int fd) {
  std::uint32_t length = 0;
  if (!receive_all(fd, reinterpret_cast<char*>(&length), sizeof length)) return std::nullopt;
  std::string frame(wire::big_endian(length), '\0');
  if (!receive_all(fd, frame.data(), frame.size())) return std::nullopt;
  return frame;
}

bool send_all(int fd, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

bool send_frame(int fd, const std::string& frame) {
  std::string bytes;
  wire::ByteWriter(bytes).integer(static_cast<std::uint32_t>(frame.size()));
  return send_all(fd, bytes + frame);
}

// By a reset, the client's side ends when it is closed; before that it would end in order.
void end_connection(int client, int broker, bool by_reset) {
  const linger none{1, 0};
  if (by_reset) ::setsockopt(client, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  ::shutdown(client, by_reset ? SHUT_RD : SHUT_RDWR);
  ::shutdown(broker, SHUT_RDWR);
}

// Whether the connection goes on.
bool send_as(const Persona::Sending& sending, int fd, const std::string& response) {
  using How = Persona::Sending::How;
  std::this_thread::sleep_for(sending.delay);
  if (sending.how == How::kReset) return false;
  if (sending.how == How::kFrame) return send_frame(fd, response);
  return send_all(fd, response) && sending.how != How::kRawThenClose;
}

// Requests whose answers are still to come, and answers of the front's own among them: a client
// sees all in the order of its requests.
class Pipeline {
 public:
  struct Entry {
    std::unique_ptr<Exchange> exchange;
    std::optional<std::string> own_answer;
  };

  void push(Entry entry) {
    const std::scoped_lock lock(mutex_);
    entries_.push_back(std::move(entry));
    changed_.notify_all();
  }

  void close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  // Waits for the next; nothing when there will be none.
  std::optional<Entry> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !entries_.empty(); });
    if (entries_.empty()) return std::nullopt;
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    return entry;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> entries_;
  bool closed_ = false;
};

// Null where the bytes are no request this toolkit knows.
std::unique_ptr<Exchange> read_request(std::string bytes) {
  auto exchange = std::make_unique<Exchange>();
  exchange->request_bytes = std::move(bytes);
  wire::ByteReader in(exchange->request_bytes);
  exchange->api = ApiKey{in.integer<std::int16_t>()};
  exchange->version = in.integer<std::int16_t>();
  exchange->correlation_id = in.integer<std::int32_t>();
  auto request = wire::decode_request(exchange->request_bytes);
  if (request) exchange->request = std::move(*request);
  return exchange;
}

bool has_answer(const Exchange& exchange) {
  const Value* acks = exchange.request.body.find("acks");
  return exchange.api != ApiKey::kProduce || acks == nullptr || acks->as_int() != 0;
}

}  // namespace

Front::Front(const std::vector<wire::Address>& brokers, Persona& persona) : persona_(persona) {
  for (const wire::Address& broker : brokers) {
    Door door{broker, {"127.0.0.1", 0}, loopback_socket()};
    sockaddr_in here = socket_address(door.here);
    socklen_t size = sizeof here;
    if (::bind(door.listener, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
        ::listen(door.listener, SOMAXCONN) != 0) {
      std::perror("broker-front: cannot listen");
      std::exit(2);
    }
    ::getsockname(door.listener, reinterpret_cast<sockaddr*>(&here), &size);
    door.here.port = ntohs(here.sin_port);
    doors_.push_back(door);
  }
  for (const Door& door : doors_) std::thread([this, door] { serve(door); }).detach();
}

// The threads end with the process: there is one front in it.
Front::~Front() = default;

std::string Front::addresses() const {
  std::string out;
  for (const Door& door : doors_) out += (out.empty() ? "" : ",") + door.here.text();
  return out;
}

void Front::serve(const Door& door) {
  while (true) {
    const int client = ::accept4(door.listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int on = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::thread([this, door, client] {
      const int broker = loopback_socket();
      const sockaddr_in to = socket_address(door.broker);
      if (::connect(broker, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
        relay(client, broker);
      }
      ::close(broker);
      ::close(client);
    }).detach();
  }
}

void Front::relay(int client, int broker) {
  const std::uint64_t connection = ++connections_;
  Pipeline pipeline;
  std::atomic<bool> by_reset = false;
  std::thread answers([&] {
    bool silent = false;
    while (auto entry = pipeline.pop()) {
      Persona::Sending sending;
      std::optional<std::string> response = std::move(entry->own_answer);
      if (!response) {
        response = receive_frame(broker);
        if (!response) break;
        rename_brokers(*entry->exchange, *response);
        sending = persona_.on_response(*entry->exchange, *response);
      }
      by_reset = sending.how == Persona::Sending::How::kReset;
      silent = silent || sending.how == Persona::Sending::How::kNever;
      if (!silent && !send_as(sending, client, *response)) break;
    }
    end_connection(client, broker, by_reset);
  });
  while (auto bytes = receive_frame(client)) {
    auto exchange = read_request(*bytes);
    exchange->connection = connection;
    const Persona::Verdict verdict = persona_.on_request(*exchange, *bytes);
    if (verdict == Persona::Verdict::kClose) break;
    if (verdict == Persona::Verdict::kAnswer) {
      pipeline.push({std::move(exchange), std::move(bytes)});
      continue;
    }
    if (has_answer(*exchange)) pipeline.push({std::move(exchange), std::nullopt});
    if (!send_frame(broker, *bytes)) break;
  }
  end_connection(client, broker, by_reset);
  pipeline.close();
  answers.join();
}

// Where a response names a broker, it names this front instead.
void Front::rename_brokers(const Exchange& exchange, std::string& response) const {
  const bool names_brokers = exchange.api == ApiKey::kMetadata ||
                             exchange.api == ApiKey::kFindCoordinator ||
                             exchange.api == ApiKey::kDescribeCluster;
  if (!names_brokers) return;
  auto frame = wire::decode_response(exchange.api, exchange.version, response);
  if (!frame) return;
  const auto rename = [this](Value broker) {
    if (broker.find("host") == nullptr) return broker;
    for (const Door& door : doors_) {
      if (broker["port"].as_int() == door.broker.port) {
        broker.set("host", door.here.host);
        broker.set("port", door.here.port);
        break;
      }
    }
    return broker;
  };
  for (const char* list : {"brokers", "coordinators"}) {
    if (frame->body.find(list) == nullptr) continue;
    Value::Array renamed;
    for (const Value& broker : frame->body[list].items()) renamed.push_back(rename(broker));
    frame->body.set(list, std::move(renamed));
  }
  frame->body = rename(frame->body);
  auto bytes = wire::encode_response(exchange.api, exchange.version, *frame);
  if (bytes) response = std::move(*bytes);
}

}  // namespace ks::lies
