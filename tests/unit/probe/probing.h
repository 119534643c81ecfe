#pragma once

#include <gtest/gtest.h>

#include <boost/any.hpp>
#include <string>
#include <vector>

#include "lib/probe/commands.h"
#include "small_broker.h"

namespace ks::probe {

// A run of one of ks-probe's commands against a broker of the test's own.
class ProbeTest : public testing::Test {
 protected:
  ProbeTest() {
    session_.json_on_stdout = true;  // keeps stdout clean
    session_.result.run_id = "unit";
    session_.profile.brokers = {broker_.address().text()};
    set("answer-timeout", cli::DurationArg{std::chrono::seconds(1)});
  }

  void set(const char* option, const boost::any& value) {
    session_.options.insert({option, cli::po::variable_value(value, false)});
  }

  // Each finding's id, sorted.
  std::vector<std::string> findings() const {
    std::vector<std::string> ids;
    for (const report::Finding& finding : session_.result.findings) ids.push_back(finding.id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::string evidence(const std::string& id) const {
    for (const report::Finding& finding : session_.result.findings) {
      if (finding.id == id) return finding.evidence;
    }
    return "";
  }

  double metric(const std::string& name) const { return session_.result.metrics.at(name); }

  test::SmallBroker broker_;
  tool::Session session_;
};

}  // namespace ks::probe
