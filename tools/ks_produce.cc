#include "lib/workload/produce_command.h"

int main(int argc, char** argv) {
  return ks::tool::main_of(ks::workload::produce_command(), argc, argv);
}
