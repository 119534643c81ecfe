#include "lib/client/wire_options.h"

#include <functional>
#include <limits>

namespace ks::client {
namespace {

using Setter = std::function<cli::Result<void>(WireOptions&, const std::string&)>;

template <typename T>
cli::Result<T> number(const std::string& text) {
  const auto value = cli::parse_count(text);
  if (!value) return tl::make_unexpected(value.error());
  if (*value > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) {
    return cli::fail("number too large '" + text + "'");
  }
  return static_cast<T>(*value);
}

template <typename T>
Setter count(T WireOptions::*member, T unit = 1) {
  return [member, unit](WireOptions& out, const std::string& text) -> cli::Result<void> {
    const auto value = number<T>(text);
    if (!value) return tl::make_unexpected(value.error());
    out.*member = static_cast<T>(*value * unit);
    return {};
  };
}

Setter milliseconds(cli::Duration WireOptions::*member) {
  return [member](WireOptions& out, const std::string& text) -> cli::Result<void> {
    const auto value = number<std::int32_t>(text);
    if (!value) return tl::make_unexpected(value.error());
    out.*member = std::chrono::milliseconds(*value);
    return {};
  };
}

Setter text(std::string WireOptions::*member) {
  return [member](WireOptions& out, const std::string& value) -> cli::Result<void> {
    out.*member = value;
    return {};
  };
}

// One of several words; `take` says what each means.
Setter word(const std::map<std::string, std::function<void(WireOptions&)>>& words) {
  return [words](WireOptions& out, const std::string& value) -> cli::Result<void> {
    const auto found = words.find(value);
    if (found != words.end()) return found->second(out), cli::Result<void>();
    std::string known;
    for (const auto& [name, take] : words) known += (known.empty() ? "" : ", ") + name;
    return cli::fail("not one of " + known + ": '" + value + "'");
  };
}

Setter flag(bool WireOptions::*member) {
  return word({{"true", [member](WireOptions& out) { out.*member = true; }},
               {"false", [member](WireOptions& out) { out.*member = false; }}});
}

// What holds anyway, so that the same -X serves both clients.
Setter always(const std::string& only) {
  return word({{only, [](WireOptions&) {}}});
}

wire::Tls& tls_of(WireOptions& out) {
  if (!out.access.connection.tls) out.access.connection.tls.emplace();
  return *out.access.connection.tls;
}
wire::Credentials& credentials_of(WireOptions& out) {
  if (!out.access.credentials) out.access.credentials.emplace();
  return *out.access.credentials;
}

Setter security_protocol() {
  return word({{"plaintext", [](WireOptions&) {}},
               {"PLAINTEXT", [](WireOptions&) {}},
               {"ssl", [](WireOptions& out) { tls_of(out); }},
               {"SSL", [](WireOptions& out) { tls_of(out); }},
               {"sasl_plaintext", [](WireOptions& out) { credentials_of(out); }},
               {"SASL_PLAINTEXT", [](WireOptions& out) { credentials_of(out); }},
               {"sasl_ssl", [](WireOptions& out) { tls_of(out), credentials_of(out); }},
               {"SASL_SSL", [](WireOptions& out) { tls_of(out), credentials_of(out); }}});
}

Setter assignors() {
  return [](WireOptions& out, const std::string& list) -> cli::Result<void> {
    out.assignors.clear();
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t comma = std::min(list.find(',', at), list.size());
      const std::string name = list.substr(at, comma - at);
      if (name != "range" && name != "roundrobin") {
        return cli::fail("not one of range, roundrobin: '" + name + "'");
      }
      out.assignors.push_back(name);
      at = comma + 1;
    }
    return {};
  };
}

std::map<std::string, Setter> security_setters() {
  const auto tls_file = [](WireOptions& out, const std::string& path) -> cli::Result<void> {
    tls_of(out).ca_file = path;
    return {};
  };
  const auto username = [](WireOptions& out, const std::string& name) -> cli::Result<void> {
    credentials_of(out).username = name;
    return {};
  };
  const auto password = [](WireOptions& out, const std::string& secret) -> cli::Result<void> {
    credentials_of(out).password = secret;
    return {};
  };
  return {
      {"security.protocol", security_protocol()},
      {"sasl.mechanism", always("PLAIN")},
      {"sasl.mechanisms", always("PLAIN")},
      {"sasl.username", username},
      {"sasl.password", password},
      {"ssl.ca.location", tls_file},
      {"enable.ssl.certificate.verification",
       word({{"true", [](WireOptions& out) { tls_of(out).verify = true; }},
             {"false", [](WireOptions& out) { tls_of(out).verify = false; }}})},
      {"ssl.endpoint.identification.algorithm",
       word({{"https", [](WireOptions& out) { tls_of(out).verify_host = true; }},
             {"none", [](WireOptions& out) { tls_of(out).verify_host = false; }}})},
  };
}

std::map<std::string, Setter> common_setters() {
  return {
      {"client.id", text(&WireOptions::client_id)},
      {"socket.timeout.ms", milliseconds(&WireOptions::request_timeout)},
      {"request.timeout.ms", milliseconds(&WireOptions::request_timeout)},
      {"retry.backoff.ms", milliseconds(&WireOptions::retry_backoff)},
      {"reconnect.backoff.ms", milliseconds(&WireOptions::reconnect_backoff)},
      {"reconnect.backoff.max.ms", milliseconds(&WireOptions::longest_reconnect_backoff)},
      {"socket.nagle.disable", always("true")},
  };
}

std::map<std::string, Setter> producer_setters() {
  const Setter acks = word({{"0", [](WireOptions& out) { out.acks = 0; }},
                            {"1", [](WireOptions& out) { out.acks = 1; }},
                            {"all", [](WireOptions& out) { out.acks = -1; }},
                            {"-1", [](WireOptions& out) { out.acks = -1; }}});
  using enum wire::CompressionType;
  const Setter compression = word({{"none", [](WireOptions& out) { out.compression = kNone; }},
                                   {"gzip", [](WireOptions& out) { out.compression = kGzip; }},
                                   {"snappy", [](WireOptions& out) { out.compression = kSnappy; }},
                                   {"lz4", [](WireOptions& out) { out.compression = kLz4; }},
                                   {"zstd", [](WireOptions& out) { out.compression = kZstd; }}});
  return {
      {"acks", acks},
      {"request.required.acks", acks},
      {"enable.idempotence", flag(&WireOptions::idempotent)},
      {"max.in.flight.requests.per.connection", count(&WireOptions::most_in_flight)},
      {"max.in.flight", count(&WireOptions::most_in_flight)},
      {"message.timeout.ms", milliseconds(&WireOptions::delivery_timeout)},
      {"delivery.timeout.ms", milliseconds(&WireOptions::delivery_timeout)},
      {"linger.ms", milliseconds(&WireOptions::linger)},
      {"queue.buffering.max.ms", milliseconds(&WireOptions::linger)},
      {"batch.size", count(&WireOptions::batch_bytes)},
      {"batch.num.messages", count(&WireOptions::batch_records)},
      {"message.send.max.retries", count(&WireOptions::retries)},
      {"retries", count(&WireOptions::retries)},
      {"queue.buffering.max.messages", count(&WireOptions::queue_records)},
      {"queue.buffering.max.kbytes", count<std::size_t>(&WireOptions::queue_bytes, 1024)},
      {"compression.codec", compression},
      {"compression.type", compression},
  };
}

std::map<std::string, Setter> consumer_setters() {
  const Setter reset = word({{"earliest", [](WireOptions& out) { out.reset_to_end = false; }},
                             {"beginning", [](WireOptions& out) { out.reset_to_end = false; }},
                             {"smallest", [](WireOptions& out) { out.reset_to_end = false; }},
                             {"latest", [](WireOptions& out) { out.reset_to_end = true; }},
                             {"end", [](WireOptions& out) { out.reset_to_end = true; }},
                             {"largest", [](WireOptions& out) { out.reset_to_end = true; }}});
  return {
      {"auto.offset.reset", reset},
      {"fetch.wait.max.ms", milliseconds(&WireOptions::fetch_wait)},
      {"fetch.min.bytes", count(&WireOptions::fetch_min_bytes)},
      {"fetch.max.bytes", count(&WireOptions::fetch_bytes)},
      {"max.partition.fetch.bytes", count(&WireOptions::partition_fetch_bytes)},
      {"fetch.message.max.bytes", count(&WireOptions::partition_fetch_bytes)},
      {"check.crcs", flag(&WireOptions::check_crcs)},
      {"group.instance.id", text(&WireOptions::group_instance_id)},
      {"session.timeout.ms", milliseconds(&WireOptions::session_timeout)},
      {"heartbeat.interval.ms", milliseconds(&WireOptions::heartbeat_interval)},
      {"max.poll.interval.ms", milliseconds(&WireOptions::rebalance_timeout)},
      {"partition.assignment.strategy", assignors()},
      {"enable.auto.commit", always("false")},
      {"enable.auto.offset.store", always("false")},
      {"enable.partition.eof", always("true")},
      {"isolation.level", always("read_uncommitted")},
      {"group.protocol", always("classic")},
  };
}

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> all = [] {
    std::map<std::string, Setter> out = common_setters();
    out.merge(security_setters());
    out.merge(producer_setters());
    out.merge(consumer_setters());
    return out;
  }();
  return all;
}

