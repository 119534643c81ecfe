// Feeds the fuzzer's target without a fuzzer: the recorded exchanges, each with seeded mutations,
// and the inputs that once went wrong.
//   fuzz-replay RECORDED.jsonl [FILE...]
//   fuzz-replay RECORDED.jsonl --write-seeds DIR
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
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

std::vector<std::string> seeds_of(const char* path) {
  std::vector<std::string> seeds;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto exchange = nlohmann::json::parse(line);
    const auto key = exchange.at("api_key").get<std::int16_t>();
    const auto version = exchange.at("api_version").get<std::int16_t>();
    const std::string response = from_hex(exchange.at("response_hex"));
    seeds.push_back(std::string(1, Kind::kRequest) + from_hex(exchange.at("request_hex")));
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
  return seeds;
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

std::string content(const char* path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> seeds = argc < 2 ? std::vector<std::string>() : seeds_of(argv[1]);
  if (seeds.empty()) {
    std::fprintf(stderr, "usage: fuzz-replay RECORDED.jsonl [FILE... | --write-seeds DIR]\n");
    return 2;
  }
  if (argc == 4 && std::strcmp(argv[2], "--write-seeds") == 0) {
    std::filesystem::create_directories(argv[3]);
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      std::ofstream(std::string(argv[3]) + "/recorded-" + std::to_string(i), std::ios::binary)
          << seeds[i];
    }
    return 0;
  }
  std::mt19937 random(1);
  for (const std::string& seed : seeds) {
    ks::fuzz::decode(seed);
    for (int i = 0; i < kMutations; ++i) ks::fuzz::decode(mutated(seed, random));
  }
  for (int i = 2; i < argc; ++i) ks::fuzz::decode(content(argv[i]));
  std::printf("%zu recorded inputs with %d mutations each, %d files\n", seeds.size(), kMutations,
              argc - 2);
  return 0;
}
