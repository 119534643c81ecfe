#include "lib/target/usage.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "../support/scratch_folder.h"
#include "lib/cli/file.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;

double ticks(double count) { return count / static_cast<double>(::sysconf(_SC_CLK_TCK)); }
double pages(double count) { return count * static_cast<double>(::sysconf(_SC_PAGESIZE)); }

// A /proc of the test's own.
class ProcTest : public test::ScratchFolder {
 protected:
  void SetUp() override {
    fs::create_directories(proc_ / "self/ns");
    fs::create_symlink("net:[1]", proc_ / "self/ns/net");
  }

  void add_process(int pid, int parent, int user, int of_children, int resident) {
    const fs::path dir = proc_ / std::to_string(pid);
    fs::create_directories(dir / "ns");
    write(dir / "stat", std::to_string(pid) + " (a ) name) S " + std::to_string(parent) +
                            " 1 1 0 -1 0 0 0 0 0 " + std::to_string(user) + " 5 " +
                            std::to_string(of_children) + " 0 20 0 1 0 777 1000 " +
                            std::to_string(resident) + " 1\n");
  }
  static void write(const fs::path& file, const std::string& text) {
    ASSERT_TRUE(cli::write_file(file, text));
  }

  const fs::path& proc_ = dir_;
};

TEST_F(ProcTest, AProcessCountsWithAllBelowIt) {
  add_process(10, 1, 100, 40, 7);
  add_process(11, 10, 20, 0, 3);
  add_process(12, 11, 1, 0, 1);
  add_process(20, 1, 9999, 0, 9999);
  write(proc_ / "10/io", "rchar: 5\nread_bytes: 4096\nwrite_bytes: 8192\n");
  write(proc_ / "11/io", "rchar: 5\nread_bytes: 0\nwrite_bytes: 1\n");
  const Usage usage = usage_of_process(proc_, 10);
  EXPECT_EQ(usage.cpu_s, ticks(100 + 5 + 40 + 20 + 5 + 1 + 5));
  EXPECT_EQ(usage.memory_bytes, pages(11));
  EXPECT_EQ(usage.disk_read_bytes, 4096);
  EXPECT_EQ(usage.disk_write_bytes, 8193);
}

TEST_F(ProcTest, WhatMayNotBeReadIsAbsentAndNotZero) {
  add_process(10, 1, 100, 0, 7);
  const Usage usage = usage_of_process(proc_, 10);
  EXPECT_FALSE(usage.disk_write_bytes);
  EXPECT_FALSE(usage.received_bytes);
  EXPECT_FALSE(usage_of_process(proc_, 99).cpu_s);
}

constexpr const char* kNetDev =
    "Inter-|   Receive                   |  Transmit\n"
    " face |bytes packets errs drop fifo frame compressed multicast|bytes packets\n"
    "    lo: 1000 1 0 0 0 0 0 0 1000 1 0 0 0 0 0 0\n"
    "  eth0:  200 1 0 0 0 0 0 0   30 1 0 0 0 0 0 0\n";

TEST_F(ProcTest, TheNetworkIsItsOwnOnlyInANamespaceOfItsOwn) {
  add_process(10, 1, 100, 0, 7);
  write(proc_ / "10/net/dev", kNetDev);
  fs::create_symlink("net:[1]", proc_ / "10/ns/net");
  const Usage shared = usage_of_process(proc_, 10);
  EXPECT_FALSE(shared.is_network_own);
  EXPECT_EQ(shared.received_bytes, 1200);

  fs::remove(proc_ / "10/ns/net");
  fs::create_symlink("net:[2]", proc_ / "10/ns/net");
  const Usage own = usage_of_process(proc_, 10);
  EXPECT_TRUE(own.is_network_own);
  EXPECT_EQ(own.received_bytes, 200);
  EXPECT_EQ(own.sent_bytes, 30);
}

TEST_F(ProcTest, AMachineThatTellsNoTimesHasNone) {
  write(proc_ / "stat", "cpu  0 0 0 0 0 0 0 0 0 0\n");
  EXPECT_FALSE(usage_of_machine(proc_).cpu_s);
  write(proc_ / "stat", "cpu  100 10 50 900 30 2 3 7 0 0\n");
  EXPECT_EQ(usage_of_machine(proc_).cpu_s, ticks(165));
  EXPECT_EQ(usage_of_machine(proc_).stolen_s, ticks(7));
}

