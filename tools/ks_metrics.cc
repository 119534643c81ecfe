#include "lib/ops/metrics_command.h"

int main(int argc, char** argv) {
  return ks::tool::main_of(ks::ops::metrics_command(), argc, argv);
}
