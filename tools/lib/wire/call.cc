#include "lib/wire/call.h"

#include <optional>
#include <utility>

#include "lib/cli/version.h"
#include "lib/wire/bytes.h"
#include "lib/wire/error_code.h"

namespace ks::wire {
namespace {

std::string name_of(ApiKey api, std::int16_t version) {
  return api_name(static_cast<std::int16_t>(api)) + " v" + std::to_string(version);
}

// Calls back with the reply, or with an error that names the broker, too.
Connection::OnFrame decoding(const Connection& connection, ApiKey api, std::int16_t version,
                             OnReply on_reply) {
  return [api, version, broker = connection.address().text(),
          on_reply = std::move(on_reply)](cli::Result<FrameBytes> frame) {
    if (!frame) return on_reply(tl::make_unexpected(frame.error()));
    auto reply = decode_reply(api, version, std::move(*frame));
    if (!reply) reply.error().where += " from " + broker;
    on_reply(std::move(reply));
  };
}

}  // namespace

cli::Result<std::string> encode_call(ApiKey api, std::int16_t version, const Value& fields,
                                     const std::string& client_id, std::vector<Apart>* apart) {
  constexpr std::int32_t kLater = 0;  // Connection::send writes the correlation id
  auto frame = encode_request({request_header(api, version, kLater, client_id), fields},
                              Connection::kLengthBytes, apart);
  if (!frame) frame.error().what = name_of(api, version) + ": " + frame.error().what;
  return frame;
}

cli::Result<Reply> decode_reply(ApiKey api, std::int16_t version, FrameBytes frame) {
  auto decoded = decode_response(api, version, frame.view());
  if (!decoded) {
    return cli::fail(name_of(api, version) + " answer is malformed: " + decoded.error().what,
                     decoded.error().where);
  }
  return Reply{std::move(frame), version, std::move(decoded->body)};
}

void call(Connection& connection, ApiKey api, std::int16_t version, const Value& fields,
          const std::string& client_id, cli::Deadline deadline, OnReply on_reply) {
  std::vector<Apart> apart;
  auto frame = encode_call(api, version, fields, client_id, &apart);
  if (!frame) return on_reply(tl::make_unexpected(frame.error()));
  connection.send(std::move(*frame), deadline,
                  decoding(connection, api, version, std::move(on_reply)), std::move(apart));
}

cli::Result<Reply> call(BlockingConnection& connection, ApiKey api, std::int16_t version,
                        const Value& fields, const std::string& client_id, cli::Deadline deadline) {
  std::optional<cli::Result<Reply>> reply;
  call(connection.connection(), api, version, fields, client_id, deadline,
       [&](cli::Result<Reply> got) { reply = std::move(got); });
  connection.loop().run_until(cli::Deadline::max(), [&] { return reply.has_value(); });
  return std::move(*reply);
}

// ---- ApiVersions --------------------------------------------------------------------------------

namespace {

using OnVersions = std::function<void(cli::Result<ApiVersions>)>;

bool is_unsupported_version(std::string_view response) {
  ByteReader in(response);
  in.integer<std::int32_t>();  // the correlation id
  return in.integer<std::int16_t>() == static_cast<std::int16_t>(ErrorCode::kUnsupportedVersion);
}

constexpr std::int16_t kApiVersionsSentFirst = 3;  // KIP-511; 4 adds nothing that is needed here

Value api_versions_request() {
  return {{"client_software_name", "kafscale-gate"}, {"client_software_version", cli::version()}};
}

void ask_versions(Connection& connection, std::int16_t version, const std::string& client_id,
                  cli::Deadline deadline, const OnVersions& on_versions) {
  auto frame = encode_call(ApiKey::kApiVersions, version,
                           version == 0 ? Value::structure() : api_versions_request(), client_id);
  if (!frame) return on_versions(tl::make_unexpected(frame.error()));
  connection.send(
      std::move(*frame), deadline,
      [&connection, version, client_id, deadline, on_versions](cli::Result<FrameBytes> answer) {
        if (!answer) return on_versions(tl::make_unexpected(answer.error()));
        // A broker that does not know the version answers in version 0, with an error code.
        if (version != 0 && is_unsupported_version(answer->view())) {
          return ask_versions(connection, 0, client_id, deadline, on_versions);
        }
        auto reply = decode_reply(ApiKey::kApiVersions, version, std::move(*answer));
        auto versions = reply ? to_api_versions(reply->body)
                              : cli::Result<ApiVersions>(tl::make_unexpected(reply.error()));
        if (!versions) versions.error().where += " from " + connection.address().text();
        on_versions(std::move(versions));
      });
}

}  // namespace

void negotiate(Connection& connection, const std::string& client_id, cli::Deadline deadline,
               const OnVersions& on_versions) {
  ask_versions(connection, kApiVersionsSentFirst, client_id, deadline, on_versions);
}

// ---- SASL ---------------------------------------------------------------------------------------

namespace {

using OnDone = std::function<void(cli::Result<void>)>;

std::string remedy(ErrorCode code, const Value& answer) {
  if (code == ErrorCode::kIllegalSaslState) {
    return "this listener asks for no authentication: is security.protocol right?";
  }
  if (code == ErrorCode::kUnsupportedSaslMechanism) {
    std::string offered;
    for (const Value& mechanism : answer["mechanisms"].items()) {
      offered += " " + std::string(mechanism.as_string());
    }
    return "the broker offers:" + offered;
  }
  return "check sasl.username and sasl.password";
}

cli::Result<void> refusal_of(const cli::Result<Reply>& reply, const char* what,
                             const std::string& broker) {
  if (!reply) return tl::make_unexpected(reply.error());
  const auto code = static_cast<std::int16_t>(reply->body["error_code"].as_int());
  if (code == 0) return {};
  return cli::fail(std::string(what) + " failed: " + error_name(code), broker,
                   remedy(ErrorCode{code}, reply->body));
}

}  // namespace

void authenticate(Connection& connection, const Credentials& credentials,
                  const std::string& client_id, cli::Deadline deadline, const OnDone& on_done) {
  constexpr std::int16_t kHandshakeVersion = 1;  // the first that SaslAuthenticate follows
  constexpr std::int16_t kAuthenticateVersion = 0;
  const std::string token =
      std::string(1, '\0') + credentials.username + std::string(1, '\0') + credentials.password;
  const auto send_token = [&connection, token, client_id, deadline, on_done] {
    call(connection, ApiKey::kSaslAuthenticate, kAuthenticateVersion,
         {{"auth_bytes", Value::bytes(token)}}, client_id, deadline,
         [&connection, on_done](const cli::Result<Reply>& reply) {
           on_done(refusal_of(reply, "SASL authentication", connection.address().text()));
         });
  };
  call(connection, ApiKey::kSaslHandshake, kHandshakeVersion, {{"mechanism", "PLAIN"}}, client_id,
       deadline, [&connection, send_token, on_done](const cli::Result<Reply>& reply) {
         auto refused = refusal_of(reply, "SASL handshake", connection.address().text());
         refused ? send_token() : on_done(std::move(refused));
       });
}

// ---- both, while the caller waits ---------------------------------------------------------------

cli::Result<BlockingConnection> open(const Address& address, const Access& access,
                                     const std::string& client_id, cli::Deadline deadline) {
  auto connection = BlockingConnection::open(address, deadline, access.connection);
  if (!connection || !access.credentials) return connection;
  std::optional<cli::Result<void>> done;
  authenticate(connection->connection(), *access.credentials, client_id, deadline,
               [&](cli::Result<void> result) { done = std::move(result); });
  connection->loop().run_until(cli::Deadline::max(), [&] { return done.has_value(); });
  if (!*done) return tl::make_unexpected(done->error());
  return connection;
}

cli::Result<ApiVersions> request_api_versions(const Address& address, const Access& access,
                                              cli::Deadline deadline) {
  constexpr const char* kClientId = "ks";
  auto connection = open(address, access, kClientId, deadline);
  if (!connection) return tl::make_unexpected(connection.error());
  const auto reply =
      call(*connection, ApiKey::kApiVersions, 0, Value::structure(), kClientId, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  auto versions = to_api_versions(reply->body);
  if (!versions) versions.error().where = address.text();
  return versions;
}

}  // namespace ks::wire
