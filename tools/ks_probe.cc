#include "lib/probe/tools.h"

int main(int argc, char** argv) { return ks::tool::main_of(ks::probe::probe_tool(), argc, argv); }
