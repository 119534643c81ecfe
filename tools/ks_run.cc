#include "lib/scenario/run_main.h"

int main(int argc, char** argv) { return ks::scenario::run_main(argc, argv); }