// Certificates and passwords may be given for a listener that asks for none: what counts is
// security.protocol.
void drop_unused_security(const std::map<std::string, std::string>& properties, WireOptions& out) {
  const auto given = properties.find("security.protocol");
  const std::string protocol = given == properties.end() ? "" : given->second;
  if (!protocol.ends_with("ssl") && !protocol.ends_with("SSL")) out.access.connection.tls.reset();
  if (!protocol.starts_with("sasl") && !protocol.starts_with("SASL"))
    out.access.credentials.reset();
}

}  // namespace

cli::Result<WireOptions> parse_wire_options(const std::map<std::string, std::string>& properties) {
  WireOptions out;
  for (const auto& [name, value] : properties) {
    const auto found = setters().find(name);
    if (found == setters().end()) {
      return cli::fail("no property of the wire client", "-X " + name,
                       "leave it out, or use --client librdkafka");
    }
    if (auto taken = found->second(out, value); !taken) {
      return cli::fail(taken.error().what, "-X " + name, taken.error().action);
    }
  }
  drop_unused_security(properties, out);
  if (out.idempotent && (out.acks != -1 || out.most_in_flight > 5 || out.retries == 0)) {
    return cli::fail("idempotence needs acks=all, at most 5 requests in flight, and retries",
                     "-X enable.idempotence");
  }
  if (out.most_in_flight == 0) {
    return cli::fail("at least one request must be allowed", "-X max.in.flight");
  }
  return out;
}

wire::Access access_by(const std::map<std::string, std::string>& properties,
                       Implementation implementation) {
  WireOptions out;
  bool plain = implementation == Implementation::kWire;  // librdkafka's default is another
  const auto known = security_setters();
  for (const auto& [name, value] : properties) {
    if (name == "sasl.mechanism" || name == "sasl.mechanisms") plain = value == "PLAIN";
    const auto setter = known.find(name);
    if (setter != known.end()) static_cast<void>(setter->second(out, value));
  }
  drop_unused_security(properties, out);
  if (!plain) out.access.credentials.reset();
  return out.access;
}

bool is_wire_property(const std::string& name) { return setters().count(name) != 0; }

}  // namespace ks::client
