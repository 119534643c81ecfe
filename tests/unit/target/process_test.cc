#include "lib/target/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "../support/scratch_folder.h"
#include "lib/target/wait.h"

namespace ks::target {
namespace {

cli::Deadline soon() { return cli::Clock::now() + std::chrono::seconds(10); }

// Waits for a child and gives its status.
int status_of(pid_t child) {
  std::optional<int> status;
  EXPECT_TRUE(wait_until([&] { return (status = poll_child(child)).has_value(); }, soon()));
  return status.value_or(-1);
}

std::string output_of(const std::string& script, const std::vector<int>& kept_fds) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const auto child = spawn({{"/bin/sh", "-c", script}, ends[1], kept_fds});
  ::close(ends[1]);
  EXPECT_TRUE(child.has_value());
  std::string output;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    output.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  status_of(*child);
  return output;
}

TEST(ProcessTest, IdentityReadsBack) {
  const ProcessId self = find_process(::getpid()).value();
  EXPECT_GT(self.start_ticks, 0u);
  EXPECT_EQ(parse_process_id(self.text() + "\n"), self);
  for (const char* text : {"", "12", "12 ", "x 1", "12 1x", "0 1", "-5 1"}) {
    EXPECT_FALSE(parse_process_id(text).has_value()) << text;
  }
}

TEST(ProcessTest, OtherStartTimeIsAnotherProcess) {
  ProcessId process = find_process(::getpid()).value();
  EXPECT_TRUE(is_alive(process));
  ++process.start_ticks;
  EXPECT_FALSE(is_alive(process));
}

TEST(ProcessTest, OneThatEndedAndWaitsForItsParentIsGone) {
  const auto child = spawn({{"/bin/sleep", "60"}});
  ASSERT_TRUE(child.has_value());
  const ProcessId process = find_process(*child).value();
  EXPECT_TRUE(is_alive(process));
  EXPECT_FALSE(poll_child(*child).has_value());
  ::kill(*child, SIGKILL);
  EXPECT_TRUE(wait_until([&] { return !is_alive(process); }, soon()));
  EXPECT_EQ(status_of(*child), 128 + SIGKILL);
}

// A broker that ends can hold its port for some milliseconds more.
TEST(ProcessTest, OneWhoseFirstThreadAloneHasEndedIsAlive) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::thread([] { ::pause(); }).detach();
    ::syscall(SYS_exit, 0);
  }
  const auto first_thread_has_ended = [&] {
    std::ifstream file("/proc/" + std::to_string(child) + "/stat");
    std::string line;
    return std::getline(file, line) && line.find(") Z ") != std::string::npos;
  };
  ASSERT_TRUE(wait_until(first_thread_has_ended, soon()));
  EXPECT_TRUE(find_process(child).has_value());
  ::kill(child, SIGKILL);
  EXPECT_TRUE(wait_until([&] { return !find_process(child); }, soon()));
  status_of(child);
}

TEST(ProcessTest, NameWithBlanksAndParenthesesIsNoTrap) {
  const test::OwnFolder folder;
  const std::string program = folder.path / "a b) Z 1 (c";
  ASSERT_EQ(::symlink("/bin/sleep", program.c_str()), 0);
  const auto child = spawn({{program, "60"}});
  ASSERT_TRUE(child.has_value());
  EXPECT_TRUE(find_process(*child).has_value());
  ::kill(*child, SIGKILL);
  status_of(*child);
}

TEST(ProcessTest, OneThatIsPausedIsAlive) {
  const auto child = spawn({{"/bin/sleep", "60"}});
  ASSERT_TRUE(child.has_value());
  const ProcessId process = find_process(*child).value();
  EXPECT_FALSE(is_paused(process));
  ::kill(*child, SIGSTOP);
  EXPECT_TRUE(wait_until([&] { return is_paused(process); }, soon()));
  EXPECT_TRUE(is_alive(process));
  EXPECT_FALSE(is_paused({process.pid, process.start_ticks + 1})) << "another process";
  ::kill(*child, SIGKILL);
  status_of(*child);
}

TEST(ProcessTest, StatusIsTold) {
  EXPECT_EQ(status_of(spawn({{"/bin/sh", "-c", "exit 7"}}).value()), 7);
}

TEST(ProcessTest, ProgramThatIsNotThereIsNamed) {
  const auto child = spawn({{"/no/such/program"}});
  ASSERT_FALSE(child.has_value());
  EXPECT_EQ(child.error().message(), "cannot run: /no/such/program; No such file or directory");
}

TEST(ProcessTest, HasASessionOfItsOwnAndNoInput) {
  EXPECT_EQ(output_of("cat; ps -o sid= -p $$ | tr -d ' ' >&2; echo $$", {}).find('\n') !=
                std::string::npos,
            true);
  const std::string text = output_of("ps -o sid= -p $$ | tr -d ' '; echo $$", {});
  const std::size_t half = text.size() / 2;
  EXPECT_EQ(text.substr(0, half), text.substr(half));
}

TEST(ProcessTest, InheritsOnlyWhatItShouldKeep) {
  const int kept = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int leaked = ::open("/dev/zero", O_RDONLY);  // not close-on-exec: as from a parent shell
  const std::string files =
      output_of("for fd in /proc/$$/fd/*; do readlink $fd; done; true", {kept});
  EXPECT_NE(files.find("/dev/null\n"), std::string::npos);
  EXPECT_EQ(files.find("/dev/zero"), std::string::npos) << files;
  std::size_t nulls = 0;
  for (std::size_t at = files.find("/dev/null"); at != std::string::npos;
       at = files.find("/dev/null", at + 1)) {
    ++nulls;
  }
  EXPECT_EQ(nulls, 2u) << "its input and the kept one: " << files;
  ::close(kept);
  ::close(leaked);
}

}  // namespace
}  // namespace ks::target
