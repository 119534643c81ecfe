#include "lib/store/store_command.h"

int main(int argc, char** argv) {
  return ks::tool::main_of(ks::store::store_command(), argc, argv);
}
