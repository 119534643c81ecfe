#include "lib/scenario/rules.h"

#include <algorithm>
#include <set>

#include "lib/scenario/json_schema.h"
#include "lib/scenario/plan.h"
#include "lib/scenario/read.h"
#include "lib/workload/value_template.h"

namespace ks::scenario {
namespace {

std::string quoted(const std::string& word) { return "'" + word + "'"; }

class TrafficRules {
 public:
  TrafficRules(const Scenario& scenario, Complainer& complainer)
      : scenario_(scenario), complainer_(complainer) {}

  void check() {
    std::set<std::string> topics;
    for (std::size_t i = 0; i < scenario_.topics.size(); ++i) {
      const std::string& name = scenario_.topics[i].name;
      if (!topics.insert(name).second) {
        complainer_.add(below(below("/topics", i), "name"), "topic " + quoted(name) + " twice");
      }
    }
    check_step_names();
    bool is_ordered = true;
    for (const Traffic& traffic : scenario_.traffic)
      is_ordered = check_after(traffic) && is_ordered;
    if (!is_ordered) return;  // times follow from who waits for whom
    for (const Traffic& traffic : scenario_.traffic) {
      if (traffic.type == Type::kProduce) check_produce(traffic);
      if (traffic.type == Type::kConsume) check_consume(traffic);
    }
  }

 private:
  void add(const Traffic& traffic, const std::string& key, std::string what,
           std::string action = {}) {
    complainer_.add(key.empty() ? traffic.at : below(traffic.at, key), std::move(what),
                    std::move(action));
  }

  void check_step_names() {
    const std::vector<std::string> others = other_step_names(scenario_);
    std::set<std::string> names(others.begin(), others.end());
    for (const Traffic& traffic : scenario_.traffic) {
      for (const std::string& name : step_names(traffic)) {
        if (names.insert(name).second) continue;
        add(traffic, "", "its results would be those of another step, " + quoted(name),
            "give it another name");
      }
    }
  }

  bool check_after(const Traffic& traffic) {
    std::set<std::string> seen{traffic.name};
    for (const Traffic* at = &traffic; !at->after.empty();) {
      const Traffic* const before = scenario_.find(at->after);
      if (before == nullptr) {
        if (at == &traffic) {
          add(traffic, "after", "no scenario " + quoted(traffic.after),
              complainer_.names(scenario_));
        }
        return false;
      }
      if (!seen.insert(before->name).second) {
        add(traffic, "after", "waits for itself", "let one of them begin without waiting");
        return false;
      }
      at = before;
    }
    return true;
  }

  void check_topic(const Traffic& traffic) {
    std::vector<std::string> names;
    for (const Topic& topic : scenario_.topics) names.push_back(topic.name);
    if (traffic.topic.empty()) {
      return add(traffic, "", "no topic", names.empty() ? "give one" : "choose " + joined(names));
    }
    const Topic* const topic = scenario_.topic(traffic.topic);
    if (topic == nullptr && !names.empty()) {
      const std::string meant = nearest(traffic.topic, names);
      return add(traffic, "topic", "unknown topic " + quoted(traffic.topic),
                 (meant.empty() ? "" : "did you mean " + quoted(meant) + "? ") +
                     std::string("add it to topics"));
    }
    if (topic != nullptr && traffic.partition && *traffic.partition >= topic->partitions) {
      add(traffic, "partition", "no such partition",
          "its topic has " + std::to_string(topic->partitions) + ", counted from 0");
    }
  }

  void check_produce(const Traffic& traffic) {
    check_topic(traffic);
    if (!traffic.messages && !traffic.duration) {
      add(traffic, "", "it would never end", "give messages or duration");
    }
    const auto clients = static_cast<std::uint64_t>(traffic.clients);
    if (traffic.messages && *traffic.messages < clients) {
      add(traffic, "clients", "more clients than messages", "give at most as many");
    }
    constexpr double kLowestPerS = 1e-3;
    if (traffic.rate_per_s != 0 && traffic.rate_per_s / traffic.clients < kLowestPerS) {
      add(traffic, "rate", "below one record in 1000 s for each client",
          "give more, or fewer clients");
    }
    if (complainer_.has(traffic.at, "rate") && complainer_.has(traffic.at, "rate_per_s")) {
      add(traffic, "rate_per_s", "rate is there, too", "give one of the two");
    }
    const auto takes = scheduled(traffic);
    if (traffic.timeout && takes && *takes > *traffic.timeout) {
      add(traffic, "timeout", "its schedule takes longer, " + cli::format_duration(*takes),
          "give more time, or leave timeout out");
    }
    check_value(traffic);
  }

