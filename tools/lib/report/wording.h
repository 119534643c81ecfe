#pragma once

#include <string>

#include "lib/report/run.h"
#include "lib/report/verdict.h"

// How a verdict is put into words. On Apache Kafka it is "compatible" or "not compatible"; a
// release decision is made only by the release stage, at full time, on what was identified as a
// KafScale.
namespace ks::report {

// The verdict in the words of the target and stage.
std::string decision(const Run& run, Status verdict);

// What the decision rests on: "16 of 18 required checks passed.", and with how many accepted gaps.
std::string tally(const std::vector<Row>& rows);

// What this run cannot say, which every report has to show; empty where there is nothing to add.
std::string notice(const Run& run);

// What is to be known of the Kafka that the gate starts itself; empty where the brokers are others.
std::string broker_caveat(const Run& run);

// "4 processors, 16 GB of memory"
std::string machine_words(const Machine& machine);

// Above the checks of a stage: "PR stage", "main stage"; of a run of scenarios "Scenarios".
std::string group_title(const Run& run, Stage stage);

// "KafScale release gate, PR stage" or "Kafka compatibility, PR stage".
std::string occasion(const Run& run);

}  // namespace ks::report
