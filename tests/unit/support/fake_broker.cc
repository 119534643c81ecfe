#include "fake_broker.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "lib/wire/bytes.h"

namespace ks::test {
namespace {

using wire::ApiKey;
using wire::Value;

bool receive(int fd, char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t n = ::recv(fd, out, size, 0);
    if (n <= 0) return false;
    out += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

// Null at the connection's end.
std::shared_ptr<const std::string> receive_frame(int fd) {
  std::uint32_t length = 0;
  if (!receive(fd, reinterpret_cast<char*>(&length), sizeof length)) return nullptr;
  constexpr std::uint32_t kMostBytes = 64 << 20;  // no test's request has more; nonsense may say so
  if (wire::big_endian(length) > kMostBytes) return nullptr;
  auto frame = std::make_shared<std::string>(wire::big_endian(length), '\0');
  return receive(fd, frame->data(), frame->size()) ? frame : nullptr;
}

void send_frame(int fd, const std::string& frame) {
  std::string bytes;
  wire::ByteWriter(bytes).integer(static_cast<std::uint32_t>(frame.size()));
  bytes += frame;
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return;  // a client that is gone: what else it sent is served all the same
    sent += static_cast<std::size_t>(n);
  }
}

// What a test's client or script says is of the protocol, or the test is wrong.
template <typename T>
T expect(cli::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(*result);
}

}  // namespace

Answer Answer::overtaken(Value body) {
  Answer answer(std::move(body));
  answer.kind = Kind::kOvertaken;
  return answer;
}

Answer Answer::malformed(std::string bytes) {
  Answer answer(Kind::kBytes);
  answer.bytes = std::move(bytes);
  return answer;
}

FakeBroker::FakeBroker() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&here), sizeof here), 0);
  ::listen(listener_, SOMAXCONN);
  socklen_t size = sizeof here;
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size);
  address_ = {"127.0.0.1", ntohs(here.sin_port)};
  acceptor_ = std::thread([this] { accept_connections(); });
}

FakeBroker::~FakeBroker() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close_connections();
  for (Connection& connection : connections_) {
    connection.thread.join();
    ::close(connection.fd);
  }
  ::close(listener_);
}

void FakeBroker::serve(ApiKey api, wire::VersionRange versions, Script script) {
  const std::scoped_lock lock(mutex_);
  apis_[api] = {versions, std::move(script)};
}

void FakeBroker::expect_nonsense() {
  const std::scoped_lock lock(mutex_);
  expects_nonsense_ = true;
}

std::vector<Request> FakeBroker::requests(ApiKey api) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Request> out;
  std::copy_if(requests_.begin(), requests_.end(), std::back_inserter(out),
               [api](const Request& request) { return request.api == api; });
  return out;
}

void FakeBroker::close_connections() {
  const std::scoped_lock lock(mutex_);
  for (const Connection& connection : connections_) ::shutdown(connection.fd, SHUT_RDWR);
  ++closings_;
  closed_.notify_all();
}

void FakeBroker::accept_connections() {
  while (true) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::scoped_lock lock(mutex_);
    const auto number = static_cast<int>(connections_.size());
    Connection& connection = connections_.emplace_back(Connection{number, fd, "", {}});
    connection.thread = std::thread([this, &connection] { serve(connection); });
  }
}

void FakeBroker::serve(Connection& connection) {
  while (auto frame = receive_frame(connection.fd)) {
    if (!answer(connection, std::move(frame))) break;
  }
  ::shutdown(connection.fd, SHUT_RDWR);
}

// False: the connection ends.
bool FakeBroker::answer(Connection& connection, std::shared_ptr<const std::string> frame) {
  auto request_frame = wire::decode_request(*frame);
  if (!request_frame) return refuse(connection, *frame);
  wire::Frame decoded = std::move(*request_frame);
  Request request;
  request.api = ApiKey{static_cast<std::int16_t>(decoded.header["request_api_key"].as_int())};
  request.version = static_cast<std::int16_t>(decoded.header["request_api_version"].as_int());
  request.connection = connection.number;
  request.frame = std::move(frame);
  request.client_id = decoded.header["client_id"].as_string();
  request.body = std::move(decoded.body);
  const Value id = decoded.header["correlation_id"];
  const auto encoded = [&](const Value& body) {
    return expect(
        wire::encode_response(request.api, request.version, {{{"correlation_id", id}}, body}));
  };

  const Answer answer = ask_script(request);
  std::string bytes;
  switch (answer.kind) {
    case Answer::Kind::kBody:
      bytes = encoded(answer.body);
      break;
    case Answer::Kind::kBytes:
      wire::ByteWriter(bytes).integer(static_cast<std::int32_t>(id.as_int()));
      bytes += answer.bytes;
      break;
    case Answer::Kind::kOvertaken:
      connection.overtaken = encoded(answer.body);
      return true;
    case Answer::Kind::kNone:
      return true;
    case Answer::Kind::kClose:
      return false;
    case Answer::Kind::kHalfClose:
      ::shutdown(connection.fd, SHUT_WR);
      return true;
    case Answer::Kind::kStall:
      wait_for_close();
      return false;
  }
  send_frame(connection.fd, bytes);
  if (!connection.overtaken.empty()) {
    send_frame(connection.fd, std::exchange(connection.overtaken, {}));
  }
  return true;
}

// Of a frame that is no request. A version of ApiVersions that is not known is answered in version
// 0 (KIP-511); anything else ends the connection.
bool FakeBroker::refuse(const Connection& connection, std::string_view frame) const {
  const std::scoped_lock lock(mutex_);
  if (!expects_nonsense_) expect(wire::decode_request(frame));
  wire::ByteReader in(frame);
  const ApiKey api{in.integer<std::int16_t>()};
  in.integer<std::int16_t>();  // version
  const auto id = in.integer<std::int32_t>();
  if (!in.ok() || api != ApiKey::kApiVersions) return false;
  const Value body = api_versions(wire::ErrorCode::kUnsupportedVersion);
  send_frame(connection.fd,
             expect(wire::encode_response(api, 0, {{{"correlation_id", id}}, body})));
  return true;
}

void FakeBroker::wait_for_close() {
  std::unique_lock lock(mutex_);
  closed_.wait(lock, [this, before = closings_] { return closings_ != before; });
}

Answer FakeBroker::ask_script(const Request& request) {
  const std::scoped_lock lock(mutex_);
  const auto api = apis_.find(request.api);
  if (request.api == ApiKey::kApiVersions && api == apis_.end()) return api_versions();
  requests_.push_back(request);
  return api == apis_.end() ? Answer(Answer::Kind::kClose) : api->second.script(request);
}

Value FakeBroker::api_versions(wire::ErrorCode error) const {
  Value::Array keys;
  const auto offer = [&keys](ApiKey api, wire::VersionRange versions) {
    keys.push_back({{"api_key", static_cast<std::int16_t>(api)},
                    {"min_version", versions.min},
                    {"max_version", versions.max}});
  };
  offer(ApiKey::kApiVersions, {0, 4});
  for (const auto& [api, served] : apis_) offer(api, served.versions);
  return {{"error_code", static_cast<std::int16_t>(error)}, {"api_keys", std::move(keys)}};
}

}  // namespace ks::test