  void check_value(const Traffic& traffic) {
    const std::string value = below(traffic.at, "value");
    const bool is_json = complainer_.has(value, "json");
    const bool is_text = complainer_.has(value, "text");
    if (complainer_.has(traffic.at, "value") && is_json == is_text) {
      add(traffic, "value", is_json ? "json and text" : "neither json nor text", "give one");
    }
    if (is_json || is_text) complainer_.check_placeholders(below(value, is_json ? "json" : "text"));
    if ((is_json || is_text) && !traffic.size.empty()) {
      add(traffic, "size", "a value is given, too", "give one of the two");
    }
    const auto size = cli::parse_size(traffic.size);
    if (!traffic.size.empty() && size && *size < history::kIdentityBytes) {
      add(traffic, "size", "too small for the identity of a record", "give 32 or more");
    }
    if (!traffic.key.empty() && traffic.keys != 0) {
      add(traffic, "keys", "a key is given, too", "give one of the two");
    }
  }

  void check_consume(const Traffic& traffic) {
    check_topic(traffic);
    if (!traffic.limit && !traffic.timeout && !traffic.duration) {
      add(traffic, "", "it would never end", "give limit, timeout or duration");
    }
    if (traffic.timeout && traffic.duration) {
      add(traffic, "duration", "a timeout is given, too", "give one of the two");
    }
    if (!traffic.group.empty()) return check_member(traffic);
    if (traffic.offset == "stored") {
      add(traffic, "offset", "only a group has stored offsets", "give a group or another offset");
    }
    const Topic* const topic = scenario_.topic(traffic.topic);
    if (!traffic.partition && topic != nullptr && traffic.clients > topic->partitions) {
      add(traffic, "clients", "more clients than partitions: one would have nothing to read",
          "give at most " + std::to_string(topic->partitions) + ", or a group");
    }
    const auto clients = static_cast<std::uint64_t>(traffic.clients);
    if (traffic.partition && traffic.limit && *traffic.limit < clients) {
      add(traffic, "clients", "more clients than the limit", "give at most as many");
    }
  }

  void check_member(const Traffic& traffic) {
    if (traffic.partition) {
      add(traffic, "partition", "a member of a group cannot choose partitions",
          "leave out partition or group");
    }
    if (!traffic.offset.empty() && traffic.offset != "beginning" && traffic.offset != "end" &&
        traffic.offset != "stored") {
      add(traffic, "offset", "a member starts at its group's commit, else at an end",
          "give earliest, latest or stored");
    }
  }

  const Scenario& scenario_;
  Complainer& complainer_;
};

}  // namespace

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

void Complainer::add(const std::string& at, std::string what, std::string action) {
  complaints_.push_back({document_.line_of(at), field_of(at), std::move(what), std::move(action)});
}

bool Complainer::has(const std::string& at, const std::string& key) const {
  const Json::json_pointer pointer(below(at, key));
  return document_.data.contains(pointer);
}

std::string Complainer::names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const Traffic& each : scenario.traffic) names.push_back(each.name);
  return "choose " + joined(names);
}

void Complainer::check_placeholders(const std::string& at) {
  check_placeholders(document_.data.at(Json::json_pointer(at)), at);
}

void Complainer::check_placeholders(const Json& value, const std::string& at) {
  const auto check = [&](const std::string& text, const std::string& where) {
    const auto parsed = workload::ValueTemplate::parse(text, "");
    if (!parsed) add(where, parsed.error().what, parsed.error().action);
  };
  if (value.is_string()) return check(value, at);
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      check(key, below(at, key));
      check_placeholders(inner, below(at, key));
    }
  }
  if (!value.is_array()) return;
  for (std::size_t i = 0; i < value.size(); ++i) check_placeholders(value[i], below(at, i));
}

Complaints Complainer::take() {
  std::ranges::stable_sort(complaints_, {}, &Complaint::line);
  return std::move(complaints_);
}

Complaints find_contradictions(const Scenario& scenario, const Document& document) {
  Complainer complainer(document);
  TrafficRules(scenario, complainer).check();
  if (complainer.empty()) check_faults(scenario, complainer);
  check_checks(scenario, complainer);
  return complainer.take();
}

}  // namespace ks::scenario
