#include "lib/target/node_folder.h"

#include <gtest/gtest.h>

#include "../support/scratch_folder.h"
#include "lib/cli/file.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;

class NodeFolderTest : public test::ScratchFolder {
 protected:
  void write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(cli::write_file(cluster_ / path, text).has_value());
  }
  void write_node(const std::string& name) {
    write(name + "/run", "");
    write(name + "/address", "127.0.0.1:21000\n");
    write(name + "/ports", "21000\n21001\n");
  }

  const fs::path& cluster_ = dir_;
};

TEST_F(NodeFolderTest, NodesAreListedByNumber) {
  for (const char* name : {"broker-10", "broker-2", "broker-1"}) write_node(name);
  write("notes/readme", "no node: it has no run");
  EXPECT_EQ(list_nodes(cluster_).value(),
            (std::vector<std::string>{"broker-1", "broker-2", "broker-10"}));
}

TEST_F(NodeFolderTest, FolderWithoutNodesIsAnError) {
  EXPECT_EQ(list_nodes(cluster_ / "none").error().what, "cannot read the cluster folder");
  write("notes/readme", "");
  EXPECT_EQ(list_nodes(cluster_).error().what, "no nodes in the cluster folder");
}

TEST_F(NodeFolderTest, ReadsAddressAndPorts) {
  write_node("broker-1");
  const NodeFolder node = NodeFolder::open(cluster_, "broker-1").value();
  EXPECT_EQ(node.address().text(), "127.0.0.1:21000");
  EXPECT_EQ(node.ports(), (std::vector<std::uint16_t>{21000, 21001}));
}

TEST_F(NodeFolderTest, MalformedFilesAreNamed) {
  write_node("broker-1");
  write("broker-1/ports", "21000\nhigh\n");
  auto error = NodeFolder::open(cluster_, "broker-1").error();
  EXPECT_EQ(error.what, "not a port 'high'");
  EXPECT_EQ(error.where, (cluster_ / "broker-1/ports").string());
  write("broker-1/address", "\n");
  error = NodeFolder::open(cluster_, "broker-1").error();
  EXPECT_EQ(error.where, (cluster_ / "broker-1/address").string());
  fs::remove(cluster_ / "broker-1/address");
  EXPECT_EQ(NodeFolder::open(cluster_, "broker-1").error().what, "cannot read");
}

TEST_F(NodeFolderTest, PidOfAnEarlierProcessIsNotRunning) {
  write_node("broker-1");
  const NodeFolder node = NodeFolder::open(cluster_, "broker-1").value();
  EXPECT_FALSE(node.running().has_value());
  const ProcessId self = find_process(::getpid()).value();
  ASSERT_TRUE(node.write_pid(self).has_value());
  EXPECT_EQ(node.running(), self);
  ASSERT_TRUE(node.write_pid({self.pid, self.start_ticks + 1}).has_value());
  EXPECT_FALSE(node.running().has_value());
  ASSERT_TRUE(node.remove_pid().has_value());
  EXPECT_FALSE(fs::exists(cluster_ / "broker-1/pid"));
}

TEST_F(NodeFolderTest, ARenewedNodeHasAnotherIdAndNoData) {
  write_node("broker-1");
  const NodeFolder node = NodeFolder::open(cluster_, "broker-1").value();
  EXPECT_EQ(node.id().value(), std::nullopt);
  write("broker-1/data/log", "records");
  ASSERT_TRUE(node.renew(4).has_value());
  EXPECT_EQ(node.id().value(), 4);
  EXPECT_FALSE(fs::exists(cluster_ / "broker-1/data"));
  write("broker-1/id", "four\n");
  EXPECT_EQ(node.id().error().what, "not a broker's id");
}

TEST_F(NodeFolderTest, LastErrorLineIsOfThisStart) {
  write("log", "FATAL of the last start\n");
  const auto begin = fs::file_size(cluster_ / "log");
  EXPECT_EQ(last_error_line(cluster_ / "log", begin), "");
  write("log", "FATAL of the last start\nstarting\nERROR no disk\nbye\n\n");
  EXPECT_EQ(last_error_line(cluster_ / "log", begin), "ERROR no disk");
  write("log", "FATAL of the last start\nstarting\nbye\n\n");
  EXPECT_EQ(last_error_line(cluster_ / "log", begin), "bye");
}

TEST_F(NodeFolderTest, AddressInUseIsSeen) {
  write("log", "java.net.BindException: Address already in use\n");
  EXPECT_TRUE(tells_address_in_use(cluster_ / "log", 0));
  EXPECT_FALSE(tells_address_in_use(cluster_ / "log", 10'000));
  EXPECT_FALSE(tells_address_in_use(cluster_ / "no-log", 0));
}

}  // namespace
}  // namespace ks::target
