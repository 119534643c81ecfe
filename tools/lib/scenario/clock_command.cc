#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>

#include "lib/cli/clock.h"
#include "lib/cli/file.h"
#include "lib/cli/output.h"
#include "lib/scenario/clock_offset.h"
#include "lib/scenario/commands.h"
#include "lib/target/process.h"

namespace ks::scenario {
namespace {

namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;

constexpr std::size_t kSamples = 20;
constexpr auto kLongest = std::chrono::seconds(15);  // a login takes time, too
constexpr std::size_t kLongestAnswer = 64;

// A program that answers each line on its standard input with its wall clock.
class Responder {
 public:
  static Result<std::unique_ptr<Responder>> start(const Words& argv) {
    std::array<int, 2> question{};
    std::array<int, 2> answer{};
    if (::pipe2(question.data(), O_CLOEXEC) != 0) return no_pipe();
    const target::Fd their_in(question[0]);
    target::Fd our_out(question[1]);
    if (::pipe2(answer.data(), O_CLOEXEC) != 0) return no_pipe();
    target::Fd our_in(answer[0]);
    const target::Fd their_out(answer[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, their_in.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, their_out.get(), STDOUT_FILENO);
    std::vector<char*> words;
    words.reserve(argv.size() + 1);
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, words.front(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return cli::fail("cannot run", argv.front(), cli::system_error(error));
    return std::unique_ptr<Responder>(new Responder(pid, std::move(our_out), std::move(our_in)));
  }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }

  Result<ClockSample> ask(cli::Deadline deadline) {
    ClockSample sample;
    sample.asked_ns = cli::wall_ns();
    if (::write(out_.get(), "\n", 1) != 1) return silent();
    const auto line = read_line(deadline);
    sample.answered_ns = cli::wall_ns();
    if (!line) return tl::make_unexpected(line.error());
    const auto theirs = cli::parse_count(*line);
    if (!theirs)
      return cli::fail("not nanoseconds '" + *line + "'", "clock", "it has to print them");
    sample.theirs_ns = static_cast<std::int64_t>(*theirs);
    return sample;
  }

 private:
  Responder(pid_t pid, target::Fd out, target::Fd in)
      : pid_(pid), out_(std::move(out)), in_(std::move(in)) {}

  static tl::unexpected<cli::Error> no_pipe() {
    return cli::fail("no pipe", "clock", cli::system_error(errno));
  }
  static tl::unexpected<cli::Error> silent() {
    return cli::fail("no answer", "clock", "see what the command says by itself");
  }

  Result<std::string> read_line(cli::Deadline deadline) {
    std::string line;
    while (line.size() < kLongestAnswer) {
      pollfd ready{in_.get(), POLLIN, 0};
      if (::poll(&ready, 1, cli::remaining_ms(deadline)) <= 0) return silent();
      char c = 0;
      if (::read(in_.get(), &c, 1) != 1) return silent();
      if (c == '\n') return line;
      line += c;
    }
    return cli::fail("not nanoseconds '" + line + "'", "clock", "it has to print them");
  }

  pid_t pid_;
  target::Fd out_;
  target::Fd in_;
};

Ended answer() {
  std::string line;
  while (std::getline(std::cin, line)) {
    cli::print(std::to_string(cli::wall_ns()) + "\n");
    if (auto ok = cli::flush_output(); !ok) return tl::make_unexpected(ok.error());
  }
  return 0;
}

}  // namespace

Ended clock_command(const po::variables_map& options, const Words& words) {
  if (options.count("serve") != 0) return answer();
  if (words.empty()) {
    return cli::fail("no command", "clock", "give one that answers lines with nanoseconds");
  }
  std::signal(SIGPIPE, SIG_IGN);
  const auto responder = Responder::start(words);
  if (!responder) return tl::make_unexpected(responder.error());
  const cli::Deadline deadline = cli::Clock::now() + kLongest;
  std::vector<ClockSample> samples;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const auto sample = (*responder)->ask(deadline);
    if (!sample) return tl::make_unexpected(sample.error());
    samples.push_back(*sample);
  }
  const auto offset = estimate_offset(samples);
  if (!offset) return cli::fail("our own clock was set meanwhile", "clock", "try again");
  if (const std::string json = cli::option_or<std::string>(options, "json", ""); !json.empty()) {
    if (auto ok = cli::write_file(json, to_json(*offset).dump() + "\n"); !ok) {
      return tl::make_unexpected(ok.error());
    }
    if (json == "-") return 0;
  }
  cli::print(text_of(*offset) + "\n");
  return 0;
}

}  // namespace ks::scenario