TEST_F(ProcTest, TheControlGroupOfAProcessInBothVersions) {
  write(proc_ / "10/cgroup", "0::/system.slice/x.service\n");
  EXPECT_EQ(cgroup_of(proc_, 10), "/sys/fs/cgroup/system.slice/x.service");
  write(proc_ / "10/cgroup",
        "5:devices:/\n4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n0::/\n");
  EXPECT_EQ(cgroup_of(proc_, 10), "/sys/fs/cgroup/memory/docker/abc");
}

TEST_F(ProcTest, FilesOfVersionOneStandBeneathEachController) {
  write(proc_ / "memory/docker/abc/memory.usage_in_bytes", "5000\n");
  write(proc_ / "cpuacct/docker/abc/cpuacct.usage", "2500000000\n");
  const auto files = read_cgroup(proc_ / "memory/docker/abc");
  ASSERT_TRUE(files);
  EXPECT_EQ(usage_of_cgroup(*files).cpu_s, 2.5);
  EXPECT_EQ(usage_of_cgroup(*files).memory_bytes, 5000);
  EXPECT_FALSE(read_cgroup(proc_ / "memory/docker/none"));
}

TEST(CgroupTest, VersionTwo) {
  const Usage usage = usage_of_cgroup({{"cpu.stat", "usage_usec 1500000\nthrottled_usec 250000\n"},
                                       {"cpu.max", "150000 100000\n"},
                                       {"memory.current", "9000\n"},
                                       {"memory.stat", "anon 5000\ninactive_file 2000\n"},
                                       {"memory.max", "2147483648\n"},
                                       {"io.stat",
                                        "8:0 rbytes=100 wbytes=30 rios=1 wios=1\n"
                                        "8:16 rbytes=1 wbytes=2 rios=1 wios=1\n"}});
  EXPECT_EQ(usage.cpu_s, 1.5);
  EXPECT_EQ(usage.throttled_s, 0.25);
  EXPECT_EQ(usage.cpu_limit_cores, 1.5);
  EXPECT_EQ(usage.memory_bytes, 7000);  // the working set: without what is only cached
  EXPECT_EQ(usage.memory_limit_bytes, 2147483648);
  EXPECT_EQ(usage.disk_read_bytes, 101);
  EXPECT_EQ(usage.disk_write_bytes, 32);
}

TEST(CgroupTest, VersionOneAndNoLimits) {
  const Usage usage = usage_of_cgroup(
      {{"cpuacct.usage", "3000000000\n"},
       {"cpu.cfs_quota_us", "-1\n"},
       {"cpu.cfs_period_us", "100000\n"},
       {"memory.usage_in_bytes", "8000\n"},
       {"memory.stat", "total_inactive_file 1000\n"},
       {"memory.limit_in_bytes", "9223372036854771712\n"},
       {"blkio.throttle.io_service_bytes", "8:0 Read 7\n8:0 Write 11\n8:0 Total 18\nTotal 18\n"}});
  EXPECT_EQ(usage.cpu_s, 3);
  EXPECT_FALSE(usage.cpu_limit_cores);
  EXPECT_EQ(usage.memory_bytes, 7000);
  EXPECT_FALSE(usage.memory_limit_bytes);
  EXPECT_EQ(usage.disk_read_bytes, 7);
  EXPECT_EQ(usage.disk_write_bytes, 11);
}

TEST(CgroupTest, UnlimitedAndMissingFilesAreAbsent) {
  const Usage usage = usage_of_cgroup({{"cpu.max", "max 100000\n"}, {"memory.max", "max\n"}});
  EXPECT_FALSE(usage.cpu_s);
  EXPECT_FALSE(usage.cpu_limit_cores);
  EXPECT_FALSE(usage.memory_limit_bytes);
  EXPECT_FALSE(usage.disk_write_bytes);
}

TEST(UsageScriptTest, IsReadAsAContainerPrintsIt) {
  const auto read = parse_usage_script(
      std::string("== cpu.stat\nusage_usec 2000000\n") + "== memory.current\n77\n== dev\n" +
      kNetDev + "== stat\n1 (broker) S 0 1 1 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 4711 9 9\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->usage.cpu_s, 2);
  EXPECT_EQ(read->usage.memory_bytes, 77);
  EXPECT_EQ(read->usage.received_bytes, 200);
  EXPECT_TRUE(read->usage.is_network_own);
  EXPECT_EQ(read->started, "4711");
  EXPECT_FALSE(parse_usage_script(""));
  EXPECT_FALSE(parse_usage_script("sh: not found\n"));
}

}  // namespace
}  // namespace ks::target
