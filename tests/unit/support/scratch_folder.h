#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ks::test {

// A folder that no other test and no other run of this one has, removed with it: CTest runs the
// tests of one fixture at the same time.
class OwnFolder {
 public:
  OwnFolder() {
    std::string name = testing::TempDir() + "ks-test-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path = std::filesystem::canonical(name);
  }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;
  ~OwnFolder() { std::filesystem::remove_all(path); }

  std::filesystem::path path;
};

// Tests that have one each.
class ScratchFolder : public testing::Test {
 private:
  OwnFolder own_;

 protected:
  const std::filesystem::path dir_ = own_.path;
};

}  // namespace ks::test
