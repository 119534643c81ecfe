#include "lib/ops/restart_command.h"

int main(int argc, char** argv) {
  return ks::tool::main_of(ks::ops::restart_command(), argc, argv);
}
