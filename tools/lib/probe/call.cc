#include "lib/wire/call.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/probe/commands.h"
#include "lib/probe/error_codes.h"
#include "lib/probe/peer.h"
#include "lib/wire/error_code.h"
#include "lib/wire/value_json.h"

namespace ks::probe {
namespace {

using Json = nlohmann::ordered_json;

cli::Result<const wire::Api*> find_api(const std::string& word) {
  const wire::Api* api = wire::find_api(word);
  if (const auto key = cli::parse_count(word); api == nullptr && key) {
    if (*key <= std::numeric_limits<std::int16_t>::max()) {
      api = wire::find_api(wire::ApiKey{static_cast<std::int16_t>(*key)});
    }
  }
  if (api != nullptr) return api;
  return cli::fail("unknown API '" + word + "'", {},
                   "give its name in the protocol guide (Metadata) or its key (3)");
}

cli::Result<std::optional<std::int16_t>> wanted_version(const tool::Session& session,
                                                        const wire::Api& api) {
  if (!session.has("version")) return std::nullopt;
  const auto version = session.option<cli::CountArg>("version", {}).value;
  if (std::cmp_less_equal(version, api.versions.max) &&
      api.versions.contains(static_cast<std::int16_t>(version))) {
    return static_cast<std::int16_t>(version);
  }
  return cli::fail("unknown version " + std::to_string(version) + " of " + std::string(api.name),
                   "--version", "known are " + api.versions.text());
}

// The highest that both sides have.
cli::Result<std::int16_t> common_version(const wire::Api& api, const wire::ApiVersions& broker) {
  const wire::VersionRange range = broker.range(api.key);
  if (range.overlaps(api.versions)) return std::min(range.max, api.versions.max);
  return cli::fail("no version of " + std::string(api.name) + " in common",
                   "known are " + api.versions.text() + ", the broker serves " + range.text(),
                   "give --version to ask all the same");
}

cli::Result<wire::Value> read_fields(const tool::Session& session, const wire::Api& api) {
  std::string text = session.option<std::string>("fields", "{}");
  if (text.starts_with('@')) {
    auto file = cli::read_file(text.substr(1));
    if (!file) return tl::make_unexpected(file.error());
    text = std::move(*file);
  }
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return cli::fail("not JSON", "--fields");
  auto fields = wire::from_json(*wire::find_request(api.key), json);
  if (!fields) {
    const std::string where = fields.error().where;
    fields.error().where = "--fields" + (where.empty() ? "" : " " + where);
  }
  return fields;
}

bool is_without_answer(const wire::Api& api, const wire::Value& fields) {
  const wire::Value* acks = fields.find("acks");
  return api.key == wire::ApiKey::kProduce && acks != nullptr && acks->as_int() == 0;
}

// Returns when the broker has read the request: it has answered the next one.
cli::Result<void> send_without_answer(Peer& peer, const wire::Api& api, std::int16_t version,
                                      const wire::Value& fields) {
  auto frame = wire::encode_call(api.key, version, fields, peer.options().client_id);
  if (!frame) return tl::make_unexpected(frame.error());
  if (auto ok = peer.open(); !ok) return ok;
  peer.connection().connection().send_without_answer(std::move(*frame), nullptr);
  const auto next = peer.call(wire::ApiKey::kApiVersions, 0, wire::Value::structure());
  return next ? cli::Result<void>() : tl::make_unexpected(next.error());
}

// Strings of a response need not be UTF-8; JSON's must be.
std::string text_of(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// The response's own code, or the first within it.
std::int16_t first_code(const wire::Value& body, const std::set<std::int16_t>& codes) {
  const wire::Value* own = body.find("error_code");
  if (own != nullptr && own->as_int() != 0) return static_cast<std::int16_t>(own->as_int());
  return codes.empty() ? std::int16_t{0} : *codes.rbegin();
}

void publish(const wire::Api& api, const wire::Reply& reply, tool::Session& session) {
  const Json json = wire::to_json(*wire::find_response(api.key), reply.version, reply.body);
  const std::set<std::int16_t> codes = error_codes(reply.body);
  if (!codes.empty()) cli::log_info("the broker answers " + names_of(codes));
  session.print(text_of(json, 2));
  session.result.metrics[report::kAuthorizationErrors] = 0;
  for (const std::int16_t code : codes) {
    report::count_error(wire::error_name(code), session.result.metrics);
  }
  session.result.metrics["error_code"] = first_code(reply.body, codes);
  session.result.metrics["response_bytes"] = static_cast<double>(reply.frame.view().size());
  session.result.data = {
      {"api", api.name}, {"version", reply.version}, {"response", Json::parse(text_of(json, -1))}};
}

}  // namespace

cli::Result<void> call(tool::Session& session, const std::string& name) {
  const auto api = find_api(name);
  if (!api) return tl::make_unexpected(api.error());
  const auto wanted = wanted_version(session, **api);
  if (!wanted) return tl::make_unexpected(wanted.error());
  auto fields = read_fields(session, **api);
  if (!fields) return tl::make_unexpected(fields.error());
  // A Produce request that nobody answers is only what was asked for in so many words.
  if ((*api)->key == wire::ApiKey::kProduce && fields->find("acks") == nullptr) {
    fields->set("acks", -1);
  }
  auto peer = reach(session, session.timeout);
  if (!peer) return tl::make_unexpected(peer.error());
  const auto version = *wanted ? cli::Result<std::int16_t>(**wanted)
                               : common_version(**api, session.broker_versions);
  if (!version) return tl::make_unexpected(version.error());
  if (is_without_answer(**api, *fields)) {
    if (auto ok = send_without_answer(*peer, **api, *version, *fields); !ok) return ok;
    session.print("null");
    return {};
  }
  const auto reply = peer->call((*api)->key, *version, *fields);
  if (!reply) return tl::make_unexpected(reply.error());
  publish(**api, *reply, session);
  return {};
}

}  // namespace ks::probe
