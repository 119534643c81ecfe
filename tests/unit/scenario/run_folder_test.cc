#include "lib/scenario/run_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace ks::scenario {
namespace {

std::string client_by(std::vector<std::string> clients, const std::string& of_scenario = "") {
  ::unsetenv("KS_CLIENT");
  Scenario scenario;
  scenario.client = of_scenario;
  target::Profile profile;
  profile.clients = std::move(clients);
  const auto found = client_of(scenario, profile, {});
  EXPECT_TRUE(found);
  return found.value_or("");
}

TEST(RunFolder, AScenarioWithoutAClientHasTheProfilesFirst) {
  EXPECT_EQ(client_by({"wire", "librdkafka"}), "wire");
  EXPECT_EQ(client_by({"wire"}, "librdkafka"), "librdkafka");
}

TEST(RunFolder, AClientOfTheGatesAloneIsNone) {
  EXPECT_EQ(client_by({"java", "wire"}), "wire");
  EXPECT_EQ(client_by({"java"}), "librdkafka");
}

}  // namespace
}  // namespace ks::scenario
