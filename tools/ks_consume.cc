#include "lib/workload/consume_command.h"

int main(int argc, char** argv) {
  return ks::tool::main_of(ks::workload::consume_command(), argc, argv);
}
