#include "lib/client/versions.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <map>
#include <set>

#include "lib/probe/commands.h"
#include "lib/probe/peer.h"
#include "lib/probe/promised.h"

namespace ks::probe {
namespace {

using Json = nlohmann::ordered_json;
using client::ClientRelease;

constexpr auto kPatience = std::chrono::seconds(5);

// Beside the one built in: the last before and the first with each turn that matters here (newer
// requests; message format v2 without Fetch 4; newer admin requests).
constexpr int kLibrdkafkaReleases[] = {0x020300ff, 0x020500ff, 0x020b01ff, 0x020d00ff};

std::vector<ClientRelease> clients() {
  std::vector<ClientRelease> out{client::librdkafka_release(rd_kafka_version())};
  for (const int release : kLibrdkafkaReleases) {
    if (release >> 8 != rd_kafka_version() >> 8) out.push_back(client::librdkafka_release(release));
  }
  out.push_back(client::java_3_9_release());
  out.push_back(client::java_4_1_release());
  out.push_back(client::wire_release());
  return out;
}

// Every API that the broker lists or that a client uses.
std::set<std::int16_t> apis(const wire::ApiVersions& broker,
                            const std::vector<ClientRelease>& clients) {
  std::set<std::int16_t> keys;
  for (const auto& [key, range] : broker.all()) keys.insert(key);
  for (const wire::Api& api : wire::all_apis()) {
    const bool used = std::ranges::any_of(
        clients, [&](const ClientRelease& client) { return client.range(api.key).served(); });
    if (used) keys.insert(static_cast<std::int16_t>(api.key));
  }
  return keys;
}

using Row = std::vector<std::string>;

std::vector<std::string> aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] + 2 - row[i].size(), ' ');
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<Row> table(const wire::ApiVersions& broker, const std::vector<ClientRelease>& clients) {
  std::vector<Row> rows{{"key", "api", "broker"}};
  for (const ClientRelease& client : clients) rows[0].push_back(client.name);
  for (const std::int16_t key : apis(broker, clients)) {
    const wire::ApiKey api{key};
    Row row{std::to_string(key), wire::api_name(key), broker.range(api).text()};
    for (const ClientRelease& client : clients) {
      const wire::VersionRange range = client.range(api);
      const bool excluded = range.served() && !broker.range(api).overlaps(range);
      row.push_back(range.served() ? range.text() + (excluded ? " !" : "") : "-");
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

struct Named {
  std::string client;
  client::Mismatch mismatch;
};

// What each client cannot do there, each API once.
std::vector<Named> mismatches(const wire::ApiVersions& broker,
                              const std::vector<ClientRelease>& clients) {
  std::vector<Named> out;
  for (const ClientRelease& client : clients) {
    std::set<std::pair<wire::FindingId, wire::ApiKey>> known;
    for (const client::Operation operation : client::all_operations()) {
      auto mismatch = client::find_mismatch(broker, {{operation}}, client);
      if (!mismatch || !known.emplace(mismatch->finding, mismatch->api).second) continue;
      out.push_back({client.name, std::move(*mismatch)});
    }
  }
  return out;
}

void publish(const std::vector<Row>& rows, const std::vector<Named>& found,
             tool::Session& session) {
  Json table = Json::array();
  for (std::size_t i = 1; i < rows.size(); ++i) {
    Json row;
    for (std::size_t j = 0; j < rows[i].size(); ++j) row[rows[0][j]] = rows[i][j];
    table.push_back(std::move(row));
  }
  Json list = Json::array();
  std::map<wire::FindingId, std::string> evidence;
  for (const auto& [client, mismatch] : found) {
    list.push_back({{"client", client},
                    {"finding", wire::kind_of(mismatch.finding).name},
                    {"api", wire::api_name(static_cast<std::int16_t>(mismatch.api))},
                    {"ranges", mismatch.error.where}});
    std::string& text = evidence[mismatch.finding];
    text += (text.empty() ? "" : "; ") + client + ": " + mismatch.error.where;
  }
  for (auto& [id, text] : evidence) session.note({id, std::move(text)});
  session.result.data = {{"apis", std::move(table)}, {"mismatches", std::move(list)}};
  session.result.metrics["apis"] = static_cast<double>(std::ranges::count_if(
      session.broker_versions.all(), [](const auto& api) { return api.second.served(); }));
  session.result.metrics["mismatches"] = static_cast<double>(found.size());
}

}  // namespace

cli::Result<void> versions(tool::Session& session) {
  const auto charter = promised(session);
  if (!charter) return tl::make_unexpected(charter.error());
  const auto peer = reach(session, std::min<cli::Duration>(session.timeout, kPatience));
  if (!peer) return tl::make_unexpected(peer.error());
  const std::vector<ClientRelease> all = clients();
  const std::vector<Row> rows = table(session.broker_versions, all);
  const std::vector<Named> found = mismatches(session.broker_versions, all);
  for (const std::string& line : aligned(rows)) session.print(line);
  if (!found.empty()) session.print("");
  for (const auto& [client, mismatch] : found) {
    session.print("! " + client + ": " + wire::kind_of(mismatch.finding).name + ": " +
                  mismatch.error.where);
  }
  publish(rows, found, session);
  if (session.has("charter")) judge_promised(*charter, session);
  return {};
}

}  // namespace ks::probe
