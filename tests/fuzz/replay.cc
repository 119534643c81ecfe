// Feeds the fuzzer's target without a fuzzer: the recorded exchanges and batches, each with seeded
// mutations, and the inputs that once went wrong.
//   fuzz-replay RECORDED.jsonl BATCHES-FOLDER [FILE...]
//   fuzz-replay RECORDED.jsonl BATCHES-FOLDER --write-seeds DIR
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <vector>

#include "decode.h"
#include "lib/wire/bytes.h"
#include "lib/wire/message.h"

namespace {

using ks::fuzz::Kind;

constexpr int kMutations = 40;  // of each seed

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

void add_records(const ks::wire::Value& body, std::vector<std::string>& seeds) {
  for (const auto& topic : body["responses"].items()) {
    for (const auto& partition : topic["partitions"].items()) {
      seeds.push_back(std::string(1, Kind::kRecords) +
                      std::string(partition["records"].as_bytes()));
    }
  }
}

// What members tell each other travels inside of these.
void add_members_words(const std::string& frame, std::vector<std::string>& seeds) {
  const auto request = ks::wire::decode_request(frame);
  if (!request) return;
  const auto add = [&](const char* list, const char* field, Kind kind) {
    const auto* const items = request->body.find(list);
    if (items == nullptr) return;
    for (const auto& item : items->items()) {
      seeds.push_back(std::string(1, kind) + std::string(item[field].as_bytes()));
    }
  };
  const ks::wire::ApiKey api{
      static_cast<std::int16_t>(request->header["request_api_key"].as_int())};
  if (api == ks::wire::ApiKey::kJoinGroup) add("protocols", "metadata", Kind::kSubscription);
  if (api == ks::wire::ApiKey::kSyncGroup) add("assignments", "assignment", Kind::kAssignment);
}

void add_exchanges(const char* path, std::vector<std::string>& seeds) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto exchange = nlohmann::json::parse(line);
    const auto key = exchange.at("api_key").get<std::int16_t>();
    const auto version = exchange.at("api_version").get<std::int16_t>();
    const std::string response = from_hex(exchange.at("response_hex"));
    const std::string request = from_hex(exchange.at("request_hex"));
    seeds.push_back(std::string(1, Kind::kRequest) + request);
    add_members_words(request, seeds);
    std::string seed(1, Kind::kResponse);
    ks::wire::ByteWriter out(seed);
    out.integer(key);
    out.integer(version);
    seeds.push_back(seed + response);
    const auto decoded = ks::wire::decode_response(ks::wire::ApiKey{key}, version, response);
    if (decoded && ks::wire::ApiKey{key} == ks::wire::ApiKey::kFetch) {
      add_records(decoded->body, seeds);
    }
  }
}

std::string mutated(std::string seed, std::mt19937& random) {
  const auto place = [&] { return 1 + random() % (seed.size() - 1); };
  for (unsigned i = 0; i <= random() % 4 && seed.size() > 2; ++i) {
    switch (random() % 4) {
      case 0:
        seed[place()] = static_cast<char>(random());
        break;
      case 1:
        seed.resize(place());
        break;
      case 2:
        seed.insert(place(), std::string(random() % 8, static_cast<char>(random())));
        break;
      default:  // an absurd length or count
        seed.replace(place(), 4, random() % 2 == 0 ? "\x7f\xff\xff\xff" : "\xff\xff\xff\xff");
    }
  }
  return seed;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::string> seeds_of(const char* exchanges, const char* batches) {
  std::vector<std::string> seeds;
  add_exchanges(exchanges, seeds);
  std::set<std::filesystem::path> files;  // in an order that every machine has
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(batches, error)) {
    if (file.path().extension() == ".bin") files.insert(file.path());
  }
  if (files.empty()) return {};
  for (const auto& file : files) seeds.push_back(std::string(1, Kind::kRecords) + content(file));
  return seeds;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> seeds =
      argc < 3 ? std::vector<std::string>() : seeds_of(argv[1], argv[2]);
  if (seeds.empty()) {
    std::fprintf(
        stderr, "usage: fuzz-replay RECORDED.jsonl BATCHES-FOLDER [FILE... | --write-seeds DIR]\n");
    return 2;
  }
  if (argc == 5 && std::strcmp(argv[3], "--write-seeds") == 0) {
    std::filesystem::create_directories(argv[4]);
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      std::ofstream(std::string(argv[4]) + "/recorded-" + std::to_string(i), std::ios::binary)
          << seeds[i];
    }
    return 0;
  }
  std::mt19937 random(1);
  for (const std::string& seed : seeds) {
    ks::fuzz::decode(seed);
    for (int i = 0; i < kMutations; ++i) ks::fuzz::decode(mutated(seed, random));
  }
  for (int i = 3; i < argc; ++i) ks::fuzz::decode(content(argv[i]));
  std::printf("%zu recorded inputs with %d mutations each, %d files\n", seeds.size(), kMutations,
              argc - 3);
  return 0;
}
