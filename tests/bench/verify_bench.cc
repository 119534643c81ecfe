// What the checker costs:
//   verify_bench write DIR RECORDS    a healthy history of so many acknowledged attempts and reads
//   of
//                                     them, with commits and ends between: two producing processes
//                                     of four producers each, a group of two members, 16 partitions
//   verify_bench run PROGRAM ARG...   runs it, and prints its CPU seconds and peak memory in MiB
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "lib/history/identity.h"
#include "lib/history/writer.h"

namespace ks::history {
namespace {

constexpr int kProcesses = 2;
constexpr std::uint64_t kProducers = 4;  // of each process
constexpr std::uint64_t kPartitions = 16;
constexpr std::uint64_t kReserve = 4096;
constexpr std::uint64_t kBetweenCommits = 10'000;  // reads of a member
constexpr std::int64_t kSendEveryNs = 10'000;
constexpr std::int64_t kAckAfterNs = 2'000'000;
constexpr std::int64_t kReadAfterNs = 5'000'000;

std::unique_ptr<Writer> create(const char* folder, const char* tool) {
  auto writer = Writer::create(folder, {"bench", tool, "wire", true, false});
  if (!writer) {
    std::fprintf(stderr, "verify_bench: %s\n", writer.error().message().c_str());
    std::exit(1);
  }
  return std::move(*writer);
}

Event event_of(Kind kind, Writer& writer, std::int64_t time_ns, std::uint64_t partition,
               std::uint64_t offset) {
  Event event;
  event.kind = kind;
  event.time_ns = time_ns;
  event.name = writer.names().id("bench");
  event.partition = static_cast<std::int32_t>(partition);
  event.offset = static_cast<std::int64_t>(offset);
  return event;
}

// Record i: of a process, one of its producers, to a partition; all in turn.
void write(const char* folder, std::uint64_t records) {
  const std::uint64_t run = run_hash("bench");
  std::vector<std::unique_ptr<Writer>> senders;
  std::vector<std::unique_ptr<Writer>> readers;
  for (int i = 0; i < kProcesses; ++i) senders.push_back(create(folder, "ks-produce"));
  for (int i = 0; i < kProcesses; ++i) readers.push_back(create(folder, "ks-consume"));
  for (std::uint64_t p = 0; p < kPartitions; ++p) {
    Writer& reader = *readers[p % readers.size()];
    Event assign = event_of(Kind::kAssign, reader, 1, p, 0);
    assign.group = reader.names().id("group");
    reader.append(assign);
  }
  for (std::uint64_t i = 0; i < records; ++i) {
    const std::uint64_t process = i % senders.size();
    const std::uint64_t of_process = i / senders.size();
    const std::uint64_t producer = process * kProducers + of_process % kProducers;
    const std::uint64_t sequence = of_process / kProducers;
    const std::uint64_t partition = i / 7 % kPartitions;  // seven neighbours go together
    const std::uint64_t offset = i / 7 / kPartitions * 7 + i % 7;
    const std::int64_t at_ns = static_cast<std::int64_t>(i) * kSendEveryNs + 1'000'000;
    Writer& sender = *senders[process];
    if (sequence % kReserve == 0) {
      Event reserve = event_of(Kind::kReserve, sender, at_ns, partition, 0);
      reserve.producer = static_cast<std::uint16_t>(producer);
      reserve.sequence = sequence;
      reserve.count = kReserve;
      sender.append(reserve);
    }
    Event send = event_of(Kind::kSend, sender, at_ns + kAckAfterNs, partition, offset);
    send.invoke_ns = at_ns;
    send.producer = static_cast<std::uint16_t>(producer);
    send.sequence = sequence;
    sender.append(send);

    Writer& reader = *readers[partition % readers.size()];
    Event read = event_of(Kind::kRead, reader, at_ns + kReadAfterNs, partition, offset);
    read.group = reader.names().id("group");
    read.run = run;
    read.producer = send.producer;
    read.sequence = sequence;
    reader.append(read);
    if (offset % kBetweenCommits == kBetweenCommits - 1) {
      Event commit = event_of(Kind::kCommit, reader, at_ns + kReadAfterNs, partition, offset + 1);
      commit.invoke_ns = at_ns + kReadAfterNs - 1000;
      commit.group = read.group;
      reader.append(commit);
      Event end =
          event_of(Kind::kHighWatermark, reader, at_ns + kReadAfterNs, partition, offset + 1);
      end.invoke_ns = at_ns;
      reader.append(end);
    }
  }
  const std::int64_t end_ns = static_cast<std::int64_t>(records) * kSendEveryNs + 1'000'000'000;
  for (std::uint64_t p = 0; p < kPartitions; ++p) {
    Writer& reader = *readers[p % readers.size()];
    reader.append(event_of(Kind::kDrain, reader, end_ns, p, records / kPartitions + 7));
  }
  for (const auto* list : {&senders, &readers}) {
    for (const auto& writer : *list) static_cast<void>(writer->close());
  }
}

int run(char** command) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execvp(command[0], command);
    std::perror(command[0]);
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  std::fprintf(stderr, "%.2f %.0f\n", seconds(usage.ru_utime) + seconds(usage.ru_stime),
               static_cast<double>(usage.ru_maxrss) / 1024);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace
}  // namespace ks::history

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "write") == 0) {
    ks::history::write(argv[2], std::strtoull(argv[3], nullptr, 10));
    return 0;
  }
  if (argc > 2 && std::strcmp(argv[1], "run") == 0) return ks::history::run(argv + 2);
  std::fprintf(stderr, "usage: verify_bench write DIR RECORDS | run PROGRAM ARG...\n");
  return 2;
}
