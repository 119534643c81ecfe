// What a client costs by itself, without the identities and histories of the executables:
//   client_bench produce|consume CLIENT BROKERS TOPIC RECORDS
// produces so many records of 1 KiB with acks=all and no idempotence, as rdkafka_performance -P
// does, or reads so many with the batches' CRCs checked; prints the process's CPU time in
// microseconds a record.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "lib/client/client.h"

namespace ks::client {
namespace {

constexpr std::size_t kValueBytes = 1024;
constexpr auto kTimeout = std::chrono::seconds(60);
constexpr std::uint64_t kPollEvery = 64;  // records sent

double cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

cli::Result<double> produce(const Config& config, const std::string& topic, std::uint64_t records) {
  std::uint64_t acked = 0;
  auto producer = make_producer(config, topic, [&acked](std::span<const Delivery> deliveries) {
    for (const Delivery& delivery : deliveries) acked += delivery.outcome == Outcome::kOk ? 1 : 0;
  });
  if (!producer) return tl::make_unexpected(producer.error());
  const auto partitions = (*producer)->partitions(cli::Clock::now() + kTimeout);
  if (!partitions) return tl::make_unexpected(partitions.error());
  const std::string value(kValueBytes, 'v');
  OutgoingRecord record;
  record.value = value;
  record.partition = 0;
  const double before = cpu_us();
  for (std::uint64_t i = 0; i < records; ++i) {
    record.token = i;
    while (true) {
      const auto sent = (*producer)->send(record);
      if (!sent) return tl::make_unexpected(sent.error());
      if (*sent) break;
      (*producer)->poll(std::chrono::milliseconds(20));
    }
    if (i % kPollEvery == 0) (*producer)->poll({});
  }
  while ((*producer)->in_flight() > 0) (*producer)->flush(std::chrono::milliseconds(20));
  if (acked != records) return cli::fail("not every record was acknowledged", topic);
  return cpu_us() - before;
}

class Counter final : public ConsumerListener {
 public:
  void on_record(const ConsumedRecord&) override { ++records; }
  void on_end(const TopicPartition&, std::int64_t) override {}
  void on_assigned(const std::vector<Position>&) override {}
  void on_revoked(const std::vector<TopicPartition>&) override {}
  void on_error(const cli::Error& error) override { failed = error; }
  void on_transient(const cli::Error&) override {}

  std::uint64_t records = 0;
  std::optional<cli::Error> failed;
};

cli::Result<double> consume(const Config& config, const std::string& topic, std::uint64_t records) {
  auto consumer = make_consumer(config, "");
  if (!consumer) return tl::make_unexpected(consumer.error());
  Counter counter;
  const double before = cpu_us();
  if (auto ok = (*consumer)->assign({{{topic, 0}, 0}}); !ok) return tl::make_unexpected(ok.error());
  const cli::Deadline deadline = cli::Clock::now() + kTimeout;
  while (counter.records < records) {
    auto polled = (*consumer)->poll(std::chrono::milliseconds(50), counter);
    if (polled && counter.failed) polled = tl::make_unexpected(*counter.failed);
    if (!polled) return tl::make_unexpected(polled.error());
    if (cli::Clock::now() > deadline) return cli::fail("not every record came in time", topic);
  }
  return cpu_us() - before;
}

}  // namespace
}  // namespace ks::client

int main(int argc, char** argv) {
  using namespace ks;
  if (argc != 6) {
    std::fprintf(stderr, "usage: client_bench produce|consume CLIENT BROKERS TOPIC RECORDS\n");
    return 2;
  }
  const std::string what = argv[1];
  const auto implementation = client::parse_implementation(argv[2]);
  if (!implementation) return 2;
  client::Config config{{argv[3]}, {}, *implementation, {}};
  const std::uint64_t records = std::strtoull(argv[5], nullptr, 10);
  if (what == "produce") config.properties = {{"acks", "all"}, {"enable.idempotence", "false"}};
  if (what == "consume") config.properties = {{"check.crcs", "true"}};
  const auto us = what == "produce" ? client::produce(config, argv[4], records)
                                    : client::consume(config, argv[4], records);
  if (!us) {
    std::fprintf(stderr, "client_bench: %s\n", us.error().message().c_str());
    return 1;
  }
  std::printf("%.3f\n", *us / static_cast<double>(records));
}
