// Runs a front for the tests: broker-front BROKERS --versions-of RECORDED.jsonl
// Prints its addresses, and ends with standard input.
#include <cstdio>
#include <cstring>

#include "front.h"
#include "narrow.h"

int main(int argc, char** argv) {
  if (argc != 4 || std::strcmp(argv[2], "--versions-of") != 0) {
    std::fprintf(stderr, "usage: broker-front BROKERS --versions-of RECORDED.jsonl\n");
    return 2;
  }
  const auto brokers = ks::wire::parse_addresses(argv[1]);
  const auto versions = ks::lies::recorded_versions(argv[3]);
  if (!brokers || !versions) {
    const auto& error = brokers ? versions.error() : brokers.error();
    std::fprintf(stderr, "broker-front: %s\n", error.message().c_str());
    return 2;
  }
  ks::lies::Narrow narrow(*versions);
  const ks::lies::Front front(*brokers, narrow);
  std::printf("%s\n", front.addresses().c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}
