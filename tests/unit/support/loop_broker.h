#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/client/versions.h"
#include "lib/wire/address.h"
#include "lib/wire/bytes.h"
#include "lib/wire/loop_impl.h"
#include "lib/wire/message.h"

namespace ks::test {

// A broker of the test's own, on the loop of the client that it tests: it reads requests, leaves
// the answers to a handler, and answers ApiVersions itself. As Kafka does, it takes a connection's
// next request when the last one is answered.
class LoopBroker {
 public:
  struct Request {
    wire::ApiKey api{-1};
    std::int16_t version = 0;
    wire::Value body;
    std::shared_ptr<const std::string> bytes;  // what the body's views point into
  };
  using Answer = std::function<void(const wire::Value& body)>;  // at any time, or never
  using Handler = std::function<void(const Request&, Answer)>;

  LoopBroker(wire::Loop& loop, Handler handler)
      : handler_(std::move(handler)),
        acceptor_(loop.impl().context, {boost::asio::ip::address_v4::loopback(), 0}) {
    for (const wire::Api& api : wire::all_apis()) {
      const wire::VersionRange range = client::wire_release().range(api.key);
      if (range.served()) versions[api.key] = range;
    }
    accept();
  }
  ~LoopBroker() { stop(); }
  LoopBroker(const LoopBroker&) = delete;
  LoopBroker& operator=(const LoopBroker&) = delete;

  wire::Address address() const { return address_; }

  // What it advertises; by default all that the wire client speaks.
  std::map<wire::ApiKey, wire::VersionRange> versions;

  // Ends every connection, and refuses new ones.
  void stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& connection : connections_) {
      if (const auto open = connection.lock()) open->end();
    }
    connections_.clear();
  }

 private:
  struct Connection : std::enable_shared_from_this<Connection> {
    Connection(LoopBroker& owner, boost::asio::ip::tcp::socket from)
        : broker(&owner), socket(std::move(from)) {}

    void end() {
      broker = nullptr;
      boost::system::error_code ignored;
      socket.close(ignored);
    }

    void read() {
      boost::asio::async_read(socket, boost::asio::buffer(&length, sizeof length),
                              [self = shared_from_this()](auto error, std::size_t) {
                                if (!error) self->read_body();
                              });
    }

    void read_body() {
      bytes = std::make_shared<std::string>(wire::big_endian(length), '\0');
      boost::asio::async_read(socket, boost::asio::buffer(*bytes),
                              [self = shared_from_this()](auto error, std::size_t) {
                                if (!error && self->broker != nullptr) self->serve();
                              });
    }

    void serve() {
      auto frame = wire::decode_request(*bytes);
      if (!frame) return end();  // a mistake of the client's, which then fails its test
      const std::int64_t id = frame->header["correlation_id"].as_int();
      Request request{
          wire::ApiKey{static_cast<std::int16_t>(frame->header["request_api_key"].as_int())},
          static_cast<std::int16_t>(frame->header["request_api_version"].as_int()),
          std::move(frame->body), bytes};
      const Answer answer = [self = shared_from_this(), api = request.api,
                             version = request.version, id](const wire::Value& body) {
        self->write(api, version, {{{"correlation_id", id}}, body});
      };
      if (request.api == wire::ApiKey::kApiVersions) return answer(broker->api_versions());
      broker->handler_(request, answer);
    }

    void write(wire::ApiKey api, std::int16_t version, const wire::Frame& frame) {
      auto encoded = wire::encode_response(api, version, frame);
      if (!encoded) throw std::logic_error("LoopBroker: " + encoded.error().message());
      out.clear();
      wire::ByteWriter(out).integer(static_cast<std::uint32_t>(encoded->size()));
      out += *encoded;
      boost::asio::async_write(socket, boost::asio::buffer(out),
                               [self = shared_from_this()](auto error, std::size_t) {
                                 if (!error) self->read();
                               });
    }

    LoopBroker* broker;  // null: it is gone
    boost::asio::ip::tcp::socket socket;
    std::uint32_t length = 0;
    std::shared_ptr<std::string> bytes;
    std::string out;
  };

  void accept() {
    acceptor_.async_accept([this](auto error, boost::asio::ip::tcp::socket socket) {
      if (error) return;
      auto connection = std::make_shared<Connection>(*this, std::move(socket));
      connections_.push_back(connection);
      connection->read();
      accept();
    });
  }

  wire::Value api_versions() const {
    wire::Value::Array keys;
    for (const auto& [api, range] : versions) {
      keys.push_back({{"api_key", static_cast<std::int16_t>(api)},
                      {"min_version", range.min},
                      {"max_version", range.max}});
    }
    return {{"api_keys", std::move(keys)}};
  }

  Handler handler_;
  boost::asio::ip::tcp::acceptor acceptor_;
  const wire::Address address_{"127.0.0.1", acceptor_.local_endpoint().port()};
  std::vector<std::weak_ptr<Connection>> connections_;
};

}  // namespace ks::test
