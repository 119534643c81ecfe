#include "lib/ops/fault_command.h"

int main(int argc, char** argv) { return ks::tool::main_of(ks::ops::fault_command(), argc, argv); }
