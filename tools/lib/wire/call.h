#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/wire/api_versions.h"
#include "lib/wire/connection.h"
#include "lib/wire/message.h"

// One call is one request and its response: `call(connection, ApiKey::kMetadata, 12, {...})`.
namespace ks::wire {

struct Reply {
  FrameBytes frame;  // what views in the body point into
  std::int16_t version = 0;
  Value body;
};
using OnReply = std::function<void(cli::Result<Reply>)>;

// A request as Connection::send takes it, with room for its length.
// Large records are left out where `apart` is given.
cli::Result<std::string> encode_call(ApiKey api, std::int16_t version, const Value& fields,
                                     const std::string& client_id,
                                     std::vector<Apart>* apart = nullptr);

// Errors name the API and its version.
cli::Result<Reply> decode_reply(ApiKey api, std::int16_t version, FrameBytes frame);

// `fields` that do not fit the version fail through `on_reply`, like everything else. Records in
// them are not copied: they must stay where they are until then.
void call(Connection& connection, ApiKey api, std::int16_t version, const Value& fields,
          const std::string& client_id, cli::Deadline deadline, OnReply on_reply);

cli::Result<Reply> call(BlockingConnection& connection, ApiKey api, std::int16_t version,
                        const Value& fields, const std::string& client_id, cli::Deadline deadline);

// ---- what begins a connection -------------------------------------------------------------------

// Asks for the versions the broker serves, as clients do: the highest version of ApiVersions
// first, version 0 where the broker does not know that one (KIP-511).
void negotiate(Connection& connection, const std::string& client_id, cli::Deadline deadline,
               const std::function<void(cli::Result<ApiVersions>)>& on_versions);

// SASL/PLAIN (RFC 4616).
struct Credentials {
  std::string username;
  std::string password;
};

// SaslHandshake and SaslAuthenticate. An error never shows the password.
void authenticate(Connection& connection, const Credentials& credentials,
                  const std::string& client_id, cli::Deadline deadline,
                  const std::function<void(cli::Result<void>)>& on_done);

// What a broker wants to know of a client before it lets it in.
struct Access {
  ConnectionOptions connection;
  std::optional<Credentials> credentials;  // none: it is not asked for any
};

// A connection that is open and authenticated.
cli::Result<BlockingConnection> open(const Address& address, const Access& access,
                                     const std::string& client_id, cli::Deadline deadline);

// One ApiVersions request, version 0 (which every broker answers), on a connection of its own.
cli::Result<ApiVersions> request_api_versions(const Address& address, const Access& access,
                                              cli::Deadline deadline);

}  // namespace ks::wire
