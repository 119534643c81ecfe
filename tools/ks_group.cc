#include "lib/membership/group_command.h"

int main(int argc, char** argv) {
  return ks::tool::main_of(ks::membership::group_command(), argc, argv);
}
