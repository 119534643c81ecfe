#pragma once

#include "lib/scenario/scenario.h"

namespace ks::scenario {

struct Reading {
  Scenario scenario;  // meaningful where there is no complaint
  Complaints complaints;
};

// What the document says, checked by the schema and by what no schema can say. Errors: the schema
// cannot be read.
cli::Result<Reading> read_scenario(const Document& document);

// The parts of it: what a document that fits the schema says …
Reading interpret(const Document& document);
// … and what is wrong with that beyond the schema: names that are not there, what cannot end, what
// comes after the end.
Complaints find_contradictions(const Scenario& scenario, const Document& document);

// ---- how long things may take
// ---------------------------------------------------------------------

// How long it sends by its schedule; none where only the broker's pace decides.
std::optional<Duration> scheduled(const Traffic& produce);

// From its own start to its end at the latest: as given, or as follows from what it has to do.
Duration bound_of(const Traffic& traffic, const Scenario& scenario);

// When it starts, and has ended at the latest, from the start of all.
Duration latest_start(const Traffic& traffic, const Scenario& scenario);
Duration latest_end(const Traffic& traffic, const Scenario& scenario);

// Beyond what a step was given, for its start, its last answers and its end.
inline constexpr Duration kGrace = std::chrono::seconds(30);

}  // namespace ks::scenario
