#include "lib/ops/resources_command.h"

int main(int argc, char** argv) {
  return ks::tool::main_of(ks::ops::resources_command(), argc, argv);
}
