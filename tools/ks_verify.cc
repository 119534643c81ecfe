#include "lib/audit/verify_command.h"

int main(int argc, char** argv) {
  return ks::tool::main_of(ks::audit::verify_command(), argc, argv);
}
